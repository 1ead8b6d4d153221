"""What was said of a property before it was asked for: in one sentence, at the beginning."""

from collections.abc import Mapping
from typing import Any

from bot.amounts import Price
from bot.flows.described import Item, Sketch
from bot.questions import Gone, Unfinished
from bot.scripts import Person
from inspector_whatsapp.models.listings import AMENITIES, ListingType, Period

SAID = "said"  # kept with drafts: it never changes meaning
NOTHING: Mapping[str, Any] = {}
USUAL = {ListingType.RENT: Period.YEAR, ListingType.SHORTLET: Period.NIGHT}


def begun_with(said: Mapping[str, Any]) -> Sketch:
    """A sketch with what it is known to have: that is asked for all the same, for there may be more."""
    return Sketch(amenities=[each for each in said.get("amenities", ()) if each in AMENITIES])


def said_of(item: Item, said: Mapping[str, Any], person: Person, sketch: Sketch) -> Any:
    """The value of an item that was said before; None where it has to be asked for.

    said: what each item would keep as its answer; a price as its amount and period, for what it is for hangs
    on the offer where nobody said it.
    """
    kept = said.get(item.name)
    if kept is None or item.name == "amenities":
        return None
    if item.name == "price":
        amount, period = kept
        for_a = "" if sketch.offer == ListingType.SALE else period or USUAL[sketch.offer]
        kept = Price(amount, for_a).to_json()
    try:
        return item.question(person, sketch).read(kept)
    except (Gone, Unfinished):
        return None


def is_begun(answers: Mapping[str, Any]) -> bool:
    """Whether a draft says anything of a property."""
    return any(answers.values())

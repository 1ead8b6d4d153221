"""What a language model says, checked: it becomes a command whose places and refs are known, or nothing."""

from typing import Any, Final

from rapidfuzz import fuzz

from bot.assistant.commands import NEXT, Command, Intent, NotACommand, only
from bot.assistant.context import Context
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.language_model.calling import Failed
from bot.assistant.reading import refs
from bot.assistant.reading.text import Text
from inspector_whatsapp.listings import gazetteer as known

_PLACES = {"areas": "area", "areas_excluded": "area", "cities": "city", "states": "state"}

ALIKE: Final = 80  # of 100: how like what was said a street has to be


def command(said: Any, *, text: str, gazetteer: Gazetteer, context: Context) -> Command:
    """The command that was filled in. Raises Failed.

    Slots of no meaning for its intent, places that nobody knows and streets that nobody said are left out: no
    words of a model's are read to anybody. A ref that was neither said nor shown makes it none: it would be
    invented.
    """
    if not isinstance(said, dict):
        raise Failed("the answer was no object")
    try:
        intent = Intent(str(said.get("intent")))
        slots = only(intent, {name: value for name, value in said.items() if name != "intent"})
        found = Command.from_json({"intent": intent.value, "slots": slots})
    except (NotACommand, ValueError) as why:
        raise Failed(f"the answer was no command ({why})"[:150]) from None
    if intent in (Intent.CONFIRM, Intent.DENY) and context.pending is None:
        raise Failed("the answer was a yes or no to nothing")
    _check_refs(found, text, context)
    return Command(intent, _with_a_street_that_was_said(_with_known_places(found, gazetteer), text, context))


def _with_a_street_that_was_said(slots: dict[str, Any], text: str, context: Context) -> dict[str, Any]:
    street = known.plain(slots.get("street", ""))
    said = (known.plain(text), known.plain(str(context.last_slots.get("street", ""))))
    if any(len(street) <= len(words) and fuzz.partial_ratio(street, words) >= ALIKE for words in said):
        return slots
    return {name: value for name, value in slots.items() if name != "street"}


def _with_known_places(found: Command, gazetteer: Gazetteer) -> dict[str, Any]:
    slots = dict(found.slots)
    for slot, sort in _PLACES.items():
        if slot not in slots:
            continue
        named = [gazetteer.names.get(known.plain(name)) for name in slots.pop(slot)]
        names = list(dict.fromkeys(place.name for place in named if place and place.sort == sort))
        if names:
            slots[slot] = names
    return slots


def _check_refs(found: Command, text: str, context: Context) -> None:
    said = refs.read(Text(text))
    shown = {*context.results, context.focus_property, context.last_slots.get("property_ref")}
    pending = context.pending.slots if context.pending else {}
    properties = {*said.property_refs, *shown, pending.get("property_ref")}
    visits = {*said.inspection_refs, NEXT, context.focus_inspection, context.last_slots.get("inspection_ref")}
    visits.add(pending.get("inspection_ref"))
    if found.slots.get("property_ref") not in properties | {None}:
        raise Failed("the answer named a property that was not spoken of")
    if found.slots.get("inspection_ref") not in visits | {None}:
        raise Failed("the answer named an inspection that was not spoken of")

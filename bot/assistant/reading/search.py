"""What is sought: every search slot of a text, in the order in which they are surest read."""

import re
from dataclasses import dataclass, field

from bot.assistant.commands import MOST, Slots
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.reading import amenities, kinds, negation, offers, places, prices, rooms, streets
from bot.assistant.reading.items import Item
from bot.assistant.reading.text import GONE, Text

_APPEND = re.compile(
    rf"^(?:\W|{GONE})*(?:(?:abeg|please|pls|ok|okay|oya) )?(?:also|add|or|plus|and|include|join|even"
    r"|as well as|in addition)\b"
    r"|\b(?:also|add|as well|too|join|join am|inclusive|in addition|put .{0,30} join|include|including)\b"
)
_RELATIVE = {
    "cheaper": re.compile(
        r"\b(?:cheaper|less (?:costly|expensive)|lower (?:price|rent|budget)|lower"
        r"|reduce (?:the )?(?:price|budget)|wey no cost reach)\b"
    ),
    "dearer": re.compile(r"\b(?:costlier|more expensive|pricier|higher (?:price|budget))\b"),
    "bigger": re.compile(r"\b(?:bigger|larger|more (?:spacious|space|rooms?))\b"),
    "smaller": re.compile(r"\b(?:smaller|tinier|fewer rooms?)\b"),
    "anywhere": re.compile(r"\b(?:any ?where|any (?:area|location|place)|all areas|everywhere)\b"),
}


@dataclass(frozen=True)
class Sought:
    """What a text says of a search.

    hints: what it says beside slots, for whoever puts it together with what was said before: `append` (also,
    or, add: places are added), `no_price` (no budget limit), `cheaper`, `dearer`, `bigger`, `smaller`,
    `anywhere`. amounts: every amount of money, in its order.
    """

    slots: Slots = field(default_factory=dict)
    hints: frozenset[str] = frozenset()
    amounts: tuple[int, ...] = ()


def read(text: Text, gazetteer: Gazetteer) -> Slots:
    """The search slots of a text from which refs and dates may have been taken already."""
    return sought(text, gazetteer).slots


def sought(text: Text, gazetteer: Gazetteer) -> Sought:
    """The same, with what else is said of it. What is read is taken out of the text."""
    words = text.words
    hints = {name for name, pattern in _RELATIVE.items() if pattern.search(words)}
    if _APPEND.search(words):
        hints.add("append")
    slots: Slots = {}
    if street := streets.read(text, gazetteer):
        slots["street"] = street
    items: list[Item] = places.read(text, gazetteer)
    items += kinds.read(text)
    slots |= rooms.read(text, words)
    money = prices.read(text)
    slots |= money.slots
    sort = offers.read_sort(text)
    items += amenities.read(text, words)
    if listing_type := slots.get("listing_type") or offers.read_listing_type(text, words):
        slots["listing_type"] = listing_type
    if sort:
        slots["sort"] = sort
    if money.without:
        hints.add("no_price")
    for item in negation.settle(words, items):
        if item.slot and item.slot != places.LEFT:
            values = slots.setdefault(item.slot, [])
            if item.value not in values and len(values) < MOST:
                values.append(item.value)
    return Sought(_without_contradictions(slots), frozenset(hints), money.amounts)


def _without_contradictions(slots: Slots) -> Slots:
    """What is wanted and not wanted at once is wanted: "not only Yaba, Yaba and Surulere"."""
    for wanted, excluded in negation.EXCLUDED.items():
        if slots.get(excluded):
            slots[excluded] = [value for value in slots[excluded] if value not in slots.get(wanted, ())]
    return {name: value for name, value in slots.items() if value not in ([], None)}

"""What the readers found in a text, before it is known what is wanted with it."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.assistant.commands import PLACE_SLOTS, Slots

# What says which property is meant, besides a ref.
DESCRIBING = PLACE_SLOTS | {"property_types", "property_types_excluded", "bedrooms_min", "bedrooms_max"}


@dataclass(frozen=True)
class Heard:
    """What was said.

    words: plain and corrected. skeleton: the words with names in place of what was read. search: slots of a
    search. when: the date and time slots, if all are of one moment. moves: the same for a move: the old
    moment's slots and the new one's, these by their `new_` names. property_ref, inspection_ref: of what is
    named or pointed at. points: "it", "that one" or the like, whatever it is. nth: whether one of those shown
    is meant, by its place. hints, amounts: see `reading.search.Sought`.
    today: when it was said.
    """

    said: str
    words: str
    skeleton: str
    search: Slots = field(default_factory=dict)
    when: Slots = field(default_factory=dict)
    moves: Slots = field(default_factory=dict)
    property_ref: str | None = None
    inspection_ref: str | None = None
    points: bool = False
    nth: bool = False
    hints: frozenset[str] = frozenset()
    amounts: tuple[int, ...] = ()
    today: date | None = None

    @property
    def slots(self) -> Slots:
        return self.search | self.when

    @cached_property
    def bare(self) -> str:
        """The words with nothing but letters, digits and single spaces."""
        return re.sub(r"\s+", " ", re.sub(r"[^\w' ]", " ", self.words)).strip()

    @property
    def describes(self) -> bool:
        """Whether a property is described by what it is and where."""
        return bool(DESCRIBING & self.search.keys())

    @cached_property
    def names_one(self) -> bool:
        """Whether one property or inspection is meant, and not any that fit."""
        if self.property_ref or self.inspection_ref or self.nth:
            return True
        return bool(_ONE.search(self.words)) and not _MANY.search(self.words)


_KIND = (
    r"(?:flat|apartment|apt|house|duplex|bungalow|place|property|land|plot|shop|office|warehouse|studio|"
    r"self ?-?con\w*|mini ?-?flat|room|penthouse|maisonette|bq|terraces?|terraced|bed|bedroom|home|"
    r"one|listing|"
    r"store|space|unit|building|block|short ?let)"
)
_ONE = re.compile(
    rf"\b(?:the|that|this|dat|dis|di|your)\s+(?:[\w'-]+\s+){{0,4}}?{_KIND}\b(?!s)|"
    rf"\b{_KIND} (?:wey (?:dey|una)|you (?:posted|listed|showed|sent)|una post)\b|\b(?:it|am)\b"
)
_MANY = re.compile(
    r"\b(?:the|which|what|all|any|these|those|your)\s+(?:[\w-]+\s+){0,3}"
    r"(?:flats|apartments|houses|duplexes|bungalows|places|properties|lands|plots|shops|offices|"
    r"rooms|ones|homes)\b"
)

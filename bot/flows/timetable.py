"""A property's coming slots, and who has booked them."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby

from bot.flows.properties import coming
from bot.scripts import Person
from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, Property, Slot
from inspector_whatsapp.words import Words, join, say


@dataclass(frozen=True)
class Timetable:
    """A property's coming slots, and who has booked them."""

    zone: tzinfo
    property: Property
    slots: tuple[Slot, ...]
    booked: Mapping[int, Sequence[Inspection]]  # by slot

    def day(self, slot: Slot) -> date:
        return slot.starts_at.astimezone(self.zone).date()

    def days(self) -> list[date]:
        return [day for day, _slots in groupby(self.slots, key=self.day)]

    def on(self, day: date) -> list[Slot]:
        return [slot for slot in self.slots if self.day(slot) == day]

    def names(self, *slots: Slot) -> Words:
        """The first names of who has booked."""
        people = [visit.seeker for slot in slots for visit in self.booked.get(slot.pk, ())]
        return join(*(say("{seeker:first}", seeker=seeker) for seeker in people), separator=", ")

    def is_free(self, slot: Slot) -> bool:
        return not slot.taken and not self.booked.get(slot.pk)

    def digest(self, *slots: Slot) -> str:
        """Stands for the slots as they were shown: an answer about others counts for nothing."""
        shown = [
            (
                slot.pk,
                slot.starts_at.timestamp(),
                slot.state,
                slot.taken,
                [v.ref for v in self.booked.get(slot.pk, ())],
            )
            for slot in slots
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:10]


def timetable(person: Person, property: Property) -> Timetable:
    """The property's coming slots, with who has booked them."""
    booked: dict[int, list[Inspection]] = defaultdict(list)
    for visit in coming(person, property):
        if visit.slot_id is not None:
            booked[visit.slot_id].append(visit)
    found = inspections.slots_of(person.user, now=person.now).filter(property=property)
    return Timetable(person.reader.tz, property, tuple(found), booked)

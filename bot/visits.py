"""An inspector's visits: everybody who has a place in one slot is met at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from bot.days import days_named
from bot.scripts import Person
from inspector_whatsapp.models import Inspection
from inspector_whatsapp.words import Words, join, say


@dataclass(frozen=True)
class Visit:
    """Inspections of one slot, at least one; an inspection without a slot is a visit of its own."""

    inspections: tuple[Inspection, ...]

    @property
    def first(self) -> Inspection:
        return self.inspections[0]

    @property
    def key(self) -> str:
        """Finds it again; stays the same while seekers come and go, and when it is moved."""
        return _key(self.first)

    @property
    def named(self) -> str:
        """What a button says of it: an inspection and the state of it that was shown, as in `IN-3107.2`."""
        return f"{self.first.ref}.{self.first.revision}"

    @property
    def starts_at(self) -> datetime:
        return self.first.starts_at

    @property
    def accepted(self) -> bool:
        return all(each.accepted_at is not None for each in self.inspections)

    @property
    def reported(self) -> bool:
        return all(each.reported_at is not None for each in self.inspections)

    @property
    def seekers(self) -> Words:
        """Their first names."""
        return join(*(say("{seeker:first}", seeker=each.seeker) for each in self.inspections), separator=", ")


def visits(found: Iterable[Inspection]) -> list[Visit]:
    """Inspections as visits, in the order of the first of each."""
    together: dict[str, list[Inspection]] = {}
    for inspection in found:
        together.setdefault(_key(inspection), []).append(inspection)
    return [Visit(tuple(sorted(group, key=lambda each: each.pk))) for group in together.values()]


def when(visit: Visit, person: Person) -> Words:
    """Its time; what is near is named by the day."""
    zone = person.reader.tz
    today, day = person.now.astimezone(zone).date(), visit.starts_at.astimezone(zone).date()
    if day == today:
        return say(_("Today, {inspection:time}"), inspection=visit.first)
    if day == today + timedelta(days=1):
        return say(_("Tomorrow, {inspection:time}"), inspection=visit.first)
    return say("{inspection:when}", inspection=visit.first)


def on_day(words: str, among: Iterable[Visit], person: Person) -> list[Visit]:
    """The visits on a day that `words` name."""
    zone = person.reader.tz
    days = days_named(words, today=person.now.astimezone(zone).date())
    return [visit for visit in among if visit.starts_at.astimezone(zone).date() in days]


def _key(inspection: Inspection) -> str:
    return inspection.ref if inspection.slot_id is None else str(inspection.slot_id)

"""A day of inspections, by whoever carries them out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_default_timezone

from inspector_whatsapp.inspections.refusals import STANDING
from inspector_whatsapp.models import Inspection, Role, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState

OVER = (InspectionState.COMPLETED, InspectionState.NO_SHOW)


@dataclass(frozen=True)
class Visit:
    """Everybody who comes to a property at a time; one of them stands for all where somebody is assigned."""

    inspections: tuple[Inspection, ...]

    @property
    def first(self) -> Inspection:
        return self.inspections[0]


@dataclass
class Line:
    """What one inspector has on a day."""

    inspector: User
    visits: list[Visit] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    time_off: list[TimeOff] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """unassigned: visits that nobody carries out yet. lines: a line per inspector, by name."""

    day: date
    start: datetime
    end: datetime
    unassigned: tuple[Visit, ...]
    lines: tuple[Line, ...]

    def in_the_way(self, inspector: Line, visit: Inspection) -> Slot | Inspection | TimeOff | None:
        """What keeps an inspector from a visit of this day, as far as the day's rows tell: see `busy`."""
        for slot in inspector.slots:
            if slot.pk != visit.slot_id and _overlap(slot, visit):
                return slot
        for one in (one for had in inspector.visits for one in had.inspections):
            apart = one.pk != visit.pk and (visit.slot_id is None or one.slot_id != visit.slot_id)
            if apart and one.state in LIVE_STATES and not one.clash and _overlap(one, visit):
                return one
        return next((off for off in inspector.time_off if _overlap(off, visit)), None)


def of_day(day: date) -> Day:
    """What is on that day, by the service's clock: four queries, however much it is.

    What was called off is not among it.
    """
    start = datetime.combine(day, time(), get_default_timezone())
    end = datetime.combine(day + timedelta(days=1), time(), get_default_timezone())
    then = {"starts_at__lt": end, "ends_at__gt": start}
    inspections = Inspection.objects.filter(**then, state__in=(*LIVE_STATES, *OVER))
    slots = Slot.objects.filter(STANDING, **then, inspector__isnull=False).order_by("starts_at", "pk")
    off = TimeOff.objects.filter(**then).select_related("inspector").order_by("starts_at", "pk")
    people = User.objects.filter(role=Role.INSPECTOR, is_active=True)
    lines = {person.pk: Line(person) for person in people}
    unassigned = []
    whole = inspections.select_related("property", "seeker", "inspector", "slot")
    for visit in visits_of(whole.order_by("starts_at", "pk")):
        if (inspector := visit.first.inspector) is None:
            unassigned.append(visit)
        else:
            lines.setdefault(inspector.pk, Line(inspector)).visits.append(visit)
    for slot in slots.select_related("property", "inspector"):
        assert slot.inspector is not None
        lines.setdefault(slot.inspector.pk, Line(slot.inspector)).slots.append(slot)
    for time_off in off:
        lines.setdefault(time_off.inspector_id, Line(time_off.inspector)).time_off.append(time_off)
    by_name = sorted(lines.values(), key=lambda line: (line.inspector.name.casefold(), line.inspector.pk))
    return Day(day, start, end, tuple(unassigned), tuple(by_name))


def visits_of(inspections: Iterable[Inspection]) -> list[Visit]:
    """The same inspections, those together that are in one slot at one time with one inspector."""
    found: dict[object, list[Inspection]] = {}
    for one in inspections:
        together = (one.slot_id, one.starts_at, one.inspector_id, one.state in LIVE_STATES)
        found.setdefault(one.pk if one.slot_id is None else together, []).append(one)
    return [Visit(tuple(each)) for each in found.values()]


def _overlap(one: Inspection | Slot | TimeOff, other: Inspection) -> bool:
    return one.starts_at < other.ends_at and one.ends_at > other.starts_at

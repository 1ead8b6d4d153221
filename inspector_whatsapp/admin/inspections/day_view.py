"""A day by inspector: who is where when, and who could be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpRequest
from django.utils.timezone import get_default_timezone, localtime
from unfold.widgets import SELECT_CLASSES

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.admin.inspections.assigning import Option, is_to_come, may_assign, options
from inspector_whatsapp.inspections import Day, Line, Visit
from inspector_whatsapp.models import Delay, Inspection, Slot, TimeOff
from inspector_whatsapp.models.inspections import LIVE_STATES

# Hours that are always to be seen; an earlier or later visit makes room for itself.
FROM, UNTIL = 8, 18
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Bar:
    """A time on the axis: where it begins and how long it is, in per cent of the hours shown."""

    left: float
    width: float
    kind: str  # visit, slot, off
    row: Inspection | Slot | TimeOff
    clash: bool = False
    over: bool = False


@dataclass(frozen=True)
class Shown:
    """A visit in a list, with whom it can be given to; nobody where that is over."""

    visit: Visit
    options: list[Option]
    delay: Delay | None = None


@dataclass(frozen=True)
class Row:
    """An inspector's day."""

    line: Line
    bars: list[Bar]
    visits: list[Shown]
    free_slots: list[Slot]


@dataclass(frozen=True)
class Axis:
    """The hours shown."""

    start: datetime
    end: datetime

    def hours(self) -> list[tuple[float, int]]:
        """Every second hour, with its place in per cent."""
        count = int((self.end - self.start).total_seconds() // 3600)
        return [(100 * hour / count, localtime(self.start).hour + hour) for hour in range(0, count, 2)]

    def bar(self, row: Inspection | Slot | TimeOff, kind: str, **more: bool) -> Bar:
        start, end = max(row.starts_at, self.start), min(row.ends_at, self.end)
        whole = (self.end - self.start).total_seconds()
        left = (start - self.start).total_seconds() / whole
        width = max((end - start).total_seconds(), 0) / whole
        return Bar(round(100 * left, 2), round(100 * width, 2), kind, row, **more)

    def place(self, moment: datetime) -> float | None:
        """Where a moment is; None where it is not shown."""
        part = (moment - self.start) / (self.end - self.start)
        return round(100 * part, 2) if 0 <= part <= 1 else None


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows."""
    now = clock.now()
    wanted = asked_for(request, today=localtime(now, get_default_timezone()).date())
    day = inspections.of_day(wanted)
    slots = request.user.has_perm("inspector_whatsapp.view_slot")
    off = request.user.has_perm("inspector_whatsapp.view_timeoff")
    # Whatever begins after it can be given to somebody; nothing can by those who may only look.
    until = now if may_assign(request) else None
    axis = _axis(day)
    delays = _delays(day, now) if request.user.has_perm("inspector_whatsapp.view_delay") else {}
    return {
        "day": wanted,
        "today": localtime(now, get_default_timezone()).date(),
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
        "hours": axis.hours(),
        "now": axis.place(now),
        "unassigned": [_shown(day, visit, until) for visit in day.unassigned],
        "rows": [_row(day, line, axis, until, delays, slots=slots, off=off) for line in day.lines],
        "visits": len(day.unassigned) + sum(len(line.visits) for line in day.lines),
        "select_classes": " ".join(SELECT_CLASSES),
    }


def asked_for(request: HttpRequest, *, today: date) -> date:
    """The day of the address; today where it names none."""
    try:
        day: date | None = DateField(required=False).clean(request.GET.get("day"))
    except ValidationError:
        day = None
    return day if day is not None and EARLIEST <= day <= LATEST else today


def local_day(inspection: Inspection) -> date:
    """The day on which it begins, by the service's clock."""
    return localtime(inspection.starts_at, get_default_timezone()).date()


def _axis(day: Day) -> Axis:
    rows: list[Inspection | Slot] = [one for visit in day.unassigned for one in visit.inspections]
    for line in day.lines:
        rows += [one for visit in line.visits for one in visit.inspections]
        rows += line.slots
    start = min([day.start + timedelta(hours=FROM), *(max(one.starts_at, day.start) for one in rows)])
    end = max([day.start + timedelta(hours=UNTIL), *(min(one.ends_at, day.end) for one in rows)])
    hour = timedelta(hours=1)
    return Axis(day.start + (start - day.start) // hour * hour, day.end - (day.end - end) // hour * hour)


def _delays(day: Day, now: datetime) -> Mapping[str, Delay]:
    visits = [visit.first for line in day.lines for visit in line.visits if _is_live(visit.inspections)]
    return inspections.delays_of(visits, now=now)


def _row(
    day: Day,
    line: Line,
    axis: Axis,
    now: datetime | None,
    delays: Mapping[str, Delay],
    *,
    slots: bool,
    off: bool,
) -> Row:
    taken = {one.slot_id for visit in line.visits for one in visit.inspections}
    free = [slot for slot in line.slots if slot.pk not in taken] if slots else []
    bars = [axis.bar(one, "off") for one in (line.time_off if off else ())]
    bars += [axis.bar(slot, "slot") for slot in free]
    bars += [
        axis.bar(
            visit.first,
            "visit",
            clash=any(one.clash for one in visit.inspections),
            over=not _is_live(visit.inspections),
        )
        for visit in line.visits
    ]
    return Row(
        line, bars, [_shown(day, visit, now, delays.get(visit.first.ref)) for visit in line.visits], free
    )


def _shown(day: Day, visit: Visit, now: datetime | None, delay: Delay | None = None) -> Shown:
    to_give = now is not None and is_to_come(visit.first, now=now)
    return Shown(visit, options(day, visit.first) if to_give else [], delay)


def _is_live(found: Iterable[Inspection]) -> bool:
    return any(one.state in LIVE_STATES for one in found)

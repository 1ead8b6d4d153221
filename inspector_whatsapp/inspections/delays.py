"""An inspector is late for a visit of today: who waits is told, and what no longer fits after it is found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import get_default_timezone, localtime

from inspector_whatsapp import changes, clock, gateway
from inspector_whatsapp.changes import News, Origin
from inspector_whatsapp.inspections.booking import move
from inspector_whatsapp.inspections.day import Visit, visits_of
from inspector_whatsapp.inspections.free import free_slots
from inspector_whatsapp.inspections.locks import Held, hold, hold_visit
from inspector_whatsapp.inspections.own import of
from inspector_whatsapp.inspections.places import iso
from inspector_whatsapp.inspections.refusals import NotAssigned, TooEarly, TooLate
from inspector_whatsapp.models import Delay, Inspection, Slot, Stay, User
from inspector_whatsapp.models.delays import MINUTES
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, SlotState

LATEST = timedelta(minutes=max(MINUTES))
_NEAR = timedelta(days=1)  # a delay is of a visit of today: what is farther has none, and is not asked for


def run_late(*, inspection: Inspection, minutes: int, actor: User, origin: Origin) -> Delay:
    """The inspector will be at the visit so many MINUTES after it begins; the same again changes nothing.

    Raises NotAssigned, TooEarly where the visit is not today, or TooLate where it is off, that time over, or
    they are there.
    """
    with transaction.atomic():
        visit = hold_visit(inspection)
        inspection = _theirs(visit, inspection, actor)
        now = clock.now()
        is_there = Inspection.objects.filter(_there(actor), pk=inspection.pk).exists()
        if is_there or inspection.starts_at + timedelta(minutes=minutes) <= now:
            raise TooLate
        if not can_be_late(inspection, now=now):
            raise TooEarly
        delay = _standing([inspection]).first()
        if delay is not None and delay.minutes == minutes:
            return delay
        delay = delay or Delay(inspector=actor, property=inspection.property, starts_at=inspection.starts_at)
        delay.minutes, delay.said_at = minutes, now
        delay.save()
        _record("inspector_late", visit, delay, origin, minutes=minutes)
    return delay


def be_there(*, inspection: Inspection, actor: User, origin: Origin) -> Delay | None:
    """The inspector is there, or will be in time after all: the delay that ends by that, if there is one.

    Raises NotAssigned or TooLate.
    """
    with transaction.atomic():
        visit = hold_visit(inspection, people=[actor.pk])  # `arrive` goes on with them held
        inspection = _theirs(visit, inspection, actor)
        delay = _standing([inspection]).first()
        if delay is None:
            return None
        delay.ended_at = clock.now()
        delay.save(update_fields=["ended_at"])
        _record("inspector_there", visit, delay, origin)
    return delay


def move_visit(*, inspection: Inspection, slot: Slot, actor: User, origin: Origin) -> list[Inspection]:
    """Its inspector moves everybody of a visit to another slot of the property, all or nobody.

    Nobody else books the time that is left: the inspector could not be there. Where Inspector's backend
    decides it stays open, for they may have to go back. Returns them as they now are. Raises NotAssigned, or
    what `move` raises; then nothing has changed.
    """
    with transaction.atomic():
        its_own = Inspection.objects.filter(pk=inspection.pk).values("slot")
        visit = hold(
            slots=Slot.objects.filter(Q(pk__in=its_own) | Q(pk=slot.pk)),
            inspections=Inspection.objects.filter(
                Q(pk=inspection.pk) | Q(slot__in=its_own), state__in=LIVE_STATES
            ),
        )
        inspection = _theirs(visit, inspection, actor)
        left = next((one for one in visit.slots if one.pk == inspection.slot_id != slot.pk), None)
        if left is not None and left.state == SlotState.OPEN and not gateway.decides(origin):
            left.state = SlotState.CLOSED
            left.save(update_fields=["state"])
            changes.record("slot_closed", left, actor=actor, origin=origin, property=inspection.property.ref)
        return [move(inspection=one, slot=slot, actor=actor, origin=origin) for one in visit.inspections]


# --- what is known of delays ------------------------------------------------------------------------------
def can_be_late(inspection: Inspection, *, now: datetime) -> bool:
    """Whether its inspector may still come later than it begins: it is of today, by the service's clock."""
    return inspection.starts_at > now - LATEST and _day(inspection.starts_at) == _day(now)


def visits_today(inspector: User, *, now: datetime) -> list[Visit]:
    """What the inspector has today and may still be late for, soonest first; not where they are already."""
    found = visits_of(_of_today(inspector, now).exclude(_there(inspector)))
    return [visit for visit in found if can_be_late(visit.first, now=now)]


def delays_of(inspections: Iterable[Inspection], *, now: datetime) -> Mapping[str, Delay]:
    """By ref: the delays that stand, of those that are near. One query, or none."""
    near = [one for one in inspections if one.inspector_id and abs(one.starts_at - now) < _NEAR]
    if not near:
        return {}
    known = {(delay.inspector_id, delay.property_id, delay.starts_at): delay for delay in _standing(near)}
    keys = {one.ref: (one.inspector_id, one.property_id, one.starts_at) for one in near}
    return {ref: known[key] for ref, key in keys.items() if key in known}


def delay_of(inspection: Inspection, *, now: datetime) -> Delay | None:
    """The delay of its visit that stands."""
    return delays_of([inspection], now=now).get(inspection.ref)


@dataclass(frozen=True)
class Tight:
    """A visit that its inspector cannot begin before `possible_at`, by what comes before it."""

    visit: Visit
    possible_at: datetime


def tight_visits(inspector: User, *, now: datetime) -> list[Tight]:
    """The visits of today that no longer fit after those before them, soonest first.

    Each takes as long as it was to take, and what touches fits: where slots leave no time for the way, none
    is assumed here. Where the delay that was said of a visit is enough, it fits.
    """
    found = visits_of(_of_today(inspector, now))
    delays = delays_of([visit.first for visit in found], now=now)
    tight, free_from = [], datetime.min.replace(tzinfo=UTC)
    for visit in found:
        first = visit.first
        delay = delays.get(first.ref)
        expected = delay.expected_at if delay else first.starts_at
        begins = max(expected, free_from)
        if begins > expected and first.starts_at > now:
            tight.append(Tight(visit, begins))
        free_from = max(free_from, begins + (first.ends_at - first.starts_at))
    return tight


def room_for(visit: Sequence[Inspection], inspector: User, *, now: datetime) -> QuerySet[Slot]:
    """Free slots of its property in which everybody of the visit has a place; soonest first.

    The inspector's own only where they can be there in time.
    """
    free = free_slots(visit[0].property, now=now).exclude(inspections__in=visit)
    slots = free.filter(capacity__gte=F("taken") + len(visit))
    possible = [tight.possible_at for tight in tight_visits(inspector, now=now)]
    late = [max(possible)] if possible else []
    return slots.exclude(Q(inspector=inspector, starts_at__lt=late[0])) if late else slots


# --- the steps --------------------------------------------------------------------------------------------
def _of_today(inspector: User, now: datetime) -> QuerySet[Inspection]:
    today = datetime.combine(_day(now), time(), get_default_timezone())
    found = of(inspector).filter(inspector=inspector, state__in=LIVE_STATES, clash=False)
    found = found.filter(starts_at__gte=today, starts_at__lt=today + timedelta(days=1))
    return found.order_by("starts_at", "pk")


def _there(inspector: User) -> Exists:
    """Of an inspection: whether the inspector is at that visit."""
    visit = Q(inspection=OuterRef("pk")) | Q(slot=OuterRef("slot"))
    there = Stay.objects.filter(visit, person=inspector, starts_at=OuterRef("starts_at"))
    return Exists(there.filter(arrived_at__isnull=False, left_at=None))


def _day(moment: datetime) -> date:
    return localtime(moment, get_default_timezone()).date()


def _standing(inspections: Iterable[Inspection]) -> QuerySet[Delay]:
    which = Q()
    for one in inspections:
        which |= Q(inspector=one.inspector_id, property=one.property_id, starts_at=one.starts_at)
    return Delay.objects.filter(which, ended_at=None)


def _theirs(visit: Held, inspection: Inspection, inspector: User) -> Inspection:
    found = next((one for one in visit.inspections if one.pk == inspection.pk), None)
    if found is None:
        raise TooLate
    if found.inspector_id != inspector.pk:
        raise NotAssigned(found)
    return found


def _record(kind: str, visit: Held, delay: Delay, origin: Origin, **data: int) -> None:
    """Of each inspection of the visit; with one of them the agent is told of all."""
    theirs = [one for one in visit.inspections if one.inspector_id == delay.inspector_id]
    for_agent = next((one for one in theirs if one.state == InspectionState.CONFIRMED), None)
    known = {"delay": delay.pk, "expected_at": iso(delay.expected_at), **data}
    news = [News(kind=kind, subject=one, data=known | {"for_agent": one is for_agent}) for one in theirs]
    changes.record_all(news, actor=delay.inspector, origin=origin)

"""A visit that nobody carries out: inspectors of its area who are free are asked, one after the other.

Each has a while to answer, from when they were told. Once there is nobody left to ask, an admin is to assign
somebody. Whoever changes the visit meanwhile need not think of it: what is no longer wanted is not given.
"""

from datetime import datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import get_default_timezone, localtime

from inspector_whatsapp import changes, clock, incidents
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.inspections.locks import Held, hold
from inspector_whatsapp.inspections.places import WANTED, iso, visit_key
from inspector_whatsapp.inspections.refusals import STANDING
from inspector_whatsapp.models import Ask, Change, Inspection, Role, Slot, TimeOff, User
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState

_THERE = (*LIVE_STATES, InspectionState.COMPLETED, InspectionState.NO_SHOW)


def ask_length() -> timedelta:
    """For how long somebody who is asked may think."""
    return timedelta(minutes=settings.REASSIGN_MINUTES)


def latest_to_ask(starts_at: datetime) -> datetime:
    """Until when somebody may be told that they are asked: an admin needs as long as they do."""
    return starts_at - 2 * ask_length()


def seek(inspection: Inspection) -> Ask | None:
    """Ask the next inspector to carry a visit out that nobody does; with nobody left, it is an admin's to do.

    In the transaction that holds the visit. Near its beginning nobody is asked any more: see `latest_to_ask`.
    """
    now = clock.now()
    _asked(inspection).filter(state=AskState.ASKED).update(state=AskState.WITHDRAWN, ended_at=now)
    inspector = candidates(inspection).first() if now <= latest_to_ask(inspection.starts_at) else None
    if inspection.slot_id is None:
        visit = [inspection]
    else:
        visit = list(Inspection.objects.filter(slot=inspection.slot_id, state__in=LIVE_STATES).order_by("pk"))
    if inspector is None:
        names = ", ".join(one.ref for one in visit if one.inspector_id is None)
        sentence = f"Nobody carries out {names}: no inspector of that area who is free takes it."
        incidents.report(WANTED, key=visit_key(inspection), sentence=sentence)
        return None
    ask = Ask.objects.create(
        inspection=inspection,
        slot_id=inspection.slot_id,
        starts_at=inspection.starts_at,
        inspector=inspector,
        asked_at=now,
    )
    _record("inspector_asked", ask, actor=None, origin=Origin.SERVICE)
    return ask


def candidates(inspection: Inspection) -> QuerySet[User]:
    """Who may be asked: inspectors who know the area and are free then, and have not been asked or given up.

    Who has the least to do on that day stands first.
    """
    start, end = inspection.starts_at, inspection.ends_at
    of_them = {"inspector": OuterRef("pk")}
    then = {"starts_at__lt": end, "ends_at__gt": start}
    place = {"property__area": inspection.property.area, "property__city": inspection.property.city}
    visits = Inspection.objects.filter(state__in=LIVE_STATES, clash=False, **of_them, **then)
    slots = Slot.objects.filter(STANDING, **of_them, **then)
    if inspection.slot_id is not None:
        visits, slots = visits.exclude(slot=inspection.slot_id), slots.exclude(pk=inspection.slot_id)
    asked_then = Ask.objects.filter(
        state=AskState.ASKED, inspection__starts_at__lt=end, inspection__ends_at__gt=start, **of_them
    )
    gave_up = Change.objects.filter(kind="inspection_unassigned", subject=inspection.ref)
    midnight = datetime.combine(
        localtime(start, get_default_timezone()).date(), time(), get_default_timezone()
    )
    that_day = Q(
        assigned__state__in=LIVE_STATES,
        assigned__starts_at__gte=midnight,
        assigned__starts_at__lt=midnight + timedelta(days=1),
    )
    return (
        User.objects.filter(
            Exists(Inspection.objects.filter(state__in=_THERE, **of_them, **place))
            | Exists(Slot.objects.filter(**of_them, **place)),
            ~Exists(visits),
            ~Exists(slots),
            ~Exists(TimeOff.objects.filter(**of_them, **then)),
            ~Exists(asked_then),
            ~Exists(_asked(inspection).filter(starts_at=start, **of_them)),
            role=Role.INSPECTOR,
            is_active=True,
        )
        .exclude(pk__in=[one for one in gave_up.values_list("data__inspector", flat=True) if one])
        .annotate(to_do=Count("assigned", filter=that_day))
        .order_by("to_do", "pk")
    )


def ask_of(inspector: User, pk: int) -> Ask | None:
    """What somebody was asked, whatever has become of it."""
    return _whole(Ask.objects.filter(inspector=inspector, pk=pk)).first()


def ask_told(ask: Ask, *, at: datetime) -> None:
    """They have been told that they are asked: from then on their time runs, and not past the beginning."""
    by = min(at + ask_length(), ask.starts_at)
    Ask.objects.filter(pk=ask.pk, state=AskState.ASKED, answer_by=None).update(answer_by=by)


def pass_ask_on(ask: Ask, *, state: AskState, actor: User | None, origin: Origin) -> bool:
    """Somebody does not take it, and the next is asked; False where it was answered, or is not due yet.

    state: why; UNANSWERED only once their time is over.
    """
    with transaction.atomic():
        visit = held(ask)
        locked_ask = locked(ask)
        if locked_ask.state != AskState.ASKED:
            return False
        inspection = wanted(visit.inspections, locked_ask)
        if inspection is None:
            end(locked_ask, AskState.WITHDRAWN)
            _at_another_time(visit.inspections, locked_ask)
            return True
        if state == AskState.UNANSWERED and not is_over(locked_ask):
            return False
        end(locked_ask, state)
        _record("ask_passed_on", locked_ask, actor=actor, origin=origin, why=str(state))
        seek(inspection)
    return True


def tend_asks() -> int:
    """Pass on what nobody answered, withdraw what is no longer wanted; how many. Several may run at once."""
    done = 0
    for ask in Ask.objects.filter(state=AskState.ASKED).order_by("pk"):
        found = Inspection.objects.filter(_visit(ask), state__in=LIVE_STATES)
        if is_over(ask) or wanted(list(found), ask) is None:
            pass_on = partial(pass_ask_on, state=AskState.UNANSWERED, actor=None, origin=Origin.SERVICE)
            done += retried(partial(pass_on, ask))
    return done


# --- the steps, of taking over as well --------------------------------------------------------------------
def held(ask: Ask, *, inspector: User | None = None) -> Held:
    """The visit that somebody is asked for, as it is now."""
    return hold(
        slots=Slot.objects.filter(pk=ask.slot_id or 0),
        inspections=Inspection.objects.filter(_visit(ask), state__in=LIVE_STATES),
        people=[inspector.pk] if inspector else [],
    )


def locked(ask: Ask) -> Ask:
    return _whole(Ask.objects.select_for_update(no_key=True, of=("self",))).get(pk=ask.pk)


def wanted(visit: list[Inspection], ask: Ask) -> Inspection | None:
    """One of the visit that still is to be carried out by somebody, at the time that was asked for."""
    now = clock.now()
    still = (one for one in visit if one.inspector_id is None and one.starts_at == ask.starts_at > now)
    return next(still, None)


def _at_another_time(visit: list[Inspection], ask: Ask) -> None:
    """Its slot was moved while somebody was asked: they are asked for the new time, or the next is."""
    now = clock.now()
    still = (one for one in visit if one.inspector_id is None and one.slot_id == ask.slot_id)
    moved = next((one for one in still if one.starts_at > now), None)
    if moved is not None:
        seek(moved)


def is_over(ask: Ask) -> bool:
    """Whether their time to answer is."""
    return min(ask.answer_by or ask.starts_at, ask.starts_at) <= clock.now()


def end(ask: Ask, state: AskState) -> None:
    ask.state, ask.ended_at = state, clock.now()
    ask.save(update_fields=["state", "ended_at"])


def _asked(inspection: Inspection) -> QuerySet[Ask]:
    """Who was ever asked for this visit: everybody in its slot, or only it where it has none."""
    if inspection.slot_id is not None:
        return Ask.objects.filter(slot=inspection.slot_id)
    return Ask.objects.filter(slot=None, inspection=inspection.pk)


def _visit(ask: Ask) -> Q:
    return Q(slot=ask.slot_id) if ask.slot_id is not None else Q(pk=ask.inspection_id)


def _whole(asks: QuerySet[Ask]) -> QuerySet[Ask]:
    return asks.select_related("inspector", "inspection__property__agent", "inspection__slot", "slot")


def _record(kind: str, ask: Ask, *, actor: User | None, origin: Origin, **data: str) -> None:
    about = {"inspection": ask.inspection.ref, "starts_at": iso(ask.starts_at)}
    changes.record(kind, ask, actor=actor, origin=origin, **about, **data)

"""Safe visits: a code for the door, who is there and for how long, and a call for help in one tap.

Time lives in rows: a sweep (`tend_visits`) asks whoever has not left in time, and then tells the admins.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from inspector_whatsapp import changes, clock, incidents
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.inspections.delays import be_there
from inspector_whatsapp.inspections.locks import lock_people
from inspector_whatsapp.inspections.refusals import NotAssigned, TooEarly, TooLate
from inspector_whatsapp.models import Contact, Distress, Inspection, Stay, User
from inspector_whatsapp.models.inspections import InspectionState

logger = logging.getLogger(__name__)

BEFORE = timedelta(hours=12)  # what begins tomorrow morning is like something of today
AFTER = timedelta(hours=12)
COMES = timedelta(hours=1)  # before it begins, at the earliest
OVERDUE, UNSAFE, FINE = "visit_overdue", "unsafe", "unsafe_taken_back"
KEY = "\N{KEY}"  # stands before a code wherever one is shown; by it codes are masked, see `numbers`


# --- the code for the door --------------------------------------------------------------------------------
def door_code(inspection: Inspection) -> str:
    """What the seeker and whoever shows them the property ask each other for: four digits.

    Kept nowhere; drawn from the service's key, the inspection and its host. So whoever carried it out before
    does not know it any more (decision record 33).
    """
    of = f"{inspection.pk}.{host_of(inspection)}"
    drawn = salted_hmac("inspector_whatsapp.door_code", of, algorithm="sha256").digest()
    return f"{int.from_bytes(drawn, 'big') % 10_000:04d}"


def host_of(inspection: Inspection) -> int:
    """Who shows the property: the inspector, or its agent where nobody is sent."""
    return inspection.inspector_id or inspection.property.agent_id


def is_near(inspection: Inspection, *, now: datetime) -> bool:
    """Whether it is the day of the visit, for whoever goes there."""
    return inspection.starts_at - BEFORE <= now < inspection.ends_at + AFTER


def code_for(inspection: Inspection, person: int | None, *, now: datetime) -> str:
    """The code as `🔑 4711`, for the two who meet, on the day; for anybody else nothing."""
    stands = inspection.state == InspectionState.CONFIRMED and not inspection.clash
    theirs = person in (inspection.seeker_id, host_of(inspection))
    return f"{KEY} {door_code(inspection)}" if stands and theirs and is_near(inspection, now=now) else ""


# --- being there ------------------------------------------------------------------------------------------
def may_arrive(inspection: Inspection, *, now: datetime) -> bool:
    return inspection.starts_at - COMES <= now < inspection.ends_at + AFTER


def stay_of(person: User, inspection: Inspection) -> Stay | None:
    """Whether and since when somebody is at the visit; of whoever shows it one for all who come then."""
    return _open(person, inspection).first() or _of(person, inspection).first()


def still_at(person: User) -> QuerySet[Inspection]:
    """Where somebody is by what they said, also where the visit was moved or given to somebody else since."""
    there = Stay.objects.filter(_THERE, person=person).values("inspection")
    return Inspection.objects.filter(pk__in=there).select_related("property").order_by("-starts_at", "pk")


def arrive(*, inspection: Inspection, actor: User, origin: Origin) -> Stay:
    """Whoever shows the property is there; said again it changes nothing, and after they left it is undone.

    Raises NotAssigned, TooEarly more than an hour before, TooLate where it will not take place or is over.
    """
    with transaction.atomic():
        if inspection.inspector_id == actor.pk:
            be_there(inspection=inspection, actor=actor, origin=origin)  # who is there is late no more
        inspection = _held(inspection, actor)
        if host_of(inspection) != actor.pk:
            raise NotAssigned(inspection)
        now = clock.now()
        if inspection.state != InspectionState.CONFIRMED or now >= inspection.ends_at + AFTER:
            raise TooLate
        if not may_arrive(inspection, now=now):
            raise TooEarly
        # Who is there already when it is moved is at the visit that it has become.
        known = _of(actor, inspection).first() or _open(actor, inspection).first()
        stay = known or Stay(inspection=inspection, person=actor)
        is_there = stay.arrived_at is not None and stay.left_at is None
        if is_there and stay.starts_at == inspection.starts_at:
            return stay
        stay.slot, stay.starts_at = inspection.slot, inspection.starts_at
        stay.arrived_at = stay.arrived_at or now
        stay.left_at = None
        _watch(stay, max(inspection.ends_at, now) + overdue_after())
        changes.record("visit_arrived", stay, actor=actor, origin=origin, inspection=inspection.ref)
    return stay


def depart(*, inspection: Inspection, actor: User, origin: Origin) -> Stay:
    """The seeker, or whoever showed the property, has left; said again it changes nothing.

    Whoever is there may leave, whatever has become of the visit. Raises NotAssigned, and TooEarly before it
    could have been begun.
    """
    with transaction.atomic():
        inspection = _held(inspection, actor)
        there = list(_open(actor, inspection))
        if not there and actor.pk not in (inspection.seeker_id, host_of(inspection)):
            raise NotAssigned(inspection)
        now = clock.now()
        if not there and not may_arrive(inspection, now=now) and now < inspection.starts_at:
            raise TooEarly
        new = Stay(inspection=inspection, slot=inspection.slot, starts_at=inspection.starts_at, person=actor)
        for stay in there or [_of(actor, inspection).first() or new]:
            if stay.left_at is None:
                stay.left_at = now
                _watch(stay, None)
                changes.record("visit_left", stay, actor=actor, origin=origin, inspection=inspection.ref)
    return stay


def stay(*, inspection: Inspection, actor: User, origin: Origin) -> Stay:
    """They are well, and not out yet: they are asked later. Raises NotAssigned, TooLate once they left."""
    with transaction.atomic():
        inspection = _held(inspection, actor)
        stay = stay_of(actor, inspection)
        if stay is None:
            raise NotAssigned(inspection)
        if stay.left_at is not None:
            raise TooLate
        _watch(stay, clock.now() + overdue_after())
        changes.record("visit_stays", stay, actor=actor, origin=origin, inspection=inspection.ref)
    return stay


def reported(inspection: Inspection, actor: User) -> None:
    """Whoever says how it went is out. In the transaction of the report."""
    for stay in _open(actor, inspection).select_for_update(no_key=True, of=("self",)):
        stay.left_at = clock.now()
        _watch(stay, None)


def overdue_after() -> timedelta:
    """How long after its end a visit is overdue that nobody has left."""
    return timedelta(minutes=settings.VISIT_OVERDUE_MINUTES)


def answer_within() -> timedelta:
    """How long whoever is asked has to answer."""
    return timedelta(minutes=settings.VISIT_ANSWER_MINUTES)


def tend_visits() -> int:
    """Ask those who have not left in time, and tell the admins of those who did not answer; how many.

    Several may run at once, and one that was killed is made up for by the next.
    """
    done = 0
    late = Stay.objects.filter(due_at__lte=clock.now()).order_by("due_at", "pk")
    for pk in list(late.values_list("pk", flat=True)):
        try:
            done += retried(partial(_tend, pk))
        except Exception as error:  # one that breaks keeps nobody else from being looked for
            logger.error("stay %s was not tended: %s", pk, type(error).__name__, exc_info=error)
    return done


def _tend(pk: int) -> bool:
    """Look after one stay, if it is due still and nobody else does."""
    now = clock.now()
    late = Stay.objects.filter(pk=pk, due_at__lte=now).select_related("inspection__property", "person")
    stay = late.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if stay is not None:
        _overdue(stay, now)
    return stay is not None


def _overdue(stay: Stay, now: datetime) -> None:
    """Also of whoever no longer carries it out: they came, and have not said that they left."""
    ref = stay.inspection.ref
    if stay.asked_at is None:
        stay.asked_at, stay.due_at = now, now + answer_within()
        stay.save(update_fields=["asked_at", "due_at"])
        changes.record(OVERDUE, stay, actor=None, origin=Origin.SERVICE, inspection=ref)
        return
    stay.alerted_at, stay.due_at = now, None
    stay.save(update_fields=["alerted_at", "due_at"])
    sentence = f"Account {stay.person_id} went to {ref}, has not left, and does not answer."
    incidents.report(OVERDUE, key=str(stay.pk), sentence=sentence)
    changes.record("visit_unanswered", stay, actor=None, origin=Origin.SERVICE, inspection=ref)


def _watch(stay: Stay, due_at: datetime | None) -> None:
    """They are well now: what was asked and told before is over."""
    stay.due_at, stay.asked_at, stay.alerted_at = due_at, None, None
    stay.save()
    incidents.close(OVERDUE, key=str(stay.pk))


# --- feeling unsafe ---------------------------------------------------------------------------------------
def call_for_help(*, inspection: Inspection, actor: User, origin: Origin) -> Distress:
    """Somebody who has a part in it feels unsafe: the admins are told at once; tapped again, once more.

    Raises NotAssigned. It is heard whatever has become of the inspection.
    """
    with transaction.atomic():
        inspection = _held(inspection, actor)
        parts = (inspection.seeker_id, inspection.inspector_id, inspection.property.agent_id)
        if actor.pk not in parts and not _open(actor, inspection).exists():
            raise NotAssigned(inspection)
        distress, made = Distress.objects.get_or_create(
            person=actor, inspection=inspection, taken_back_at=None, defaults={"at": clock.now()}
        )
        sentence = f"Account {actor.pk} feels unsafe at {inspection.ref}."
        opened = incidents.report(UNSAFE, key=str(distress.pk), sentence=sentence)
        if made or opened:  # where an admin had closed it they are told anew
            changes.record("felt_unsafe", distress, actor=actor, origin=origin, inspection=inspection.ref)
    return distress


def call_without_visit(contact: Contact, *, of: User | None) -> None:
    """Somebody feels unsafe who has no visit near: what opens is found by their chat.

    Whoever calls tells the admins at once.
    """
    who = f"Account {of.pk}" if of is not None else "Somebody without an account"
    sentence = f"{who} feels unsafe, at no visit that is known. Contact {contact.pk} has the chat."
    incidents.report(UNSAFE, key=f"contact {contact.pk}", sentence=sentence)


def take_back_call(*, inspection: Inspection, actor: User, origin: Origin) -> Distress | None:
    """They say that they are fine: the admins are told that as well, and look whether it is so.

    None where they had not called for help, or said so before.
    """
    with transaction.atomic():
        inspection = _held(inspection, actor)
        open_ones = Distress.objects.filter(person=actor, inspection=inspection, taken_back_at=None)
        distress = open_ones.first()
        if distress is None:
            return None
        distress.taken_back_at = clock.now()
        distress.save(update_fields=["taken_back_at"])
        sentence = f"Account {actor.pk}, who felt unsafe at {inspection.ref}, says that they are fine."
        incidents.report(FINE, key=str(distress.pk), sentence=sentence)
        changes.record("felt_safe", distress, actor=actor, origin=origin, inspection=inspection.ref)
    return distress


def near(person: User, *, now: datetime) -> QuerySet[Inspection]:
    """Visits of today in which somebody has a part, as they begin."""
    parts = Q(seeker=person) | Q(property__agent=person) | Q(inspector=person)
    today = Inspection.objects.filter(parts, starts_at__lte=now + BEFORE, ends_at__gt=now - AFTER)
    gone = (InspectionState.CANCELLED, InspectionState.DECLINED)
    return today.exclude(state__in=gone).select_related("property").order_by("starts_at", "pk")


def of_visit(inspection: Inspection) -> QuerySet[Inspection]:
    """All who come to the property at that time, as far as they are certain."""
    whole = Q(pk=inspection.pk) if inspection.slot_id is None else Q(slot=inspection.slot_id)
    come = Inspection.objects.filter(whole, state=InspectionState.CONFIRMED, clash=False)
    return come.select_related("property", "seeker").order_by("pk")


# --- the steps --------------------------------------------------------------------------------------------
def _held(inspection: Inspection, actor: User) -> Inspection:
    """The inspection as it is now; of one person's taps each waits for the other."""
    lock_people([actor.pk])
    whole = Inspection.objects.select_related("property__agent", "seeker", "inspector")
    return whole.get(pk=inspection.pk)


_THERE = Q(arrived_at__isnull=False, left_at=None)


def _of(person: User, inspection: Inspection) -> QuerySet[Stay]:
    visit = Q(inspection=inspection.pk)
    if inspection.slot_id is not None and person.pk != inspection.seeker_id:
        visit |= Q(slot=inspection.slot_id)
    return Stay.objects.filter(visit, person=person, starts_at=inspection.starts_at).order_by("pk")


def _open(person: User, inspection: Inspection) -> QuerySet[Stay]:
    """Where they are still, also where the inspection, or all of the visit, was moved since."""
    visit = Q(inspection=inspection.pk)
    if inspection.slot_id is not None:
        visit |= Q(slot=inspection.slot_id) | Q(inspection__slot=inspection.slot_id)
    return Stay.objects.filter(visit, _THERE, person=person).order_by("pk")

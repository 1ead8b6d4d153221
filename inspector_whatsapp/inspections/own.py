"""Who may see which inspections, slots and time off. What a person is shown, or acts on, is found here."""

import re
import unicodedata
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from inspector_whatsapp import clock, refs
from inspector_whatsapp.inspections.refusals import STANDING
from inspector_whatsapp.models import Inspection, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.prepared import Given, Prepared

CORRECTABLE = timedelta(hours=24)  # after the first report

_REF = re.compile(rf"(?:{refs.INSPECTION})?{refs.APART}{refs.NUMBER}", re.IGNORECASE)
_PEOPLE = ("property", "property__agent", "seeker", "inspector", "slot")


def of(user: User) -> QuerySet[Inspection]:
    """All that this user may see: their own, those of their properties, those that they carry out.

    With everybody concerned and the slot read along.
    """
    theirs = Q(seeker=user) | Q(property__agent=user) | Q(inspector=user)
    return Inspection.objects.filter(theirs).select_related(*_PEOPLE)


def by_ref(user: User, ref: str) -> Inspection | None:
    """An inspection that this user may see, by its ref as people type it ("in 3107"); any other is None."""
    match = _REF.fullmatch(unicodedata.normalize("NFKC", ref).strip())
    return of(user).filter(ref=refs.written(refs.INSPECTION, match["number"])).first() if match else None


def of_seeker(seeker: User, ref: str) -> Inspection | None:
    """The same, of those that they booked for themselves."""
    inspection = by_ref(seeker, ref)
    return inspection if inspection is not None and inspection.seeker_id == seeker.pk else None


def upcoming(seeker: User, *, now: datetime) -> QuerySet[Inspection]:
    """The seeker's inspections that are still to be or going on, soonest first."""
    return _live(of(seeker).filter(seeker=seeker)).filter(ends_at__gt=now)


_COMING_OR_OVER = Prepared(
    lambda: (
        Inspection.objects.filter(
            Q(state__in=LIVE_STATES)
            | Q(state__in=[InspectionState.COMPLETED, InspectionState.NO_SHOW], starts_at__gt=Given("since")),
            seeker=Given("seeker"),
            ends_at__gt=Given("since"),
        )
        .select_related(*_PEOPLE)
        .order_by("starts_at", "pk")
    )
)


def coming_and_over(
    seeker: User, *, since: datetime, now: datetime
) -> tuple[list[Inspection], list[Inspection]]:
    """The seeker's inspections that are still to be or going on, soonest first; and those carried out, or
    that should have been, that began after `since`, the latest first. One query.
    """
    found = _COMING_OR_OVER.of(seeker=seeker.pk, since=since)
    coming = [one for one in found if one.state in LIVE_STATES and one.ends_at > now]
    over = [one for one in reversed(found) if one not in coming and one.starts_at > since]
    return coming, over


def requests_of(agent: User) -> QuerySet[Inspection]:
    """What waits for the agent's yes, soonest first."""
    asked = of(agent).filter(
        property__agent=agent, state=InspectionState.REQUESTED, asked_at__isnull=False, clash=False
    )
    return asked.filter(starts_at__gt=clock.Now()).order_by("starts_at", "pk")


def assigned_to(inspector: User, *, now: datetime) -> QuerySet[Inspection]:
    """What the inspector is to carry out, or does now, soonest first."""
    return _live(of(inspector).filter(inspector=inspector)).filter(ends_at__gt=now)


def to_report(inspector: User, *, now: datetime) -> QuerySet[Inspection]:
    """What has begun and has no outcome yet, latest first; then what they may still correct.

    An agent reports on their own property where nobody was sent.
    """
    theirs = Q(inspector=inspector) | Q(inspector=None, property__agent=inspector)
    waiting = Q(state__in=LIVE_STATES, starts_at__lte=now, clash=False)
    reported = Q(
        state__in=[InspectionState.COMPLETED, InspectionState.NO_SHOW], reported_at__gt=now - CORRECTABLE
    )
    return (
        of(inspector)
        .filter(theirs, waiting | reported)
        .order_by(F("reported_at").desc(nulls_first=True), "-starts_at", "pk")
    )


def slots_of(agent: User, *, now: datetime) -> QuerySet[Slot]:
    """Coming slots of the agent's properties, open or with people in them, soonest first."""
    coming = Slot.objects.filter(STANDING, property__agent=agent, starts_at__gt=now)
    return coming.select_related("property", "inspector").order_by("starts_at", "pk")


def time_off_of(inspector: User, *, now: datetime) -> QuerySet[TimeOff]:
    """The inspector's time off that is to come or goes on, soonest first."""
    return TimeOff.objects.filter(inspector=inspector, ends_at__gt=now).order_by("starts_at", "pk")


def touched_by_time_off(inspector: User, *, start: datetime, end: datetime) -> QuerySet[Inspection]:
    """What the inspector could not carry out if they were off then, soonest first; not what has begun."""
    touched = _live(of(inspector).filter(inspector=inspector))
    return touched.filter(starts_at__gt=clock.Now(), starts_at__lt=end, ends_at__gt=start)


def _live(inspections: QuerySet[Inspection]) -> QuerySet[Inspection]:
    return inspections.filter(state__in=LIVE_STATES).order_by("starts_at", "pk")

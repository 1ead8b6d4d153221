"""Requests: inspections that count once the property's agent has said yes."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import changes, clock, gateway
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.inspections.locks import lock_inspection
from inspector_whatsapp.inspections.places import end
from inspector_whatsapp.inspections.refusals import AlreadyAnswered, TooLate
from inspector_whatsapp.models import Inspection, User
from inspector_whatsapp.models.inspections import InspectionState

ANSWER_BY = timedelta(hours=1)  # before the start: the seeker needs the time to go somewhere else


def confirm(*, inspection: Inspection, actor: User | None, origin: Origin) -> Inspection:
    """The agent's yes to a request; while Inspector's backend has not said yes as well it stays one.

    Returns it as it now is. Raises AlreadyAnswered or TooLate.
    """
    with transaction.atomic():
        inspection = _asked(inspection)
        waits = gateway.pending(inspection)
        if waits and inspection.asked_at is None:
            raise AlreadyAnswered(inspection)
        inspection.state = InspectionState.REQUESTED if waits else InspectionState.CONFIRMED
        inspection.asked_at = inspection.asked_again_at = None
        inspection.save(update_fields=["state", "asked_at", "asked_again_at"])
        kind = "inspection_agreed" if waits else "inspection_confirmed"
        changes.record(kind, inspection, actor=actor, origin=origin)
    return inspection


def decline(*, inspection: Inspection, actor: User | None, origin: Origin, why: str = "") -> Inspection:
    """The agent's no, with `why` in their words; the place is free again.

    Returns it as it now is. Raises AlreadyAnswered or TooLate.
    """
    with transaction.atomic():
        inspection = _asked(inspection)
        end(inspection, InspectionState.DECLINED, why=why)
        changes.record("inspection_declined", inspection, actor=actor, origin=origin, why=why)
    return inspection


def chase_requests() -> int:
    """Remind agents of requests once, and release those that they leave unanswered; how many it touched.

    Several may run at once.
    """
    now = clock.now()
    waiting = Inspection.objects.filter(
        state=InspectionState.REQUESTED, asked_at__isnull=False, clash=False
    ).filter(
        Q(asked_at__lte=now - _hours(settings.REQUEST_RELEASE_HOURS))
        | Q(asked_at__lte=now - _hours(settings.REQUEST_REMINDER_HOURS), asked_again_at=None)
        | Q(starts_at__lte=now + ANSWER_BY)
    )
    return sum(retried(partial(_chase, one)) for one in waiting.order_by("asked_at", "pk"))


def released_at(inspection: Inspection) -> datetime | None:
    """When a request is given up if nobody answers it; None while nobody is asked.

    REQUEST_RELEASE_HOURS after it was made, or an hour before the start, whichever comes first; of a request
    for less than two hours ahead, once half of the time is gone.
    """
    asked, start = inspection.asked_at, inspection.starts_at
    if inspection.state != InspectionState.REQUESTED or asked is None:
        return None
    at_last = max(start - ANSWER_BY, asked + (start - asked) / 2)
    return min(asked + _hours(settings.REQUEST_RELEASE_HOURS), at_last)


# --- the steps --------------------------------------------------------------------------------------------
def _asked(inspection: Inspection) -> Inspection:
    """The request as it is now, held."""
    inspection = lock_inspection(inspection)
    if inspection.state != InspectionState.REQUESTED:
        raise AlreadyAnswered(inspection)
    if inspection.starts_at <= clock.now():
        raise TooLate
    return inspection


def _chase(inspection: Inspection) -> int:
    inspection = lock_inspection(inspection)
    release, now = released_at(inspection), clock.now()
    if release is None or inspection.asked_at is None:
        return 0  # answered meanwhile
    if release <= now:
        end(inspection, InspectionState.DECLINED)
        changes.record("inspection_released", inspection, actor=None, origin=Origin.SERVICE)
        return 1
    if inspection.asked_again_at or inspection.asked_at + _hours(settings.REQUEST_REMINDER_HOURS) > now:
        return 0
    inspection.asked_again_at = now
    inspection.save(update_fields=["asked_again_at"])
    changes.record("request_unanswered", inspection, actor=None, origin=Origin.SERVICE)
    return 1


def _hours(hours: int) -> timedelta:
    return timedelta(hours=hours)

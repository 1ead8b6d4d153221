"""Who came to an inspection and who did not: what each says of it is kept, beside what others say."""

from datetime import timedelta

from django.db import transaction

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_inspection
from inspector_whatsapp.inspections.refusals import NotAssigned, TooEarly, TooLate
from inspector_whatsapp.models import Inspection, Presence, Role, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome

SAYABLE = timedelta(days=14)  # after the beginning: who was there is soon forgotten
_NEVER = (InspectionState.CANCELLED, InspectionState.DECLINED)


def nobody_came(*, inspection: Inspection, actor: User, origin: Origin) -> Inspection:
    """The seeker found nobody there: not the inspector, or not the agent where none was sent.

    Returns it as it now is. Raises NotAssigned where it is not theirs, TooEarly, or TooLate.
    """
    with transaction.atomic():
        inspection = _theirs(inspection, actor)
        host = inspection.inspector or inspection.property.agent
        part = Role.INSPECTOR if inspection.inspector is not None else Role.AGENT
        if host.pk != actor.pk:
            _say(inspection, host, part, came=False, actor=actor, origin=origin)
    return inspection


def take_back(*, inspection: Inspection, actor: User, origin: Origin) -> Inspection:
    """The seeker found somebody there: that they had not stays, as taken back. Returns and raises the same.

    That they were there themselves they say still.
    """
    with transaction.atomic():
        inspection = _theirs(inspection, actor)
        missed = Presence.objects.filter(inspection=inspection, came=False, said_by=actor, withdrawn_at=None)
        if missed.update(withdrawn_at=clock.now()):
            changes.record("presence_taken_back", inspection, actor=actor, origin=origin)
    return inspection


def was_there(*, inspection: Inspection, actor: User, origin: Origin) -> Inspection:
    """The seeker was there, whatever somebody else says. Returns it as it now is; raises the same."""
    with transaction.atomic():
        inspection = _theirs(inspection, actor)
        _say(inspection, actor, Role.SEEKER, came=True, actor=actor, origin=origin)
    return inspection


def hear_report(inspection: Inspection, outcome: Outcome, *, actor: User, origin: Origin) -> None:
    """What a report says of who came; within its transaction. What its author said before is taken back."""
    missing: dict[Outcome, tuple[User, Role]] = {
        Outcome.SEEKER_ABSENT: (inspection.seeker, Role.SEEKER),
        Outcome.AGENT_ABSENT: (inspection.property.agent, Role.AGENT),
    }
    about, part = missing.get(outcome, (None, None))
    said = Presence.objects.filter(inspection=inspection, said_by=actor, withdrawn_at=None)
    said.exclude(about=about).update(withdrawn_at=clock.now())
    if about is not None and part is not None and about.pk != actor.pk:
        _say(inspection, about, part, came=False, actor=actor, origin=origin)


def _say(inspection: Inspection, about: User, part: Role, *, came: bool, actor: User, origin: Origin) -> None:
    """Keep what somebody says of one who was to be there; the same again is kept once. The row is held."""
    now = clock.now()
    said = Presence.objects.filter(inspection=inspection, about=about, said_by=actor, withdrawn_at=None)
    if said.filter(came=came).exists():
        return
    said.update(withdrawn_at=now)
    Presence.objects.create(
        inspection=inspection, about=about, part=part, came=came, said_by=actor, said_at=now
    )
    changes.record("presence_said", inspection, actor=actor, origin=origin, part=str(part), came=came)


def _theirs(inspection: Inspection, seeker: User) -> Inspection:
    """Their own, begun and not long over, as it is now and held."""
    inspection = lock_inspection(inspection)
    if inspection.seeker_id != seeker.pk:
        raise NotAssigned(inspection)
    now = clock.now()
    if inspection.state in _NEVER or inspection.starts_at + SAYABLE <= now:
        raise TooLate
    if inspection.starts_at > now:
        raise TooEarly
    return inspection

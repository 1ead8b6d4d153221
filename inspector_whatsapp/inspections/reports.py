"""What came of an inspection, as whoever carried it out reports it."""

from collections.abc import Sequence

from django.db import transaction

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_inspection
from inspector_whatsapp.inspections.own import CORRECTABLE
from inspector_whatsapp.inspections.presence import hear_report
from inspector_whatsapp.inspections.refusals import NotAssigned, TooEarly, TooLate
from inspector_whatsapp.inspections.safety import reported
from inspector_whatsapp.models import Inspection, InspectionPhoto, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, Outcome

_REPORTED = (InspectionState.COMPLETED, InspectionState.NO_SHOW)


def report(
    *,
    inspection: Inspection,
    outcome: Outcome,
    note: str,
    photos: Sequence[tuple[str, str]],
    actor: User,
    origin: Origin,
) -> Inspection:
    """Say what came of an inspection, or correct what was said; the same again changes nothing.

    `photos` are names in the storage with the SHA-256 of each file; a correction adds to those there are. By
    its inspector only, or by the property's agent where nobody was sent. Returns it as it now is. Raises
    NotAssigned, TooEarly before it begins, and TooLate a day after the first report or when it was called
    off.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        _be_allowed(inspection, actor)
        corrected = inspection.reported_at is not None
        before = inspection.outcome
        new = _add_photos(inspection, photos)
        if corrected and (before, inspection.notes) == (outcome, note) and not new:
            return inspection
        inspection.outcome = outcome
        inspection.notes = note
        inspection.state = (
            InspectionState.COMPLETED if outcome == Outcome.COMPLETED else InspectionState.NO_SHOW
        )
        inspection.reported_at = inspection.reported_at or clock.now()
        inspection.asked_at = inspection.asked_again_at = None
        inspection.revision += 1
        inspection.save(
            update_fields=[
                "outcome",
                "notes",
                "state",
                "reported_at",
                "asked_at",
                "asked_again_at",
                "revision",
            ]
        )
        hear_report(inspection, outcome, actor=actor, origin=origin)
        changes.record(
            "inspection_reported",
            inspection,
            actor=actor,
            origin=origin,
            outcome=str(outcome),
            corrected=corrected,
            before=before,
        )
        reported(inspection, actor)
    return inspection


def _be_allowed(inspection: Inspection, actor: User) -> None:
    whose = inspection.inspector_id or inspection.property.agent_id
    if actor.pk != whose:
        raise NotAssigned(inspection)
    now = clock.now()
    if inspection.reported_at is not None:
        if inspection.state not in _REPORTED or inspection.reported_at + CORRECTABLE <= now:
            raise TooLate
        return
    if inspection.state not in LIVE_STATES:
        raise TooLate
    if inspection.starts_at > now:
        raise TooEarly


def _add_photos(inspection: Inspection, photos: Sequence[tuple[str, str]]) -> bool:
    """Whether any of them is new."""
    known = set(inspection.photos.values_list("digest", flat=True))
    fresh = {digest: file for file, digest in photos if digest not in known}
    InspectionPhoto.objects.bulk_create(
        InspectionPhoto(inspection=inspection, image=file, digest=digest, position=len(known) + place)
        for place, (digest, file) in enumerate(fresh.items())
    )
    return bool(fresh)

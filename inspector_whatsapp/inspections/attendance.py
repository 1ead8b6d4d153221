"""Whether seekers come: they say so, and who was asked and says nothing may lose the place to who waits."""

from datetime import datetime

from django.db import connection, transaction

from inspector_whatsapp import changes, clock, gateway
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.booking import book
from inspector_whatsapp.inspections.locks import lock_inspection, lock_slots
from inspector_whatsapp.inspections.offers import FREE_THEN, MATCHES, offer_length
from inspector_whatsapp.inspections.places import end, iso, still_to_come
from inspector_whatsapp.inspections.refusals import AlreadyBooked, SlotGone, SlotTaken, StillFree
from inspector_whatsapp.inspections.waiting import join
from inspector_whatsapp.models import Change, Inspection, Slot, User, Wait
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.waiting import WaitState

# From the few properties that anybody waits at. Of several in a slot, the one who booked last goes first.
_UNANSWERED = f"""
SELECT inspection.id
FROM (SELECT DISTINCT property_id FROM inspector_whatsapp_wait WHERE state = 'waiting') line
JOIN inspector_whatsapp_property property ON property.id = line.property_id
  AND property.status = 'live' AND property.give_away_hours IS NOT NULL
JOIN inspector_whatsapp_inspection inspection ON inspection.property_id = property.id
JOIN inspector_whatsapp_slot slot ON slot.id = inspection.slot_id
  AND slot.state = 'open' AND slot.taken >= slot.capacity AND slot.starts_at = inspection.starts_at
WHERE inspection.state = 'confirmed' AND NOT inspection.clash AND inspection.coming_at IS NULL
  AND inspection.starts_at > %(from)s
  AND inspection.starts_at <= %(now)s + property.give_away_hours * interval '1 hour'
  AND (%(one)s::bigint IS NULL OR inspection.id = %(one)s)
  AND EXISTS (
    SELECT FROM inspector_whatsapp_wait wait
    JOIN inspector_whatsapp_user seeker ON seeker.id = wait.seeker_id AND seeker.is_active
    WHERE wait.state = 'waiting' AND wait.property_id = inspection.property_id
      AND wait.seeker_id <> inspection.seeker_id AND {MATCHES} AND {FREE_THEN})
ORDER BY inspection.slot_id, inspection.created_at DESC, inspection.id DESC
"""  # noqa: S608 - constants of ours


def come(*, inspection: Inspection, actor: User | None, origin: Origin) -> Inspection:
    """The seeker says that they come, at the time that it now has; said again, nothing happens.

    Returns it as it now is. Raises TooLate.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        still_to_come(inspection)
        if inspection.coming_at is None:
            inspection.coming_at = clock.now()
            inspection.save(update_fields=["coming_at"])
            changes.record(
                "attendance_confirmed", inspection, actor=actor, origin=origin, revision=inspection.revision
            )
    return inspection


def unanswered() -> list[Inspection]:
    """Whose place may go to who waits for it, by the property's rule: they have not said that they come."""
    found = _unanswered(clock.now())
    rows = Inspection.objects.select_related("property", "seeker").in_bulk(found)
    return [rows[pk] for pk in found if pk in rows]


def give_away(*, inspection: Inspection) -> bool:
    """The place goes to whoever is first in line for it; False where they have answered, or nobody takes it.

    Whoever is to be asked before that is the caller's to know: of an inspection at another time than the
    caller's, nobody was.
    """
    with transaction.atomic():
        held = lock_inspection(inspection)
        # One at a time in a slot: whoever waits gets one place, and one goes.
        lock_slots([held.slot_id or 0])
        now = clock.now()
        if held.revision != inspection.revision or not _unanswered(now, held):
            return False
        inspection = held
        end(inspection, InspectionState.CANCELLED)
        was = {"was": {"asked_at": None}} if gateway.decides(Origin.SERVICE) else {}
        changes.record(
            "place_given_away",
            inspection,
            actor=None,
            origin=Origin.SERVICE,
            revision=inspection.revision,
            starts_at=iso(inspection.starts_at),
            **was,
        )
        taken = Wait.objects.filter(offered=held.slot_id, state=WaitState.OFFERED, offered_at__gte=now)
        if not taken.exists():  # who waited has left, or been offered another: it stays who had it
            transaction.set_rollback(True)
            return False
    return True


def given_away(inspection: Inspection) -> bool:
    """Whether it ended so, and nothing has become of it since."""
    return (
        inspection.state == InspectionState.CANCELLED
        and Change.objects.filter(
            subject=inspection.ref, kind="place_given_away", data__revision=inspection.revision
        ).exists()
    )


def reclaim(*, inspection: Inspection, actor: User | None, origin: Origin) -> Inspection | Wait:
    """They come after all: a place is theirs again where nobody has it; else they are first in line for it.

    Raises what `book` raises, and never that it is taken.
    """
    slots = Slot.objects.select_related("property", "inspector")
    slot = slots.filter(pk=inspection.slot_id or 0).first()
    if slot is None or slot.starts_at != inspection.starts_at:
        raise SlotGone(inspection.property)
    seeker = inspection.seeker
    while True:
        try:
            with transaction.atomic():
                again = book(seeker=seeker, slot=slot, actor=actor, origin=origin)
                return come(inspection=again, actor=actor, origin=origin)
        except AlreadyBooked as already:
            return come(inspection=already.inspection, actor=actor, origin=origin)
        except SlotTaken:
            try:
                return join(
                    seeker=seeker,
                    property=slot.property,
                    place=slot,
                    actor=actor,
                    origin=origin,
                    since=inspection.created_at,
                )
            except (StillFree, AlreadyBooked):
                continue  # nobody has it any more in this very moment, or they have


def _unanswered(now: datetime, one: Inspection | None = None) -> list[int]:
    values = {"now": now, "from": now + offer_length(), "one": one.pk if one is not None else None}
    with connection.cursor() as cursor:
        cursor.execute(_UNANSWERED, values)
        return [pk for (pk,) in cursor.fetchall()]

"""An inspector's time off: nobody is sent anywhere then."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.assignments import let_go
from inspector_whatsapp.inspections.locks import Held, hold
from inspector_whatsapp.inspections.places import iso
from inspector_whatsapp.inspections.refusals import STANDING, AlreadyOff, TooLate, in_words
from inspector_whatsapp.models import Inspection, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES, SlotState


def take_time_off(
    *, inspector: User, starts_at: datetime, ends_at: datetime, actor: User | None, origin: Origin
) -> TimeOff:
    """The inspector is off from `starts_at` to `ends_at`: visits are handed back, empty slots closed.

    What has begun is finished. Raises AlreadyOff, or TooLate where that time is over; then nothing has
    changed.
    """
    with in_words(start=starts_at, end=ends_at, inspector=inspector.pk), transaction.atomic():
        now = clock.now()
        if ends_at <= now:
            raise TooLate
        touched = Q(inspector=inspector, starts_at__gt=now, starts_at__lt=ends_at, ends_at__gt=starts_at)
        theirs = Inspection.objects.filter(touched, state__in=LIVE_STATES)
        slots = Slot.objects.filter(Q(STANDING) & touched | Q(pk__in=theirs.values("slot")))
        held = hold(
            slots=slots,
            inspections=Inspection.objects.filter(state__in=LIVE_STATES).filter(
                Q(pk__in=theirs.values("pk")) | Q(slot__in=slots.values("pk"))
            ),
            people=[inspector.pk],
        )
        already = TimeOff.objects.filter(inspector=inspector, starts_at__lt=ends_at, ends_at__gt=starts_at)
        if (other := already.order_by("starts_at").first()) is not None:
            raise AlreadyOff(other)
        time_off = TimeOff.objects.create(
            inspector=inspector, starts_at=starts_at, ends_at=ends_at, created_at=now
        )
        booked = {inspection.slot_id for inspection in held.inspections}
        empty = [slot for slot in held.slots if slot.pk not in booked]
        Slot.objects.filter(pk__in=[slot.pk for slot in empty]).update(state=SlotState.CLOSED)
        visits = Held([slot for slot in held.slots if slot.pk in booked], held.inspections)
        left = let_go(visits, inspector=inspector, actor=actor, origin=origin)
        changes.record(
            "time_off_taken",
            time_off,
            actor=actor,
            origin=origin,
            starts_at=iso(starts_at),
            ends_at=iso(ends_at),
            closed=[slot.pk for slot in empty],
            handed_back=[one.ref for one in left],
        )
    return time_off


def end_time_off(*, time_off: TimeOff, actor: User | None, origin: Origin) -> None:
    """The inspector can be sent somewhere again; a second time nothing happens."""
    with transaction.atomic():
        locked = TimeOff.objects.select_for_update().filter(pk=time_off.pk).first()
        if locked is None:
            return
        changes.record(
            "time_off_ended",
            locked,
            actor=actor,
            origin=origin,
            inspector=locked.inspector_id,
            starts_at=iso(locked.starts_at),
            ends_at=iso(locked.ends_at),
        )
        TimeOff.objects.filter(pk=locked.pk).delete()

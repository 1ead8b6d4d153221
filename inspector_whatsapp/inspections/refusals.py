"""Why something cannot be done, in the platform's words; and what our constraints mean by their refusal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from inspector_whatsapp import clock
from inspector_whatsapp.inspections.free import next_free
from inspector_whatsapp.models import Ask, Inspection, Property, Slot, TimeOff, Wait
from inspector_whatsapp.models.inspections import LIVE_STATES, SlotState

# A closed slot with people in it still stands.
STANDING = Q(state=SlotState.OPEN) | Q(taken__gt=0)


class CannotInspect(Exception):
    """The platform's rules say no; each kind carries what a person should be told."""


class SlotTaken(CannotInspect):
    """Its last place went to somebody else. `next_free` are the property's next slots, perhaps none."""

    def __init__(self, property: Property) -> None:
        super().__init__(f"Every place of that slot of {property.ref} is taken.")
        self.property = property

    @cached_property
    def next_free(self) -> list[Slot]:
        """Asked for by whoever wants to say them, and not while everybody waits."""
        return next_free(self.property, now=clock.now())


class SlotGone(CannotInspect):
    """It was closed, or is at another time now. `next_free` are the property's next slots, perhaps none."""

    def __init__(self, property: Property) -> None:
        super().__init__(f"That slot of {property.ref} is no longer there.")
        self.property = property

    @cached_property
    def next_free(self) -> list[Slot]:
        """Asked for by whoever wants to say them."""
        return next_free(self.property, now=clock.now())


class AlreadyBooked(CannotInspect):
    """The seeker has this very slot: `inspection`."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(f"{inspection.ref} is that slot already.")
        self.inspection = inspection


class Overlapping(CannotInspect):
    """Somebody would be at two places at once.

    `other` is the seeker's other inspection, or the inspector's other slot or inspection; None when it went
    meanwhile.
    """

    def __init__(self, other: Inspection | Slot | None) -> None:
        super().__init__(f"That overlaps with {other or 'something else'}.")
        self.other = other


class TooLate(CannotInspect):
    """It has begun, is over, or was called off; or, for a report, may no longer be corrected."""


class TooEarly(CannotInspect):
    """It has not begun yet."""


class NotLive(CannotInspect):
    """The property is no longer on offer."""

    def __init__(self, property: Property) -> None:
        super().__init__(f"{property.ref} is no longer on offer.")
        self.property = property


class AlreadyAnswered(CannotInspect):
    """Nobody waits for the agent's answer any more: the state of `inspection` says what it became."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(f"{inspection.ref} is {inspection.state} already.")
        self.inspection = inspection


class NotAssigned(CannotInspect):
    """Somebody else carries `inspection` out; its inspector may have changed."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(f"{inspection.ref} is carried out by somebody else.")
        self.inspection = inspection


class Changed(CannotInspect):
    """Somebody changed `inspection` since it was looked at: it is as it is now."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(f"{inspection.ref} has been changed since.")
        self.inspection = inspection


class StillFree(CannotInspect):
    """Nobody has to wait: a place is to be had at once. `next_free` are the property's next slots."""

    def __init__(self, property: Property) -> None:
        super().__init__(f"{property.ref} has a free place then.")
        self.property = property

    @cached_property
    def next_free(self) -> list[Slot]:
        """Asked for by whoever wants to say them."""
        return next_free(self.property, now=clock.now())


class OfferOver(CannotInspect):
    """No place is offered to `wait` now: not yet, no longer, or it was taken."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(f"No place is held for wait {wait.pk}.")
        self.wait = wait


class AskOver(CannotInspect):
    """Nobody waits for an answer to `ask`: it was answered, went on, or the visit is no longer to be had."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(f"Ask {ask.pk} is over.")
        self.ask = ask


class TimeOffThen(CannotInspect):
    """The inspector is off at that time: `time_off`."""

    def __init__(self, time_off: TimeOff) -> None:
        super().__init__(f"The inspector is off at that time ({time_off}).")
        self.time_off = time_off


class AlreadyOff(CannotInspect):
    """The inspector is off for a part of that time already: `time_off`; None when it was ended meanwhile."""

    def __init__(self, time_off: TimeOff | None) -> None:
        super().__init__(f"That overlaps with {time_off or 'other time off'}.")
        self.time_off = time_off


class CannotOpen(CannotInspect):
    """No slot can begin at `start`, because of `other`.

    `other` is a slot (of this property, of its agent elsewhere, or of the inspector), an inspection or time
    off of the inspector; None: another of the times asked for.
    """

    def __init__(self, start: datetime, other: Slot | Inspection | TimeOff | None) -> None:
        super().__init__(f"A slot at {start:%Y-%m-%d %H:%M %Z} overlaps with {other or 'another of them'}.")
        self.start = start
        self.other = other


def live_between(seekers: Iterable[int], *, start: datetime, end: datetime) -> QuerySet[Inspection]:
    return Inspection.objects.filter(
        seeker__in=seekers, state__in=LIVE_STATES, clash=False, starts_at__lt=end, ends_at__gt=start
    ).select_related("property")


@contextmanager
def in_words(
    *,
    start: datetime,
    end: datetime,
    seekers: Iterable[int] = (),
    inspector: int | None = None,
    slot: Slot | None = None,
) -> Iterator[None]:
    """Turn a refusal by one of our constraints into what it means; every other error goes through.

    Stands around the transaction: what it rolled back can be asked for again here. `inspector` is the one
    whose time is taken, by `slot` or otherwise.
    """
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        match getattr(diagnosis, "constraint_name", None):
            case "inspection_one_live_per_seeker_and_slot" | "inspection_seeker_at_one_place":
                raise Overlapping(live_between(seekers, start=start, end=end).first()) from error
            case "slot_inspector_at_one_place" if slot is not None:
                others = Slot.objects.filter(
                    STANDING, inspector=inspector, starts_at__lt=end, ends_at__gt=start
                )
                raise Overlapping(others.exclude(pk=slot.pk).first()) from error
            case "time_off_once":
                off = TimeOff.objects.filter(inspector=inspector, starts_at__lt=end, ends_at__gt=start)
                raise AlreadyOff(off.first()) from error
        raise

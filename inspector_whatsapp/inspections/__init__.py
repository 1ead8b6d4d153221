"""What can be done with inspections: find a free slot, book it, move it, call it off."""

from inspector_whatsapp.inspections.booking import book, cancel, move, move_slot
from inspector_whatsapp.inspections.free import free_days, free_slots, next_free, of_seeker, upcoming
from inspector_whatsapp.inspections.refusals import (
    AlreadyBooked,
    CannotInspect,
    NotLive,
    Overlapping,
    SlotGone,
    SlotTaken,
    TooLate,
)

__all__ = [
    "AlreadyBooked",
    "CannotInspect",
    "NotLive",
    "Overlapping",
    "SlotGone",
    "SlotTaken",
    "TooLate",
    "book",
    "cancel",
    "free_days",
    "free_slots",
    "move",
    "move_slot",
    "next_free",
    "of_seeker",
    "upcoming",
]

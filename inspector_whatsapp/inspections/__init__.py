"""What can be done with inspections: slots are opened, booked, moved and called off; visits are asked for,
assigned, carried out and reported on. Whom each concerns is in `own`.
"""

from inspector_whatsapp.inspections.assignments import accept, assign, busy, hand_back
from inspector_whatsapp.inspections.booking import book, cancel, move
from inspector_whatsapp.inspections.clashes import against
from inspector_whatsapp.inspections.day import Day, Line, Visit, of_day, visits_of
from inspector_whatsapp.inspections.deciding import agree, put_back, refuse, reinstate
from inspector_whatsapp.inspections.free import Viewing, free_days, free_slots, next_free
from inspector_whatsapp.inspections.opening import close_slot, delete_slot, move_slot, open_slots
from inspector_whatsapp.inspections.own import (
    assigned_to,
    by_ref,
    coming_and_over,
    of,
    of_seeker,
    requests_of,
    slots_of,
    time_off_of,
    to_report,
    touched_by_time_off,
    upcoming,
)
from inspector_whatsapp.inspections.refusals import (
    AlreadyAnswered,
    AlreadyBooked,
    AlreadyOff,
    CannotInspect,
    CannotOpen,
    Changed,
    NotAssigned,
    NotLive,
    Overlapping,
    SlotGone,
    SlotTaken,
    TimeOffThen,
    TooEarly,
    TooLate,
)
from inspector_whatsapp.inspections.reports import report
from inspector_whatsapp.inspections.requests import chase_requests, confirm, decline, released_at
from inspector_whatsapp.inspections.time_off import end_time_off, take_time_off

__all__ = [
    "AlreadyAnswered",
    "AlreadyBooked",
    "AlreadyOff",
    "CannotInspect",
    "CannotOpen",
    "Changed",
    "Day",
    "Line",
    "NotAssigned",
    "NotLive",
    "Overlapping",
    "SlotGone",
    "SlotTaken",
    "TimeOffThen",
    "TooEarly",
    "TooLate",
    "Viewing",
    "Visit",
    "accept",
    "against",
    "agree",
    "assign",
    "assigned_to",
    "book",
    "busy",
    "by_ref",
    "cancel",
    "chase_requests",
    "close_slot",
    "coming_and_over",
    "confirm",
    "decline",
    "delete_slot",
    "end_time_off",
    "free_days",
    "free_slots",
    "hand_back",
    "move",
    "move_slot",
    "next_free",
    "of",
    "of_day",
    "of_seeker",
    "open_slots",
    "put_back",
    "refuse",
    "reinstate",
    "released_at",
    "report",
    "requests_of",
    "slots_of",
    "take_time_off",
    "time_off_of",
    "to_report",
    "touched_by_time_off",
    "upcoming",
    "visits_of",
]

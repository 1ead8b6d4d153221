"""The events that Inspector hears of, and what each shows. In the feed and in webhooks it is the same."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from inspector_whatsapp.gateway import shown
from inspector_whatsapp.models import (
    Change,
    Feedback,
    Inspection,
    Interest,
    Link,
    ProblemReport,
    Property,
    SavedSearch,
    Slot,
    TimeOff,
    User,
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """What an event is about: how it is named in its data, found by the change's subject, and shown."""

    name: str
    rows: Callable[[], QuerySet[Any]]
    by: str
    show: Callable[[Any], Json]


INSPECTION = Thing(
    "inspection",
    lambda: Inspection.objects.select_related("property", "slot", "seeker", "inspector"),
    "ref",
    shown.inspection,
)
PROPERTY = Thing("property", lambda: Property.objects.select_related("agent"), "ref", shown.property)
SLOT = Thing("slot", lambda: Slot.objects.select_related("property", "inspector"), "pk", shown.slot)
INTEREST = Thing(
    "interest", lambda: Interest.objects.select_related("property", "seeker"), "pk", shown.interest
)
TIME_OFF = Thing("time_off", lambda: TimeOff.objects.select_related("inspector"), "pk", shown.time_off)
SEARCH = Thing("search", lambda: SavedSearch.objects.select_related("seeker"), "pk", shown.search)
FEEDBACK = Thing(
    "feedback", lambda: Feedback.objects.select_related("inspection__seeker"), "pk", shown.feedback
)
PROBLEM = Thing(
    "problem",
    lambda: ProblemReport.objects.select_related("reporter", "property", "inspection"),
    "pk",
    shown.problem,
)
ACCOUNT = Thing("account", lambda: User.objects.all(), "pk", shown.account)
LINK = Thing("link", lambda: Link.objects.select_related("account"), "pk", shown.link)


@dataclass(frozen=True)
class Event:
    """thing: what it is about. says: what happened. fields: what of the change itself is shown; of `slots`
    each whole."""

    thing: Thing
    says: str
    fields: tuple[str, ...] = ()


EVENTS: Mapping[str, Event] = {
    "inspection_booked": Event(INSPECTION, "booked, and certain"),
    "inspection_pending": Event(
        INSPECTION, "booked or moved, and not certain until your backend has answered", ("from", "to")
    ),
    "inspection_requested": Event(INSPECTION, "asked for: its agent has to say yes", ("from", "to")),
    "inspection_agreed": Event(INSPECTION, "its agent said yes; your backend has not answered yet"),
    "inspection_confirmed": Event(INSPECTION, "certain now"),
    "inspection_declined": Event(INSPECTION, "its agent said no"),
    "inspection_released": Event(INSPECTION, "its agent did not answer in time"),
    "inspection_refused": Event(INSPECTION, "your backend said no, or did not answer in time"),
    "inspection_kept": Event(INSPECTION, "your backend refused its new time: it is at the old one again"),
    "inspection_stands": Event(INSPECTION, "your backend refused to cancel it"),
    "inspection_moved": Event(INSPECTION, "at another time", ("from", "to")),
    "inspection_cancelled": Event(INSPECTION, "called off"),
    "inspection_assigned": Event(INSPECTION, "somebody else carries it out"),
    "inspection_unassigned": Event(INSPECTION, "its inspector cannot come"),
    "assignment_accepted": Event(INSPECTION, "its inspector will be there", ("inspections",)),
    "inspector_late": Event(
        INSPECTION, "its inspector comes later than it begins", ("minutes", "expected_at")
    ),
    "inspector_there": Event(INSPECTION, "its inspector is there, or on time after all", ("expected_at",)),
    "attendance_confirmed": Event(INSPECTION, "its seeker said that they are coming"),
    "place_given_away": Event(
        INSPECTION, "called off: its seeker did not say that they come, and somebody waits for the place"
    ),
    "presence_said": Event(INSPECTION, "somebody says whether one of it was there", ("part", "came")),
    "presence_taken_back": Event(INSPECTION, "they say none of that any more"),
    "inspection_added": Event(INSPECTION, "it came from you when it was over"),
    "inspection_changed": Event(INSPECTION, "something else of it is another", ("fields",)),
    "inspection_reported": Event(INSPECTION, "carried out, or not", ("outcome", "corrected")),
    "slot_added": Event(SLOT, "a slot was made"),
    "slots_opened": Event(PROPERTY, "slots of it were opened", ("slots",)),
    "slot_changed": Event(SLOT, "a slot is another", ("fields",)),
    "slot_moved": Event(SLOT, "at another time, with everybody in it", ("from", "to")),
    "slot_closed": Event(SLOT, "takes no more bookings"),
    "slot_deleted": Event(SLOT, "gone; nobody ever booked it"),
    "property_submitted": Event(PROPERTY, "an agent handed a new property in", ("photos",)),
    "property_added": Event(PROPERTY, "it is new here"),
    "property_changed": Event(PROPERTY, "something of it is another", ("fields", "before")),
    "property_rejected": Event(PROPERTY, "not published", ("why",)),
    "availability_changed": Event(PROPERTY, "on offer again, or no longer", ("before", "after")),
    "enquiry_answered": Event(
        PROPERTY, "its agent said whether it is still there: `there`, `under_offer`, `taken`", ("answer",)
    ),
    "enquiry_unanswered": Event(PROPERTY, "its agent has not said in time whether it is still there"),
    "booking_rule_changed": Event(PROPERTY, "whether its agent is asked", ("before", "after")),
    "give_away_rule_changed": Event(
        PROPERTY,
        "from when on the place of a seeker who does not answer goes to who waits",
        ("before", "after"),
    ),
    "interest_shown": Event(INTEREST, "a seeker keeps a property in view"),
    "interest_removed": Event(INTEREST, "no longer"),
    "seeker_invited": Event(INTEREST, "its agent invited them to inspect it"),
    "time_off_taken": Event(TIME_OFF, "an inspector is off; `slots` were closed", ("slots",)),
    "time_off_ended": Event(TIME_OFF, "not off any more", ("starts_at", "ends_at")),
    "search_saved": Event(SEARCH, "a seeker wants to hear of such properties"),
    "search_paused": Event(SEARCH, "for now not"),
    "search_resumed": Event(SEARCH, "again"),
    "search_changed": Event(SEARCH, "as often as this", ("frequency",)),
    "search_deleted": Event(SEARCH, "no longer"),
    "feedback_given": Event(FEEDBACK, "what a seeker says of an inspection"),
    "problem_reported": Event(PROBLEM, "somebody reports a problem"),
    "problem_closed": Event(PROBLEM, "an admin here has seen to it"),
    "link_made": Event(LINK, "a WhatsApp speaks for an account"),
    "link_suspended": Event(LINK, "not until it is proved again", ("why",)),
    "link_ended": Event(LINK, "no longer", ("why",)),
    "account_added": Event(ACCOUNT, "it is new here"),
    "account_changed": Event(ACCOUNT, "something of it is another", ("fields",)),
    "account_disabled": Event(ACCOUNT, "switched off", ("fields",)),
}
# Recorded, and nobody's business but ours: who is behind a WhatsApp, what mail comes back, whom we reminded,
# who waits for a place before they have one, who is where, who is asked what, what alerts leave out.
OURS = frozenset(
    {
        "account_erased",
        "ask_passed_on",
        "change_undone",
        "contact_changed",
        "contact_merged",
        "enquiry_asked",
        "felt_safe",
        "felt_unsafe",
        "identity_changed",
        "inspector_asked",
        "mailbox_complained",
        "place_declined",
        "place_offered",
        "place_passed_on",
        "request_unanswered",
        "search_again",
        "search_less",
        "visit_arrived",
        "visit_left",
        "visit_overdue",
        "visit_stays",
        "visit_unanswered",
        "waiting_joined",
        "waiting_left",
        "waiting_over",
    }
)


def shown_as(changes: Iterable[Change]) -> list[Json]:
    """These changes as Inspector reads them, each with what it is about as that is now; null once it is gone.

    A query per sort of thing, however many there are.
    """
    changes = list(changes)
    wanted: dict[str, set[str]] = defaultdict(set)
    things: dict[str, Thing] = {}
    for change in changes:
        thing = EVENTS[change.kind].thing
        things[thing.name] = thing
        wanted[thing.name].add(change.subject)
    found: dict[tuple[str, str], Model] = {}
    slots = {key for change in changes for key in _slots(change)}
    if slots:
        wanted[SLOT.name] |= {str(key) for key in slots}
        things[SLOT.name] = SLOT
    for name, thing in things.items():
        for row in thing.rows().filter(**{f"{thing.by}__in": sorted(wanted[name])}):
            found[name, str(getattr(row, thing.by))] = row
    return [_shown(change, found) for change in changes]


def _shown(change: Change, found: Mapping[tuple[str, str], Model]) -> Json:
    event = EVENTS[change.kind]
    row = found.get((event.thing.name, change.subject))
    return {
        "id": webhook_id(change),
        "type": change.kind,
        "timestamp": shown.moment(change.at),
        "data": {
            "origin": change.origin,
            "actor": shown.person(change.actor),
            "subject": change.subject,
            **{name: change.data[name] for name in event.fields if name in change.data},
            **({"slots": _whole(_slots(change), found)} if "slots" in event.fields else {}),
            event.thing.name: event.thing.show(row) if row is not None else None,
        },
    }


def _slots(change: Change) -> list[int]:
    """The keys of the slots that it names."""
    if "slots" not in EVENTS[change.kind].fields:
        return []
    keys: list[int] = change.data.get("slots", change.data.get("closed", []))
    return keys


def _whole(keys: Iterable[int], found: Mapping[tuple[str, str], Model]) -> list[Json]:
    rows = [found.get((SLOT.name, str(key))) for key in keys]
    return [SLOT.show(row) for row in rows if row is not None]


def webhook_id(change: Change) -> str:
    """The same for every attempt, and in the feed."""
    return f"change-{change.pk}"

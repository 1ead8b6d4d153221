"""What follows from a change of the platform: who is told, and what they will be reminded of."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from inspector_whatsapp import outbox
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Contact, Inspection, Link, Property, User
from inspector_whatsapp.models.contacts import LinkState
from notifications import consent, recipients, reminders
from notifications.plan import asks, enquiries, lateness, offers, safety, visits, waiting
from notifications.recipients import Notice

TELL: Mapping[str, Callable[[Happened], Iterable[Notice]]] = {
    "property_submitted": offers.property_submitted,
    "property_rejected": offers.property_rejected,
    "interest_shown": offers.interest_shown,
    "seeker_invited": offers.seeker_invited,
    "change_undone": offers.change_undone,
    "time_off_taken": offers.time_off_taken,
    "place_offered": waiting.offered,
    "place_passed_on": waiting.passed_on,
    "waiting_over": waiting.over,
    "enquiry_asked": enquiries.asked,
    "enquiry_answered": enquiries.answered,
    "enquiry_unanswered": enquiries.unanswered,
    "visit_overdue": safety.overdue,
    "felt_unsafe": safety.at_once,
    "felt_safe": safety.at_once,
    "visit_unanswered": safety.at_once,
    "inspector_asked": asks.asked,
}

# The same, of what many may have at once: what has to be known besides is read for all together.
TELL_OF_VISITS: Mapping[str, Callable[[Happened, visits.Stood], Iterable[Notice]]] = {
    "inspection_booked": visits.booked,
    "inspection_requested": visits.requested,
    "inspection_pending": visits.pending,
    "request_unanswered": visits.unanswered,
    "inspection_confirmed": visits.confirmed,
    "inspection_declined": visits.refused,
    "inspection_released": visits.refused,
    "inspection_refused": visits.impossible,
    "inspection_kept": visits.kept,
    "inspection_stands": visits.cancelled,
    "inspection_moved": visits.moved,
    "inspection_cancelled": visits.cancelled,
    "inspection_assigned": visits.assigned,
    "inspection_unassigned": visits.unassigned,
    "inspection_reported": visits.reported,
    "place_given_away": visits.given_away,
    "inspector_late": lateness.late,
    "inspector_there": lateness.there,
}
TELL_OF_PROPERTIES: Mapping[str, Callable[[Happened, offers.Around], Iterable[Notice]]] = {
    "availability_changed": offers.availability_changed,
    "property_added": offers.property_changed,
    "property_changed": offers.property_changed,
}


def on_change(happened: Happened) -> None:
    """Listens to `changes.record`; writes its rows in the transaction of the change."""
    on_changes([happened])


def on_changes(happened: Sequence[Happened]) -> None:
    """The same, for many changes: what they are told of is written at once, and so is what is planned."""
    now = happened[0].row.at
    told = recipients.outgoing_of_many(_told([one for one in happened if not one.quiet]))
    outbox.add_all(told, now=now)
    inspections = {one.subject.pk: one.subject for one in happened if isinstance(one.subject, Inspection)}
    if inspections:
        reminders.plan_all(list(inspections.values()), now=now)
    for one in happened:
        if one.kind == "mailbox_complained" and isinstance(one.subject, User):
            at, evidence = one.row.at, str(one.row.pk)
            consent.stop_mail_offers(account=one.subject, how="complaint", evidence=evidence, at=at)
        _plan_anew(one)


def _told(happened: Sequence[Happened]) -> Iterable[tuple[Happened, Notice]]:
    around = offers.Around([one for one in happened if one.kind in TELL_OF_PROPERTIES])
    stood = visits.Stood([one for one in happened if one.kind in TELL_OF_VISITS])
    for one in happened:
        if one.kind in TELL_OF_VISITS:
            yield from ((one, notice) for notice in TELL_OF_VISITS[one.kind](one, stood))
        elif one.kind in TELL_OF_PROPERTIES:
            yield from ((one, notice) for notice in TELL_OF_PROPERTIES[one.kind](one, around))
        elif one.kind in TELL:
            yield from ((one, notice) for notice in TELL[one.kind](one))
    around.write()


def _plan_anew(happened: Happened) -> None:
    """Somebody's clock, or what is on offer, is another: what was planned by it is planned anew."""
    fields = happened.data.get("fields")
    match happened.kind, happened.subject:
        case "account_changed", User() as account if fields is None or "time_zone" in fields:
            reminders.replan_person(account)
        case "contact_changed" | "contact_merged", Contact() as contact:
            for link in Link.objects.filter(contact=contact, state=LinkState.ACTIVE).select_related(
                "account"
            ):
                reminders.replan_person(link.account)
        case "property_changed", Property() as property if "listing_type" in (fields or ()):
            reminders.replan_property(property)

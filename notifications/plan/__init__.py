"""What follows from a change of the platform: who is told, and what they will be reminded of."""

from collections.abc import Callable, Iterable, Mapping

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Contact, Inspection, Link, Property, User
from inspector_whatsapp.models.contacts import LinkState
from notifications import consent, recipients, reminders
from notifications.plan import offers, visits
from notifications.recipients import Notice

TELL: Mapping[str, Callable[[Happened], Iterable[Notice]]] = {
    "inspection_booked": visits.booked,
    "inspection_requested": visits.requested,
    "request_unanswered": visits.unanswered,
    "inspection_confirmed": visits.confirmed,
    "inspection_declined": visits.refused,
    "inspection_released": visits.refused,
    "inspection_moved": visits.moved,
    "inspection_cancelled": visits.cancelled,
    "inspection_assigned": visits.assigned,
    "inspection_unassigned": visits.unassigned,
    "inspection_reported": visits.reported,
    "availability_changed": offers.availability_changed,
    "property_added": offers.property_changed,
    "property_changed": offers.property_changed,
    "property_submitted": offers.property_submitted,
    "property_rejected": offers.property_rejected,
    "interest_shown": offers.interest_shown,
    "seeker_invited": offers.seeker_invited,
    "time_off_taken": offers.time_off_taken,
}


def on_change(happened: Happened) -> None:
    """Listens to `changes.record`; writes its rows in the transaction of the change."""
    tell = TELL.get(happened.kind)
    if tell is not None:
        outbox.add_all(recipients.outgoing(tell(happened), cause=happened.row))
    if isinstance(happened.subject, Inspection):
        reminders.plan(happened.subject, now=clock.now())
    if happened.kind == "mailbox_complained" and isinstance(happened.subject, User):
        at, evidence = happened.row.at, str(happened.row.pk)
        consent.stop_mail_offers(account=happened.subject, how="complaint", evidence=evidence, at=at)
    _plan_anew(happened)


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

"""What follows from a change of the platform: who is told, and what they will be reminded of."""

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.changes import Happened, Origin
from inspector_whatsapp.models import Inspection, Role, User
from notifications import recipients, reminders
from notifications.kind import key
from notifications.recipients import CHANNELS, EMAIL, Notice

TOLD = ("inspection_booked", "inspection_moved", "inspection_cancelled")  # changes, and kinds of that name


def on_change(happened: Happened) -> None:
    """Listens to `changes.record`; writes its rows in the transaction of the change."""
    if not isinstance(happened.subject, Inspection):
        return
    inspection = happened.subject
    if happened.kind in TOLD:
        told = [_notice(happened, inspection, person, role) for person, role in recipients.of(inspection)]
        outbox.add_all(recipients.outgoing(told))
    reminders.plan(inspection, now=clock.now())


def _notice(happened: Happened, inspection: Inspection, person: User, role: Role) -> Notice:
    # Whoever acts in the chat has the flow's own answer there; the e-mail brings the calendar entry.
    answered = happened.origin == Origin.CHAT and happened.actor == person
    arguments = {"inspection": inspection.pk, "revision": inspection.revision, "role": str(role)}
    if "from" in happened.data:
        arguments["from"] = happened.data["from"]
    return Notice(
        kind=happened.kind,
        account=person,
        key=key(happened.kind, inspection.pk, inspection.revision, person.pk),
        arguments=arguments,
        channels=(EMAIL,) if answered else CHANNELS,
        expires_at=inspection.starts_at,
    )

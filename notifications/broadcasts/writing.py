"""The job of a broadcast: a message for each of its people, so many a minute."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspector_whatsapp import audit, clock, incidents, jobs, outbox
from inspector_whatsapp.audit import Act
from inspector_whatsapp.jobs import NotDone, Work
from inspector_whatsapp.models import Job, OutboxMessage, User
from inspector_whatsapp.models.outbox import Priority
from inspector_whatsapp.outbox import Outgoing
from notifications import recipients
from notifications.broadcasts.costs import affordable
from notifications.kind import by_name, key
from notifications.models import Broadcast, BroadcastRecipient
from notifications.recipients import WHATSAPP

PERMISSION = "notifications.send_broadcast"
PAUSED = "broadcast_paused"  # an incident
MINUTE = timedelta(minutes=1)


def write(recipient: BroadcastRecipient, *, actor: User) -> str:
    """Put the message for one of them into the outbox."""
    broadcast, account = recipient.broadcast, recipient.account
    contact = recipients.contacts_of([account.pk]).get(account.pk)
    if contact is None:
        raise NotDone(_("No WhatsApp is connected to the account any more."))
    if BroadcastRecipient.objects.filter(broadcast=broadcast, message__contact=contact).exists():
        raise NotDone(_("It was written to that WhatsApp already."))
    now, kind = clock.now(), by_name(broadcast.kind)
    name = key("broadcast", broadcast.pk, contact.pk, WHATSAPP)
    outbox.add(
        Outgoing(
            kind=kind.name,
            channel=WHATSAPP,
            contact=contact,
            account=account,
            # By its template, whatever the window: what was read and priced before is what everybody gets.
            arguments={"broadcast": broadcast.pk, "window_closed": True},
            key=name,
            expires_at=now + kind.useful_for if kind.useful_for else None,
            if_uncertain=kind.if_uncertain,
            category=kind.category,
            priority=Priority.BULK,
        )
    )
    recipient.message = OutboxMessage.objects.get(key=name)
    recipient.save(update_fields=["message"])
    return _("Written as message %(id)s.") % {"id": recipient.message.pk}


def room(job: Job) -> int:
    """How many of its people may be written to now, taken from its pace; in the batch's transaction."""
    broadcast = Broadcast.objects.select_for_update().filter(job=job).first()
    now = clock.now()
    if broadcast is None or broadcast.paused_at is not None:
        return 0
    if broadcast.starts_at is not None and broadcast.starts_at > now:
        return 0
    step = MINUTE / broadcast.per_minute
    since = max(broadcast.paced_at or now - step, now - MINUTE)  # what was not used before is not made up for
    due = min(max((now - since) // step, 0), jobs.BATCH)
    if due and (most := affordable(broadcast, now=now)) is not None:
        due = min(due, most)
        if not due:
            _out_of_money(broadcast, now)
    if due:
        broadcast.paced_at = since + due * step
        broadcast.save(update_fields=["paced_at"])
    return due


def _out_of_money(broadcast: Broadcast, now: datetime) -> None:
    broadcast.paused_at, broadcast.paused_by = now, None
    broadcast.paused_why = _("The month's budget for WhatsApp is used up.")
    broadcast.save(update_fields=["paused_at", "paused_by", "paused_why"])
    audit.record(Act.CHANGED, actor=None, subject=broadcast, says="a broadcast paused itself: the budget")
    sentence = f"Broadcast {broadcast.pk} is paused: the month's budget for WhatsApp is used up."
    incidents.report(PAUSED, key=str(broadcast.pk), sentence=sentence)


WRITE = Work(
    name="broadcasts.write",
    model=BroadcastRecipient,
    title=gettext_lazy("Write a broadcast"),
    permission=PERMISSION,
    do=write,
    told=lambda count: ngettext("%d message was written.", "%d messages were written.", count) % count,
    with_them=("broadcast", "account"),
    room=room,
)

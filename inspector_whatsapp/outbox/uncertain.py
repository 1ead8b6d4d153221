"""Messages of which nobody can say whether they arrived: noticed, given time, and then decided on."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import IfUncertain, Status

_Rows = QuerySet[OutboxMessage, OutboxMessage]

UNCERTAIN_GRACE = timedelta(minutes=10)  # a status that comes later than this is an exception
REPLY_GRACE = timedelta(minutes=2)  # somebody is waiting in the chat


def sweep() -> None:
    """Notice whoever died while sending, and decide on messages that nobody has heard of."""
    OutboxMessage.objects.filter(status=Status.SENDING, lease_until__lt=Now()).update(
        status=Status.UNCERTAIN,
        uncertain_at=clock.Now(),
        reason="whoever sent it was gone before saying what became of it",
        lease_until=None,
        lease_token=None,
    )
    now = clock.now()
    _settle_uncertain(OutboxMessage.objects.filter(uncertain_at__lt=now - UNCERTAIN_GRACE), now)
    _settle_uncertain(OutboxMessage.objects.filter(uncertain_at__lt=now - REPLY_GRACE, kind="reply"), now)


def _settle_uncertain(rows: _Rows, now: datetime) -> None:
    with transaction.atomic():
        unheard = rows.filter(status=Status.UNCERTAIN).select_related("contact")
        for message in unheard.select_for_update(skip_locked=True, of=("self",))[:200]:
            if message.if_uncertain == IfUncertain.RESEND:
                _say_again(message, now)
            else:
                message.status = Status.FAILED
                message.failed_at = now
                message.reason = f"unknown whether it arrived: {message.reason}"[:500]
                message.save(update_fields=["status", "failed_at", "reason"])
                incidents.report(
                    "message_uncertain",
                    key=str(message.pk),
                    sentence=f"Unknown whether message {message.pk} arrived.",
                )


def _say_again(message: OutboxMessage, now: datetime) -> None:
    """Once, as a new row that names the old one: it may be a duplicate, and says so."""
    message.status = Status.FAILED
    message.failed_at = now
    late = message.expires_at is not None and message.expires_at <= now
    answered = (
        message.kind == "reply"
        and message.contact is not None
        and message.contact.last_inbound_at is not None
        and message.contact.last_inbound_at > message.created_at
    )
    if late or answered or message.repeats_id is not None:
        message.reason = f"unknown whether it arrived; not said again: {message.reason}"[:500]
    else:
        message.reason = f"unknown whether it arrived; said again: {message.reason}"[:500]
        OutboxMessage.objects.create(
            kind=message.kind,
            channel=message.channel,
            contact=message.contact,
            account_id=message.account_id,
            lane=message.lane,
            key=f"{message.key}:again" if message.key else None,
            arguments=message.arguments,
            body=message.body,
            text=message.text,
            created_at=now,
            not_before=now,
            expires_at=message.expires_at,
            if_uncertain=message.if_uncertain,
            repeats=message,
        )
    message.save(update_fields=["status", "failed_at", "reason"])

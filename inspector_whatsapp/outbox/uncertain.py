"""Messages of which nobody can say whether they arrived: noticed, given time, and then decided on."""

from datetime import datetime, timedelta
from typing import assert_never

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from inspector_whatsapp import clock, incidents, prices
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES, IfUncertain, Status
from inspector_whatsapp.outbox import circuit, settling
from inspector_whatsapp.outbox.adding import add_all
from inspector_whatsapp.outbox.again import say_again
from inspector_whatsapp.outbox.channel import TryLater, Uncertain, by_name
from inspector_whatsapp.outbox.story import Step, told

_Rows = QuerySet[OutboxMessage, OutboxMessage]

UNCERTAIN_GRACE = timedelta(minutes=10)  # a status that comes later than this is an exception
REPLY_GRACE = timedelta(minutes=2)  # somebody is waiting in the chat
AT_ONCE = 200  # rows a sweep decides on in one transaction


def sweep() -> None:
    """Notice whoever died while sending and what is too late, and decide on messages nobody has heard of."""
    gone = "whoever sent it was gone before saying what became of it"
    lost = OutboxMessage.objects.filter(status=Status.SENDING, lease_until__lt=Now())
    repeatable = [name for name in settings.CHANNELS if by_name(name).knows_repeats]
    for message in lost.filter(channel__in=repeatable)[:AT_ONCE]:
        settling.put_back(message, gone)
    lost.exclude(channel__in=repeatable).update(
        status=Status.UNCERTAIN,
        uncertain_at=clock.Now(),
        reason=gone,
        story=told([Step("uncertain", gone)], at=clock.now()),
        lease_until=None,
        lease_token=None,
    )
    crash_point("leases_swept")
    now = clock.now()
    _settle_uncertain(OutboxMessage.objects.filter(uncertain_at__lt=now - UNCERTAIN_GRACE), now)
    _settle_uncertain(OutboxMessage.objects.filter(uncertain_at__lt=now - REPLY_GRACE, kind="reply"), now)
    _expire(now)
    _fail_without_a_channel(now)
    prices.count()


def _settle_uncertain(rows: _Rows, now: datetime) -> None:
    with transaction.atomic():
        unheard = rows.filter(status=Status.UNCERTAIN).select_related("contact", "account")
        for message in unheard.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE]:
            match IfUncertain(message.if_uncertain):
                case IfUncertain.RESEND:
                    _say_again(message, now)
                case IfUncertain.EMAIL:
                    _say_otherwise(message, now)
                case IfUncertain.HOLD:
                    _leave_to_a_person(message, now)
                case never:
                    assert_never(never)


def _leave_to_a_person(message: OutboxMessage, now: datetime) -> None:
    _end(message, Status.FAILED, f"unknown whether it arrived: {message.reason}", now)
    incidents.report(
        "message_uncertain",
        key=str(message.pk),
        sentence=f"Unknown whether message {message.pk} arrived.",
    )


def _say_otherwise(message: OutboxMessage, now: datetime) -> None:
    """By e-mail, as its channel has it; where it has nothing, a person decides."""
    instead = by_name(message.channel).gave_up(message, Uncertain(message.reason))
    if not instead:
        _leave_to_a_person(message, now)
        return
    _end(message, Status.FAILED, f"unknown whether it arrived; said otherwise: {message.reason}", now)
    add_all(instead, now=now)


def _say_again(message: OutboxMessage, now: datetime) -> None:
    """Once, as a new row that names the old one: it may be a duplicate, and says so."""
    late = message.expires_at is not None and message.expires_at <= now
    answered = (
        message.kind == "reply"
        and message.contact is not None
        and message.contact.last_inbound_at is not None
        and message.contact.last_inbound_at > message.created_at
    )
    if late or answered or message.repeats_id is not None:
        _end(message, Status.FAILED, f"unknown whether it arrived; not said again: {message.reason}", now)
        return
    _end(message, Status.FAILED, f"unknown whether it arrived; said again: {message.reason}", now)
    say_again(
        message,
        now=now,
        not_before=now,
        steps=[Step("again", f"unknown whether message {message.pk} arrived: possibly a duplicate")],
        repeats=True,
    )


def _expire(now: datetime) -> None:
    """What waits in vain for a provider that takes nothing is not claimed: it ends here."""
    late = OutboxMessage.objects.filter(status__in=WAITING_STATES, expires_at__lte=now)
    shut = Q()
    for channel, category in circuit.shut():
        shut |= Q(channel=channel, category=category) if category else Q(channel=channel)
    if not shut:
        return
    with transaction.atomic():
        rows = late.filter(shut).select_related("contact", "account")
        for message in rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE]:
            why = TryLater(message.reason or "its channel is shut", message.error_code)
            _end(message, Status.EXPIRED, f"{settling.TOO_LATE}; last: {why.details}", now)
            add_all(by_name(message.channel).gave_up(message, why), now=now)


def _fail_without_a_channel(now: datetime) -> None:
    """No drain looks after a channel that the settings do not know, or know no longer."""
    lost = OutboxMessage.objects.filter(status__in=WAITING_STATES).exclude(
        channel__in=list(settings.CHANNELS)
    )
    with transaction.atomic():
        for message in lost.select_for_update(skip_locked=True)[:AT_ONCE]:
            _end(message, Status.FAILED, "there is no channel of that name", now)
            incidents.report(
                "message_not_prepared",
                key=message.channel,
                sentence=f"Message {message.pk} has a channel that does not exist.",
            )


def _end(message: OutboxMessage, status: Status, reason: str, now: datetime) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(
        status=status,
        failed_at=now if status == Status.FAILED else None,
        reason=reason[:500],
        story=told([Step(str(status), reason)], at=now),
    )

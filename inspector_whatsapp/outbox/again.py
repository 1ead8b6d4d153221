"""Saying something once more, in a row of its own: the first has left and did not arrive, or may not have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from inspector_whatsapp import clock, doorbell, incidents
from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.outbox import LEFT_STATES, WAITING_STATES, Category, Status
from inspector_whatsapp.outbox.channel import Withheld, by_name
from inspector_whatsapp.outbox.rehearsing import rehearse
from inspector_whatsapp.outbox.story import Step, entries

# What a person may have said once more.
AGAIN = (Status.FAILED, Status.UNCERTAIN, Status.WITHHELD, Status.EXPIRED)
LONGEST_KEY = 160  # characters, as the column has them


class CannotRetry(Exception):
    """It is under way, has arrived, or is of no use any more; its words say which."""


class SaidAgain(CannotRetry):
    """It has been said again already; `by` is the message that does."""

    def __init__(self, by: OutboxMessage) -> None:
        super().__init__(_("It has been said again already, by message %(id)s.") % {"id": by.pk})
        self.by = by


def retry(message: OutboxMessage, *, actor: User) -> OutboxMessage:
    """An admin wants it said once more; asked for again, the same row. Raises CannotRetry."""
    try:
        return repeat(message, actor=actor)
    except SaidAgain as already:
        if already.by.channel != message.channel:
            raise
        return already.by


def repeat(message: OutboxMessage, *, actor: User) -> OutboxMessage:
    """The row that says it once more, by the same channel and under the same policy. Raises CannotRetry.

    What would be withheld again is not written: the refusal says why.
    """
    with transaction.atomic():
        now = clock.now()
        message = _held(message, now)
        why = f"said again for admin {actor.pk}: message {message.pk} did not arrive"
        say_again(message, now=now, not_before=now, steps=[Step("trigger", why)], repeats=True)
        return _may_leave(_by(message), now)


def by_mail(message: OutboxMessage, *, actor: User) -> OutboxMessage:
    """The letter that says what WhatsApp did not bring, written for an admin. Raises CannotRetry."""
    with transaction.atomic():
        now = clock.now()
        message = _held(message, now)
        try:
            letter = by_name(message.channel).by_mail(message)
        except Withheld as why:
            raise CannotRetry(str(why)) from why
        if (there := OutboxMessage.objects.filter(key=letter.key).first()) is not None:
            raise CannotRetry(_of_letter(there))
        row = letter.row(now)
        why_now = f"said by e-mail for admin {actor.pk}, instead of message {message.pk}"
        row.story, row.repeats = entries([Step("trigger", why_now)], at=now), message
        OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
        doorbell.ring_on_commit(doorbell.OUTBOX)
        return _may_leave(_by(message), now)


def may_have_arrived(message: OutboxMessage) -> bool:
    """Whether nobody could ever say what became of it: whoever says it again should know."""
    return message.uncertain_at is not None and message.status in AGAIN


def again_of(message: OutboxMessage) -> OutboxMessage | None:
    """The message that says this one again; the database allows one."""
    rows = OutboxMessage.objects.all()  # asked twice: each has an index, and both together have none
    return rows.filter(repeats=message).first() or rows.filter(key=_key(message)).first()


def say_again(
    message: OutboxMessage,
    *,
    now: datetime,
    not_before: datetime,
    steps: Sequence[Step],
    arguments: dict[str, Any] | None = None,
    attempts: int = 0,
    repeats: bool = False,
) -> None:
    """Write `message` anew, once. repeats: it is no other attempt, but said again by decision: the row names
    the first, and is not said once more by itself.
    """
    row = OutboxMessage(
        kind=message.kind,
        channel=message.channel,
        contact_id=message.contact_id,
        account_id=message.account_id,
        lane=message.lane,
        key=_key(message),
        category=message.category,
        priority=message.priority,
        cause_id=message.cause_id,
        arguments=message.arguments if arguments is None else arguments,
        body=message.body,
        text=message.text,
        story=entries(steps, at=now),
        created_at=now,
        not_before=not_before,
        expires_at=message.expires_at,
        attempts=attempts,
        put_off=message.put_off,
        if_uncertain=message.if_uncertain,
        repeats=message if repeats else None,
    )
    OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
    doorbell.ring_on_commit(doorbell.OUTBOX)


def _held(message: OutboxMessage, now: datetime) -> OutboxMessage:
    """The row as it is now, locked: two who ask at once ask one after the other. Raises CannotRetry."""
    rows = OutboxMessage.objects.select_related("contact", "account", "cause")
    message = rows.select_for_update(of=("self",)).get(pk=message.pk)
    if message.status in LEFT_STATES:
        raise CannotRetry(_("It has left: the provider took it."))
    if message.status in WAITING_STATES or message.status == Status.SENDING:
        raise CannotRetry(_("It is under way: it has not come to its end yet."))
    if message.channel not in settings.CHANNELS:
        raise CannotRetry(_("There is no channel of that name any more."))
    if message.category == Category.AUTHENTICATION:
        raise CannotRetry(_("A code is not said again by hand: whoever wants one asks for it."))
    if (by := again_of(message)) is not None:
        raise SaidAgain(by)
    if message.expires_at is not None and message.expires_at <= now:
        raise CannotRetry(_("It is too late: what it says is of no use any more."))
    return message


def _by(message: OutboxMessage) -> OutboxMessage:
    """What says it again now; if the database kept that out, somebody was faster."""
    row = again_of(message)
    if row is None:
        raise CannotRetry(_("It has been said again already."))
    return OutboxMessage.objects.select_related("contact", "account", "cause").get(pk=row.pk)


def _may_leave(row: OutboxMessage, now: datetime) -> OutboxMessage:
    rehearsal = rehearse(row, now=now)
    if rehearsal.withheld:
        raise CannotRetry(_("It would not leave: %(why)s.") % {"why": rehearsal.withheld.rstrip(".")})
    incidents.close("message_uncertain", key=str(row.repeats_id))  # a person has decided
    return row


def _of_letter(letter: OutboxMessage) -> str:
    if letter.status in AGAIN:
        says = _("There is a letter that did not arrive, message %(id)s: say that one again.")
    else:
        says = _("There is a letter of it already, message %(id)s.")
    return says % {"id": letter.pk}


def _key(message: OutboxMessage) -> str:
    """Made of the first one's, so that all are known for the same, however often it is said again; of its
    number where that is too long."""
    first, _again, _number = (message.key or f"outbox:{message.pk}").partition(":again:")
    key = f"{first}:again:{message.pk}"
    return key if len(key) <= LONGEST_KEY else f"outbox:{message.pk}:again"

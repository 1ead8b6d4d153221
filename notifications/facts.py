"""What the policy has to know of a message and of its reader, gathered when the message is about to leave."""

from dataclasses import replace
from datetime import datetime, timedelta

from inspector_whatsapp import mailboxes
from inspector_whatsapp.models import Contact, OutboxMessage
from inspector_whatsapp.models.outbox import Category
from notifications import policy, preferences, registry
from notifications.kind import Kind, Said, reader_of
from notifications.policy import About, InMailbox, OnWhatsApp
from notifications.preferences import Wishes
from notifications.recipients import EMAIL, WHATSAPP

JUST_NOW = timedelta(minutes=30)
WINDOW = timedelta(hours=24)  # after somebody's last message; then only templates (Meta's error 131047)


def about(kind: Kind, message: OutboxMessage, *, now: datetime) -> About:
    """What is to be said."""
    return About(
        topic=kind.topic,
        category=Category(kind.category),
        urgency=kind.urgency,
        essential=kind.essential(message, now=now),
        answers=_answers(message, now),
        one_way=kind.one_way,
        expires_at=message.expires_at,
    )


def on_whatsapp(
    kind: Kind, message: OutboxMessage, contact: Contact, said: Said, *, now: datetime
) -> OnWhatsApp:
    """Whom it is said to, on WhatsApp. The template is looked for where it is needed."""
    wishes, reader = _wishes(message), reader_of(message, markup=True)
    opened = window_open(contact, now) and not message.arguments.get("window_closed")
    template = (
        registry.find(said.template, language=reader.language) if said.template and not opened else None
    )
    return OnWhatsApp(
        stopped=contact.stopped_at is not None or wishes.stopped,  # a phone may be shared
        offers_stopped=contact.offers_stopped_at is not None,
        wanted=wishes.wants(kind.topic, WHATSAPP),
        trouble=contact.blocked_reason,
        quiet_until=wishes.quiet.until(now, reader.tz) if wishes.quiet else None,
        window_open=opened,
        template=template,
    )


def wanted_on_whatsapp(kind: Kind, message: OutboxMessage, said: Said, *, now: datetime) -> bool:
    """Whether a message may be told on WhatsApp as part of another, by its consent and preference.

    Whether its reader can be reached is asked for the other, which is for the same contact.
    """
    if message.contact is None:
        return False
    person = on_whatsapp(kind, message, message.contact, said, now=now)
    person = replace(person, window_open=True, quiet_until=None, trouble="")
    decision = policy.on_whatsapp(about(kind, message, now=now), person)
    return isinstance(decision.route, policy.SayFreely)


def in_mailbox(kind: Kind, message: OutboxMessage) -> InMailbox:
    """Whose mailbox it goes to."""
    wishes = _wishes(message)
    assert message.account is not None
    return InMailbox(
        stopped=wishes.stopped,
        offers_stopped=wishes.mail_offers_stopped,
        wanted=wishes.wants(kind.topic, EMAIL),
        trouble=mailboxes.trouble(message.account.email),
    )


def window_open(contact: Contact, now: datetime) -> bool:
    """Whether anything may be said: 24 hours from their last message, by Meta's time of it."""
    return contact.last_inbound_at is not None and now - contact.last_inbound_at < WINDOW


def _answers(message: OutboxMessage, now: datetime) -> bool:
    """Whether its reader has just brought it about, and so is awake."""
    cause = message.cause
    if cause is None or cause.actor_id is None or cause.actor_id != message.account_id:
        return False
    return now - cause.at < JUST_NOW


def _wishes(message: OutboxMessage) -> Wishes:
    return preferences.of(message.account) if message.account is not None else Wishes()

"""A person of ours in the chat: asked for, answering, handing back. Until then the bot keeps silent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bot.models import Conversation, InboundEvent
from bot.scripts import FLOWS
from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, User
from notifications.facts import WINDOW, window_open


class CannotAnswer(Exception):
    """Nothing can be said now; its words say why, and an admin reads them."""


def ask_for(talk: Conversation, *, now: datetime) -> None:
    """The person wants to talk to a person. In the turn's transaction; saving the conversation is its."""
    talk.human_since = talk.human_since or now
    talk.human_until = now + timedelta(hours=settings.HUMAN_HOURS)
    incidents.report("human_wanted", key=str(talk.contact_id), sentence=summary(talk, now=now))


def is_silent(talk: Conversation, *, now: datetime) -> bool:
    """Whether the bot leaves the chat to a person."""
    return talk.human_until is not None and talk.human_until > now


def end(talk: Conversation) -> None:
    """Give the chat back to the bot; saving it is the caller's."""
    talk.human_since = talk.human_until = None
    incidents.close("human_wanted", key=str(talk.contact_id))


def summary(talk: Conversation, *, now: datetime) -> str:
    """Who wants what, and for how long they can be answered: numbers and ids, nobody's words."""
    flow = FLOWS[talk.flow].title if talk.flow in FLOWS else "At the menu."
    heard = InboundEvent.objects.filter(contact=talk.contact_id, kind="message").count()
    left = window_left(talk.contact, now=now)
    return (
        f"{talk.contact} asks for a person ({heard} messages so far). {flow} "
        f"Can be answered for {left.seconds // 3600 + left.days * 24} h {left.seconds // 60 % 60} min."
    )


def window_left(contact: Contact, *, now: datetime) -> timedelta:
    """How long free text may still be sent to them."""
    if contact.last_inbound_at is None:
        return timedelta()
    return max(timedelta(), contact.last_inbound_at + WINDOW - now)


def take_over(talk: Conversation) -> None:
    """An admin answers from now on."""
    with transaction.atomic():
        locked = _locked(talk)
        now = clock.now()
        locked.human_since = locked.human_since or now
        locked.human_until = now + timedelta(hours=settings.HUMAN_HOURS)
        locked.save(update_fields=["human_since", "human_until"])


def hand_back(talk: Conversation) -> None:
    """The bot answers again."""
    with transaction.atomic():
        locked = _locked(talk)
        end(locked)
        locked.save(update_fields=["human_since", "human_until"])


def answer(talk: Conversation, *, words: str, admin: User) -> None:
    """Send what an admin wrote, and keep the bot silent. Raises CannotAnswer."""
    words = words.strip()
    if not words:
        raise CannotAnswer(_("Write something first."))
    if len(words) > limits.TEXT_BODY:
        raise CannotAnswer(_("That is longer than WhatsApp takes: 4,096 characters at most."))
    take_over(talk)
    with transaction.atomic():
        locked = _locked(talk)
        if not window_open(locked.contact, clock.now()):
            raise CannotAnswer(
                _("They have not written for 24 hours: WhatsApp takes no free text until they do.")
            )
        body = cloud.payload(cloud.Text(words))
        outbox.add(
            outbox.Outgoing(
                kind="reply",
                channel="whatsapp",
                contact=locked.contact,
                arguments={"by": admin.pk},
                body=body,
                text=cloud.plain(body),
            )
        )


def _locked(talk: Conversation) -> Conversation:
    return (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("contact")
        .get(pk=talk.pk)
    )

"""A person of ours in the chat: asked for, answering, handing back. Until then the bot keeps silent."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import dateformat
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot import course, replies, screens, speakers
from bot.models import Conversation, InboundEvent
from bot.scripts import FLOWS, Flow, Person
from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.changes import Happened, Origin
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.words import Words, harmless, say
from notifications.facts import WINDOW, window_open

MOST = limits.TEXT_BODY  # characters of an answer
_FIELDS = ("human_since", "human_until", "human_by")


class CannotAnswer(Exception):
    """Nothing can be said now; its words say why, and an admin reads them."""


class Taken(CannotAnswer):
    """Another of ours has the chat."""

    def __init__(self, holder: User, *, since: datetime) -> None:
        at = dateformat.format(localtime(since), "j M H:i")
        super().__init__(
            _("%(name)s has this chat since %(at)s: take it over first.")
            % {"name": harmless(str(holder), markup=False), "at": at}
        )


def ask_for(talk: Conversation, *, now: datetime) -> None:
    """The person wants to talk to a person. In the turn's transaction; saving the conversation is its."""
    talk.human_since = talk.human_since or now
    talk.human_until = now + timedelta(hours=settings.HUMAN_HOURS)
    incidents.report("human_wanted", key=str(talk.contact_id), sentence=summary(talk, now=now))


def on_change(happened: Happened) -> None:
    """Who called for help on the website is written to in their chat, as whoever does so there."""
    if happened.kind != "felt_unsafe" or happened.origin == Origin.CHAT or happened.actor is None:
        return
    contacts = Link.objects.filter(account=happened.actor, state=LinkState.ACTIVE).values("contact")
    for chat in Conversation.objects.filter(contact__in=contacts):
        locked = _locked(chat)
        ask_for(locked, now=clock.now())
        locked.save(update_fields=_FIELDS)


def is_silent(talk: Conversation, *, now: datetime) -> bool:
    """Whether the bot leaves the chat to a person."""
    return talk.human_until is not None and talk.human_until > now


def end(talk: Conversation) -> None:
    """Give the chat back to the bot; saving it is the caller's."""
    talk.human_since = talk.human_until = talk.human_by = None
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


def held_by(talk: Conversation, *, now: datetime) -> int | None:
    """The key of whoever of ours has the chat; None where nobody does, though one may be asked for."""
    return talk.human_by_id if is_silent(talk, now=now) else None


def take_over(talk: Conversation, *, admin: User, seen: int | None = None) -> None:
    """An admin answers from now on. `seen` had it when they chose to take it from them. Raises Taken."""
    with transaction.atomic():
        locked, now = _locked(talk), clock.now()
        if held_by(locked, now=now) != seen:
            _check(locked, admin=admin, now=now)
        _hold(locked, admin=admin, now=now)


def hand_back(talk: Conversation, *, admin: User) -> None:
    """The bot answers again. Raises Taken."""
    with transaction.atomic():
        locked = _locked(talk)
        _check(locked, admin=admin, now=clock.now())
        end(locked)
        locked.save(update_fields=_FIELDS)


def answer(talk: Conversation, *, words: str, admin: User, form: str = "") -> bool:
    """Send what an admin wrote, and keep the bot silent; False when this `form` has sent it before.

    Raises CannotAnswer; nothing is changed then.
    """
    words = words.strip()
    if not words:
        raise CannotAnswer(_("Write something first."))
    if len(words) > MOST:
        raise CannotAnswer(_("That is longer than WhatsApp takes: 4,096 characters at most."))
    with transaction.atomic():
        locked, now = _locked(talk), clock.now()
        _check(locked, admin=admin, now=now)
        key = _key(locked, form, words)
        if key and OutboxMessage.objects.filter(key=key).exists():
            return False
        if not window_open(locked.contact, now):
            raise CannotAnswer(
                _("They have not written for 24 hours: WhatsApp takes no free text until they do.")
            )
        _hold(locked, admin=admin, now=now)
        outbox.add_all(
            replies.written(locked.contact, [cloud.Text(words)], key=key, arguments={"by": admin.pk}), now=now
        )
    return True


def end_flow(talk: Conversation, *, admin: User) -> bool:
    """End what is under way or waits for "go on", and say so where it can be said; False if nothing was.

    As if they had typed *cancel*: what the flow did on its way is undone, a draft is kept. Raises Taken.
    """
    with transaction.atomic():
        locked, now = _locked(talk), clock.now()
        _check(locked, admin=admin, now=now)
        if not locked.flow and not locked.aside:
            return False
        speaker = speakers.of([locked]).get(locked.contact_id, speakers.NOBODY)
        person = Person(locked.contact, speaker.account, now, shared=speaker.shared, wish=locked.wish)
        known = FLOWS.get(locked.flow)
        if known is not None:
            course.leave(locked, person, known)
        locked.flow, locked.argument, locked.answers = "", "", {}
        locked.aside, locked.wish, locked.shown = {}, {}, {}
        words = _ended(known)
        if is_silent(locked, now=now):
            reply = screens.say_only(person, words)
        else:
            reply = screens.show_menu(locked, person, words)
        if window_open(locked.contact, now):
            outbox.add_all(replies.written(locked.contact, reply.messages), now=now)
        locked.save(update_fields=["flow", "argument", "answers", "aside", "wish", "shown"])
    return True


def _ended(flow: Flow | None) -> Words:
    if flow is not None and flow.draft:
        return say(
            gettext_lazy(
                "One of our people stopped what you were doing. What you have so far is kept for a week."
            )
        )
    return say(gettext_lazy("One of our people stopped what you were doing here. Nothing was changed by it."))


def _check(talk: Conversation, *, admin: User, now: datetime) -> None:
    """Raise Taken where another of ours has the chat."""
    if held_by(talk, now=now) in (None, admin.pk):
        return
    assert talk.human_by is not None
    raise Taken(talk.human_by, since=talk.human_since or now)


def _hold(talk: Conversation, *, admin: User, now: datetime) -> None:
    """Keep the chat for an admin, from now for some hours."""
    if held_by(talk, now=now) != admin.pk:
        talk.human_since, talk.human_by = now, admin
    talk.human_until = now + timedelta(hours=settings.HUMAN_HOURS)
    talk.save(update_fields=_FIELDS)


def _key(talk: Conversation, form: str, words: str) -> str | None:
    """One press of a button, however often it comes: the same words from the same form."""
    if not form:
        return None
    pressed = hashlib.sha256(f"{form}\n{words}".encode()).hexdigest()[:32]
    return f"answer:{talk.pk}:{pressed}"


def _locked(talk: Conversation) -> Conversation:
    return (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        # Not who has it: had we to wait for the lock, that would be joined as it was before.
        .select_related("contact")
        .get(pk=talk.pk)
    )

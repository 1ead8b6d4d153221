"""Somebody who writes more than anybody can read is not answered message by message."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bot.models import Conversation, InboundEvent
from bot.screens import SILENCE, Reply
from bot.scripts import Person
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.words import say

MINUTE = timedelta(minutes=1)
MOST = 60  # messages in a minute that are answered one by one


def notice(talk: Conversation, person: Person, event: InboundEvent) -> Reply | None:
    """What a message gets that came on top of too many: one notice in that minute; None for every other.

    Counted by when we received them, so that what piled up over an outage of ours is no flood.
    """
    if talk.minute_began_at is None or event.received_at - talk.minute_began_at >= MINUTE:
        talk.minute_began_at, talk.minute_count = event.received_at, 0
    talk.minute_count += 1
    if talk.minute_count <= MOST:
        return None
    if talk.minute_count > MOST + 1:
        return SILENCE
    words = say(
        _(
            "That is a lot of messages at once. I have kept them all, but did not act on the last ones: wait "
            "a minute, then tell me again what you need."
        )
    )
    return Reply((cloud.Text(words.put(person.reader)),))

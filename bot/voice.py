"""Voice notes: written down, and read back before anything is made of them.

Off unless TRANSCRIPTION_URL is set. What was heard does nothing by itself: it is taken as typed once its
speaker has said that it was heard right (`offers`). That says nothing else: what a flow asks before it writes
anything is asked here as well, and after a "yes" said aloud it is asked anew, to be tapped or typed.
"""

from datetime import timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot import course, offers, transcribing
from bot.course import Before
from bot.models import Conversation, InboundEvent
from bot.questions import FindOut
from bot.said import Said
from bot.screens import Reply
from bot.scripts import Person
from bot.understood.meaning import awaits_code
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.words import Words, say

UNDER: Final = "heard"  # by which name it is kept on the message
A_DAY: Final = 30  # notes of a person that are listened to: each costs something
LONGEST: Final = 500  # characters that are read back


def is_heard(talk: Conversation, said: Said) -> bool:
    """Whether this is a note that is listened to: not where a code may be said."""
    match said.content:
        case events.MediaSent(kind="audio"):
            return bool(settings.TRANSCRIPTION_URL) and not awaits_code(talk)
    return False


def hear(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    """Read a note back with a yes and a no; say why that cannot be; or have it written down first."""
    assert isinstance(said.content, events.MediaSent)
    heard = said.prepared.get(UNDER)
    if heard is None:
        if _today(person) >= A_DAY:
            enough = say(_("That's as many voice notes as I can listen to in a day. Please type it."))
            return course.again(talk, person, enough)
        return Before(FindOut(partial(transcribing.find_out, sent=said.content), under=UNDER))
    text = str(heard.get("text", ""))
    if not text:
        return course.again(talk, person, _why(heard.get("why", "")))
    if len(text) > LONGEST:
        return course.again(talk, person, _why("too_long"))
    return offers.heard(talk, person, text)


def _today(person: Person) -> int:
    lately = InboundEvent.objects.filter(
        contact=person.contact, received_at__gt=person.now - timedelta(days=1)
    )
    return lately.filter(prepared__has_key=UNDER).count()


def _why(reason: str) -> Words:
    """Why a note was not understood."""
    match reason:
        case "code":
            return say(_("Please never say a code aloud: type it."))
        case "too_long":
            return say(_("That was too long for me. Please say it in a sentence or two, or type it."))
        case "not_fetched":
            return say(_("Your voice note did not get through. Please send it again, or type it."))
        case "not_written_down":
            return say(_("I can't listen to voice notes right now. Please type it."))
    return say(_("I could not make out any words. Please say it again, or type it."))

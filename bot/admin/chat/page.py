"""The page of a conversation, what is new on it, and what an admin does there."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bot import handover
from bot.admin.chat import facts, transcript
from bot.models import Conversation
from inspector_whatsapp import audit, callers, clock
from inspector_whatsapp.models import User

TEMPLATES = "admin/bot/conversation/"
_KEPT = "chat-words"  # in the session: an answer that was refused, until the page is shown again


def shown(talk: Conversation, *, version: str, viewer: User, until: datetime | None = None) -> dict[str, Any]:
    """What the page and its parts are drawn with. `version` is the talk's, of before it was read."""
    now = clock.now()
    links = facts.links_of(talk)
    beside = facts.of(talk, links=links, viewer=viewer, now=now)
    holder = beside.holder
    may_answer = viewer.has_perm("bot.change_conversation")
    elsewhere = holder is not None and holder.pk not in (None, viewer.pk)
    left = (beside.open_until - now).total_seconds() if beside.open_until else 0
    return {
        "talk": talk,
        "version": version,
        "transcript": transcript.of(talk, until=until, mailed=[link.account_id for link in links]),
        "until": until,
        "zone": settings.TIME_ZONE,
        "facts": beside,
        "holder": holder,
        "mine": holder is not None and holder.pk == viewer.pk,
        "elsewhere": elsewhere,
        "left": int(left),
        "hours": int(left) // 3600,
        "minutes": int(left) // 60 % 60,
        "may_answer": may_answer,
        "may_write": may_answer and left > 0 and not elsewhere,
        "form": secrets.token_urlsafe(12),
        "most": handover.MOST,
    }


def news(request: HttpRequest, talk: Conversation, *, version: str, viewer: User) -> dict[str, Any]:
    """The parts of the page as they are now."""
    found = shown(talk, version=version, viewer=viewer)
    return {
        "version": found["version"],
        "may_write": found["may_write"],
        **{
            part: render_to_string(f"{TEMPLATES}{part}.html", found, request=request)
            for part in ("entries", "head", "facts", "standing")
        },
    }


def do(request: HttpRequest, talk: Conversation, act: str, *, admin: User) -> str | None:
    """One press of a button; a sentence that says what it did, None for a button that there is not.

    Raises handover.CannotAnswer. In the caller's transaction, with its entry in the audit.
    """
    match act:
        case "take":
            seen = request.POST.get("seen", "")
            handover.take_over(talk, admin=admin, seen=int(seen) if seen.isdecimal() else None)
            done = _("The bot keeps silent: the chat is yours.")
        case "answer":
            words = request.POST.get("words", "")
            if not handover.answer(talk, words=words, admin=admin, form=request.POST.get("form", "")[:64]):
                return _("That answer is on its way already: it was sent once.")
            audit.record(
                audit.Act.SAID,
                actor=admin,
                subject=talk,
                says=f"{len(words.strip())} characters",
                address=callers.ip(request),
            )
            return _("Your answer is on its way. The bot keeps silent until you hand the chat back.")
        case "back":
            handover.hand_back(talk, admin=admin)
            done = _("The bot answers again.")
        case "end":
            if not handover.end_flow(talk, admin=admin):
                return _("Nothing is under way here any more.")
            done = _("What was under way is ended.")
        case _:
            return None
    audit.record(audit.Act.CHANGED, actor=admin, subject=talk, says=_ACTS[act], address=callers.ip(request))
    return done


_ACTS = {"take": "took the chat over", "back": "handed the chat back", "end": "ended what was under way"}


def keep(request: HttpRequest, talk: Conversation) -> None:
    """Keep the words of an answer that was refused for the page that is shown next."""
    if words := request.POST.get("words", ""):
        request.session[_KEPT] = {str(talk.pk): words[: 2 * handover.MOST]}


def kept(request: HttpRequest, talk: Conversation) -> str:
    """They are put back into the box, once."""
    if str(talk.pk) not in request.session.get(_KEPT, {}):
        return ""
    return str(request.session.pop(_KEPT)[str(talk.pk)])

"""Forms of WhatsApp's (Flows): what they are made of, whose answer counts, and what an answer says.

A form has no endpoint: what can be chosen travels in its message, and its answer comes back as a message of
the person's, who may have written it themselves. A signed token says which question of which chat it answers.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from bot.models import Conversation
from bot.said import Said, answer_id
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.words import Words, say

BOOKING: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "booking.json").read_bytes())
"""The booking form as it is published: a calendar, and the times of each of DAYS days."""
# What is published can't be changed at Meta: another form has another name.
BOOKING_NAME: Final = f"booking {hashlib.sha256(json.dumps(BOOKING).encode()).hexdigest()[:8]}"
SCREEN: Final = str(BOOKING["screens"][0]["id"])
DAYS: Final = sum(name.startswith("day_") for name in BOOKING["screens"][0]["data"])

LASTS: Final = timedelta(hours=24)  # as long as anything may be said without a template
_LONGEST: Final = 300  # characters of a token
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SLOT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})\.(\d{1,18})", re.ASCII)
_signer: Final = Signer(salt="bot.forms", sep="|")

UNKNOWN: Final = say(_("I don't know that form. Please use the newest one here."))
OLD: Final = say(_("That form is too old: its times may be gone."))
UNREADABLE: Final = say(_("I can't read that form. Please open it again, or type *list*."))


@dataclass(frozen=True)
class Picked:
    """What was chosen in a booking form: a day, and a time of it where one was picked."""

    day: str
    time: str = ""
    slot: str = ""


def token(talk: Conversation, question: str, of: str, *, now: datetime) -> str:
    """What comes back with the answer. of: what the question is about."""
    claim = f"{question}|{of}|{int((now + LASTS).timestamp())}"
    return f"{claim}|{_signer.signature(_bound(talk, claim))}"


def as_tap(talk: Conversation, said: Said, *, now: datetime) -> Said | Words:
    """A form's answer as the tap that it stands for; why it is none, if it is none."""
    assert isinstance(said.content, events.FormAnswered)
    claim, _bar, signature = _text(said.content.response, "flow_token", _LONGEST).rpartition("|")
    try:
        _signer.unsign(f"{_bound(talk, claim)}|{signature}")
    except BadSignature:
        return UNKNOWN
    question, of, until = claim.split("|")
    if now.timestamp() > int(until):
        return OLD
    picked = read(said.content.response)
    if picked is None:
        return UNREADABLE
    flow, _dot, name = question.partition(".")
    tap = answer_id(flow, name, f"{of}|{picked.day}|{picked.slot}")
    return Said(events.Tapped(tap, ""), "", tap, said.at, said.wamid, said.prepared)


def read(response: Mapping[str, object]) -> Picked | None:
    """What was chosen. Each day has a list of its own; a pick in one that is hidden again is none."""
    day = _text(response, "day", 10)
    if _DAY.fullmatch(day) is None:
        return None
    for place in range(1, DAYS + 1):
        found = _SLOT.fullmatch(_text(response, f"slot_{place}", 40))
        if found is not None and found[1] == day:
            return Picked(*found.groups())
    return Picked(day)


def readable(response: Mapping[str, object]) -> str:
    """An answer for whoever reads the chat: what was chosen, or all that somebody wrote into it."""
    picked = read(response)
    if picked is not None:
        return f"{picked.day} {picked.time}".strip()
    return json.dumps({name: value for name, value in response.items() if name != "flow_token"})


def _bound(talk: Conversation, claim: str) -> str:
    return f"{talk.pk}|{talk.account_id}|{claim}"


def _text(response: Mapping[str, object], name: str, most: int) -> str:
    found = response.get(name)
    return found if isinstance(found, str) and len(found) <= most else ""

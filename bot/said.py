"""What a person said, as questions see it."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.models import InboundEvent
from inspector_whatsapp.cloud_api import events
from linking import challenges

IDS = "v1|"  # what the id of a button of ours begins with
START = "v1|start|"
ASK = "v1|ask|"


@dataclass(frozen=True)
class Said:
    """One message from a person. `tap` is a button's id; typed text is never taken for one."""

    content: events.Content
    text: str = ""
    tap: str = ""
    at: datetime | None = None
    wamid: str = ""
    prepared: dict[str, Any] = field(default_factory=dict)

    @property
    def is_words(self) -> bool:
        """Whether it is something to be read: text or a tap."""
        return isinstance(self.content, (events.TextSaid, events.Tapped))

    def as_typed(self, words: str) -> "Said":
        """The same message, had these words been typed."""
        return replace(self, content=events.TextSaid(words), text=words, tap="")

    def started(self) -> tuple[str, str] | None:
        """The flow and argument that a tapped button begins."""
        if not self.tap.startswith(START):
            return None
        flow, _, argument = self.tap.removeprefix(START).partition("|")
        return flow, argument

    def answered(self) -> tuple[str, str] | None:
        """The question (`flow.name`) and the value that a tapped button answers it with."""
        if not self.tap.startswith(ASK):
            return None
        question, _, value = self.tap.removeprefix(ASK).partition("|")
        return question, value


def said(event: InboundEvent) -> Said:
    """An inbound row as a person's message."""
    received = events.from_json(event.content)
    assert isinstance(received, events.MessageReceived)
    text, tap = "", ""
    match received.content:
        case events.TextSaid(body):
            text = body
        case events.Tapped(id, title):
            text, tap = title, id
    together = event.prepared.get("understood", {}).get("together")
    if text and isinstance(together, str):  # understood with what was said just before it
        text = together
    return Said(received.content, text.strip(), tap, event.said_at, received.wamid, event.prepared)


_THOUSANDS = re.compile(r"(?<!\d)\d{3} ?000(?!\d)")
_REFS = re.compile(r"\b(?:PR|IN)-\d+\b", re.IGNORECASE)
_SIX = re.compile(r"(?<!\d)\d{6}(?!\d)")


def holds_code(text: str) -> bool:
    """Whether there is what may be a code in it.

    Six digits are one, alone and in a sentence; but not a sum in thousands ("flat in Yaba for 500000")
    nor a ref.
    While a code is awaited, ask `challenges.code_in`, which takes any.
    """
    plain = _REFS.sub("a ref", unicodedata.normalize("NFKC", text))
    if len(re.findall(r"[^\W\d_]{2,}", plain)) >= 3:
        plain = _THOUSANDS.sub(" ", plain)
    return challenges.code_in(plain) is not None or _SIX.search(plain) is not None


def start_id(flow: str, argument: str = "") -> str:
    """The id of a button that begins a flow."""
    return f"{START}{flow}|{argument}"


def answer_id(flow: str, question: str, value: str) -> str:
    """The id of a button that answers a question of a flow."""
    return f"{ASK}{flow}.{question}|{value}"

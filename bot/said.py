"""What a person said, as questions see it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.models import InboundEvent
from inspector_whatsapp.cloud_api import events

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
    return Said(received.content, text.strip(), tap, event.said_at, received.wamid, event.prepared)


def start_id(flow: str, argument: str = "") -> str:
    """The id of a button that begins a flow."""
    return f"{START}{flow}|{argument}"


def answer_id(flow: str, question: str, value: str) -> str:
    """The id of a button that answers a question of a flow."""
    return f"{ASK}{flow}.{question}|{value}"

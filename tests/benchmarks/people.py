"""Seekers who look at the menu and book, and what they write."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from bot import inbox
from bot.said import answer_id, start_id
from inspector_whatsapp.models import Slot
from tests.bot.phone import Phone
from tests.factories import InspectorFactory, LinkFactory, PropertyFactory, SlotFactory, at

TOGETHER = 8  # people who look at the same property, each for a time of their own
Message = dict[str, Any]


@dataclass(frozen=True)
class Seeker:
    """Somebody linked, and the time that they want."""

    phone: Phone
    slot: Slot

    def messages(self) -> dict[str, Message]:
        """What they write, in order, by what it is."""
        return {
            "menu": _text("menu"),
            "a booking begun": _tap(start_id("book_inspection", self.slot.property.ref)),
            "a time tapped": _tap(answer_id("book_inspection", "slot", str(self.slot.pk))),
            "booked": _text("yes"),
            "my inspections": _text("my inspections"),
            "menu again": _text("menu"),
        }

    def mixed(self) -> dict[str, Message]:
        """The same, and a wish in their own words, which is understood before its turn."""
        return {**self.messages(), "understood": _text("What 3-bedroom apartments are available in Lekki?")}

    def write(self, *messages: Message) -> None:
        """Have it taken apart: what is left is the turn."""
        self.phone.posts(self.phone.webhook(*messages))
        inbox.drain()


def _text(words: str) -> Message:
    return {"type": "text", "text": {"body": words}}


def _tap(id: str) -> Message:
    return {
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": id, "title": "Tapped"}},
    }


@transaction.atomic
def seekers(many: int) -> list[Seeker]:
    """So many people that nobody else knows."""
    found: list[Seeker] = []
    for first in range(0, many, TOGETHER):
        property, inspector = PropertyFactory(), InspectorFactory()
        for place in range(min(TOGETHER, many - first)):
            slot = SlotFactory(property=property, inspector=inspector, starts_at=at(8 + place, days=2))
            phone = LinkFactory().contact.phone
            assert phone is not None
            found.append(Seeker(Phone(phone), slot))
    return found

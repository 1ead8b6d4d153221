"""Chats for the tests of the turn: people of the small world, and messages as they were understood."""

from typing import Any

from bot import conversation, inbox
from bot.assistant.commands import Command, Intent
from bot.models import Conversation, InboundEvent, Interpretation
from tests.bot import world
from tests.bot.phone import Phone

ADA, BOLA, CHIDI = (f"{name}@inspector.example" for name in ("ada", "bola", "chidi"))


def phone_of(email: str) -> Phone:
    """The phone of somebody who is linked."""
    return Phone(world.linked(email))


def talk_of(phone: Phone) -> Conversation:
    return Conversation.objects.get(contact__phone=phone.phone)


def last_understood(phone: Phone) -> Interpretation:
    return Interpretation.objects.filter(event__contact__phone=phone.phone).latest("pk")


def understood_as(
    phone: Phone, words: str, intent: Intent, *others: Intent, sure: float = 0.99, **slots: Any
) -> str:
    """Say something that was understood as this, whoever understood it: a model that says what it likes."""
    kept = {
        "text": words,
        "role": "",
        "context": {},
        "command": {"intent": intent.value, "slots": slots},
        "sure": sure,
        "source": "language_model",
        "others": [Command(other).to_json() for other in others],
        "milliseconds": 1,
        "model": "somebody:something",
        "error": "",
    }
    phone.posts(phone.webhook({"type": "text", "text": {"body": words}}))
    inbox.drain()
    event = InboundEvent.objects.filter(contact__phone=phone.phone).latest("pk")
    InboundEvent.objects.filter(pk=event.pk).update(prepared={"understood": kept})
    conversation.drain()
    return phone.answers()

"""What tests of the interpreter say, and in which places and at which time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.assistant.context import NOTHING, Context
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.interpreter import Understood, interpret
from inspector_whatsapp.models import Role

NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Africa/Lagos"))  # a Wednesday
PLACES = Gazetteer(
    frozenset(
        (
            *("Yaba", "Gbagada", "Ikeja", "Lekki", "Lekki Phase 1", "Surulere", "Ajah", "Magodo", "Bodija"),
            *("Wuse 2", "Jabi", "Lugbe", "Ikoyi", "Mainland", "Ketu", "Epe"),
        )
    ),
    frozenset(("Lagos", "Abuja", "Ibadan")),
    frozenset(("Ogun", "Oyo")),
    {"PH": "Port Harcourt"},
)
SEARCHED = Context.from_json(
    {
        "last_intent": "search_properties",
        "last_slots": {
            "areas": ["Gbagada"],
            "property_types": ["duplex"],
            "bedrooms_min": 4,
            "bedrooms_max": 4,
            "price_max": 6000000,
        },
        "results": ["PR-1201", "PR-1202", "PR-1203"],
    }
)


def understood(text: str, *, role: Role = Role.SEEKER, context: Context = NOTHING) -> Understood:
    return interpret(text, role=role, now=NOW, gazetteer=PLACES, context=context)


def meaning(text: str, *, role: Role = Role.SEEKER, context: Context = NOTHING) -> tuple[str, dict[str, Any]]:
    """The intent, and the slots with their lists in order."""
    command = understood(text, role=role, context=context).command
    return command.intent.value, in_order(command.slots)


def in_order(slots: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in slots.items()}

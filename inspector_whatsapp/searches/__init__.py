"""Saved searches: what a seeker wants to hear of."""

from inspector_whatsapp.searches.fitting import fresh_for, matching
from inspector_whatsapp.searches.saving import delete, of, pause, resume, save, set_frequency
from inspector_whatsapp.searches.wishes import from_json, to_json
from inspector_whatsapp.searches.wording import describe

__all__ = [
    "delete",
    "describe",
    "fresh_for",
    "from_json",
    "matching",
    "of",
    "pause",
    "resume",
    "save",
    "set_frequency",
    "to_json",
]

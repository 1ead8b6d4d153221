"""Meta's words for templates as ours; what cannot be read is nothing, never an error."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import TextChoices

from inspector_whatsapp.cloud_api.text import clean

Choice = TypeVar("Choice", bound=TextChoices)


def text(value: object, key: str) -> str:
    """A string, or a number as one: Meta's ids are both. Empty when it is missing or "NONE"."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return "" if found == "NONE" else clean(str(found)).strip()


def part(value: object, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def code(value: object, key: str, choices: type[Choice]) -> Choice | None:
    """`"PAUSED"` as TemplateStatus.PAUSED; None for a word that we do not know."""
    found = text(value, key).lower()
    return choices(found) if found in choices.values else None


def language(value: object, key: str) -> str:
    """`en_US`, which some of Meta's webhooks write `en-US`."""
    return text(value, key).replace("-", "_")

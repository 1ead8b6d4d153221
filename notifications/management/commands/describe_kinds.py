"""Write docs/notifications.md anew: every kind of notification, to whom, when, and by which way."""

from collections.abc import Iterator
from datetime import timedelta
from inspect import getdoc
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from notifications import kind as kinds
from notifications.kind import Kind, Urgency

HEAD = """# The notifications

Written by `manage.py describe_kinds` from the classes that KINDS lists; a test compares. A topic is what a
person turns on and off, by channel, in the chat (*Settings*, *Notifications*). The category is Meta's: offers
are *marketing*. Of use: after that it is not sent any more. A template is what is said once the 24-hour
window is closed.

| kind | what is said | to | topic | category | leaves | of use | templates | e-mail |
|---|---|---|---|---|---|---|---|---|
"""
LEAVES = {
    Urgency.NOW: "at any hour, first",
    Urgency.SOON: "not in quiet hours",
    Urgency.LATER: "not in quiet hours, last",
}


def described() -> str:
    """The page."""
    with translation.override("en"):
        return HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    for kind in kinds.every():
        cells = (
            f"`{kind.name}`",
            (getdoc(kind) or "").partition("\n")[0],
            ", ".join(str(role.label).lower() for role in kind.recipients),
            str(kind.topic.label).lower(),
            str(kind.category),
            LEAVES[kind.urgency],
            _useful(kind.useful_for),
            ", ".join(kind.templates) or "none",
            "no" if type(kind).mail is Kind.mail else "yes",
        )
        yield "| " + " | ".join(cells) + " |\n"


def _useful(how_long: timedelta | None) -> str:
    if how_long is None:
        return "until what it is about begins"
    hours = int(how_long.total_seconds() // 3600)
    if hours > 24 and hours % 24 == 0:
        return f"{hours // 24} days"
    return f"{hours} hours" if hours > 1 else "an hour"


class Command(BaseCommand):
    help = "Write docs/notifications.md: every kind of notification, to whom, when, and by which way."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, "docs", "notifications.md").write_text(described())

"""Messages as examples: what was said, in what state of the chat, and what was meant."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.timezone import localtime

from bot.assistant.commands import Command
from bot.assistant.language_model.asking import masked
from bot.models import Interpretation, Mark
from inspector_whatsapp import clock
from inspector_whatsapp.models import User


def mark(row: Interpretation, mark: Mark | None, *, meant: Command | None = None, admin: User) -> None:
    """Keep what an admin says of how a message was understood, and what was meant where it was wrong."""
    row.marked = mark or ""
    row.meant = meant.to_json() if meant is not None and mark == Mark.WRONG else None
    row.marked_by, row.marked_at = (admin, clock.now()) if mark else (None, None)
    row.save(update_fields=["marked", "meant", "marked_by", "marked_at"])


def records(rows: Iterable[Interpretation]) -> Iterator[dict[str, Any]]:
    """Those of which it is known what was meant, in the form that `manage.py evaluate_assistant` takes.

    Numbers, addresses and codes are left out of them, and whoever said it.
    """
    for row in rows:
        meant = row.meant if row.marked == Mark.WRONG else row.command if row.marked == Mark.RIGHT else None
        if meant is None:
            continue
        yield {
            "id": f"A{row.pk}",
            "text": masked(row.text),
            "role": row.role,
            "now": localtime(row.at).isoformat(timespec="seconds"),
            "history": [],
            "context": row.context or None,
            "expected": meant,
            "alts": [],
            "tags": [f"was_{row.marked}", row.source],
        }

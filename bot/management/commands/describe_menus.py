"""Write docs/menus.md anew: every menu, and what each of its lines does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from bot import menus
from bot.scripts import FLOWS
from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Reader

ENGLISH, PIDGIN = Reader(language="en"), Reader(language="pcm")
HEAD = """# The menus

Written by `manage.py describe_menus` from `bot/menus.py`; a test compares. Whoever writes gets the menu of
the role of the account that this WhatsApp speaks for. A line is picked by its number, its name, a tap, or one
of the other words, alone or in a sentence.
"""
COMMANDS = """
## Words that work from anywhere

As the whole message, in the middle of anything: {words}.
"""


def described() -> str:
    """The page."""
    words = ", ".join(f"*{word}*" for word in menus.COMMANDS)
    return HEAD + "".join(_sections()) + COMMANDS.format(words=words)


def _sections() -> Iterator[str]:
    yield _section("Somebody who is not linked", menus.STRANGER)
    for role in Role:
        yield _section(str(role.label), menus.MENUS[role])


def _section(name: str, menu: menus.Menu) -> str:
    lines = [
        f"\n## {name}\n",
        "|   | line | in Pidgin | what it does | other words |",
        "|---|---|---|---|---|",
    ]
    for place, item in enumerate(menu, 1):
        title = item.title.put(ENGLISH)
        also = ", ".join(item.also)
        lines.append(f"| {place} | {title} | {item.title.put(PIDGIN)} | {FLOWS[item.flow].title} | {also} |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/menus.md: every menu, and what each of its lines does."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, "docs", "menus.md").write_text(described())

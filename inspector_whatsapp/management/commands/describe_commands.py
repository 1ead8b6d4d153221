"""Write docs/commands.md anew: every command of the service, and every target of make."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import find_commands, load_command_class
from django.core.management.base import BaseCommand

HEAD = """# Commands

Written by `manage.py describe_commands` from the code and the Makefile; a test compares. In a checkout
`manage.py` is `.venv/bin/python manage.py`; while the demo runs, a command finds the demo's database itself.

## make

| | |
|---|---|
"""
OTHERS = """
Others are Django's own: `migrate`, `createsuperuser`, `collectstatic`, `check --deploy`, and
`axes_reset_username` for somebody who is shut out ([Operating](operating.md) says when).
"""


def described() -> str:
    """The page."""
    makefile = Path(settings.BASE_DIR, "Makefile").read_text()
    targets = re.findall(r"^([a-z.]+):.*?## (.+)$", makefile, re.MULTILINE)
    rows = "".join(f"| `make {target}` | {what[0].upper()}{what[1:]} |\n" for target, what in targets)
    return HEAD + rows + "\n## manage.py\n" + "".join(_commands()) + OTHERS


def _commands() -> Iterator[str]:
    """Those of our own apps, in the order of their names."""
    root = Path(settings.BASE_DIR)
    ours = [each for each in apps.get_app_configs() if Path(each.path).parent == root]
    found = [(name, app.name) for app in ours for name in find_commands(str(Path(app.path, "management")))]
    for name, app in sorted(found):
        command = load_command_class(app, name)
        common = {action.dest for action in BaseCommand().create_parser("", "")._actions}
        yield f"\n### {name}\n\n{command.help}\n"
        arguments = [
            f"* `{', '.join(action.option_strings) or action.dest}`: {action.help}\n"
            for action in command.create_parser("manage.py", name)._actions
            if action.dest not in common
        ]
        yield "\n" * bool(arguments) + "".join(arguments)


class Command(BaseCommand):
    help = "Write docs/commands.md: every command of the service, and every target of make."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, "docs", "commands.md").write_text(described())

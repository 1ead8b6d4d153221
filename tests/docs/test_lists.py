"""What is listed for people is all there is (settings, menus, kinds, events: beside what they are of)."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from inspector_whatsapp.api.authentication import ADMIN
from inspector_whatsapp.api.doors import Service
from inspector_whatsapp.management.commands.describe_commands import described
from tests.api.routes import routes

DOCS = Path(settings.BASE_DIR, "docs")


def test_the_page_of_commands_has_every_command_with_its_words() -> None:
    page = (DOCS / "commands.md").read_text()
    assert page == described(), "run `manage.py describe_commands`"
    assert not re.search(r"^\* `[^`]+`$|^### .*\n\n\n", page, re.MULTILINE), "one has no help"


def test_every_right_of_our_own_is_explained() -> None:
    page = (DOCS / "admin-guide.md").read_text()
    rights = {
        codename: str(name)
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in ("bot", "linking", "notifications", "inspector_whatsapp")
        for codename, name in model._meta.permissions
    }
    explained = re.findall(r"^\| \*(Can [^*]+)\* \| `(\w+)` \|", page, re.MULTILINE)
    assert {codename: name for name, codename in explained} == rights


def test_every_scope_of_a_token_is_named() -> None:
    rights = [right for route in routes() for of in route.door.rights.values() for right in of]
    scopes = {right.scope for right in rights if isinstance(right, Service)}
    page = (DOCS / "integrating.md").read_text()
    (named,) = re.findall(r"says what it may: ([^.]+)\.", page)
    assert set(re.findall(r"`(\w+)`", named)) == scopes
    assert f"With the scope `{ADMIN}`" in page

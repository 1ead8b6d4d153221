"""Who may do what in the console: each role at each address by each method, in rights.txt to be reviewed.

A new page, or another answer, is a line that is not in it: look whether it is right, and write it anew by
`pytest tests/admin/test_rights.py --update-rights`. Nothing is drawn here: test_every_page.py does that.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from pytest_django import Settings
from unfold.sites import UnfoldAdminSite

from inspector_whatsapp.console import groups
from inspector_whatsapp.models import User
from tests.admin.conftest import World, log_in
from tests.admin.doors import Door, doors
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).with_name("rights.txt")
ROLES = ("nobody", "newcomer", *groups.GROUPS, "root")
METHODS = ("GET", "POST")
HEAD = """\
What each role is answered, at every address of the console by every method; a POST brings nothing along.
Written by `pytest tests/admin/test_rights.py --update-rights`; a difference is to be understood first.

nobody     not logged in        newcomer   staff in no group        root   a superuser
log in     is sent to the log-in

"""
# Written by being there at all.
NOTES = (
    *("inspector_whatsapp_auditentry", "django_session", "axes_accessattempt", "django_content_type"),
    "inspector_whatsapp_heartbeat",  # the home page tries whether rows can be written
)
WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname <> ALL(%s)
"""


class Undrawn:
    """Leaves a page as it is once it is known that there is one: drawing each would take minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        response.render = lambda: HttpResponse(status=response.status_code)
        return response


@pytest.fixture(autouse=True)
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Undrawn"]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # as good here, and quicker
    # Nothing of how it looks is worked out either.
    monkeypatch.setattr(UnfoldAdminSite, "each_context", lambda site, request: {})
    settings.WHATSAPP_API_URL = "http://127.0.0.1:9"  # nobody is asked


def everybody() -> dict[str, Client]:
    groups.make()
    people: dict[str, User] = {
        "newcomer": UserFactory(is_staff=True),
        "root": UserFactory(is_staff=True, is_superuser=True),
    }
    for name in groups.GROUPS:
        people[name] = UserFactory(is_staff=True)
        people[name].groups.add(Group.objects.get(name=name))
    return {"nobody": Client()} | {name: log_in(Client(), user) for name, user in people.items()}


def written() -> dict[str, int]:
    """How many rows of each table this transaction has written so far; taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [list(NOTES)])
        return dict(cursor.fetchall())


@dataclass
class Reception:
    """Who asks at a door, and what came of it."""

    clients: dict[str, Client]
    _before: dict[str, int] = field(default_factory=written)

    def answers(self, method: str, door: Door) -> list[str]:
        """Each role's. What was refused, or only read, did nothing; whatever a POST did is taken back."""
        if method == "GET":
            found = [self._ask(role, method, door) for role in ROLES]
            assert not self._has_written(), f"GET {door.path}"
            return found
        return [self._post(role, door) for role in ROLES]

    def _post(self, role: str, door: Door) -> str:
        with transaction.atomic():
            found = self._ask(role, "POST", door)
            transaction.set_rollback(True)
        wrote = self._has_written()
        assert found in ("200", "302") or not wrote, f"{role}: POST {door.path} was answered {found}"
        return found

    def _ask(self, role: str, method: str, door: Door) -> str:
        client = self.clients[role]
        cookies = deepcopy(client.cookies)
        found = client.generic(method, door.path, content_type="application/x-www-form-urlencoded")
        client.cookies = cookies
        to_log_in = found.status_code == 302 and found["Location"].startswith("/admin/login/")
        return "log in" if to_log_in else str(found.status_code)

    def _has_written(self) -> bool:
        before, self._before = self._before, written()
        return self._before != before


def _line(name: str, cells: list[str]) -> str:
    return f"{name:68}" + "".join(f"{cell:>11}" for cell in cells).rstrip()


def test_every_role_is_answered_as_was_reviewed(world: World, pytestconfig: pytest.Config) -> None:
    reception = Reception(everybody())
    lines = [_line("", list(ROLES))]
    for door in doors(world):
        for method in METHODS:
            lines.append(_line(f"{method:4} {door.pattern}", reception.answers(method, door)))
    found = HEAD + "\n".join(lines) + "\n"
    if pytestconfig.getoption("--update-rights"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text(), "see the head of tests/admin/test_rights.py"


OPEN = {"login/", "login/code/", "login/app/", "logout/"}
# Of one's own, or without anything of anybody's.
OWN = {"", "account/", "password_change/", "password_change/done/", "jsi18n/", "search/", "nowhere/at/all"}


def reviewed() -> list[tuple[str, str, dict[str, str]]]:
    """The lines of the file: the method, the address, and each role's answer."""
    lines = []
    for line in GOLDEN.read_text().removeprefix(HEAD).splitlines()[1:]:
        method, _, pattern = line[:68].rstrip().partition(" ")
        cells = [line[68 + 11 * n : 79 + 11 * n].strip() for n in range(len(ROLES))]
        lines.append((method, pattern.strip(), dict(zip(ROLES, cells, strict=True))))
    return lines


def test_what_was_reviewed_holds_what_it_promises() -> None:
    lines = reviewed()
    assert len(lines) > 400
    for method, pattern, cells in lines:
        where = f"{method} {pattern}"
        assert not [cell for cell in cells.values() if cell.startswith("5")], where
        if pattern not in OPEN:
            assert cells["nobody"] == "log in", where
        if pattern not in OPEN | OWN:
            assert cells["newcomer"] not in ("200", "302"), where
        only_looks = pattern.endswith(("/history/", "/privacy/")) or pattern == "privacy/person/<sort>/<pk>/"
        if method == "POST" and "<" in pattern and not only_looks:
            assert cells["Auditor"] not in ("200", "302"), where


def test_a_post_without_its_token_is_refused_at_every_address(world: World) -> None:
    careful = everybody()["root"]
    careful.handler.enforce_csrf_checks = True
    for door in doors(world):
        if careful.get(door.path).status_code in (404, 405) and "act" not in door.pattern:
            continue
        assert careful.post(door.path).status_code == 403, door.pattern

"""Who may do what: every role at every address by every method, kept in rights.txt to be read and reviewed.

A new address, method or answer is a line that is not in it: look whether it is right, and write it anew by
`pytest tests/api/test_rights.py --update-rights`.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from bot.models import Conversation
from inspector_whatsapp import incidents
from inspector_whatsapp.models import Incident, OutboxMessage, User
from inspector_whatsapp.models.listings import BookingRule
from notifications import messages
from tests.api.inspector import person_token, service_token, with_token
from tests.api.routes import PREFIX, Route, routes
from tests.factories import (
    AgentFactory,
    LinkFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    UserFactory,
    at,
    now,
)

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

GOLDEN = Path(__file__).with_name("rights.txt")
SCOPES = ("sync", "events", "notify", "read")
HEAD = f"""\
What each role is answered, at every address by every method. Written by
`pytest tests/api/test_rights.py --update-rights`; a difference is to be understood before it is accepted.

owner      the person whose things they are            stranger   somebody else
clerk      has staff rights, but not the permission    off duty   an admin whose token lacks the scope
chief      a superuser with the scope `admin`          {"  ".join(SCOPES)}  services with that scope

"""


class World:
    """One of everything, and who calls."""

    def __init__(self) -> None:
        self.bola = AgentFactory(platform_id="bola", email="bola@inspector.example")
        home = PropertyFactory(agent=self.bola, booking_rule=BookingRule.ASK, platform_id="home")
        visit = RequestFactory(slot__property=home)
        self.slot = SlotFactory(property=home, starts_at=at(15))
        link = LinkFactory(account=self.bola)
        notification = messages.tell(account=self.bola, text="Hello.", name="hello")
        message = OutboxMessage.objects.get(key=f"{notification}:whatsapp")
        chat = Conversation.objects.create(contact=link.contact, account=self.bola)
        incidents.report("trouble", key="1", sentence="Something is wrong.")
        # What stands for the <names>, by the address up to them.
        self.named = {
            "properties/<ref>": home.ref,
            "inspections/<ref>": visit.ref,
            "notifications/<id>": notification,
            "admin/links/<pk>": link.pk,
            "admin/messages/<pk>": message.pk,
            "admin/incidents/<pk>": Incident.objects.get().pk,
            "admin/conversations/<pk>": chat.pk,
        }
        self.bodies: dict[tuple[str, str], dict[str, Any]] = {
            ("POST", "inspections"): {"slot": self.slot.pk},
            ("PATCH", "inspections/<ref>"): {"answer": "confirm"},
            ("PATCH", "properties/<ref>"): {"status": "unavailable"},
            ("POST", "notifications"): {
                "kind": "inspector_message",
                "user": "bola",
                "parameters": {"text": "Hello again."},
            },
            ("POST", "events"): {
                "id": "evt-1",
                "type": "price.changed",
                "at": now().isoformat(),
                "data": {"property": "home", "price": "1"},
            },
        }
        self.roles = self._roles()

    def _roles(self) -> dict[str, Any]:
        chief = UserFactory(is_staff=True, is_superuser=True)
        people: dict[str, tuple[User, str]] = {
            "owner": (self.bola, ""),
            "stranger": (SeekerFactory(), ""),
            "clerk": (UserFactory(is_staff=True), "admin"),
            "off duty": (chief, ""),
            "chief": (chief, "admin"),
        }
        tokens = {role: person_token(account, scope=scope) for role, (account, scope) in people.items()}
        tokens |= {scope: service_token(scope) for scope in SCOPES}
        nobody = with_token("")
        nobody.credentials()
        return {"nobody": nobody} | {role: with_token(token) for role, token in tokens.items()}

    def status(self, role: str, method: str, route: Route) -> int:
        address, query = self._address(route), ""
        if role in SCOPES and route.address in ("preferences", "notifications") and method != "POST":
            query = "?user=bola"
        body = self.bodies.get((method, route.address), {})
        if (method, route.address) == ("PUT", "preferences"):
            shown = self.roles["owner"].get(PREFIX + "preferences").json()
            body = {name: shown[name] for name in ("topics", "quiet_hours")}
        headers = {"Idempotency-Key": "one", "If-Match": "*"}
        with undone():
            answer = self.roles[role].generic(
                method, address + query, json.dumps(body), "application/json", headers=headers
            )
            return int(answer.status_code)

    def _address(self, route: Route) -> str:
        address = route.address
        for start, value in self.named.items():
            if address == start or address.startswith(f"{start}/"):
                address = address.replace(start, f"{start.partition('<')[0]}{value}", 1)
        return PREFIX + re.sub(r"<\w+>", "1", address)


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lines(world: World) -> Iterator[str]:
    yield _line("", list(world.roles))
    for route in routes():
        for method in route.methods:
            found = [str(world.status(role, method, route)) for role in world.roles]
            yield _line(f"{method:6} {route.address}", found)


def _line(name: str, cells: list[str]) -> str:
    return f"{name:42}" + "".join(f"{cell:>9}" for cell in cells).rstrip()


def test_every_role_is_answered_as_was_reviewed(settings: Settings, pytestconfig: pytest.Config) -> None:
    settings.API_USER_RATE = settings.API_CLIENT_RATE = "100000/minute"
    found = HEAD + "\n".join(lines(World())) + "\n"
    if pytestconfig.getoption("--update-rights"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text(), "see the head of tests/api/test_rights.py"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda status: status >= 500,
        lambda status: status in (400, 405, 415, 428),  # then it was not the right that was tried
    ],
)
def test_what_was_reviewed_shows_rights(wrong: Callable[[int], bool]) -> None:
    for line in GOLDEN.read_text().removeprefix(HEAD).splitlines()[1:]:
        statuses = [int(cell) for cell in line[42:].split()]
        assert not [status for status in statuses if wrong(status)], line
        assert statuses[0] == 401, line


def test_every_door_says_who_may_use_each_method() -> None:
    for route in routes():
        for method in route.methods:
            assert route.door.rights.get(method), f"{method} {route.address} is open to everybody"

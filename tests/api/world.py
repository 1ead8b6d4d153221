"""One of everything that the API shows, and whoever calls it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from bot.models import Conversation
from inspector_whatsapp import incidents
from inspector_whatsapp.models import Incident, OutboxMessage, User
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from linking import intents
from notifications import messages
from tests.api.inspector import person_token, service_token, with_token
from tests.api.routes import PREFIX, Route
from tests.factories import (
    AgentFactory,
    ContactFactory,
    EnquiryFactory,
    LinkFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    UserFactory,
    WaitFactory,
    at,
    now,
)

SESSION = "website"
SCOPES = ("sync", "events", "notify", "read")


class World:
    """One of everything, by the names that the examples of the schema have; and who calls."""

    def __init__(self) -> None:
        self.bola = AgentFactory(platform_id="user-2041", email="bola@inspector.example")
        home = PropertyFactory(
            agent=self.bola, booking_rule=BookingRule.ASK, platform_id="home", ref="PR-1042"
        )
        PropertyFactory(ref="PR-1043", status=PropertyStatus.PENDING, published_at=None)
        visit = RequestFactory(slot__property=home, ref="IN-3107")
        self.slot = SlotFactory(pk=7001, property=home, starts_at=at(15))
        full = SlotFactory(pk=7002, property=home, starts_at=at(17), taken=1)
        EnquiryFactory(property=home)
        wait = WaitFactory(seeker=self.bola, slot=full, state="offered", offered=full, offered_at=now())
        link = LinkFactory(account=self.bola)
        notification = messages.tell(account=self.bola, text="Hello.", name="hello")
        message = OutboxMessage.objects.get(key=f"{notification}:whatsapp")
        chat = Conversation.objects.create(contact=link.contact, account=self.bola)
        incidents.report("trouble", key="1", sentence="Something is wrong.")
        intent = intents.begin(account=self.bola, session=SESSION, now=now())
        intents.claim(contact=ContactFactory(), token=intents.token(intent), now=now())
        # What stands for the <names>, by the address up to them.
        self.named = {
            "properties/<ref>": home.ref,
            "inspections/<ref>": visit.ref,
            "waiting/<pk>": str(wait.pk),
            "links/<id>": link.pk,
            "links/intents/<id>": str(intent.public_id),
            "sync/<kind>": "users",
            "notifications/<id>": notification,
            "admin/links/<pk>": link.pk,
            "admin/messages/<pk>": message.pk,
            "admin/incidents/<pk>": Incident.objects.get().pk,
            "admin/conversations/<pk>": chat.pk,
        }
        self.bodies: dict[tuple[str, str], dict[str, Any]] = {
            ("POST", "inspections"): {"slot": self.slot.pk},
            ("PATCH", "inspections/<ref>"): {"answer": "confirm"},
            ("PUT", "inspections/<ref>/delay"): {"minutes": 20},
            ("POST", "inspections/<ref>/safety"): {"step": "unsafe"},
            ("POST", "waiting"): {"slot": full.pk},
            ("PATCH", "waiting/<pk>"): {"answer": "take"},
            ("PATCH", "properties/<ref>"): {"status": "unavailable"},
            ("PATCH", "properties/<ref>/still-there"): {"answer": "there"},
            ("POST", "notifications"): {
                "kind": "inspector_message",
                "user": "user-2041",
                "parameters": {"text": "Hello again."},
            },
            ("PUT", "sync/<kind>"): {"items": []},
            ("POST", "events"): {
                "id": "evt-1",
                "type": "price.changed",
                "at": now().isoformat(),
                "data": {"property": "home", "price": "1"},
            },
        }
        self.tokens = self._tokens()
        nobody = with_token("")
        nobody.credentials()
        self.roles = {"nobody": nobody} | {role: with_token(token) for role, token in self.tokens.items()}

    def _tokens(self) -> dict[str, str]:
        chief = UserFactory(is_staff=True, is_superuser=True)
        people: dict[str, tuple[User, str]] = {
            "owner": (self.bola, ""),
            "stranger": (SeekerFactory(), ""),
            "clerk": (UserFactory(is_staff=True), "admin"),
            "off duty": (chief, ""),
            "chief": (chief, "admin"),
        }
        tokens = {
            role: person_token(account, scope=scope, sid=SESSION) for role, (account, scope) in people.items()
        }
        return tokens | {scope: service_token(scope) for scope in SCOPES}

    def status(self, role: str, method: str, route: Route) -> int:
        address, query = self._address(route), ""
        if role in SCOPES and route.address in ("preferences", "notifications") and method != "POST":
            query = "?user=user-2041"
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
        try:
            yield
        finally:
            transaction.set_rollback(True)

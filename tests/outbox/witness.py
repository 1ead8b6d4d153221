"""The simulator as a process of its own: what it was sent, and what it says became of it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import requests
from django.conf import settings as configured
from django.db import connection
from django.test import Client

from bot import inbox, webhook
from inspector_whatsapp.models import Contact
from tests.listening import Listening
from tests.ports import free_port

Json = dict[str, Any]
PATIENCE = 30.0  # seconds; only a test that fails waits so long
MANAGE = Path(configured.BASE_DIR) / "manage.py"


def until(true: Callable[[], Any]) -> Any:
    """Wait for something to become true and give it back."""
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
    return found


@dataclass
class Door:
    """Where webhooks arrive: they wait at the door until a test lets them in."""

    port: int
    posts: list[tuple[bytes, str]] = field(default_factory=list)
    at_once: bool = False  # let each in, and work it off, before the simulator gets its 200

    def let_in(self, raw: bytes, signed: str) -> None:
        assert webhook.receive(raw, signed) == 200


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    door: Door

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        signed = self.headers["X-Hub-Signature-256"]
        if self.door.at_once:
            try:
                self.door.let_in(raw, signed)
                inbox.drain()
            finally:
                connection.close()
        else:
            self.door.posts.append((raw, signed))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        """Meta's handshake."""
        answer = Client().get(self.path)
        connection.close()
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def open_door() -> Iterator[Door]:
    """Our webhook's address, for as long as the block lasts."""
    door = Door(free_port())
    server = Listening(("127.0.0.1", door.port), type("Handler", (_Handler,), {"door": door}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield door
    server.shutdown()
    server.server_close()


@dataclass
class Meta:
    """Meta's side and the mailbox, by their interfaces only."""

    url: str
    smtp_port: int
    door: Door

    def control(self, wish: str, body: Any = None) -> Json:
        response = requests.post(f"{self.url}/control/{wish}", json=body or {}, timeout=30)
        assert response.ok, response.text
        answer: Json = response.json()
        return answer

    def tell(self, what: str) -> Json:
        answer: Json = requests.get(f"{self.url}/control/{what}", timeout=30).json()
        return answer

    def fault(self, action: str, **rule: Any) -> None:
        """Something goes wrong, once unless told otherwise, with what is posted to /messages."""
        where = {} if rule.get("on", "api") != "api" else {"path": "/messages"}
        self.control("faults", {"action": action, **where, **rule})

    def faults_end(self) -> None:
        assert requests.delete(f"{self.url}/control/faults", timeout=30).ok

    def fault_has_struck(self) -> bool:
        return not self.tell("faults")["rules"]

    def hears(self, *contacts: Contact) -> None:
        """These people write to us, which opens their windows at Meta; we are not told."""
        with ThreadPoolExecutor(8) as pool:
            for contact in contacts:
                pool.submit(self.control, "say", {"person": contact.phone, "text": "Hello"})
        self.settle()
        self.door.posts.clear()

    def settle(self) -> None:
        until(lambda: self.tell("idle")["idle"])

    def statuses_come_in(self) -> None:
        """Everything the simulator has to say arrives and is worked off."""
        self.settle()
        while self.door.posts:
            self.door.let_in(*self.door.posts.pop(0))
        inbox.drain()

    def requests(self, path: str = "/messages") -> list[Json]:
        """What was posted there, in order; each with its `callback`, `status` and `wamid`."""
        entries = self.tell("ledger")["entries"]
        return [entry for entry in entries if entry["kind"] == "request" and entry["path"].endswith(path)]

    def sent(self, to: Contact | None = None) -> list[Json]:
        """The messages that were accepted, in order; of one person when `to` is given."""
        bodies = [entry["body"] for entry in self.requests() if entry.get("wamid")]
        return [body for body in bodies if to is None or body["to"] == to.phone]

    def texts(self, to: Contact) -> list[str]:
        return [body["text"]["body"] for body in self.sent(to)]

    def mails(self) -> list[Json]:
        """The mails that were taken, oldest first."""
        return [entry for entry in self.tell("ledger")["entries"] if entry["kind"] == "mail"]


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own, over the same database and simulator: `manage.py drain`."""
    process = subprocess.Popen([sys.executable, str(MANAGE), "drain"], env=environment())
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def environment() -> dict[str, str]:
    """The settings of this test for a process of its own."""
    database = connection.settings_dict
    whom = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    return os.environ | {
        "DATABASE_URL": f"postgres://{whom}/{database['NAME']}",
        "WHATSAPP_API_URL": configured.WHATSAPP_API_URL,
        "EMAIL_URL": f"smtp://{configured.EMAIL_HOST}:{configured.EMAIL_PORT}",
    }

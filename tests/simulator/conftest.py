"""The simulator as a process of its own, and a small HTTP server that plays our webhook."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.listening import Listening
from tests.ports import free_port

SECRET, TOKEN, VERIFY = "the-app-secret", "the-token", "the-verify-token"
NUMBER, ACCOUNT, PHONE = "106540352242922", "102290129340398", "+2347000000000"
ADA = "+2348030000001"
PATIENCE = 20.0
Json = dict[str, Any]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("tests.simulator.website")


def until(true: Callable[[], Any]) -> Any:
    """Wait for something to become true and give it back."""
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
    return found


@dataclass
class Receiver:
    """Our webhook: keeps what came, answers what it is told (200 by default)."""

    port: int
    posts: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    clock: Json | None = None
    wishes: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def values(self) -> list[Json]:
        """Every `value` that came, in order."""
        bodies = [json.loads(raw) for raw, _ in list(self.posts)]
        return [change["value"] for body in bodies for entry in body["entry"] for change in entry["changes"]]

    @property
    def messages(self) -> list[Json]:
        return [message for value in self.values for message in value.get("messages", [])]

    def statuses_of(self, wamid: str) -> list[Json]:
        found = [status for value in self.values for status in value.get("statuses", [])]
        return [status for status in found if status["id"] == wamid]


@dataclass
class Simulator:
    """The process under test, by its HTTP interface only."""

    url: str
    smtp_port: int
    ledger_file: Path
    session: requests.Session

    def control(self, wish: str, body: Any = None) -> Json:
        response = requests.post(f"{self.url}/control/{wish}", json=body or {}, timeout=30)
        assert response.ok, response.text
        answer: Json = response.json()
        return answer

    def tell(self, what: str, **query: str) -> Json:
        answer: Json = requests.get(f"{self.url}/control/{what}", params=query, timeout=30).json()
        return answer

    def say(self, person: str = ADA, **what: Any) -> Json:
        answer: Json = self.control("say", {"person": person, **what})["message"]
        return answer

    def chat(self, person: str = ADA) -> list[Json]:
        messages: list[Json] = self.tell("chat", person=person)["messages"]
        return messages

    def api(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}/v25.0/{path}", timeout=30, **options)

    def send(self, **message: Any) -> requests.Response:
        body = {"messaging_product": "whatsapp", "to": ADA, "type": "text", **message}
        return self.api("POST", f"{NUMBER}/messages", json=body)

    def text(self, body: str = "Hello", **more: Any) -> requests.Response:
        return self.send(text={"body": body}, **more)

    def wamid(self, response: requests.Response) -> str:
        assert response.status_code == 200, response.text
        wamid: str = response.json()["messages"][0]["id"]
        return wamid

    def settle(self) -> None:
        until(lambda: self.tell("idle")["idle"])

    def ledger(self, kind: str) -> list[Json]:
        return [entry for entry in self.tell("ledger")["entries"] if entry["kind"] == kind]


class Door(BaseHTTPRequestHandler):
    """The receiver's HTTP side."""

    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/simulator/clock":
            self.receiver.wishes.append((raw, self.headers["X-Hub-Signature-256"]))
            self._answer(200, json.dumps(self.receiver.clock).encode())
            return
        self.receiver.posts.append((raw, dict(self.headers.items())))
        self._answer(self.receiver.statuses.pop(0) if self.receiver.statuses else 200, b"")

    def do_GET(self) -> None:
        if self.path == "/simulator/clock":
            known = self.receiver.clock is not None
            self._answer(200 if known else 404, json.dumps(self.receiver.clock).encode())
            return
        if self.path.startswith("/photo.jpg"):
            self._answer(200, b"\xff\xd8\xff\xe0 a photo", "image/jpeg")
            return
        query = dict(pair.split("=") for pair in self.path.partition("?")[2].split("&") if pair)
        right = query.get("hub.verify_token") == VERIFY
        self._answer(200 if right else 403, query.get("hub.challenge", "").encode())

    def _answer(self, status: int, body: bytes, mime: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="session")
def webhook_server() -> Iterator[Receiver]:
    receiver = Receiver(port=free_port())
    handler = type("TheDoor", (Door,), {"receiver": receiver})
    server = Listening(("127.0.0.1", receiver.port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def process(webhook_server: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    port, smtp_port = free_port(), free_port()
    ledger = tmp_path_factory.mktemp("simulator") / "ledger.jsonl"
    options = {
        "--port": port,
        "--smtp-port": smtp_port,
        "--webhook": f"http://127.0.0.1:{webhook_server.port}/webhooks/whatsapp",
        "--web": f"http://127.0.0.1:{webhook_server.port}",
        "--app-secret": SECRET,
        "--access-token": TOKEN,
        "--phone-number-id": NUMBER,
        "--phone-number": PHONE,
        "--business-account-id": ACCOUNT,
        "--verify-token": VERIFY,
        "--ledger": ledger,
    }
    words = [str(word) for option in options.items() for word in option]
    command = [sys.executable, "-m", "inspector_whatsapp.simulator", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {TOKEN}"
            yield Simulator(
                url=f"http://127.0.0.1:{port}", smtp_port=smtp_port, ledger_file=ledger, session=session
            )
        running.terminate()
        assert running.wait(20) == 0


@pytest.fixture
def webhook(webhook_server: Receiver) -> Receiver:
    webhook_server.clock = None
    return webhook_server


@pytest.fixture
def simulator(process: Simulator, webhook: Receiver) -> Simulator:
    webhook.statuses.clear()
    process.control("reset", {"templates": True})
    process.control("clock", {"offset_seconds": 0})
    process.settle()
    webhook.posts.clear()
    webhook.wishes.clear()
    return process

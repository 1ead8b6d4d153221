"""The stand-in for Inspector as a process of its own, and a small HTTP server that plays our API."""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
import pytest
import requests
from standardwebhooks.webhooks import Webhook

from tests.listening import Listening
from tests.ports import free_port

Json = dict[str, Any]
ISSUER, AUDIENCE = "https://inspector.example", "inspector-whatsapp"
SECRET = "whsec_" + base64.b64encode(b"a secret of both sides").decode()
TOKEN = "the-backend's-token"
HOME = {
    "id": "demo-PR-1042",
    "ref": "PR-1042",
    "agent": "user-bola",
    "title": "Flat in Lekki",
    "kind": "apartment",
    "listing_type": "rent",
    "bedrooms": 3,
    "bathrooms": 2,
    "price": "10000000",
    "period": "year",
    "area": "Lekki Phase 1",
    "city": "Lagos",
    "state": "Lagos",
    "address": "",
    "description": "Quiet.",
    "status": "live",
    "booking_rule": "automatic",
    "photos": [],
}
MARKET = {
    "people": [
        {"id": f"user-{name.lower()}", "email": "", "name": f"{name} X", "role": role, "phone": phone}
        for name, role, phone in (
            ("Ada", "seeker", "+2348030000001"),
            ("Bola", "agent", "+2348030000002"),
            ("Chidi", "inspector", "+2348030000003"),
        )
    ],
    "properties": [HOME, {**HOME, "id": "demo-PR-1043", "ref": "PR-1043", "agent": "user-femi"}],
}


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def token(self) -> str:
        return self.headers["Authorization"].removeprefix("Bearer ")


@dataclass
class Api:
    """Our API, as far as a test says what it answers; by method and path without the query."""

    port: int
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def on(self, method: str, path: str, body: Any, *, status: int = 200) -> None:
        self.answers[method, f"/api/v1/{path}"] = (status, body)

    def asked(self, method: str, path: str) -> list[Request]:
        wanted = (method, f"/api/v1/{path}")
        return [one for one in self.requests if (one.method, one.path.partition("?")[0]) == wanted]


class Door(BaseHTTPRequestHandler):
    """The API's HTTP side."""

    api: Api

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        if path.startswith("/api/"):
            body = json.loads(raw) if raw else None
            self.api.requests.append(Request(self.command, self.path, dict(self.headers.items()), body))
        status, body = self.api.answers.get((self.command, path), (404, {"detail": "Not found."}))
        self.send_response(status)
        for name, value in self.api.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode() if status not in (204, 304) else b"")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@dataclass
class Site:
    """The stand-in, by its HTTP interface."""

    url: str

    @property
    def inspector(self) -> str:
        return f"{self.url}/inspector"

    def control(self, wish: str, body: Any) -> None:
        assert requests.post(f"{self.url}/control/{wish}", json=body, timeout=30).ok

    def log_in(self, person: str) -> "Browser":
        browser = Browser(self)
        assert browser.wish("login", person=f"user-{person}") == "/inspector/"
        return browser

    def webhook(self, said: Json, *, id: str = "change-1", secret: str = SECRET) -> requests.Response:
        raw = json.dumps(said)
        now = datetime.now(UTC)
        signed = {
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, now, raw),
        }
        return requests.post(f"{self.inspector}/webhooks", data=raw, headers=signed, timeout=30)

    def command(
        self, method: str, path: str, *, key: str, body: Any = None, token: str = TOKEN
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return requests.request(method, f"{self.inspector}/api{path}", json=body, headers=headers, timeout=5)


class Browser:
    """Somebody's, with their cookie."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.session = requests.Session()

    def opens(self, path: str = "/") -> str:
        response = self.session.get(self.site.inspector + path, timeout=30)
        return response.text

    def wish(self, name: str, **said: Any) -> str:
        """The page to go to; else what is wrong."""
        answer = self.session.post(f"{self.site.inspector}/do/{name}", json=said, timeout=30).json()
        return str(answer.get("go") or answer["error"])

    def live(self, parts: str = "") -> Json:
        found: Json = self.session.get(f"{self.site.inspector}/live?parts={parts}", timeout=30).json()
        return found


@pytest.fixture(scope="session")
def api_server() -> Iterator[Api]:
    api = Api(port=free_port())
    server = Listening(("127.0.0.1", api.port), type("TheDoor", (Door,), {"api": api}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield api
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def website_process(api_server: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port, market = free_port(), tmp_path_factory.mktemp("website") / "market.json"
    market.write_text(json.dumps(MARKET))
    web = f"http://127.0.0.1:{api_server.port}"
    options = {
        "--port": port,
        "--smtp-port": free_port(),
        "--webhook": f"{web}/webhooks/whatsapp",
        "--web": web,
        "--app-secret": "a",
        "--access-token": "b",
        "--verify-token": "c",
        "--phone-number-id": "1",
        "--phone-number": "+2347000000000",
        "--business-account-id": "2",
        "--market": market,
        "--issuer": ISSUER,
        "--audience": AUDIENCE,
        "--webhook-secret": SECRET,
        "--api-token": TOKEN,
    }
    words = [str(word) for option in options.items() for word in option]
    command = [sys.executable, "-m", "inspector_whatsapp.simulator", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
        yield Site(f"http://127.0.0.1:{port}")
        running.terminate()
        assert running.wait(20) == 0


@pytest.fixture
def api(api_server: Api) -> Api:
    api_server.answers.clear()
    api_server.headers.clear()
    api_server.requests.clear()
    return api_server


@pytest.fixture
def site(website_process: Site, api: Api) -> Site:
    website_process.control("reset", {})
    return website_process


def claims(site: Site, token: str) -> Json:
    """What a token says, checked with the keys of the stand-in's JWKS."""
    keys = requests.get(f"{site.inspector}/.well-known/jwks.json", timeout=30).json()["keys"]
    key = jwt.PyJWK.from_dict(
        next(one for one in keys if one["kid"] == jwt.get_unverified_header(token)["kid"])
    )
    assert "d" not in keys[0]
    found: Json = jwt.decode(token, key, algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER)
    return found

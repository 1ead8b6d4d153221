"""A stand-in for Inspector's backend: real HTTP, answers as a test says, remembers by Idempotency-Key."""

import base64
import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import Listening

Json = dict[str, Any]
SECRET = "whsec_" + base64.b64encode(b"the secret of the tests, 32 bytes").decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"the secret that was before, 32 by").decode()


@dataclass(frozen=True)
class Fault:
    """What the next request meets. status: an answer of its own, with nothing done. close: the line is cut,
    before anything is done or `after` it. hang: no answer until the backend is released."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    close: bool = False
    after: bool = False
    hang: bool = False


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Json:
        found: Json = json.loads(self.raw)
        return found

    @property
    def key(self) -> str:
        return self.headers.get("idempotency-key", "")


class Backend:
    """objects: what was made or changed, by Idempotency-Key: once each, however often it is asked.

    always: what every request meets, by the end of its path; `*` for all.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.objects: dict[str, Json] = {}
        self.faults: list[Fault] = []
        self.always: dict[str, Fault] = {}
        self.says: dict[str, Json] = defaultdict(dict)
        self.released = threading.Event()
        self._server: _Server | None = None
        self.port = 0
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Listen, on the same port as before."""
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.backend = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Listen no more: nobody gets a connection."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def reset(self) -> None:
        if self._server is None:
            self.up()
        self.requests.clear()
        self.objects.clear()
        self.faults.clear()
        self.always.clear()
        self.says.clear()
        self.released.clear()

    def meets(self, *faults: Fault) -> None:
        """The next requests meet these, one each."""
        self.faults += faults

    def to(self, method: str, ending: str = "") -> list[Request]:
        return [one for one in self.requests if one.method == method and one.path.endswith(ending)]

    def take(self, request: Request) -> Fault:
        """What a request meets; a request that is done is done once."""
        self.requests.append(request)
        always = self.always.get(request.path.split("/")[-1], self.always.get("*", Fault()))
        fault = self.faults.pop(0) if self.faults else always
        if not fault.status and not (fault.close and not fault.after) and not fault.hang:
            self.objects.setdefault(request.key, {"path": request.path, "raw": request.raw})
        return fault


class _Server(Listening):
    allow_reuse_address = True
    backend: Backend


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"  # a connection each, so that none outlives an outage

    def do(self) -> None:
        assert isinstance(self.server, _Server)
        backend = self.server.backend
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, raw)
        fault = backend.take(request)
        if fault.hang:
            backend.released.wait(30)
            return
        if fault.close:
            return
        body = json.dumps(fault.body if fault.status else backend.says[self.command]).encode()
        self.send_response(fault.status or 200)
        for name, value in fault.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PATCH = do_PUT = do_DELETE = do

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the screen."""

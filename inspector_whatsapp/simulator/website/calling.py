"""The stand-in's calls to the API, each kept so that people can see it."""

import http.client
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from inspector_whatsapp.simulator.clock import Clock
from inspector_whatsapp.simulator.config import Config, Json
from inspector_whatsapp.simulator.ledger import Ledger

KEPT: Final = 60
LATELY: Final = 4  # calls, among which the same one is found again
TIMEOUT_SECONDS: Final = 10.0
SHOWN: Final = 60  # characters of a text: a QR code or a photo has thousands


@dataclass(kw_only=True, eq=False)
class Call:
    """One call, or the same one several times."""

    number: int
    at: datetime
    who: str
    method: str
    path: str
    status: int
    """0: nobody answered."""
    milliseconds: int
    asked: Any
    answered: Any
    times: int = 1

    def is_like(self, other: "Call") -> bool:
        mine = (self.who, self.method, self.path, self.status)
        return mine == (other.who, other.method, other.path, other.status)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the API answered; status 0 when nobody did."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def says(self) -> str:
        """Why not, in words."""
        if not self.status:
            return "Inspector WhatsApp cannot be reached."
        known = self.body if isinstance(self.body, dict) else {}
        wrong = [str(one.get("detail", "")) for one in known.get("errors") or [] if isinstance(one, dict)]
        return " ".join([str(known.get("detail") or f"Inspector WhatsApp answered {self.status}."), *wrong])

    @property
    def results(self) -> list[Json]:
        """The rows of a list."""
        found = self.body.get("results") if self.ok and isinstance(self.body, dict) else None
        return [one for one in found or [] if isinstance(one, dict)]


class Calls:
    """Who calls, and what was called last."""

    def __init__(self, config: Config, *, clock: Clock, ledger: Ledger) -> None:
        self._place = urlsplit(config.web)
        self._clock = clock
        self._ledger = ledger
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._recent: deque[Call] = deque(maxlen=KEPT)

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str,
        who: str,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call `/api/v1/<path>` and wait for the answer."""
        full = f"{self._place.path.rstrip('/')}/api/v1/{path}"
        raw = json.dumps(body).encode() if body is not None else None
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        sent |= {"Content-Type": "application/json"} if raw is not None else {}
        started = time.monotonic()
        answer = self._answer(method, full, raw, sent)
        self._keep(
            Call(
                number=next(self._numbers),
                at=self._clock.now(),
                who=who,
                method=method,
                path=full,
                status=answer.status,
                milliseconds=round(1000 * (time.monotonic() - started)),
                asked=shortened(body),
                answered=shortened(answer.body),
            )
        )
        self._ledger.write("website", who=who, method=method, path=full, status=answer.status)
        return answer

    def _answer(self, method: str, path: str, raw: bytes | None, headers: Mapping[str, str]) -> Answer:
        kind = http.client.HTTPSConnection if self._place.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._place.hostname or "", self._place.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=raw, headers=dict(headers))
            response = connection.getresponse()
            data = response.read()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(status=response.status, body=_json(data), headers=found)
        except (OSError, http.client.HTTPException):
            return Answer(status=0)
        finally:
            connection.close()

    def _keep(self, call: Call) -> None:
        """Add it; a page that looks again and again is one line, and the newest."""
        with self._lock:
            lately = list(self._recent)[-LATELY:] if call.method == "GET" else []
            last = next((one for one in lately if one.is_like(call)), None)
            if last is not None:
                self._recent.remove(last)
                call.times, call.number = last.times + 1, last.number
            self._recent.append(call)

    def recent(self) -> list[Call]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._recent))

    def clear(self) -> None:
        with self._lock:
            self._recent.clear()


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def shortened(found: Any) -> Any:
    """The same with its long texts cut."""
    match found:
        case dict():
            return {key: shortened(value) for key, value in found.items()}
        case list():
            return [shortened(value) for value in found[:20]]
        case str() if len(found) > SHOWN + 3:
            return f"{found[:SHOWN]}…"
    return found

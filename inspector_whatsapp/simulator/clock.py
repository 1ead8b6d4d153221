"""The simulated time: the real clock plus an offset that the web process keeps.

The web process owns the truth (`/simulator/clock`, signed like a webhook). While it cannot be reached the
simulator goes on with the last offset, or with one it was told.
"""

import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from inspector_whatsapp.simulator.config import Json

POLL_SECONDS = 2.0
TIMEOUT_SECONDS = 5.0


def signature(secret: str, raw: bytes) -> str:
    """The value of X-Hub-Signature-256 for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


class Clock:
    """Tells the simulated time, follows the web process, and asks it to move on."""

    def __init__(self, *, web: str, secret: str, changed: Callable[[], None]) -> None:
        self._web = web.rstrip("/")
        self._secret = secret
        self._changed = changed
        self._lock = threading.Lock()
        self.offset = timedelta()
        self.next_reminder: str | None = None
        self.reachable = False

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def stamp(self) -> str:
        """Unix seconds as a string, as Meta writes them."""
        return str(int(self.now().timestamp()))

    def state(self) -> Json:
        return {
            "now": self.now().isoformat(),
            "offset_seconds": int(self.offset.total_seconds()),
            "next_reminder": self.next_reminder,
            "web": self._web or None,
            "web_reachable": self.reachable,
        }

    def set(self, offset_seconds: float) -> None:
        """Move this process alone; the web process's next answer wins again."""
        self._take(offset=timedelta(seconds=offset_seconds), reminder=self.next_reminder, seen=self.reachable)

    def advance(self, wish: Json) -> bool:
        """Ask the web process for `{"advance_seconds": n}` or `{"to": "next_reminder"}`.

        Without a web process to ask, seconds are added here; False when that cannot be done.
        """
        raw = json.dumps(wish).encode()
        if self._web and self._ask("POST", raw):
            return True
        if "advance_seconds" not in wish:
            return False
        self.set(self.offset.total_seconds() + float(wish["advance_seconds"]))
        return True

    def follow(self, stop: threading.Event) -> None:
        """Poll the web process until `stop`; runs in a thread of its own."""
        while self._web and not stop.is_set():
            self._ask("GET", b"")
            stop.wait(POLL_SECONDS)

    def _ask(self, method: str, raw: bytes) -> bool:
        place = urlsplit(self._web)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=TIMEOUT_SECONDS)
        headers = {"X-Hub-Signature-256": signature(self._secret, raw), "Content-Type": "application/json"}
        try:
            connection.request(method, place.path + "/simulator/clock", body=raw or None, headers=headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
            offset = timedelta(seconds=float(answer["offset_seconds"]))
            ok = response.status == 200
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            ok = False
        finally:
            connection.close()
        if ok:
            self._take(offset=offset, reminder=answer.get("next_reminder"), seen=True)
        else:
            self._take(offset=self.offset, reminder=None, seen=False)
        return ok

    def _take(self, *, offset: timedelta, reminder: str | None, seen: bool) -> None:
        with self._lock:
            before = (self.offset, self.next_reminder, self.reachable)
            self.offset, self.next_reminder, self.reachable = offset, reminder, seen
            changed = before != (offset, reminder, seen)
        if changed:
            self._changed()

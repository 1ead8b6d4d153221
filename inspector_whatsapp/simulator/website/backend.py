"""Inspector's backend: takes the signed webhooks, and decides on bookings where it is asked to."""

import hmac
import itertools
import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from typing import Any, Final
from urllib.parse import unquote

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from inspector_whatsapp.simulator.clock import Clock
from inspector_whatsapp.simulator.config import Config, Json
from inspector_whatsapp.simulator.graph import Reply
from inspector_whatsapp.simulator.website.calling import shortened
from inspector_whatsapp.simulator.website.market import Market

KEPT: Final = 100
COMMANDS: Final = "/inspector/api/"
WEBHOOKS: Final = "/inspector/webhooks"


@dataclass(kw_only=True)
class Heard:
    """One webhook or command. `times`: how often it came, which may be more than once."""

    number: int
    id: str
    at: datetime
    kind: str
    about: str
    became: str
    good: bool
    said: Any
    answered: Any = None
    times: int = 1


class Backend:
    """What came in, each thing once; and our answers, which are the same for the same key."""

    def __init__(self, config: Config, market: Market, *, clock: Clock) -> None:
        self._config = config
        self._market = market
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._heard: deque[Heard] = deque(maxlen=KEPT)
        self._answers: dict[str, tuple[Any, Reply]] = {}
        self.told = 0
        """Grows with everything that comes: pages look whether it has."""

    @property
    def decides(self) -> bool:
        return bool(self._config.api_token)

    def heard(self) -> list[Heard]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._heard))

    def clear(self) -> None:
        with self._lock:
            self._heard.clear()
            self._answers.clear()

    def answer(
        self, *, method: str, path: str, headers: Mapping[str, str], raw: bytes, instead: Reply | None = None
    ) -> Reply:
        """What Inspector's backend answers to a webhook or a command; `instead`, where it is to fail."""
        given = {name.lower(): value for name, value in headers.items()}
        if instead is not None:
            return self._fail(method, path, given, raw, instead)
        if path == WEBHOOKS and method == "POST":
            return self._webhook(given, raw)
        if path.startswith(COMMANDS) and method in ("POST", "PUT", "PATCH", "DELETE"):
            return self._command(method, path.removeprefix(COMMANDS.rstrip("/")), given, raw)
        return Reply(status=404, body={"detail": "There is nothing here."})

    def _webhook(self, headers: Mapping[str, str], raw: bytes) -> Reply:
        try:
            Webhook(self._config.webhook_secret).verify(raw, dict(headers))
            said = json.loads(raw)
        except (WebhookVerificationError, ValueError, RuntimeError):
            return Reply(status=401, body={"detail": "The signature does not fit."})
        data = said.get("data") or {}
        self._hear(
            headers["webhook-id"],
            kind=str(said.get("type")),
            about=str(data.get("subject", "")),
            became="verified",
            good=True,
            said=said,
        )
        self.learn(data)
        return Reply(status=204, body=b"")

    def _fail(self, method: str, path: str, headers: Mapping[str, str], raw: bytes, reply: Reply) -> Reply:
        said, place = _json(raw), path.removeprefix(COMMANDS.rstrip("/"))
        event = said if isinstance(said, dict) and path == WEBHOOKS else None
        key = f"{method} {place} {headers.get('idempotency-key', '')}"
        self._hear(
            key if event is None else headers.get("webhook-id", ""),
            kind=method if event is None else str(event.get("type")),
            about=place if event is None else str((event.get("data") or {}).get("subject", "")),
            became=str(reply.status),
            good=False,
            said=said,
            answered=reply.body if isinstance(reply.body, dict) else None,
        )
        return reply

    def learn(self, data: Json) -> None:
        """What an event tells of a property is how it is here now."""
        if isinstance(data.get("property"), dict):
            self._market.take(data["property"])

    def _command(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Reply:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if not self.decides or not hmac.compare_digest(token.encode(), self._config.api_token.encode()):
            return Reply(status=401, body={"detail": "Who are you?"})
        key, mime = headers.get("idempotency-key", ""), headers.get("content-type", "")
        said = _json(raw) if mime.startswith("application/json") else {"bytes": len(raw)}
        with self._lock:
            known = self._answers.get(key)
        if known is None:
            reply = self._decide(method, path, said if isinstance(said, dict) else {}, _photo(mime, raw))
            with self._lock:
                known = self._answers.setdefault(key, (said, reply))
        reply = known[1] if known[0] == said else Reply(status=422, body={"detail": "That key is another's."})
        self._hear(
            f"{method} {path} {key}",
            kind=method,
            about=path,
            became=str(reply.status),
            good=reply.status < 400,
            said=said,
            answered=reply.body if isinstance(reply.body, dict) else None,
        )
        return reply

    def _decide(self, method: str, path: str, said: Json, photo: bytes | None) -> Reply:
        """Yes to everything; a no is a fault that somebody asks the simulator for."""
        version = self._market.version()
        match method, path.strip("/").split("/"):
            case "POST", ["inspections"]:
                return Reply(status=201, body={"id": f"inspection-{version}", "version": version})
            case "POST", ["properties"]:
                agent = said.get("agent")
                told = {
                    **said,
                    "agent": agent.get("id") if isinstance(agent, dict) else agent,
                    "version": version,
                }
                known = self._market.take(told)
                return Reply(status=201, body={"id": known["id"] if known else None, "version": version})
            case "POST", ["properties", name, "photos"]:
                home = self._market.property(unquote(name))
                if home is not None and photo is not None:
                    self._market.photos.setdefault(str(home["id"]), photo)
                return Reply(status=201, body={"id": f"photo-{version}", "version": version})
            case "PATCH", ["properties", name]:
                home = self._market.property(unquote(name))
                if home is not None:
                    home.update(status=str(said.get("status")), version=version)
        return Reply(body={"version": version})

    def _hear(
        self, id: str, *, kind: str, about: str, became: str, good: bool, said: Any, answered: Any = None
    ) -> None:
        """Note it once, with what became of it the last time."""
        with self._lock:
            self.told += 1
            known = next((one for one in self._heard if one.id == id), None)
            if known is not None:
                known.times += 1
                known.became, known.good, known.answered = became, good, answered
                return
            self._heard.append(
                Heard(
                    number=next(self._numbers),
                    id=id,
                    at=self._clock.now(),
                    kind=kind,
                    about=about,
                    became=became,
                    good=good,
                    said=shortened(said),
                    answered=answered,
                )
            )


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return {"bytes": len(raw)}


def _photo(mime: str, raw: bytes) -> bytes | None:
    """The file of a form with one."""
    if not mime.startswith("multipart/form-data"):
        return None
    form = message_from_bytes(f"Content-Type: {mime}\r\n\r\n".encode() + raw)
    files = [part for part in form.walk() if part.get_filename()]
    found = files[0].get_payload(decode=True) if files else None
    return found if isinstance(found, bytes) else None

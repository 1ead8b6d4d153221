"""What the stand-in knows: people, properties, who is logged in."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from inspector_whatsapp.simulator.config import Json

FIXED: Final = ("user-ada", "user-bola", "user-chidi")  # who can be logged in as
# What a webhook or the feed tells of a property, as far as the website shows it.
TOLD: Final = (
    *("ref", "agent", "title", "kind", "listing_type", "bedrooms", "bathrooms", "price", "period", "area"),
    *("city", "state", "address", "description", "status", "booking_rule"),
)


@dataclass(kw_only=True)
class Session:
    """Somebody who is logged in. `sid` is what tokens call the session; its cookie stays a secret."""

    person: Json
    sid: str
    intent: Json | None = None
    """The request to connect a WhatsApp that is under way, as the API shows it."""
    etag: str = ""
    links: list[Json] = field(default_factory=list)
    """What is connected, as it was told last."""

    @property
    def is_connecting(self) -> bool:
        return self.intent is not None and self.intent.get("state") in ("open", "claimed")

    @property
    def id(self) -> str:
        return str(self.person["id"])

    @property
    def name(self) -> str:
        return str(self.person["name"]).partition(" ")[0]

    @property
    def role(self) -> str:
        return str(self.person["role"])


@dataclass
class Market:
    """All of it, in memory, guarded by `lock`; `given` is where it starts."""

    given: Json
    lock: threading.RLock = field(default_factory=threading.RLock)
    people: dict[str, Json] = field(default_factory=dict)
    properties: dict[str, Json] = field(default_factory=dict)
    interests: dict[tuple[str, str], bool] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    _version: int = 0

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Back to what was given, everybody logged out."""
        with self.lock:
            self.people = {one["id"]: dict(one) for one in self.given.get("people", [])}
            self.properties = {one["id"]: dict(one) for one in self.given.get("properties", [])}
            self.interests.clear()
            self.photos.clear()
            self.sessions.clear()

    def version(self) -> int:
        """The next version of a row: it only grows, also over a restart."""
        with self.lock:
            self._version = max(self._version + 1, time.time_ns() // 1_000_000)
            return self._version

    def property(self, name: str) -> Json | None:
        """By our id or by the ref that WhatsApp gave it."""
        with self.lock:
            known = self.properties.get(name)
            return known or next((one for one in self.properties.values() if one.get("ref") == name), None)

    def listed(self) -> list[Json]:
        """What is on offer, the newest first."""
        with self.lock:
            live = [one for one in self.properties.values() if one["status"] == "live"]
        return sorted(live, key=lambda one: (int(one.get("version", 0)), str(one.get("ref"))), reverse=True)

    def of(self, agent: str) -> list[Json]:
        """An agent's own, whatever their status."""
        with self.lock:
            return [one for one in self.properties.values() if one["agent"] == agent]

    def take(self, told: Json) -> Json | None:
        """WhatsApp tells how a property is; one that it has made is new here.

        What it said before it had our newest version is old news. None for what has no name.
        """
        with self.lock:
            ref = str(told.get("ref") or "")
            known = self.property(str(told.get("id") or "")) or self.property(ref)
            if known is None and ref:
                number = str(told.get("id") or f"from-{ref}")
                known = self.properties[number] = {"id": number, "photos": []}
            version = int(told.get("version") or 0)
            if known is not None and version >= int(known.get("version") or 0):
                known.update({name: told[name] for name in TOLD if name in told}, version=version)
            return known

    def log_in(self, number: str) -> str:
        """The cookie of a new session. Raises KeyError for nobody."""
        cookie = secrets.token_urlsafe(24)
        with self.lock:
            self.sessions[cookie] = Session(person=self.people[number], sid=f"web-{secrets.token_hex(6)}")
        return cookie

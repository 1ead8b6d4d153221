"""Webhooks to the web process: signed, one per event, retried, in order for each person.

Every person has a lane. The head of a lane is posted until it is answered with 200, so the order holds while
all goes well and after a pause; faults may break it. What is not taken within `GIVE_UP_SECONDS` is dropped
(Meta tries for seven days).
"""

import heapq
import http.client
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from inspector_whatsapp.simulator.clock import signature
from inspector_whatsapp.simulator.config import Config, Json
from inspector_whatsapp.simulator.faults import Faults
from inspector_whatsapp.simulator.ledger import Ledger

WORKERS = 8
TIMEOUT_SECONDS = 20.0
BACK_OFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
GIVE_UP_SECONDS = 600.0
BATCH = "#batch"


@dataclass(kw_only=True)
class Event:
    """One change on its way."""

    lane: str
    kind: str
    """The webhook field: messages, message_template_status_update …"""
    value: Json
    of: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    stamp: int | None = None
    """Unix seconds in `entry[].time`, which account and template fields have."""
    taken: Callable[[], None] | None = None
    """Called once the web process has answered with 200."""
    seen: bool = False
    late: bool = False
    born: float = field(default_factory=time.monotonic)
    attempts: int = 0
    copies: int = 1


@dataclass
class Lane:
    events: deque[Event] = field(default_factory=deque)
    due: float | None = None
    busy: bool = False
    waits_for_more: bool = False


class Webhooks:
    """The queue and the threads that empty it."""

    def __init__(self, config: Config, *, ledger: Ledger, faults: Faults) -> None:
        self._config = config
        self._ledger = ledger
        self._faults = faults
        self._ready = threading.Condition()
        self._lanes: dict[str, Lane] = {}
        self._heap: list[tuple[float, int, str]] = []
        self._numbers = itertools.count()
        self._stopped = False

    def start(self) -> None:
        for number in range(WORKERS):
            threading.Thread(target=self._work, name=f"webhooks-{number}", daemon=True).start()

    def push(self, event: Event) -> None:
        with self._ready:
            lane = self._lanes.setdefault(event.lane, Lane())
            lane.events.append(event)
            if not lane.busy and (lane.due is None or lane.waits_for_more):
                self._schedule(event.lane, lane, 0)

    def waiting(self) -> int:
        """Events not answered with 200 yet."""
        with self._ready:
            return sum(len(lane.events) for lane in self._lanes.values())

    def hurry(self) -> None:
        """Try all that wait now, whatever their back-off says."""
        with self._ready:
            for name, lane in self._lanes.items():
                if lane.events and not lane.busy:
                    self._schedule(name, lane, 0)

    def clear(self) -> None:
        with self._ready:
            for lane in self._lanes.values():
                lane.events.clear()

    def _schedule(self, name: str, lane: Lane, seconds: float) -> None:
        lane.due = time.monotonic() + seconds
        lane.waits_for_more = False
        heapq.heappush(self._heap, (lane.due, next(self._numbers), name))
        self._ready.notify()

    def _work(self) -> None:
        line: http.client.HTTPConnection | None = None
        while True:
            name, lane, events, forged = self._next()
            if not events:
                continue
            line, status = self._post(line, name, events, forged=forged)
            self._finish(name, lane, events, taken=status == 200)

    def _next(self) -> tuple[str, Lane, list[Event], bool]:
        with self._ready:
            while True:
                if self._heap and self._heap[0][0] <= time.monotonic():
                    due, _, name = heapq.heappop(self._heap)
                    lane = self._lanes.get(name)
                    if lane is None or lane.busy or lane.due != due:
                        continue
                    lane.due = None
                    events, forged = self._choose(name, lane)
                    if events:
                        lane.busy = True
                        return name, lane, events, forged
                    if not lane.events:
                        del self._lanes[name]
                    continue
                self._ready.wait(max(0.0, self._heap[0][0] - time.monotonic()) if self._heap else None)

    def _choose(self, name: str, lane: Lane) -> tuple[list[Event], bool]:
        """What goes out of this lane now, and whether with a bad signature; faults are applied here."""
        if name.startswith(BATCH):
            return list(lane.events), False
        while lane.events:
            event = lane.events[0]
            if event.late and len(lane.events) > 1:
                lane.events[0], lane.events[1] = lane.events[1], event
                event.late = False
                continue
            if event.seen:
                return [event], False
            event.seen = True
            rule = self._faults.strike(on="webhook", recipients=event.recipients, of=event.of)
            if rule is None:
                return [event], False
            self._ledger.write("fault", rule=rule.json(), person=event.lane, of=event.of)
            match rule.action:
                case "drop":
                    lane.events.popleft()
                case "duplicate":
                    event.copies = 2
                    return [event], False
                case "bad_signature":
                    return [event], True
                case "reorder":
                    event.late = True
                    if len(lane.events) == 1:
                        self._schedule(name, lane, rule.seconds or 2.0)
                        lane.waits_for_more = True
                        return [], False
                case "delay":
                    lane.events.popleft()
                    self._aside(event, f"{name}#{next(self._numbers)}", rule.seconds or 1.0)
                case "batch":
                    lane.events.popleft()
                    self._gather(event, f"{BATCH}{rule.id}", size=rule.size, seconds=rule.seconds or 1.0)
        return [], False

    def _aside(self, event: Event, name: str, seconds: float) -> None:
        lane = self._lanes.setdefault(name, Lane())
        lane.events.append(event)
        self._schedule(name, lane, seconds)

    def _gather(self, event: Event, name: str, *, size: int, seconds: float) -> None:
        lane = self._lanes.setdefault(name, Lane())
        lane.events.append(event)
        if len(lane.events) >= size:
            self._schedule(name, lane, 0)
        elif lane.due is None:
            self._schedule(name, lane, seconds)

    def _post(
        self, line: http.client.HTTPConnection | None, name: str, events: list[Event], *, forged: bool
    ) -> tuple[http.client.HTTPConnection | None, int | None]:
        raw = json.dumps(self._body(events), ensure_ascii=True, separators=(",", ":")).encode("ascii")
        secret = self._config.app_secret + ("x" if forged else "")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature(secret, raw),
        }
        place = urlsplit(self._config.webhook)
        status: int | None = None
        for _ in range(events[0].copies):
            began = time.monotonic()
            answer, error = "", None
            try:
                line, response = self._ask(line, place.path or "/", raw, headers)
                status = response.status
                answer = response.read(10_000).decode(errors="replace")
                if response.will_close or not response.isclosed():
                    line.close()
                    line = None
            except (OSError, http.client.HTTPException) as failure:
                status, error = None, repr(failure)
                if line is not None:
                    line.close()
                line = None
            self._ledger.write(
                "webhook",
                person=name,
                of=[event.of for event in events],
                attempt=events[0].attempts + 1,
                body=json.loads(raw),
                status=status,
                answer=answer[:500],
                error=error,
                forged=forged,
                seconds=round(time.monotonic() - began, 4),
            )
        return line, status

    def _ask(
        self, line: http.client.HTTPConnection | None, path: str, raw: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        if line is not None:
            try:
                line.request("POST", path, body=raw, headers=headers)
                return line, line.getresponse()
            except (ConnectionError, http.client.HTTPException):
                line.close()  # kept alive too long, most likely: once more on a new connection
        line = _connect(self._config.webhook)
        try:
            line.request("POST", path, body=raw, headers=headers)
            return line, line.getresponse()
        except BaseException:
            line.close()
            raise

    def _body(self, events: list[Event]) -> Json:
        entry: Json = {
            "id": self._config.business_account_id,
            "changes": [{"value": event.value, "field": event.kind} for event in events],
        }
        if events[0].stamp is not None:
            entry["time"] = events[0].stamp
        return {"object": "whatsapp_business_account", "entry": [entry]}

    def _finish(self, name: str, lane: Lane, events: list[Event], *, taken: bool) -> None:
        for event in events:
            event.attempts += 1
            event.copies = 1
        given_up = not taken and time.monotonic() - events[0].born > GIVE_UP_SECONDS
        if taken:
            for event in events:
                if event.taken is not None:
                    event.taken()
        with self._ready:
            lane.busy = False
            if taken or given_up:
                for event in events:
                    if lane.events and lane.events[0] is event:
                        lane.events.popleft()
            if not lane.events:
                if self._lanes.get(name) is lane:
                    del self._lanes[name]
            elif taken or given_up:
                self._schedule(name, lane, 0)
            else:
                attempts = lane.events[0].attempts
                self._schedule(name, lane, BACK_OFF_SECONDS[min(max(attempts, 1), len(BACK_OFF_SECONDS)) - 1])


def _connect(url: str) -> http.client.HTTPConnection:
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    return kind(place.hostname or "", place.port, timeout=TIMEOUT_SECONDS)

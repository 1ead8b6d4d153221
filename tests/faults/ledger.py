"""What Meta, the mail server and Inspector have seen: the witness that no process of ours can make up."""

import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]
CALLBACK = re.compile(r"outbox:(\d+)\.(\d+)")
MESSAGE_ID = re.compile(r"<outbox-(\d+)@")
CODE = re.compile(r"^(\d{3}) ?(\d{3})\s*$", re.MULTILINE)


class Accepted(NamedTuple):
    """A message that the other side took, by our key for it."""

    outbox: int
    to: str
    place: int  # in the ledger
    at: float  # by the real clock


@dataclass
class Shown:
    """What a phone shows last that can be tapped."""

    wamid: str = ""
    text: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)  # id, title


class Ledger:
    """What stands in the simulator's file, as far as it has been read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.messages: set[str] = set()  # of people, answered with 200
        self.statuses: set[tuple[str, str]] = set()  # wamid and status, answered with 200
        self.accepted: list[Accepted] = []  # by WhatsApp
        self.mailed: list[Accepted] = []
        self.codes: dict[str, str] = {}  # the newest in each mailbox
        self.every_code: set[str] = set()
        self.heard: dict[str, int] = defaultdict(int)  # how many messages each phone got
        self.shown: dict[str, Shown] = defaultdict(Shown)
        self.webhooks = self.refused = 0  # deliveries, and those that were not answered with 200
        self._phones: dict[str, str] = {}  # by the id under which a phone may be written to
        self._bytes = 0
        self._lock = threading.Lock()

    def follow(self) -> None:
        """From now on a thread reads what is written."""

        def keep_on() -> None:
            while True:
                self.read()
                time.sleep(0.1)

        threading.Thread(target=keep_on, name="ledger", daemon=True).start()

    def read(self) -> None:
        """Take in what has been written since; for whoever must know all there is."""
        with self._lock:
            for entry in self._new():
                match entry["kind"]:
                    case "webhook":
                        self._webhook(entry)
                    case "request" if entry.get("wamid"):
                        self._request(entry)
                    case "mail":
                        self._mail(entry)

    def _new(self) -> Iterator[Json]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._bytes)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._bytes += len(line)
                yield json.loads(line)

    def _webhook(self, entry: Json) -> None:
        self.webhooks += 1
        for one in entry["body"]["entry"]:
            for change in one["changes"]:
                for contact in change["value"].get("contacts", ()):
                    self._phones[contact["user_id"]] = f"+{contact['wa_id']}"
        if entry["status"] != 200:
            self.refused += 1
            return
        for one in entry["body"]["entry"]:
            for change in one["changes"]:
                value = change["value"]
                self.messages |= {message["id"] for message in value.get("messages", ())}
                self.statuses |= {(status["id"], status["status"]) for status in value.get("statuses", ())}

    def _request(self, entry: Json) -> None:
        body = entry["body"]
        key = CALLBACK.fullmatch(body.get("biz_opaque_callback_data") or "")
        to = str(body.get("to") or self._phones.get(body.get("recipient", ""), ""))
        if key is not None:
            self.accepted.append(Accepted(int(key[1]), to, entry["seq"], _moment(entry)))
        self.heard[to] += 1
        if options := _options(body):
            text = body.get("interactive", {}).get("body", {}).get("text", "")
            self.shown[to] = Shown(entry["wamid"], text, options)

    def _mail(self, entry: Json) -> None:
        key = MESSAGE_ID.match(entry["headers"].get("Message-ID", ""))
        (to, *_) = entry["to"]
        if key is not None:
            self.mailed.append(Accepted(int(key[1]), to, entry["seq"], _moment(entry)))
        if found := CODE.search(entry["text"].replace("\r", "")):
            self.codes[to] = found[1] + found[2]
            self.every_code.add(self.codes[to])


def _moment(entry: Json) -> float:
    return datetime.fromisoformat(entry["at"]).timestamp()


def _options(body: Json) -> list[tuple[str, str]]:
    action = body.get("interactive", {}).get("action", {})
    buttons = [one["reply"] for one in action.get("buttons", ()) if "reply" in one]
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    return [(one["id"], one["title"]) for one in [*buttons, *rows]]

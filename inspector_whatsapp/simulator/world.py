"""Everything the simulator knows, in one place: people, chats, switches, and the parts that keep the rest."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields

from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.simulator import people
from inspector_whatsapp.simulator.business import Business
from inspector_whatsapp.simulator.clock import Clock
from inspector_whatsapp.simulator.config import Config, Json
from inspector_whatsapp.simulator.faults import Faults
from inspector_whatsapp.simulator.forms import Forms
from inspector_whatsapp.simulator.ledger import Ledger
from inspector_whatsapp.simulator.live import Live
from inspector_whatsapp.simulator.mail import Mailbox
from inspector_whatsapp.simulator.media import Media
from inspector_whatsapp.simulator.people import Entry, Person
from inspector_whatsapp.simulator.templates import Templates
from inspector_whatsapp.simulator.webhooks import Event, Webhooks


@dataclass(kw_only=True)
class Switches:
    """How strict or how quick this Meta is."""

    auto_read: bool = True
    """Messages are read at once while no phone page is open."""
    pair_limit: bool = True
    throughput_limit: bool = True
    window: str = "sync"
    """131047 as the answer ("sync") or as a failed status ("async")."""
    strangers: bool = True
    """Unknown numbers are people; off: they have no WhatsApp (131026)."""
    payload_version: int = 25
    """The version of the app's webhook subscription: up to 23 statuses carry `conversation`."""

    def set(self, given: Json) -> str:
        """Take what is given; says what is wrong with it, or nothing."""
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in given.items():
            if type(value) is not kinds.get(name) or (name == "window" and value not in ("sync", "async")):
                return f"{name} can't be {value!r}; there are {asdict(self)}"
        for name, value in given.items():
            setattr(self, name, value)
        return ""


@dataclass
class Pace:
    """Meta's two speed limits, by the real clock."""

    due: dict[str, float] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)

    def count(self) -> bool:
        """Note one message in or out; False when more than 80 came within a second."""
        now = time.monotonic()
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        if len(self.recent) >= limits.MESSAGES_PER_SECOND:
            return False
        self.recent.append(now)
        return True

    def pair(self, phone: str) -> bool:
        """Whether one more may go to this person: one per interval, a burst borrowed from later."""
        now, step = time.monotonic(), limits.PAIR_INTERVAL_SECONDS
        due = max(self.due.get(phone, 0.0), now)
        if due - now > step * (limits.PAIR_BURST - 1):
            return False
        self.due[phone] = due + step
        return True


class World:
    """State in memory, guarded by `lock`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.lock = threading.RLock()
        self.ledger = Ledger(config.ledger)
        self.live = Live()
        self.faults = Faults(self._faults_changed)
        self.switches = Switches()
        self.pace = Pace()
        self.clock = Clock(web=config.web, secret=config.app_secret, changed=self._clock_changed)
        self.webhooks = Webhooks(config, ledger=self.ledger, faults=self.faults)
        self.media = Media(config)
        self.templates = Templates()
        self.forms = Forms()
        self.mailbox = Mailbox(self.clock, ledger=self.ledger, faults=self.faults, live=self.live)
        self.free_left: dict[str, int] = {}
        self.people: dict[str, Person] = {}
        self.wamids: dict[str, Person] = {}
        self.profile: Json = {}
        self.qr_codes: dict[str, Json] = {}
        self.business = Business(config)
        self.answering = 0
        """Requests to the Cloud API that are not done with all they bring about."""
        self._seq = 0
        self.on_reset: list[Callable[[], None]] = []
        self.reset()

    def reset(self) -> None:
        """Back to the demo people with empty chats; templates stay."""
        with self.lock:
            self.webhooks.clear()
            self.faults.clear()
            self.switches = Switches()
            self.pace = Pace()
            self.media.clear()
            self.mailbox.clear()
            self.ledger.clear()
            self.free_left.clear()
            self.wamids.clear()
            self.qr_codes.clear()
            self.business = Business(self.config)
            self.people = {}
            for phone, name in people.DEMO.items():
                self.person(phone, name=name)
        for forget in self.on_reset:
            forget()
        self.live.tell("reset", {})

    def person(self, phone: str, *, name: str = "") -> Person:
        """The person with this number, who comes into being when first named."""
        with self.lock:
            known = self.people.get(phone)
            if known is None:
                known = Person(phone=phone, name=name or phone, user_id=people.user_id(phone))
                self.people[phone] = known
                self.live.tell("person", known.json())
            return known

    def by_user_id(self, user_id: str) -> Person | None:
        people = list(self.people.values())  # others may be added meanwhile
        return next((one for one in people if one.user_id == user_id), None)

    def add(self, person: Person, entry: Entry) -> None:
        """Put the message into the chat and show it."""
        with self.lock:
            self._seq += 1
            entry.seq = self._seq
            person.chat.append(entry)
            self.wamids[entry.id] = person
            if not entry.by_person and self.live.reads(person.phone) is False:
                person.unread += 1
        self.show(person, entry)

    def show(self, person: Person, entry: Entry) -> None:
        """Tell the pages that this message is new or has changed."""
        if not self.live.pages:
            return
        self.live.tell("entry", {"person": person.phone, "entry": entry.json()})
        self.live.tell("person", person.json())

    def contact(self, person: Person) -> Json:
        """One of `contacts[]` in a webhook; who hides the phone is known by user id only."""
        profile = {"name": person.name} | ({"username": person.username} if person.username else {})
        shown: Json = {"profile": profile, "user_id": person.user_id}
        return shown if person.hides_phone else {**shown, "wa_id": person.wa_id}

    def value(self, **what: object) -> Json:
        """The `value` of a change of field `messages`."""
        metadata = {
            "display_phone_number": self.config.digits,
            "phone_number_id": self.config.phone_number_id,
        }
        return {"messaging_product": "whatsapp", "metadata": metadata, **what}

    def announce(self, name: str, value: Json) -> None:
        """Send a webhook of an account or template field."""
        stamp = int(self.clock.now().timestamp())
        self.webhooks.push(Event(lane="account", kind=name, value=value, of=(name,), stamp=stamp))

    def free(self) -> bool:
        """Whether this delivery is one of the month's 1,000 free service messages, and counts it."""
        month = f"{self.clock.now():%Y-%m}"
        left = self.free_left.get(month, 1000)
        self.free_left[month] = max(0, left - 1)
        return left > 0

    def _faults_changed(self) -> None:
        self.live.tell("faults", {"rules": self.faults.json()})

    def _clock_changed(self) -> None:
        self.live.tell("clock", self.clock.state())

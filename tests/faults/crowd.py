"""A crowd of all roles that never stops talking: it links, books, moves, cancels, sets times, reports, asks.

Everybody taps what their phone shows, or writes a word of their trade, by a die with a seed; now and then in
bursts. Each message is noted with its id and place, so that loss and order can be told afterwards.
"""

import random
import sys
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.faults.cast import email
from tests.faults.ledger import Ledger
from tests.faults.stack import Stack

WORDS = {
    "stranger": ("hi", "menu", "help", "look around", "PR-1", "flats in Yaba", "2", "is there parking?"),
    "seeker": (
        *("menu", "my inspections", "book", "PR-1", "PR-2", "PR-4", "PR-5", "change", "1", "2", "alerts"),
        *("2 bedroom in Lekki", "when is my inspection?", "cancel my inspection", "saved", "settings"),
    ),
    "agent": ("menu", "slots", "set slots", "requests", "availability", "interest", "share", "1", "3"),
    "inspector": ("menu", "my inspections", "completion", "done", "time off", "1", "today"),
}
LOUD = 0.7  # of what is said is a tap on what is shown
BURST = 6
BREATH = 7.0  # seconds between two messages of one person, so that no chat is over its own limit
LINKING_PATIENCE = 40.0  # seconds after which somebody begins anew to link
# These end the talk with the bot, or the link: there would be nobody left to talk to.
NEVER = ("person", "human", "Unlink", "Disconnect", "Stop", "Pidgin")


@dataclass
class Person:
    """Somebody with a phone; of all but strangers with an account that is to be linked."""

    phone: str
    role: str
    email: str = ""
    linked: bool = False
    step: str = ""
    since: float = 0.0
    rests_until: float = 0.0
    heard: int = 0
    said: list[str] = field(default_factory=list)  # ids, in order


@dataclass
class Crowd:
    """Everybody, and the thread that has them speak."""

    stack: Stack
    ledger: Ledger
    rate: float = 20.0
    seed: int = 8
    everybody: dict[str, Person] = field(default_factory=dict)
    said: int = 0
    late: float = 0.0  # seconds by which the crowd is behind its rate
    focus: list[Person] = field(default_factory=list)  # if there are any, they do most of the talking
    _talking: threading.Event = field(default_factory=threading.Event)
    _bursts: deque[tuple[Person, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._die = random.Random(self.seed)
        self._session = requests.Session()
        some = max(2, self.stack.people // 10)
        many = {"seeker": self.stack.people, "agent": some, "inspector": some, "stranger": self.stack.people}
        number = 0
        for role, count in many.items():
            for n in range(count):
                number += 1
                phone = f"+23481{number:08}"
                self.everybody[phone] = Person(phone, role, email(role, n) if role != "stranger" else "")
        self._people = list(self.everybody.values())
        threading.Thread(target=self._run, name="crowd", daemon=True).start()

    # --- steering -----------------------------------------------------------------------------------------

    def talk(self, *, rate: float | None = None) -> None:
        self.rate = rate or self.rate
        self._talking.set()

    def hush(self) -> None:
        self._talking.clear()
        time.sleep(0.3)  # what is being said is said

    def goes_on_for(self, seconds: float) -> None:
        self.talk()
        time.sleep(seconds)
        self.hush()

    def burst(self, people: int) -> None:
        """So many people say six things at once each."""
        for person in self._die.sample(self._people, min(people, len(self._people))):
            self._bursts.append((person, BURST))

    def newcomers(self, many: int) -> None:
        """More people with an account each, who all want to link it, and do little else until they have."""
        seekers = sum(person.role == "seeker" for person in self._people)
        self.stack.run(sys.executable, "-m", "tests.faults.cast", "--more", str(seekers), str(many))
        for n in range(seekers, seekers + many):
            phone = f"+23482{n:08}"
            self.everybody[phone] = Person(phone, "seeker", email("seeker", n))
        self._people = list(self.everybody.values())
        self.focus = self._people[-many:]

    @property
    def linked(self) -> int:
        return sum(person.linked for person in self._people)

    # --- talking ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            if not self._talking.is_set():
                self._talking.wait()
                due = time.monotonic()
            due += 1 / self.rate
            time.sleep(max(0.0, due - time.monotonic()))
            self.late = max(0.0, time.monotonic() - due)
            if self.late > 5:
                due = time.monotonic()  # it cannot keep up; what is missed is not made up for
            try:
                self._somebody_speaks()
            except requests.RequestException:
                time.sleep(0.2)

    def _somebody_speaks(self) -> None:
        if self._bursts:
            person, left = self._bursts.popleft()
            if left > 1:
                self._bursts.append((person, left - 1))
            self._say(person, text=self._die.choice(WORDS[person.role]))
            person.rests_until = time.monotonic() + BREATH * BURST
            return
        now = time.monotonic()
        for _attempt in range(50):
            person = self._die.choice(self._eager() or self._people)
            if person.rests_until <= now:
                break
        else:
            return
        person.rests_until = now + BREATH
        if person.role != "stranger" and not person.linked:
            self._links(person, now)
            return
        shown = self.ledger.shown[person.phone]
        options = [(id, title) for id, title in shown.options if not any(word in title for word in NEVER)]
        if options and self._die.random() < LOUD:
            id, title = self._die.choice(options)
            self._say(person, tap=id, title=title, on=shown.wamid)
        else:
            self._say(person, text=self._die.choice(WORDS[person.role]))

    def _eager(self) -> list[Person]:
        self.focus = [person for person in self.focus if not person.linked]
        return self.focus if self._die.random() < 0.8 else []

    def _links(self, person: Person, now: float) -> None:
        """The next step of connecting, as soon as the answer to the one before is there."""
        shown = self.ledger.shown[person.phone]
        yes = next((one for one in shown.options if one[1].startswith("Yes, connect")), None)
        if person.step == "yes" and yes is None:
            person.linked = True
            return
        if yes is not None and person.step in ("code", "yes"):
            person.step, person.since = "yes", now
            self._say(person, tap=yes[0], title=yes[1], on=shown.wamid)
            return
        heard = self.ledger.heard[person.phone]
        answered = heard > person.heard
        if person.step == "connect" and answered:
            self.ledger.codes.pop(person.email, None)
            person.step, person.since, person.heard = "email", now, heard
            self._say(person, text=person.email)
        elif person.step == "email" and person.email in self.ledger.codes:
            person.step, person.since, person.heard = "code", now, heard
            self._say(person, text=self.ledger.codes[person.email])
        elif not person.step or now - person.since > LINKING_PATIENCE:
            person.step, person.since, person.heard = "connect", now, heard
            self._say(person, text="connect")

    def _say(self, person: Person, **what: Any) -> None:
        url = f"{self.stack.simulator}/control/say"
        response = self._session.post(url, json={"person": person.phone, **what}, timeout=30)
        message = response.json().get("message")
        if message:
            person.said.append(message["id"])
            self.said += 1


def places(crowd: Crowd) -> dict[str, tuple[str, int]]:
    """Who said each message, and as their how many-th."""
    found: dict[str, tuple[str, int]] = defaultdict(lambda: ("", 0))
    for person in crowd.everybody.values():
        for place, wamid in enumerate(list(person.said)):
            found[wamid] = (person.phone, place)
    return found

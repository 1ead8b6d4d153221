"""How many messages a second are held from the signed webhook to the answer's row, and how long each takes.

Offered at a steady rate, whatever the answers take, for SECONDS (the environment; 10 where it says nothing).
Beside it the same bot as a DRF view and a Celery task per message, offered what it can take and no more.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
import pytest
import requests
from django.conf import settings
from django.db import connection

from bot.models import InboundEvent, InboundState
from config import embedded
from config.embedded.process import is_free
from tests.benchmarks import people, service
from tests.benchmarks.people import Seeker
from tests.benchmarks.service import Service
from tests.benchmarks.spent import Spent, spent
from tests.benchmarks.surroundings import as_deployed
from tests.benchmarks.table import Row

SECONDS = float(os.environ.get("SECONDS", "10"))
MIXED, MENUS = 250, 500  # messages a second
LOOK = 0.05  # seconds between two looks for new answers: what is measured is not finer
AGAIN = 1_000  # numbers
META_TAKES = 0.05


def menus(seeker: Seeker) -> list[dict[str, Any]]:
    menu = seeker.messages()["menu"]
    return [menu] * 7


def mixed(seeker: Seeker) -> list[dict[str, Any]]:
    return list(seeker.mixed().values())


@dataclass(frozen=True)
class Held:
    """What came of an offer. waits: seconds until each answer was there, sorted. last: until the last was."""

    offered: float
    waits: list[float]
    acks: list[float]
    last: float
    web: float
    workers: float
    servers: Spent
    client: float
    due: dict[str, float]

    @property
    def rate(self) -> float:
        return len(self.waits) / self.last

    def in_words(self, name: str) -> str:
        waits, acks, many = quantiles(self.waits, n=100), quantiles(self.acks, n=100), len(self.waits)
        each = [
            1e6 * one / many for one in (self.web, self.workers, self.servers.postgresql, self.servers.redis)
        ]
        return (
            f"{name}: {many:,} messages offered at {self.offered:,.0f}/s, all answered after "
            f"{self.last:.1f} s"
            f" ({self.rate:,.0f}/s); webhook to answer {1000 * waits[49]:,.0f} ms (median), "
            f"{1000 * waits[98]:,.0f} ms (99 %); acknowledged in {1000 * acks[49]:.1f} and"
            f" {1000 * acks[98]:.1f} ms. Processor time of each: web {each[0]:,.0f} µs, workers "
            f"{each[1]:,.0f}, PostgreSQL {each[2]:,.0f}, Redis {each[3]:,.0f}"
            f", the client {1e6 * self.client / many:,.0f}."
        )


class Answers:
    """Looks for new answers on a connection of its own, and notes when each was first there."""

    def __init__(self) -> None:
        self.seen: dict[str, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        with psycopg.connect(as_deployed()["DATABASE_URL"], autocommit=True) as own:
            newest = first = self._found(own, after=2**62)
            while not self._over.wait(LOOK):
                # Numbers are given before they are committed: the last of them are looked at again.
                newest = max(newest, self._found(own, after=max(first, newest - AGAIN)))
            self._found(own, after=first)

    def _found(self, own: psycopg.Connection[Any], *, after: int) -> int:
        """Note new answers after this number; the newest number there is."""
        rows = own.execute(
            "SELECT key FROM inspector_whatsapp_outboxmessage WHERE id > %s AND kind = 'reply'", [after]
        )
        for (key,) in rows:
            self.seen.setdefault(key, time.time())
        (newest,) = own.execute(
            "SELECT coalesce(max(id), 0) FROM inspector_whatsapp_outboxmessage"
        ).fetchall()
        return int(newest[0])

    def __enter__(self) -> "Answers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def offer(to: Service, rate: float, seconds: float, says: Callable[[Seeker], list[dict[str, Any]]]) -> Held:
    """Let people write, each their next message once everybody has written the one before."""
    many = max(1, round(rate * seconds / 7))
    saying = [(seeker, says(seeker)) for seeker in people.seekers(many)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # so many people came at once that PostgreSQL knows nothing of them yet
    tests_number = settings.WHATSAPP_PHONE_NUMBER_ID
    own_number = as_deployed()["WHATSAPP_PHONE_NUMBER_ID"]
    lines = []
    for place in range(7):
        for seeker, messages in saying:
            body = seeker.phone.webhook(messages[place]).decode().replace(tests_number, own_number)
            wamid = json.loads(body)["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
            lines.append(json.dumps([wamid, body]))
    groups = service.group(to.web), [pid for worker in to.workers for pid in service.group(worker)]
    before = [spent(pids) for pids in groups]
    with Answers() as answers:
        told = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.offering", str(to.port), str(rate)],
            cwd=embedded.PROJECT,
            env=as_deployed(),
            input="\n".join(lines),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        said = json.loads(told)
        assert not said["refused"], said["refused"][0]
        waiting = InboundEvent.objects.filter(state=InboundState.DONE, provider_id__in=said["due"])
        service.until(lambda: waiting.count() == len(lines))
    after = [spent(pids) for pids in groups]
    keys = {f"reply:{pk}": wamid for pk, wamid in waiting.values_list("pk", "provider_id")}
    due = said["due"]
    waits = {keys[key]: at - due[keys[key]] for key, at in answers.seen.items() if key in keys}
    assert set(waits) == set(due), "every message was answered"
    return Held(
        rate,
        sorted(waits.values()),
        sorted(said["took"]),
        max(answers.seen.values()) - min(due.values()),
        after[0].since(before[0]).ours,
        after[1].since(before[1]).ours,
        after[0].since(before[0]),
        said["cpu"],
        due,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "says", "rate", "slow"), [("mixed", mixed, MIXED, 120), ("menus", menus, MENUS, 200)]
)
def test_messages_held_end_to_end(
    rows: list[Row],
    notes: list[str],
    tmp_path: Path,
    name: str,
    says: Callable[[Seeker], list[dict[str, Any]]],
    rate: float,
    slow: float,
) -> None:
    """The naive one is offered more than it takes: its rate is that at which it gets done."""
    rates: dict[str, list[float]] = {}
    for which, start, offered in (("ours", service.ours, rate), ("naive", service.naive, slow)):
        logs = tmp_path / which
        logs.mkdir()
        with start(logs) as to:
            offer(to, 20, 3, says)  # what is loaded at the first message is loaded
            held = offer(to, offered, SECONDS, says)
        rates[which] = [held.rate]
        notes.append(held.in_words(f"Held, {name}, {which}"))
    rows.append(Row(f"held, {name}", rates["ours"], "view and task a message", rates["naive"], usual=4))


@contextmanager
def meta() -> Iterator[int]:
    """A stand-in for Meta; its port."""
    port = next(number for number in range(19_000, 20_000) if is_free(number))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.meta", str(port), str(META_TAKES)],
        cwd=embedded.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield port
        finally:
            process.terminate()


@pytest.mark.django_db(transaction=True)
def test_from_a_webhook_to_the_request_to_meta(notes: list[str], tmp_path: Path) -> None:
    with meta() as port:
        there = {"WHATSAPP_API_URL": f"http://127.0.0.1:{port}"}
        with service.ours(tmp_path, queues="turns,slow,outbox", **there) as to:  # type: ignore[arg-type]
            offer(to, 20, 3, menus)
            first = time.time()
            held = offer(to, 20, SECONDS, mixed)
            came: list[tuple[float, str]] = []

            def all_came() -> bool:
                came[:] = requests.get(f"http://127.0.0.1:{port}/", timeout=60).json()
                return len([at for at, _callback in came if at > first]) >= len(held.waits)

            service.until(all_came)
    began = {int(callback.partition(":")[2].partition(".")[0]): at for at, callback in came}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message.id, event.provider_id FROM inspector_whatsapp_outboxmessage message"
            " JOIN bot_inboundevent event ON message.key = 'reply:' || event.id"
        )
        answered = dict(cursor.fetchall())
    due = held.due
    waits = quantiles(
        (began[pk] - due[wamid] for pk, wamid in answered.items() if wamid in due and pk in began), n=100
    )
    notes.append(
        f"Webhook in to the request to Meta begun, at 20/s: {1000 * waits[49]:.0f} ms (median),"
        f" {1000 * waits[98]:.0f} ms (99 %)."
    )

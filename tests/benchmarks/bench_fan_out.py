"""Many messages to many people at Meta's highest limit, and answers meanwhile: how long do those wait?"""

import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import quantiles

import pytest
import requests
from django.db import connection

from config import embedded
from config.embedded.process import is_free
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, OutboxMessage
from inspector_whatsapp.models.outbox import Category, Priority, Status
from inspector_whatsapp.outbox.sending import Room, claim
from tests.benchmarks.surroundings import as_deployed

# How many messages at which limit a second: Meta's highest, and one that any machine reaches.
FAN_OUTS = ((20_000, 1_000), (3_000, 200))
ANSWERS = 200
WORKERS = 2
META_TAKES = 0.05  # seconds until it answers
PATIENCE = 300  # seconds; only where something is wrong
BODY = {"type": "text", "text": {"body": "A new home for you."}}


@contextmanager
def running(*words: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=embedded.PROJECT,
        env=as_deployed() | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def written(many: int, *, first: int, priority: Priority) -> list[int]:
    """So many messages to as many people whose windows are open; their ids."""
    now = clock.now()
    people = Contact.objects.bulk_create(
        Contact(phone=f"+23480{first + number:08}", last_inbound_at=now, created_at=now)
        for number in range(many)
    )
    rows = OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind="reply",
            channel="whatsapp",
            contact=person,
            lane=f"whatsapp:contact:{person.pk}",
            body=BODY,
            category=Category.MARKETING if priority == Priority.BULK else Category.SERVICE,
            priority=priority,
            created_at=now,
            not_before=now,
        )
        for person in people
    )
    return [row.pk for row in rows]


def most_in_a_second(moments: list[float]) -> int:
    """Of every window of one second."""
    return max(place - bisect_left(moments, at - 1) + 1 for place, at in enumerate(moments))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("many", "limit"), FAN_OUTS)
def test_a_fan_out_at_the_limit_and_answers_meanwhile(notes: list[str], many: int, limit: int) -> None:
    offers = set(written(many, first=0, priority=Priority.BULK))
    port = next(number for number in range(19_000, 20_000) if is_free(number))
    asked: dict[int, float] = {}
    with ExitStack() as stack:
        meta = stack.enter_context(running("tests.benchmarks.meta", str(port), str(META_TAKES)))
        assert meta.stdout is not None
        assert meta.stdout.readline() == "ready\n"
        there = {
            "WHATSAPP_API_URL": f"http://127.0.0.1:{port}",
            "WHATSAPP_MESSAGES_PER_SECOND": str(limit),
        }
        for _worker in range(WORKERS):
            stack.enter_context(running("tests.benchmarks.sender", **there))
        _until(lambda: OutboxMessage.objects.filter(status=Status.ACCEPTED).exists())
        for number in range(ANSWERS):
            at = time.time()
            (answer,) = written(1, first=50_000_000 + number, priority=Priority.NOW)
            asked[answer] = at
            time.sleep(0.05)
        waiting = OutboxMessage.objects.exclude(status=Status.ACCEPTED)
        _until(lambda: not waiting.exists(), pause=1)
        came = requests.get(f"http://127.0.0.1:{port}/", timeout=60).json()
    arrived = {int(callback.partition(":")[2].partition(".")[0]): at for at, callback in came}
    assert len(came) == len(arrived), "each once"
    assert set(arrived) == offers | set(asked), "and all of them"
    moments = sorted(at for at, _callback in came)
    most = most_in_a_second(moments)
    waits = quantiles((arrived[pk] - at for pk, at in asked.items()), n=100)
    rate = len(moments) / (moments[-1] - moments[0])
    notes.append(
        f"Fan-out: {many:,} messages in {moments[-1] - moments[0]:.0f} s ({rate:,.0f}/s) at a limit of"
        f" {limit:,}/s; most in any second {most:,}. {ANSWERS} answers meanwhile waited {waits[49]:.2f} s"
        f" (median), {waits[98]:.2f} s (99 %)."
    )
    assert most <= limit


@pytest.mark.django_db(transaction=True)
def test_a_claim_while_a_hundred_thousand_wait(notes: list[str]) -> None:
    """Nothing about speed is asserted: only that the answer is what is claimed."""
    written(100_000, first=0, priority=Priority.BULK)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inspector_whatsapp_outboxmessage")
    took = []
    for number in range(20):
        (answer,) = written(1, first=50_000_000 + number, priority=Priority.NOW)
        began = time.perf_counter()
        (claimed,) = claim([Room("whatsapp", most=1, bulk=1), Room("email", most=16, bulk=12)])
        took.append(time.perf_counter() - began)
        assert claimed.pk == answer
    began = time.perf_counter()
    assert len(claim([Room("whatsapp", most=16, bulk=12)])) == 12
    offers = time.perf_counter() - began
    notes.append(
        f"A claim with 100,000 offers waiting: one answer {1000 * sorted(took)[10]:.1f} ms (median of 20),"
        f" twelve offers {1000 * offers:.1f} ms."
    )


def _until(true: Callable[[], bool], *, pause: float = 0.1) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(pause)

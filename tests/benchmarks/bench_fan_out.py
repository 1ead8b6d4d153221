"""Many messages to many people: how fast they leave, what each costs, and how long answers wait meanwhile."""

import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import quantiles

import pytest
import requests
from django.db import connection

from config import embedded
from config.embedded.process import is_free
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, OutboxMessage
from inspector_whatsapp.models.outbox import Category, Priority, Status
from inspector_whatsapp.outbox.claiming import Room, claim
from tests.benchmarks.spent import Spent, spent
from tests.benchmarks.surroundings import as_deployed
from tests.benchmarks.table import Row

MANY, ROUNDS = 4_000, 3
LIMIT = 1_100  # a second: above what is measured, and kept all the same
AT_A_LIMIT = ((8_000, 1_000), (3_000, 200))  # Meta's highest, and one that any machine reaches
ANSWERS = 100
META_TAKES = 0.15  # seconds until it answers
PATIENCE = 300  # seconds; only where something is wrong
BODY = {"type": "text", "text": {"body": "A new home for you."}}


@contextmanager
def ready(program: str, *words: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """A program of the benchmarks that has said so; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmarks.{program}", *words],
        cwd=embedded.PROJECT,
        env=as_deployed() | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
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
            text=BODY["text"]["body"],  # type: ignore[index]
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


@dataclass(frozen=True)
class Run:
    """What one fan-out came to. spent: for one message, by whom."""

    rate: float
    most: int
    spent: Spent
    waits: list[float]


def fan_out(many: int, *, limit: int, workers: int, by: str = "sender", answers: int = 0) -> Run:
    """So many messages to as many people, and answers meanwhile, one every 50 ms: all of them, each once."""
    port = next(number for number in range(19_000, 20_000) if is_free(number))
    with ExitStack() as stack:
        stack.enter_context(ready("meta", str(port), str(META_TAKES)))
        there = {
            "WHATSAPP_API_URL": f"http://127.0.0.1:{port}",
            "WHATSAPP_MESSAGES_PER_SECOND": str(limit),
        }
        senders = [stack.enter_context(ready(by, **there)).pid for _worker in range(workers)]
        before = spent(senders)
        offers = set(written(many, first=0, priority=Priority.BULK))
        writing = spent(senders).since(before)
        asked = {}
        for number in range(answers):
            at = time.time()
            (answer,) = written(1, first=50_000_000 + number, priority=Priority.NOW)
            asked[answer] = at
            time.sleep(0.05)
        waiting = OutboxMessage.objects.exclude(status=Status.ACCEPTED)
        _until(lambda: not waiting.exists(), pause=0.25)
        took = spent(senders).since(before).since(writing)
        came = requests.get(f"http://127.0.0.1:{port}/", timeout=60).json()
    arrived = {int(callback.partition(":")[2].partition(".")[0]): at for at, callback in came}
    assert len(came) == len(arrived), "each once"
    assert set(arrived) == offers | set(asked), "and all of them"
    moments = sorted(at for at, _callback in came)
    OutboxMessage.objects.all().delete()
    Contact.objects.all().delete()
    return Run(
        rate=len(moments) / (moments[-1] - moments[0]),
        most=most_in_a_second(moments),
        spent=took.each(len(moments)),
        waits=[arrived[pk] - at for pk, at in asked.items()],
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_fan_out_as_fast_as_it_goes(rows: list[Row], notes: list[str], workers: int) -> None:
    ours, theirs = [], []
    for _round in range(ROUNDS):
        ours.append(fan_out(MANY, limit=LIMIT, workers=workers))
        theirs.append(fan_out(MANY, limit=LIMIT, workers=workers, by="bare_sender"))
    of = "one worker" if workers == 1 else f"{workers} workers"
    rows.append(
        Row(
            f"messages sent, {of}",
            [run.rate for run in ours],
            "a sender that only sends",
            [run.rate for run in theirs],
            usual=0.8,
        )
    )
    for who, runs in (("Ours", ours), ("A sender that only sends", theirs)):
        run = sorted(runs, key=lambda run: run.rate)[ROUNDS // 2]
        notes.append(f"{who}, {of}, {run.rate:,.0f} messages a second: {run.spent.in_words()} for each.")
    assert max(run.most for run in ours) <= LIMIT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("many", "limit"), AT_A_LIMIT)
def test_a_fan_out_at_the_limit_and_answers_meanwhile(notes: list[str], many: int, limit: int) -> None:
    run = fan_out(many, limit=limit, workers=2, answers=ANSWERS)
    waits = quantiles(run.waits, n=100)
    notes.append(
        f"Fan-out: {many:,} messages at {run.rate:,.0f}/s under a limit of {limit:,}/s; most in any second"
        f" {run.most:,}. {ANSWERS} answers meanwhile waited {waits[49]:.2f} s (median), {waits[98]:.2f} s"
        " (99 %)."
    )
    assert run.most <= limit


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

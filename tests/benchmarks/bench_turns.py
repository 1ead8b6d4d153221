"""How many turns a second the bot makes, beside the least turn that the ORM can make; queries of a turn."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from bot import conversation
from bot.models import Conversation, InboundEvent, InboundState
from config import embedded
from inspector_whatsapp.models import Inspection, OutboxMessage
from tests.benchmarks import people
from tests.benchmarks.people import Seeker
from tests.benchmarks.surroundings import as_deployed
from tests.benchmarks.table import Row
from tests.benchmarks.worker import Queries

ROUNDS = 3
PEOPLE = 40  # two claims of conversation.TOGETHER: a half for each of two processes


@dataclass(frozen=True)
class Worker:
    """A process of tests.benchmarks.worker."""

    process: subprocess.Popen[str]

    def tell(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, float]:
        """Wait until it is done; what it took."""
        assert self.process.stdout is not None
        done: dict[str, float] = json.loads(self.process.stdout.readline())
        return done


@contextmanager
def worker() -> Iterator[Worker]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.worker"],
        cwd=embedded.PROJECT,
        env=as_deployed(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Worker(process)
    finally:
        process.communicate(timeout=20)  # its input ends, and so does it


@dataclass(frozen=True)
class Timed:
    """What workers did together."""

    turns: int
    seconds: float
    queries: float

    @property
    def rate(self) -> float:
        return self.turns / self.seconds


def timed(orders: list[tuple[Worker, dict[str, Any]]], *, turns: int) -> Timed:
    """Let them begin together, and wait for the last."""
    began = time.perf_counter()
    for each, order in orders:
        each.tell(order)
    queries = sum(each.hear()["queries"] for each, _order in orders)
    return Timed(turns, time.perf_counter() - began, queries)


def turns(workers: list[Worker], many: int, says: Callable[[Seeker], dict[str, Any]]) -> Timed:
    """People write all they have to say; then the workers answer, and everything is booked."""
    writing = people.seekers(many)
    each = len(says(writing[0]))
    before = OutboxMessage.objects.filter(kind="reply").count(), Inspection.objects.count()
    for seeker in writing:
        seeker.write(*says(seeker).values())
    took = timed([(worker, {"turns": True}) for worker in workers], turns=many * each)
    after = OutboxMessage.objects.filter(kind="reply").count(), Inspection.objects.count()
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()
    assert (after[0] - before[0], after[1] - before[1]) == (many * each, many)
    return took


def least(workers: list[Worker], many: int) -> Timed:
    """As many of the least turns, of as many conversations."""
    ids = list(Conversation.objects.order_by("-pk").values_list("pk", flat=True)[:many]) * 6
    shares = [ids[place :: len(workers)] for place in range(len(workers))]
    orders = [(worker, {"least": share}) for worker, share in zip(workers, shares, strict=True)]
    return timed(orders, turns=len(ids))


@pytest.mark.django_db(transaction=True)
def test_turns_a_second(rows: list[Row], notes: list[str]) -> None:
    with ExitStack() as stack:
        two = [stack.enter_context(worker()) for _ in range(2)]
        for one in two:  # what is loaded at the first message is loaded
            turns([one], 4, Seeker.mixed)
            least([one], 4)
        for name, workers, says, usual in (
            ("one process", two[:1], Seeker.messages, 0.35),
            ("two processes", two, Seeker.messages, 0.35),
            ("two processes, one of seven in own words", two, Seeker.mixed, 0.2),
        ):
            measured, limit = [], []
            for _round in range(ROUNDS):
                measured.append(turns(workers, PEOPLE, says))
                limit.append(least(workers, PEOPLE))
            rates = [each.rate for each in measured], [each.rate for each in limit]
            rows.append(Row(f"turns, {name}", rates[0], f"least ORM turns, {name}", rates[1], usual=usual))
            queries = sum(each.queries for each in measured) / sum(each.turns for each in measured)
            notes.append(
                f"{name}: {queries:.1f} queries a turn while {PEOPLE} people wait with all their messages."
            )


@pytest.mark.django_db(transaction=True)
def test_queries_of_a_turn(notes: list[str]) -> None:
    """One message at a time: nothing is shared with others, and the look whether more waits counts too."""
    counted = []
    (seeker,) = people.seekers(1)
    for name, message in seeker.messages().items():
        seeker.write(message)
        queries = Queries()
        with connection.execute_wrapper(queries):
            conversation.drain()
        counted.append(f"{name} {queries.count}")
    assert Inspection.objects.count() == 1
    notes.append(f"Queries of a turn that is alone: {', '.join(counted)}.")

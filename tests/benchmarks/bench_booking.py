"""Two hundred want one place at the same moment: one gets it, and how fast all of them know."""

import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from config import embedded
from inspector_whatsapp.models import Inspection, Slot
from tests.benchmarks.surroundings import as_deployed
from tests.benchmarks.table import Row
from tests.factories import PropertyFactory, SeekerFactory, SlotFactory

PEOPLE, PROCESSES, ROUNDS = 200, 4, 7
THREADS = 25  # of each process, and connections: the embedded PostgreSQL takes two hundred of all
Booker: TypeAlias = "subprocess.Popen[str]"


def started() -> Booker:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.booker", str(THREADS)],
        cwd=embedded.PROJECT,
        env=as_deployed(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def attempts(how: str, bookers: list[Booker], seekers: list[int]) -> float:
    """Attempts a second of all of them at one slot; one of them gets it."""
    slot = SlotFactory(property=PropertyFactory())
    at = time.time() + 0.5
    for number, booker in enumerate(bookers):
        assert booker.stdin is not None
        order = {"how": how, "slot": slot.pk, "seekers": seekers[number :: len(bookers)], "at": at}
        booker.stdin.write(json.dumps(order) + "\n")
        booker.stdin.flush()
    told = [json.loads(booker.stdout.readline()) for booker in bookers if booker.stdout is not None]
    outcomes: Counter[str] = sum((Counter(each["outcomes"]) for each in told), Counter())
    assert outcomes == {"booked": 1, "SlotTaken": PEOPLE - 1}
    assert Slot.objects.get(pk=slot.pk).taken == Inspection.objects.filter(slot=slot).count() == 1
    Inspection.objects.filter(slot=slot).delete()
    took: float = max(each["over"] for each in told) - at
    return PEOPLE / took


@pytest.mark.django_db(transaction=True)
def test_two_hundred_want_one_place(rows: list[Row], notes: list[str]) -> None:
    seekers = [seeker.pk for seeker in SeekerFactory.create_batch(PEOPLE)]
    with ExitStack() as stack:
        bookers = [stack.enter_context(started()) for _process in range(PROCESSES)]
        attempts("book", bookers, seekers), attempts("lock", bookers, seekers)  # connections are made
        ours, theirs = [], []
        for _round in range(ROUNDS):
            ours.append(attempts("book", bookers, seekers))
            theirs.append(attempts("lock", bookers, seekers))
        for booker in bookers:
            booker.terminate()
    rows.append(Row("attempts at one place", ours, "the slot locked and looked at", theirs, usual=0.5))
    notes.append(f"{PEOPLE} wanted one place at once, {ROUNDS} times: one got it each time.")

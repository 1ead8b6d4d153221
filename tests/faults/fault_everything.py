"""`make faults`: every fault, on one service that is never begun anew. ROUNDS (25) says how often each.

PEOPLE (300) and RATE (25 messages a second) make the crowd; after the last fault it talks, and processes die,
until MESSAGES (100000) have gone in or out. LINKING (60) is how many seconds everybody has to link before the
first fault. The table is in `.local/faults.md`.
"""

import random
import time
from collections.abc import Iterator

import pytest

from config import embedded
from tests.faults.run import Run, a_run, number
from tests.faults.scenarios import EVERYTHING, Named
from tests.faults.stack import WORKERS


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    report = embedded.LOCAL / "faults.md"
    report.unlink(missing_ok=True)
    with a_run(
        tmp_path_factory.mktemp("faults"),
        people=number("PEOPLE", 300),
        rate=number("RATE", 25),
        report=report,
    ) as run:
        with run.fault("none, while everybody links", besides=["I14"]):
            time.sleep(number("LINKING", 60))
        yield run


@pytest.mark.parametrize("scenario", EVERYTHING, ids=str)
def test_after_every_fault_nothing_is_lost_doubled_or_out_of_order(run: Run, scenario: Named) -> None:
    if scenario.name == "disk full" and run.stack.disk is None:
        pytest.skip("only root can mount a disk that is small enough to be filled")
    scenario.does(run, number("ROUNDS", 25))


def test_a_long_day_of_deaths_at_any_moment(run: Run) -> None:
    die = random.Random(26)
    while run.crowd.said + len(run.ledger.accepted) < number("MESSAGES", 100_000):
        with run.fault("SIGKILL of anything, for a while"):
            for _ in range(10):
                run.crowd.burst(10)
                time.sleep(12)
                run.stack.kill(die.choice(("web", "beat", *WORKERS)))
                run.times += 1

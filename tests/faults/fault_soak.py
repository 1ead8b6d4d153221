"""`make soak`: MINUTES (60) at RATE (20) messages a second, a fault every two minutes: what leaks is seen.

Memory per process by least squares, after a warm-up; connections of PostgreSQL. The table is in
`.local/soak.md`.
"""

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from config import embedded
from tests.faults.run import Run, a_run, number
from tests.faults.scenarios import (
    Named,
    api_fault,
    postgres_restarted,
    redis_flushed,
    redis_hangs,
    redis_killed,
    webhook_fault,
)

EVERY = 120.0  # seconds between two faults
WARM = 0.25  # of the time is warming up
MOST_GROWTH = 0.05  # of a process' memory, in an hour
# None that ends workers for good: whose memory grows must live.
FAULTS = (
    Named("redis killed", redis_killed),
    Named("postgres restarted", postgres_restarted),
    Named("redis flushed", redis_flushed),
    Named("redis hangs", redis_hangs),
    webhook_fault("duplicate"),
    api_fault("error", status=500),
    api_fault("delay"),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    report = embedded.LOCAL / "soak.md"
    report.unlink(missing_ok=True)
    people, rate = number("PEOPLE", 300), number("RATE", 20)
    with a_run(tmp_path_factory.mktemp("soak"), people=people, rate=rate, report=report) as run:
        yield run


def growth(samples: list[tuple[float, float]]) -> float:
    """Of memory, in an hour, as a part of what it was: the slope of the line through all samples."""
    times, sizes = [at / 3600 for at, _size in samples], [size for _at, size in samples]
    return statistics.linear_regression(times, sizes).slope / statistics.mean(sizes)


def test_hours_of_talk_and_faults_leave_memory_and_connections_as_they_were(run: Run) -> None:
    minutes = number("MINUTES", 60)
    began, die = time.monotonic(), random.Random(7)
    memory: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    connections: list[int] = []

    def sample() -> None:
        at = time.monotonic() - began
        for name, size in run.stack.memory().items():
            memory[name, run.stack.processes[name].pid].append((at, size))
        connections.append(run.stack.ask("SELECT count(*) FROM pg_stat_activity WHERE usename IS NOT NULL"))

    with run.now_and_then(sample, seconds=5):
        while time.monotonic() - began < 60 * minutes:
            next_at = time.monotonic() + EVERY
            die.choice(FAULTS).does(run, 3)
            with run.fault("none"):
                time.sleep(max(5.0, next_at - time.monotonic()))
    length = time.monotonic() - began
    lines, worst = ["", "| process | MiB at first | MiB in the end | an hour |", "|---|---|---|---|"], 0.0
    for (name, pid), samples in sorted(memory.items()):
        warm = [one for one in samples if one[0] > samples[0][0] + WARM * length]
        if len(warm) < 20:
            continue  # it did not live for long
        grew = growth(warm)
        worst = max(worst, grew)
        lines.append(f"| {name} ({pid}) | {warm[0][1]:.0f} | {warm[-1][1]:.0f} | {grew:+.1%} |")
    half = len(connections) // 2
    before, after = max(connections[:half]), max(connections[half:])
    lines += ["", f"Connections of PostgreSQL: at most {before} in the first half, {after} in the second."]
    assert run.report is not None
    with run.report.open("a") as file:
        file.write("\n".join(lines) + "\n")
    assert worst < MOST_GROWTH, lines
    assert after <= before + 5, lines

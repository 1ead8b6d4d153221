"""How many webhooks are stored a second, beside what the same server, PostgreSQL and a peer can do."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest

from bot.models import WebhookBody
from config import embedded
from config.embedded.process import answers, is_free
from config.programs import Programs
from config.run import FAST_WEB, WEB
from tests.benchmarks import commits, wrk
from tests.benchmarks.client import CONNECTIONS, Posted
from tests.benchmarks.surroundings import as_deployed
from tests.benchmarks.table import Row

ROUNDS = 5
SECONDS = 2
MOST = 20_000  # requests of a second that are built beforehand
EVENTS = 100  # in a large body
# As docs/operating.md has it: a thread waits for every commit, so more of them than there are processors.
VIEW = (*WEB[: WEB.index("--workers")], "--workers", "2", "--blocking-threads", "8", WEB[-1])
BARE = "tests.benchmarks.bare:application"
PEER_PYTHON = embedded.LOCAL / "bench" / "bin" / "python"  # made by `make bench`
PEER = (
    *(str(PEER_PYTHON), "-m", "uvicorn", "--host", "127.0.0.1", "--workers", "2"),
    *("--no-access-log", "tests.benchmarks.peer:application"),
)


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    """The web processes."""
    stopping = threading.Event()
    started = Programs(
        logs=tmp_path / "logs", screen=sys.stderr, directory=embedded.PROJECT, stopping=stopping
    )
    yield started
    stopping.set()
    started.stop(hurry=threading.Event())


def start(programs: Programs, name: str, command: Sequence[str]) -> int:
    """Start a web process as the demo starts ours; the port once it answers."""
    port = next(number for number in range(18_000, 19_000) if is_free(number))
    programs.start(name, [*command, "--port", str(port)], as_deployed() | {"WEBHOOK_FAST_LANE": "1"})
    assert programs.wait(lambda: answers(port), seconds=60)
    post(port, seconds=1)  # every thread connects to PostgreSQL
    return port


def post(port: int, *, seconds: int = SECONDS, events: int = 1) -> Posted:
    posted = wrk.post(
        port, seconds=seconds, most=MOST * seconds // (events if events < 20 else 20), events=events
    )
    assert not posted.refused
    return posted


class Kept:
    """Counts the rows that came to be, against what was answered."""

    def __init__(self) -> None:
        self._rows, self.accepted = WebhookBody.objects.count(), 0

    def check(self, posted: Posted) -> Posted:
        """Every body accepted is a row; those under way at the end, of this round or the last, may be too."""
        rows = WebhookBody.objects.count()
        assert posted.accepted <= rows - self._rows <= posted.accepted + 2 * CONNECTIONS
        self._rows, self.accepted = rows, self.accepted + posted.accepted
        return posted


def rates(posted: Sequence[Posted]) -> list[float]:
    return [each.rate for each in posted]


def times(name: str, posted: Sequence[Posted]) -> str:
    """How long senders waited, as a sentence's part."""
    p50 = [each.p50 for each in posted if each.p50 is not None]
    p99 = [each.p99 for each in posted if each.p99 is not None]
    return f"{name} p50 {median(p50):.1f}, p99 {median(p99):.1f} ms" if p50 and p99 else name


@pytest.mark.django_db(transaction=True)
def test_webhooks_stored_a_second(
    programs: Programs, rows: list[Row], notes: list[str], tmp_path: Path
) -> None:
    url = as_deployed()["DATABASE_URL"]
    commits.prepare(url)
    has_peer = PEER_PYTHON.exists() and wrk.WRK is not None  # our own client reads no bodies of answers
    view = start(programs, "view", VIEW)
    bare = start(programs, "bare", [*VIEW[:-1], BARE])
    lane = start(programs, "lane", FAST_WEB)
    peer = start(programs, "peer", PEER) if has_peer else 0
    kept = Kept()
    by_view, by_bare, by_lane, by_peer, committed, loads = [], [], [], [], [], []
    for _round in range(ROUNDS):
        by_view.append(kept.check(post(view)))
        by_bare.append(post(bare))
        by_lane.append(kept.check(post(lane)))
        by_peer += [post(peer)] if has_peer else []
        committed.append(commits.rate(url, seconds=SECONDS, scripts=tmp_path))
        loads.append(os.getloadavg()[0])
    pgbench = f"rows committed by {commits.who()}"
    rows.append(Row("webhooks, Django's view", rates(by_view), "bare view", rates(by_bare), usual=0.1))
    rows.append(Row("webhooks, Django's view", rates(by_view), pgbench, committed, usual=0.1))
    if has_peer:
        rows.append(Row("webhooks, fast lane", rates(by_lane), "pywa, 2 workers", rates(by_peer), usual=1.2))
    rows.append(Row("webhooks, fast lane", rates(by_lane), pgbench, committed, usual=0.6))
    rows.append(
        Row("webhooks, fast lane", rates(by_lane), "webhooks, Django's view", rates(by_view), usual=4.0)
    )
    waited = "; ".join(
        times(name, posted)
        for name, posted in (("view", by_view), ("lane", by_lane), ("pywa", by_peer))
        if posted
    )
    notes.append(
        f"Posted by {wrk.who()}, {CONNECTIONS} connections; {kept.accepted:,} accepted and kept. {waited}."
        f" Load {min(loads):.1f} to {max(loads):.1f}."
        + (
            ""
            if has_peer
            else " pywa was not measured: it needs wrk, and the environment that `make bench` makes."
        )
    )


@pytest.mark.django_db(transaction=True)
def test_events_stored_a_second_when_many_come_in_one_body(
    programs: Programs, rows: list[Row], notes: list[str]
) -> None:
    view, lane = start(programs, "view", VIEW), start(programs, "lane", FAST_WEB)
    kept = Kept()
    by_view, by_lane = [], []
    for _round in range(ROUNDS):
        by_view.append(kept.check(post(view, events=EVENTS)))
        by_lane.append(kept.check(post(lane, events=EVENTS)))
    events = [[EVENTS * each.rate for each in posted] for posted in (by_lane, by_view)]
    rows.append(
        Row(f"events, {EVENTS} a body, fast lane", events[0], "the same, Django's view", events[1], usual=1.5)
    )
    notes.append(f"{EVENTS} events a body: {times('view', by_view)}; {times('lane', by_lane)}.")

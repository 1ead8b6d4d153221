"""How many webhooks are stored a second, beside what the same server and PostgreSQL can do at most."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.models import WebhookBody
from config import embedded
from config.demo import WEB
from config.embedded.process import answers, is_free
from config.programs import Programs
from tests.benchmarks import commits
from tests.benchmarks.client import CONNECTIONS, Posted
from tests.benchmarks.surroundings import as_deployed
from tests.benchmarks.table import Row

ROUNDS = 5
SECONDS = 2
MOST = 15_000  # requests of a round that are built beforehand


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


def start(programs: Programs, name: str, application: str) -> int:
    """Serve an application as the demo serves ours; the port once it answers."""
    port = next(number for number in range(18_000, 19_000) if is_free(number))
    programs.start(name, [*WEB[:-1], "--port", str(port), application], as_deployed())
    assert programs.wait(lambda: answers(port), seconds=60)
    return port


def post(port: int, *, seconds: float) -> Posted:
    command = [sys.executable, "-m", "tests.benchmarks.client", str(port), str(seconds), str(MOST)]
    said = subprocess.run(
        command, cwd=embedded.PROJECT, env=as_deployed(), stdout=subprocess.PIPE, check=True, timeout=60
    ).stdout
    posted = Posted(**json.loads(said))
    assert not posted.refused
    return posted


@pytest.mark.django_db(transaction=True)
def test_webhooks_stored_a_second(
    programs: Programs, rows: list[Row], notes: list[str], tmp_path: Path
) -> None:
    url = as_deployed()["DATABASE_URL"]
    commits.prepare(url)
    ours = start(programs, "web", WEB[-1])
    bare = start(programs, "bare", "tests.benchmarks.bare:application")
    stored, read, committed = [], [], []
    accepted = post(ours, seconds=0.5).accepted  # every thread connects to PostgreSQL
    post(bare, seconds=0.5)
    for _round in range(ROUNDS):
        stored.append(post(ours, seconds=SECONDS))
        read.append(post(bare, seconds=SECONDS))
        committed.append(commits.rate(url, seconds=SECONDS, scripts=tmp_path))
    accepted += sum(each.accepted for each in stored)
    assert WebhookBody.objects.count() == accepted
    rates = [each.rate for each in stored]
    rows.append(Row("webhooks stored", rates, "bare view", [each.rate for each in read], usual=0.1))
    rows.append(Row("webhooks stored", rates, f"rows committed by {commits.who()}", committed, usual=0.08))
    cpu = [100 * sum(each.cpu for each in all) / sum(each.seconds for each in all) for all in (stored, read)]
    notes.append(
        f"{CONNECTIONS} connections; {accepted:,} accepted, as many rows. The client took {cpu[0]:.0f} % of a"
        f" core beside our view, {cpu[1]:.0f} % beside the bare one."
    )

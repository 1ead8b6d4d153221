"""Real beats, a real worker, one database."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from config import embedded, run
from inspector_whatsapp import clock
from inspector_whatsapp.models import OutboxMessage
from notifications import rules
from notifications.models import ScheduleRun
from notifications.schedules import When
from tests.at_once import environment
from tests.config.test_settings import PRODUCTION
from tests.notifications import scenes
from tests.outbox.witness import until

pytestmark = pytest.mark.django_db(transaction=True)
INSPECTIONS = 20


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[list[Path]]:
    """A worker, and two beats that ring it; what each of them says."""
    broker = embedded.Redis(tmp_path / "redis")  # its own: other tests look at the queues of the common one
    servers = PRODUCTION | environment(REDIS_URL=broker.start(), DEBUG="0")
    outputs = [tmp_path / name for name in ("worker", "one beat", "another beat")]
    commands = (run.command("worker"), run.command("beat"), run.command("beat"))
    running = []
    for command, output in zip(commands, outputs, strict=True):
        with output.open("wb") as file:
            running.append(
                subprocess.Popen(command, env=servers, cwd=project.BASE_DIR, stdout=file, stderr=file)
            )
    yield outputs
    for process in running:
        process.kill()
    for process in running:
        process.wait(timeout=30)
    broker.remove()


def ticks(output: Path) -> int:
    return output.read_text(errors="replace").count("Sending due task rule")


def lines(output: Path) -> list[dict[str, Any]]:
    """Whole ones; raises ValueError for one that is no object."""
    *whole, _begun = output.read_text(errors="replace").split("\n")
    return [dict(json.loads(line)) for line in whole]


def test_two_beats_send_nothing_twice_and_every_line_of_theirs_is_an_object(programs: list[Path]) -> None:
    worker, *beats = programs
    rule = scenes.rule()
    rules.save(rule, enabled=True, when=When(every=1))
    for _ in range(INSPECTIONS):
        scenes.book(hours=3)
    until(lambda: all(ticks(beat) for beat in beats))
    clock.move(scenes.HOUR)
    due = OutboxMessage.objects.filter(kind="reminder")
    until(lambda: due.count() == INSPECTIONS)
    seen = [ticks(beat) for beat in beats]
    until(lambda: all(ticks(beat) > before + 1 for beat, before in zip(beats, seen, strict=True)))
    assert due.values("account").distinct().count() == due.count() == INSPECTIONS
    run = ScheduleRun.objects.get(entry=rule.schedule)
    assert (run.outcome, run.failures) == ("done", 0)
    for output, begins in ((worker, " ready."), (beats[0], "beat: Starting...")):
        assert any(line["event"].endswith(begins) for line in lines(output))

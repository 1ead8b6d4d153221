"""Real beats, a real worker, one database."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project

from config import embedded, run
from inspector_whatsapp import clock
from inspector_whatsapp.models import OutboxMessage
from notifications import rules
from notifications.models import ScheduleRun
from notifications.schedules import When
from tests.at_once import environment
from tests.notifications import scenes
from tests.outbox.witness import until

pytestmark = pytest.mark.django_db(transaction=True)
INSPECTIONS = 20


@pytest.fixture
def beats(tmp_path: Path) -> Iterator[list[Path]]:
    """Two beats and a worker for what they ring; what each beat says."""
    broker = embedded.Redis(tmp_path / "redis")  # its own: other tests look at the queues of the common one
    servers = environment(REDIS_URL=broker.start())
    outputs = [tmp_path / name for name in ("worker", "one beat", "another beat")]
    commands = (run.command("worker"), run.command("beat"), run.command("beat"))
    running = []
    for command, output in zip(commands, outputs, strict=True):
        with output.open("wb") as file:
            running.append(
                subprocess.Popen(command, env=servers, cwd=project.BASE_DIR, stdout=file, stderr=file)
            )
    yield outputs[1:]
    for process in running:
        process.kill()
    for process in running:
        process.wait(timeout=30)
    broker.remove()


def ticks(output: Path) -> int:
    return output.read_text(errors="replace").count("Sending due task rule")


def test_two_beats_send_nothing_twice(beats: list[Path]) -> None:
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

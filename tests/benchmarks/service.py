"""The service as it is deployed: a web process and workers; and the naive one beside it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings

from config import embedded
from config.embedded.process import answers, is_free
from config.run import WEB, WORKER
from tests.benchmarks.surroundings import as_deployed

PATIENCE = 120  # seconds; only where something is wrong
_AT = WORKER.index("-Q")
# One process, two children: each has its own Python, as two of our workers have.
NAIVE = (
    *(sys.executable, "-m", "celery", "-A", "tests.benchmarks.naive", "worker", "--pool", "prefork"),
    *("--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
)


@dataclass(frozen=True)
class Service:
    """A port for webhooks, and the processes behind it."""

    port: int
    web: int
    workers: tuple[int, ...]


@contextmanager
def running(command: Sequence[str], log: Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program and all that it starts, in a group of their own."""
    with log.open("ab") as written:
        process = subprocess.Popen(
            command,
            cwd=embedded.PROJECT,
            env=as_deployed() | more,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def served(application: str, workers: Sequence[Sequence[str]], logs: Path, **more: str) -> Iterator[Service]:
    """A web process and these workers."""
    port = next(number for number in range(18_000, 19_000) if is_free(number))
    with redis.Redis.from_url(settings.REDIS_URL) as queues, ExitStack() as stack:
        queues.flushdb()
        web = stack.enter_context(
            running([*WEB[:-1], "--port", str(port), application], logs / "web", **more)
        )
        started = [
            stack.enter_context(running(command, logs / f"worker-{place}", **more))
            for place, command in enumerate(workers)
        ]
        until(lambda: answers(port))
        yield Service(port, web.pid, tuple(each.pid for each in started))


def ours(
    logs: Path, *, workers: int = 2, queues: str = "turns,slow", **more: str
) -> AbstractContextManager[Service]:
    """Ours, with so many workers; without `outbox` among the queues nothing leaves."""
    command = [*WORKER[: _AT + 1], queues, *WORKER[_AT + 2 :]]
    return served(WEB[-1], [command] * workers, logs, **more)


def naive(logs: Path) -> AbstractContextManager[Service]:
    return served("tests.benchmarks.naive:application", [NAIVE], logs)


def group(leader: int) -> list[int]:
    """The processes that a program has started, and itself."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def until(true: Callable[[], bool], *, pause: float = 0.1) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(pause)

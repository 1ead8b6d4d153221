"""The servers the tests run against: the ones named by DATABASE_URL and REDIS_URL, else embedded ones.

A pytest plugin (`-p tests.servers`), because the servers must run before Django's settings are read. Several
test runs may use the same servers at once: each takes a number, which is part of its database's name and its
Redis database. The workers of one run take one each as well: pytest-django tells their databases apart, where
the same ids begin anew, so in one Redis the pace of one worker's person would be another's. What a demo keeps
in Redis database 0 is left alone.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import pytest
import redis

from config import embedded
from tests import migrated

NUMBERS = range(1, 16)  # Redis has 16 databases
EMBEDDED = "TESTS_EMBEDDED_SERVERS"  # tells the workers of a run which servers were started for it


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The settings that lead a test run to servers of its own; they end with the block."""
    wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not wanted:
        yield {EMBEDDED: ""}
        return
    with (
        embedded.running(database="DATABASE_URL" in wanted, redis="REDIS_URL" in wanted) as found,
        a_number(embedded.LOCAL) as number,
    ):
        settings = {
            "DATABASE_URL": f"{found.database_url}_{number}",
            "REDIS_URL": f"{found.redis_url.rpartition('/')[0]}/{number}",
        }
        if "REDIS_URL" in wanted:
            empty(settings["REDIS_URL"])
        template = migrated.made(found.database_url) if "DATABASE_URL" in wanted else ""
        yield {name: settings[name] for name in wanted} | {
            EMBEDDED: " ".join(wanted),
            migrated.TEMPLATE: template,
        }


@contextmanager
def redis_of_a_worker() -> Iterator[dict[str, str]]:
    """One of several processes of a run: the servers are there already, its Redis database is its own."""
    if "REDIS_URL" not in os.environ[EMBEDDED].split():
        yield {}
        return
    with a_number(embedded.LOCAL) as number:
        url = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
        empty(url)
        yield {"REDIS_URL": url}


def empty(url: str) -> None:
    """A run that was killed may have left something."""
    with redis.Redis.from_url(url) as client:
        client.flushdb()


@contextmanager
def a_number(folder: Path) -> Iterator[int]:
    """A number that no other test run in this folder has now."""
    for number in NUMBERS:
        with (folder / f"tests-{number}.lock").open("a") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    raise embedded.NotStarted(f"{len(NUMBERS)} test runs use the embedded servers already.")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers before pytest-django loads the settings; they end with the run."""
    if early_config.pluginmanager.hasplugin("django"):
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        os.environ["QUIET_HOURS"] = ""  # a test must not depend on the hour at which it runs
        try:
            mine = redis_of_a_worker() if "PYTEST_XDIST_WORKER" in os.environ else servers()
            os.environ.update(stack.enter_context(mine))
        except embedded.NotStarted as problem:
            raise pytest.UsageError(str(problem)) from None
    yield

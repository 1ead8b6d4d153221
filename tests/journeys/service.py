"""The whole service, started as `make demo` starts it, with servers and ports of its own."""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import requests

from config import demo, embedded, run
from config.embedded.process import PORTS, answers, is_free, is_running, wait_until
from config.programs import Program, Programs
from tests import migrated

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE = 90.0  # seconds; waited for in full only when something is broken
ACCOUNTS = 40

# Seekers nobody knows yet; and what is due looked for every second, so that nobody waits long for each.
PREPARE = f"""
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from inspector_whatsapp.models import User
User.objects.bulk_create(
    User(email=f"seeker{{n}}@inspector.example", name=f"Seeker {{n}}", phone=f"+23480300055{{n:02}}")
    for n in range(1, {ACCOUNTS + 1}))
often, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
due = ["notifications.tasks.tick_reminders", "inspector_whatsapp.tasks.chase_requests"]
PeriodicTask.objects.filter(task__in=due).update(interval=often)
"""

# What still has to be done by somebody, as PostgreSQL knows it.
UNDONE = """
SELECT (SELECT count(*) FROM bot_webhookbody WHERE state = 'new')
     + (SELECT count(*) FROM bot_conversation WHERE pending_since IS NOT NULL)
     + (SELECT count(*) FROM notifications_reminder WHERE state = 'planned' AND due_at <= clock_now())
     + (SELECT count(*) FROM inspector_whatsapp_outboxmessage
        WHERE status IN ('sending', 'uncertain')
           OR status IN ('pending', 'waiting', 'held') AND not_before <= clock_now())
"""


class Service:
    """What runs, seen from outside: by HTTP, by the simulator's ledger, and by what PostgreSQL holds."""

    def __init__(self, folder: Path, stack: ExitStack, **settings: str) -> None:
        self.logs = folder / "logs"
        self._folder = folder
        self._stack = stack
        self.postgres = embedded.Postgres(folder / "postgres")
        self.redis = embedded.Redis(folder / "redis")
        stack.callback(self.postgres.remove)
        stack.callback(self.redis.remove)
        self._programs, self._workers = self._some_programs(), self._some_programs()
        web, simulator, mail = (str(port) for port in _ports(3))
        self.plan = demo.plan(
            {
                "PORT": web,
                "SIMULATOR": f"http://127.0.0.1:{simulator}",
                "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
                "MEDIA_STORAGE": str(folder / "media"),
                "DATABASE_URL": self.postgres.start(),
                "REDIS_URL": self.redis.start(),
            }
        )
        migrated.copy_into(self.postgres)
        # Times are picked from lists: the form that stands before them has tests of its own.
        lists = {"WHATSAPP_BOOKING_FLOW_ID": ""}
        self.environment = dict(os.environ) | dict(self.plan.settings) | lists | settings

    @property
    def url(self) -> str:
        return self.plan.public_url

    def start(self, *, begins: str = "") -> None:
        """Everything that `make demo` runs, by its own commands. begins: what time it is then, if not now."""
        self.manage("migrate", "--noinput")
        if begins:
            self.tell_database(f"INSERT INTO inspector_whatsapp_clockoffset VALUES (1, '{begins}' - now())")
        self.manage("seed_demo")
        self.manage("shell", "--no-imports", "-c", PREPARE)
        simulator = ["simulator", "--ledger", str(self._folder / "ledger.jsonl")]
        self._programs.start("simulator", [*demo.MANAGE, *simulator], self.environment)
        assert self._programs.wait(lambda: answers(self.plan.simulator_port), seconds=PATIENCE)
        self.manage("submit_templates")
        self.start_worker()
        self._programs.start("beat", run.command("beat"), self.environment)
        self._programs.start("web", run.command("web"), self.environment)
        self.wait_until_ready()

    def manage(self, *command: str) -> None:
        """Run one of manage.py's commands to its end; Failed, with its last lines, when it fails."""
        self._programs.run(command[0], [*demo.MANAGE, *command], self.environment)

    def _some_programs(self) -> Programs:
        programs = Programs(
            logs=self.logs, screen=sys.stderr, directory=embedded.PROJECT, stopping=threading.Event()
        )
        in_a_hurry = threading.Event()
        self._stack.callback(programs.stop, hurry=in_a_hurry)
        return programs

    def wait_until_ready(self) -> None:
        """Raises Failed when a program ends instead."""
        assert self._programs.wait(lambda: self.get("/readyz") == 200, seconds=PATIENCE), "it is not ready"

    def check(self) -> None:
        """Raises Failed, with its last lines, when a program has ended."""
        self._programs.check()
        self._workers.check()

    def until(self, found: Callable[[], T | None], *, what: str) -> T:
        """Wait for something to be there, or true, and give it back; Failed when a program ends meanwhile."""
        end = time.monotonic() + PATIENCE
        while not (it := found()):
            assert time.monotonic() < end, f"in {PATIENCE:.0f} s there was no {what}"
            self.check()
            time.sleep(0.05)
        return it

    # --- the worker ---------------------------------------------------------------------------------------

    def start_worker(self) -> Program:
        self.worker = self._workers.start("worker", run.command("worker"), self.environment)
        return self.worker

    def kill_worker(self) -> None:
        """As the system does when memory runs out: at once, with all its threads."""
        pid = self.worker.process.pid
        os.killpg(pid, signal.SIGKILL)
        assert wait_until(lambda: not is_running(pid), seconds=PATIENCE)
        dead = threading.Event()
        dead.set()
        self._workers.stop(hurry=dead)

    def let_leases_run_out(self) -> None:
        """What somebody dead has claimed is free again, as if its lease had run out."""
        for table in ("bot_conversation", "inspector_whatsapp_outboxmessage"):
            self.tell_database(f"UPDATE {table} SET lease_until = now() WHERE lease_until IS NOT NULL")

    # --- what stands in PostgreSQL ------------------------------------------------------------------------

    def tell_database(self, sql: str) -> None:
        with psycopg.connect(self.plan.settings["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(sql.encode())

    def ask_database(self, sql: str, *values: object) -> Any:
        """The one value that a query finds."""
        with psycopg.connect(self.plan.settings["DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(sql.encode(), values or None).fetchone()
        return row[0] if row else None

    # --- over HTTP ----------------------------------------------------------------------------------------

    def get(self, path: str) -> int:
        """The status of the web process's answer; 0 while it cannot be reached."""
        try:
            return requests.get(self.url + path, timeout=30).status_code
        except requests.ConnectionError:
            return 0

    def wish(self, name: str, body: object = None) -> Json:
        """Have the simulator do something."""
        return _json(requests.post(f"{self.plan.simulator}/control/{name}", json=body or {}, timeout=30))

    def tell(self, path: str, **query: str) -> Json:
        """What the simulator knows."""
        return _json(requests.get(f"{self.plan.simulator}/{path}", params=query, timeout=30))

    def clear_faults(self) -> None:
        _json(requests.delete(f"{self.plan.simulator}/control/faults", timeout=30))

    def mails(self, to: str) -> list[Json]:
        """Everything in somebody's mailbox, newest first."""
        found: list[Json] = self.tell("mailbox.json", to=to)["mails"]
        return found

    def mail(self, to: str, subject: str) -> Json:
        """The newest mail to somebody whose subject has these words."""
        return self.until(
            lambda: next((mail for mail in self.mails(to) if subject in mail["subject"]), None),
            what=f"mail {subject!r} to {to}",
        )

    def webhooks(self, wamid: str) -> list[Json]:
        """Every attempt of the simulator's to bring a person's message to us."""
        entries = self.tell("control/ledger")["entries"]
        return [one for one in entries if one["kind"] == "webhook" and wamid in json.dumps(one["body"])]

    def is_idle(self) -> bool:
        return bool(self.tell("control/idle")["idle"])

    def settle(self) -> None:
        """Wait until everything that was to follow has followed."""
        self.until(
            lambda: self.is_idle() and self.ask_database(UNDONE) == 0 and self.is_idle(), what="end of work"
        )

    # --- the clock ----------------------------------------------------------------------------------------

    def pass_time(self, *, seconds: int) -> None:
        self.wish("clock", {"advance_seconds": seconds})

    def to_next_reminder(self) -> None:
        """Move everybody's clock to when the next reminder of anybody is due, and see it out."""
        self.wish("clock", {"to": "next_reminder"})
        self.settle()


def _json(response: requests.Response) -> Json:
    assert response.ok, response.text
    found: Json = response.json()
    return found


def _ports(count: int) -> list[int]:
    free = (port for port in random.sample(PORTS, len(PORTS)) if is_free(port))
    return [next(free) for _ in range(count)]


@contextmanager
def a_service(folder: Path, *, begins: str = "", **settings: str) -> Iterator[Service]:
    """Everything from nothing; ended, each program by its number, and deleted with the block."""
    with ExitStack() as stack:
        service = Service(folder, stack, **settings)
        service.start(begins=begins)
        yield service

"""The whole service as it runs in production, each part a process that can be killed, stopped and started.

Web, two workers and a beat with DEBUG=0; PostgreSQL and Redis from the wheels; the simulator as Meta, mail
server and Inspector's backend, with its ledger. Nothing of a demo or of the tests' own servers is used.
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests

from config import embedded, run
from config.embedded.process import answers, is_running, last_lines
from tests import migrated
from tests.faults.proxy import Proxies, Proxy
from tests.ports import free_port

Json = dict[str, Any]
PATIENCE = 90.0  # seconds to start or to end; waited for in full only when something is broken
WORKERS = ("worker-1", "worker-2")
OURS = ("web", *WORKERS, "beat")
# What each stands behind, for a fault of the network.
LINES = ("postgres", "redis", "meta", "mail")

# What still has to be done by somebody. A message of unknown fate has a time of its own.
BACKLOG = """
SELECT (SELECT count(*) FROM bot_webhookbody WHERE state = 'new')
     + (SELECT count(*) FROM bot_conversation WHERE pending_since IS NOT NULL)
     + (SELECT count(*) FROM notifications_reminder r
        JOIN notifications_reminderrule rule ON rule.id = r.rule_id
        WHERE state = 'planned' AND due_at <= clock_now())
     + (SELECT count(*) FROM inspector_whatsapp_outboxmessage
        WHERE status IN ('pending', 'waiting', 'held', 'sending') AND not_before <= clock_now())
"""
UNKNOWN = "SELECT count(*) FROM inspector_whatsapp_outboxmessage WHERE status = 'uncertain'"


@dataclass
class Process:
    """A program of ours, the leader of a process group of its own."""

    name: str
    command: Sequence[str]
    log: Path
    home: Path = embedded.PROJECT
    running: subprocess.Popen[bytes] | None = None
    wanted: bool = False  # to be started again should it end
    deaths: int = 0

    @property
    def pid(self) -> int:
        assert self.running is not None
        return self.running.pid

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def start(self, environment: Json) -> None:
        self.wanted = True
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=self.home,
                env=environment | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def tell(self, number: signal.Signals) -> None:
        """To the whole group: what it has started dies and stops with it."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def end(self, number: signal.Signals = signal.SIGKILL, *, seconds: float = PATIENCE) -> None:
        self.wanted = False
        if self.running is None:
            return
        self.tell(signal.SIGCONT)
        if number == signal.SIGTERM:
            self.running.terminate()  # the leader tells its own
        else:
            self.tell(number)
        try:
            self.running.wait(seconds)
        finally:
            self.tell(signal.SIGKILL)


@dataclass
class Transactions:
    """How long transactions were open, looked at several times a second. I14."""

    url: str
    longest: float = 0.0
    query: str = ""
    connections: int = 0
    crowded: float = 0.0  # how many processes were ready to run for each processor, at most
    _stop: threading.Event = field(default_factory=threading.Event)

    LOOK = """
        SELECT coalesce(extract(epoch FROM clock_timestamp() - xact_start), 0),
               concat_ws(' ', state, wait_event_type, wait_event, query),
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND application_name <> 'witness'
        ORDER BY xact_start LIMIT 1
    """

    def watch(self) -> None:
        while not self._stop.is_set():
            with (
                suppress(psycopg.Error),
                psycopg.connect(
                    self.url, autocommit=True, application_name="witness", connect_timeout=3
                ) as connection,
            ):
                while not self._stop.wait(0.25):
                    age, query, connections = connection.execute(self.LOOK).fetchone() or (0, "", 0)
                    self.connections = max(self.connections, connections)
                    self.crowded = max(self.crowded, os.getloadavg()[0] / (os.cpu_count() or 1))
                    if age > self.longest:
                        self.longest, self.query = float(age), query
            self._stop.wait(0.25)

    def begin(self) -> None:
        self.longest, self.query, self.connections, self.crowded = 0.0, "", 0, 0.0

    def stop(self) -> None:
        self._stop.set()


class Stack:
    """What runs, and what can be done to it."""

    python = sys.executable
    home = embedded.PROJECT  # where the service's code is
    ours: Sequence[str] = OURS
    on_small_disk = True

    def __init__(self, folder: Path, stack: ExitStack, *, people: int, **settings: str) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.people = people
        self.postgres, self.redis = self._servers()
        self.disk = _small_disk(self.postgres.home, stack) if self.on_small_disk else None
        stack.callback(lambda: self.postgres.stop("immediate") if self.disk else self.postgres.remove())
        stack.callback(self.redis.remove)
        stack.callback(self._end)
        self.postgres.start()
        self.redis.start()
        self._port, self._meta, self._mail = free_port(), free_port(), free_port()
        proxies = stack.enter_context(Proxies())
        ports = (self.postgres.port, self.redis.port, self._meta, self._mail)
        self.lines: dict[str, Proxy] = {
            name: proxies.before(port) for name, port in zip(LINES, ports, strict=True)
        }
        self.proxied: set[str] = set()
        self._settings = settings
        self.secrets = {
            name: secrets.token_hex(32)
            for name in (
                "SECRET_KEY",
                "WHATSAPP_APP_SECRET",
                "WHATSAPP_ACCESS_TOKEN",
                "WHATSAPP_VERIFY_TOKEN",
            )
        }
        self.webhook_secret = "whsec_" + secrets.token_hex(16)
        self.offsets: list[tuple[float, float]] = [(0.0, 0.0)]  # since when the clock is how far ahead
        self._lock = threading.RLock()
        self.crash_at: dict[str, Callable[[], str]] = {}
        self.processes = {
            name: Process(name, command, self.logs / f"{name}.log", self.home)
            for name, command in self._commands().items()
        }
        self.transactions = Transactions(self.postgres.url)
        stack.callback(self.transactions.stop)
        threading.Thread(target=self.transactions.watch, daemon=True).start()

    # --- what it is made of -------------------------------------------------------------------------------

    def _servers(self) -> tuple[embedded.Postgres, embedded.Redis]:
        return embedded.Postgres(self.folder / "postgres"), embedded.Redis(self.folder / "redis")

    def _commands(self) -> dict[str, Sequence[str]]:
        quiet = ("--loglevel", "WARNING")
        beat = run.command("beat", *quiet)
        return {
            "simulator": self._simulator(),
            "web": run.command("web"),
            "worker-1": run.command("worker", *quiet, "-n", "one@%h"),
            "worker-2": run.command("worker", *quiet, "-n", "two@%h"),
            **dict.fromkeys(("beat", "beat-2", "beat-3"), beat),
        }

    # --- settings -----------------------------------------------------------------------------------------

    def _simulator(self) -> list[str]:
        return [
            *(sys.executable, "-m", "inspector_whatsapp.simulator"),
            *("--port", str(self._meta), "--smtp-port", str(self._mail)),
            *("--webhook", f"{self.url}/webhooks/whatsapp", "--ledger", str(self.folder / "ledger.jsonl")),
            *("--app-secret", self.secrets["WHATSAPP_APP_SECRET"]),
            *("--access-token", self.secrets["WHATSAPP_ACCESS_TOKEN"]),
            *("--verify-token", self.secrets["WHATSAPP_VERIFY_TOKEN"]),
            *("--phone-number-id", "555000111", "--phone-number", "+2347000000001"),
            *("--business-account-id", "555000222", "--webhook-secret", self.webhook_secret),
        ]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def simulator(self) -> str:
        return f"http://127.0.0.1:{self._meta}"

    def _port_of(self, line: str) -> int:
        if line in self.proxied:
            return self.lines[line].port
        return self.lines[line].upstream

    @property
    def environment(self) -> dict[str, str]:
        """Of production; of the machine's own only where to find things."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        database = self.postgres.url.replace(f":{self.postgres.port}/", f":{self._port_of('postgres')}/")
        broker = self.redis.url.replace(f":{self.redis.port}/", f":{self._port_of('redis')}/")
        return {
            **kept,
            **self.secrets,
            "DEBUG": "0",
            "FAULTS": "1",
            "PORT": str(self._port),
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "WHATSAPP_API_URL": f"http://127.0.0.1:{self._port_of('meta')}",
            "WHATSAPP_PHONE_NUMBER_ID": "555000111",
            "WHATSAPP_PHONE_NUMBER": "+2347000000001",
            "WHATSAPP_BUSINESS_ACCOUNT_ID": "555000222",
            "DEFAULT_FROM_EMAIL": "Inspector <no-reply@inspector.example>",
            "WHATSAPP_MESSAGES_PER_SECOND": "500",
            "EMAIL_URL": f"smtp://127.0.0.1:{self._port_of('mail')}",
            "INSPECTOR_WEBHOOK_URL": f"{self.simulator}/inspector/webhooks",
            "INSPECTOR_WEBHOOK_SECRET": self.webhook_secret,
            "QUIET_HOURS": "",  # what happens must not depend on the hour
            "MEDIA_STORAGE": str(self.folder / "media"),
            **self._settings,
        }

    # --- processes ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Everything, from an empty database."""
        migrated.copy_into(self.postgres)
        self.prepare()
        self.begin()

    def prepare(self) -> None:
        """Tables, people and homes, and the files that browsers fetch."""
        self.manage("migrate", "--noinput")
        self.run(sys.executable, "-m", "tests.faults.cast", str(self.people))
        if not any((self.home / ".local" / "static").glob("staticfiles.json")):
            self.manage("collectstatic", "--noinput")

    def begin(self) -> None:
        """Every program."""
        self.processes["simulator"].start(self.environment)
        self.until(lambda: answers(self._meta), what="simulator")
        # Its own speed limits are no fault; and a phone shows more than one message in six seconds.
        self.wish("switches", {"pair_limit": False, "throughput_limit": False})
        self.manage("submit_templates")
        for name in self.ours:
            self.launch(name)
        threading.Thread(target=self._tend, name="tending", daemon=True).start()
        self.until_ready()

    def launch(self, name: str) -> None:
        """Start a program; with a crash point, if it is to have one."""
        with self._lock:
            process = self.processes[name]
            assert not process.alive, f"{name} runs"
            crash_at = self.crash_at[name]() if name in self.crash_at else ""
            process.start(self.environment | ({"CRASH_AT": crash_at} if crash_at else {}))

    def all_up(self) -> None:
        """Whatever an earlier harm has left down is started."""
        with self._lock:
            for name in self.ours:
                if not self.processes[name].alive:
                    self.launch(name)
        self.until_ready()

    def kill(self, name: str) -> None:
        """As the system does when memory runs out; it is started again, as a supervisor would."""
        self.processes[name].tell(signal.SIGKILL)

    def stop(self, name: str) -> None:
        self.processes[name].tell(signal.SIGSTOP)

    def cont(self, name: str) -> None:
        self.processes[name].tell(signal.SIGCONT)

    def end(self, name: str, number: signal.Signals = signal.SIGTERM, *, seconds: float = PATIENCE) -> float:
        """Have it end, and keep it down; how long that took."""
        began = time.monotonic()
        self.processes[name].end(number, seconds=seconds)
        return time.monotonic() - began

    def restart(self, *names: str) -> None:
        """A deploy: each is told to end, and started anew with the settings as they are now."""
        for name in names:
            self.end(name)
            self.launch(name)

    def _tend(self) -> None:
        """The supervisor that every production has: what dies is started again."""
        while True:
            with self._lock:
                for process in self.processes.values():
                    if process.wanted and not process.alive:
                        process.deaths += 1
                        process.tell(signal.SIGKILL)  # whatever it left behind
                        self.launch(process.name)
            time.sleep(0.1)

    def _end(self) -> None:
        with self._lock:
            for process in self.processes.values():
                process.wanted = False
        for process in reversed(list(self.processes.values())):
            process.end(signal.SIGKILL)

    def manage(self, *arguments: str) -> None:
        self.run(self.python, "manage.py", *arguments, home=self.home)

    def run(self, *command: str, home: Path = embedded.PROJECT) -> None:
        done = subprocess.run(
            command,
            cwd=home,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"

    # --- PostgreSQL ---------------------------------------------------------------------------------------

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(
            self.postgres.url, autocommit=True, application_name="witness", connect_timeout=10
        ) as connection:
            yield connection

    def ask(self, sql: str, *values: object) -> Any:
        """The one value that a query finds."""
        with self.database() as connection:
            row = connection.execute(sql.encode(), values or None).fetchone()
        return row[0] if row else None

    def children_of_postgres(self) -> list[int]:
        """The server's processes, the first one before its own."""
        first = self.postgres.pid
        assert first is not None
        text = Path(f"/proc/{first}/task/{first}/children").read_text()
        return [first, *map(int, text.split())]

    @property
    def offset(self) -> float:
        return self.offsets[-1][1]

    def move_clock(self, *, seconds: float) -> None:
        """Move everybody's clock: ours by its row, which a simulator may change, and Meta's by its door."""
        ahead = self.offset + seconds
        with self.database() as connection:
            connection.execute(
                b'INSERT INTO inspector_whatsapp_clockoffset (id, "offset") VALUES (1, %s)'
                b' ON CONFLICT (id) DO UPDATE SET "offset" = EXCLUDED."offset"',
                [f"{ahead} seconds"],
            )
        self.offsets.append((time.time(), ahead))
        self.wish("clock", {"offset_seconds": ahead})

    # --- over HTTP ----------------------------------------------------------------------------------------

    def get(self, path: str) -> int:
        """The status of the web process's answer; 0 while it cannot be reached."""
        try:
            return requests.get(self.url + path, timeout=10).status_code
        except requests.RequestException:
            return 0

    def wish(self, name: str, body: object = None) -> Json:
        """Have the simulator do something."""
        response = requests.post(f"{self.simulator}/control/{name}", json=body or {}, timeout=60)
        assert response.ok, response.text
        found: Json = response.json()
        return found

    def tell(self, name: str) -> Json:
        found: Json = requests.get(f"{self.simulator}/control/{name}", timeout=60).json()
        return found

    def fault(self, action: str, **rule: Any) -> None:
        self.wish("faults", {"action": action, "times": None, **rule})

    def faults_end(self) -> None:
        assert requests.delete(f"{self.simulator}/control/faults", timeout=60).ok
        self.wish("retry")

    # --- waiting ------------------------------------------------------------------------------------------

    def until(self, true: Callable[[], Any], *, what: str, seconds: float = PATIENCE) -> float:
        """Wait for something to become true; for how many seconds."""
        began = time.monotonic()
        while True:
            with suppress(psycopg.Error, requests.RequestException):
                if true():
                    return time.monotonic() - began
            assert time.monotonic() - began < seconds, f"in {seconds:.0f} s there was no {what}; {self.logs}"
            time.sleep(0.1)

    def until_ready(self) -> None:
        self.until(
            lambda: self.get("/readyz") == 200, what=f"ready service:\n{last_lines(self.logs / 'web.log')}"
        )

    def is_idle(self) -> bool:
        return bool(self.tell("idle")["idle"])

    def drained(self, *, seconds: float) -> float:
        """Wait until nothing is left to do, on Meta's side neither; how long that took."""
        return self.until(
            lambda: self.is_idle() and self.ask(BACKLOG) == 0 and self.is_idle(),
            what="end of the backlog",
            seconds=seconds,
        )

    def memory(self) -> dict[str, float]:
        """MiB that each process of ours holds, with what it has started."""
        found: dict[str, float] = {}
        for name in self.ours:
            process = self.processes[name]
            if process.alive:
                found[name] = sum(map(_resident, _family(process.pid)))
        return found


DISK = 2_000_000_000  # bytes


def _small_disk(folder: Path, stack: ExitStack) -> Path | None:
    """Have PostgreSQL keep its data on a disk of its own that can be filled; only root may make one."""
    if os.geteuid():
        return None
    folder.parent.mkdir(mode=0o755, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "faults", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        return None

    def away() -> None:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
        folder.rmdir()

    stack.callback(away)
    return folder


def _family(pid: int) -> list[int]:
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(one for child in children for one in _family(int(child)))]
    return [pid] if is_running(pid) else []


def _resident(pid: int) -> float:
    """Memory that it has filled itself, in MiB: what was forked is not counted twice.

    Not what it has mapped of files: that share grows whenever another user of the same libraries ends.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss_Anon:"):
                return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def a_stack(folder: Path, *, people: int, **settings: str) -> Iterator[Stack]:
    """Everything from nothing; ended, each program by its number, and deleted with the block."""
    # Told to end, it ends all that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    with ExitStack() as stack:
        found = Stack(folder, stack, people=people, **settings)
        found.start()
        yield found

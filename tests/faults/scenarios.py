"""What is done to the service while a crowd talks to it. Each is a name, and a function of a run.

`rounds` is how often; a run of the tests does each once or twice, `make faults` twenty-five times.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import psycopg
import redis

from tests.faults.run import Run
from tests.faults.stack import OURS, WORKERS

Scenario = Callable[[Run, int], None]

# At which lines who dies. Those of linking need people who link; those of reminders, time that passes.
WORK = (
    *("body_counted", "events_written", "bodies_parsed"),
    *("conversation_claimed", "turn_taken", "turn_written", "before_the_bell"),
    *("messages_claimed", "message_prepared", "message_sent", "message_settled", "status_heard"),
    "leases_swept",
)
LINKING = ("found_out", "code_judged", "link_made", "mail_sent", "inspector_answered")
POINTS = ("webhook_stored", *WORK, *LINKING, "reminders_queued", "task_published")
DATABASE = ("I14",)  # a database that stands still has long transactions


@dataclass(frozen=True)
class Named:
    """A scenario under the name that the table has."""

    name: str
    does: Scenario

    def __str__(self) -> str:
        return self.name


def dies_at(point: str) -> Named:
    """Processes are killed at a line, again and again."""

    def does(run: Run, rounds: int) -> None:
        names = ("web",) if point == "webhook_stored" else ("beat",) if point == "task_published" else WORKERS
        with run.fault(f"SIGKILL at `{point}`"), _reason_to_come_by(run, point, rounds):
            first = (
                (1, 2)
                if point in ("reminders_queued", "leases_swept")
                else (2, 5)
                if point in LINKING
                else (3, 12)
            )
            run.lets_die(point, names, times=rounds, between=first, seconds=20 + 10 * rounds)

    return Named(f"dies at {point}", does)


@contextmanager
def _reason_to_come_by(run: Run, point: str, rounds: int) -> Iterator[None]:
    if point in LINKING:
        run.crowd.newcomers(10 + 8 * rounds)
    if point != "reminders_queued":
        yield
        return
    # Now and again it is an hour later.
    with run.now_and_then(lambda: run.stack.move_clock(seconds=3600), seconds=4):
        yield


def workers_killed(run: Run, rounds: int) -> None:
    with run.fault("SIGKILL of a worker at any moment"):
        for n in range(rounds):
            run.crowd.burst(10)
            time.sleep(5)
            run.stack.kill(WORKERS[n % 2])
        run.times = rounds


def web_killed(run: Run, rounds: int) -> None:
    with run.fault("SIGKILL of the web process in mid-request"):
        for _ in range(rounds):
            run.crowd.burst(10)
            run.stack.until(lambda: run.stack.get("/livez") == 200, what="web process")
            time.sleep(0.5)
            run.stack.kill("web")
        run.times = rounds


def deploys(run: Run, rounds: int) -> None:
    with run.fault("SIGTERM, one after the other, under load"):
        took = []
        for _ in range(rounds):
            for name in ("worker-1", "web", "worker-2", "beat"):
                run.crowd.burst(3)
                took.append(run.stack.end(name))
                run.stack.launch(name)
                time.sleep(2)
        run.times = len(took)
        assert max(took) < 30, f"a warm stop took {max(took):.0f} s"


def cold_stops(run: Run, rounds: int) -> None:
    with run.fault("SIGQUIT, a cold stop of workers"):
        for n in range(rounds):
            run.crowd.burst(5)
            time.sleep(4)
            run.stack.processes[WORKERS[n % 2]].tell(signal.SIGQUIT)
        run.times = rounds


def worker_stopped(run: Run, rounds: int) -> None:
    with run.fault("SIGSTOP of a worker for longer than its leases, then SIGCONT"):
        for _ in range(max(1, rounds // 8)):
            run.stack.stop("worker-1")
            time.sleep(50)
            run.stack.cont("worker-1")
            run.times += 1


def everything_killed(run: Run, rounds: int) -> None:
    stack = run.stack
    with run.fault("SIGKILL of everything at once", besides=DATABASE):
        for _ in range(rounds):
            run.crowd.burst(5)
            time.sleep(3)
            first = stack.postgres.pid
            for name in OURS:
                stack.kill(name)
            stack.redis.stop("immediate")
            if first:
                with suppress(ProcessLookupError):
                    os.kill(first, signal.SIGKILL)
            stack.postgres.stop("immediate")
            stack.postgres.start()
            stack.redis.start()
            stack.until_ready()
        run.times = rounds


# --- Redis ------------------------------------------------------------------------------------------------


def redis_killed(run: Run, rounds: int) -> None:
    with run.fault("Redis killed"):
        for _ in range(rounds):
            time.sleep(2)
            run.stack.redis.restart("immediate")
        run.times = rounds


def redis_flushed(run: Run, rounds: int) -> None:
    with run.fault("Redis flushed"), redis.Redis.from_url(run.stack.redis.url) as client:
        for _ in range(rounds):
            run.crowd.burst(5)
            time.sleep(1)
            client.flushall()
        run.times = rounds


def redis_hangs(run: Run, rounds: int) -> None:
    with run.fault("Redis hangs (SIGSTOP)"):
        pid = run.stack.redis.pid
        assert pid
        for _ in range(max(1, rounds // 8)):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(10)
            os.kill(pid, signal.SIGCONT)
            time.sleep(3)
            run.times += 1


# --- PostgreSQL -------------------------------------------------------------------------------------------


def postgres_restarted(run: Run, rounds: int) -> None:
    with run.fault("PostgreSQL restarted, every other time as by a crash", besides=DATABASE):
        for n in range(rounds):
            run.crowd.burst(5)
            time.sleep(3)
            run.stack.postgres.restart("immediate" if n % 2 else "fast")
        run.times = rounds


def postgres_hangs(run: Run, rounds: int) -> None:
    """All its processes stand still: nothing is refused, nothing is answered."""
    stack = run.stack
    with run.fault("PostgreSQL hangs (SIGSTOP)", besides=DATABASE):
        for _ in range(max(1, rounds // 8)):
            pids = stack.children_of_postgres()
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            time.sleep(20)
            for pid in reversed(stack.children_of_postgres()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
            time.sleep(3)
            run.times += 1


def postgres_has_no_connections(run: Run, rounds: int) -> None:
    url = run.stack.postgres.url
    with run.fault("PostgreSQL has no connections left", besides=DATABASE):
        run.stack.restart("worker-2")  # whoever starts then has none yet
        for _ in range(max(1, rounds // 8)):
            with ExitStack() as taken:
                until = time.monotonic() + 10
                while time.monotonic() < until:
                    try:
                        taken.enter_context(psycopg.connect(url, autocommit=True, connect_timeout=3))
                    except psycopg.OperationalError:
                        run.stack.kill("worker-1")  # and one that had some must ask for new ones
                        time.sleep(3)
            run.times += 1


def disk_full(run: Run, rounds: int) -> None:
    disk = run.stack.disk
    assert disk is not None
    ballast = disk / "ballast"
    with run.fault("disk of PostgreSQL full", besides=DATABASE):
        for _ in range(max(1, rounds // 8)):
            with ballast.open("wb") as file, suppress(OSError):
                while True:
                    file.write(b"\0" * 65_536)
                    file.flush()
            time.sleep(10)
            ballast.unlink()
            run.stack.postgres.start()  # if it gave up
            time.sleep(2)
            run.times += 1


# --- Meta, the mail server, Inspector ---------------------------------------------------------------------


def api_fault(action: str, seconds: float = 8, **rule: object) -> Named:
    """Meta does not do what it should, with every message."""
    label = " ".join([action, *(f"{key} {value}" for key, value in rule.items())])

    def does(run: Run, rounds: int) -> None:
        with run.fault(f"Meta: {label}"):
            run.stack.fault(action, path="/messages", **rule)
            time.sleep(seconds if rounds > 2 else 2)
            run.stack.faults_end()

    return Named(f"Meta: {label}", does)


def webhook_fault(action: str, seconds: float = 15, **rule: object) -> Named:
    """Webhooks do not come as they should."""

    def does(run: Run, rounds: int) -> None:
        with run.fault(f"webhooks: {action}"):
            run.stack.fault(action, on="webhook", **rule)
            run.crowd.burst(20)
            time.sleep(seconds if rounds > 2 else 4)
            run.stack.faults_end()

    return Named(f"webhooks: {action}", does)


def webhooks_hours_late(run: Run, rounds: int) -> None:
    with run.fault("webhooks: hours late"):
        run.stack.fault("delay", on="webhook", seconds=5)
        time.sleep(6)
        run.stack.move_clock(seconds=5 * 3600)
        time.sleep(4)
        run.stack.faults_end()


def mail_fault(action: str, seconds: float = 12, **rule: object) -> Named:
    """The mail server does not do what it should."""

    def does(run: Run, rounds: int) -> None:
        run.crowd.newcomers(20)
        with run.fault(f"mail: {action}"):
            run.stack.fault(action, on="mail", **rule)
            time.sleep(seconds)
            run.stack.faults_end()
            time.sleep(8)

    return Named(f"mail: {action}", does)


def line_fault(line: str, toxic: str, **how: float) -> Named:
    """The network between us and somebody goes bad."""

    def does(run: Run, rounds: int) -> None:
        stack = run.stack
        if line not in stack.proxied:
            stack.proxied.add(line)
            stack.restart(*OURS)
            stack.until_ready()
        if line == "mail":
            run.crowd.newcomers(20)
        with run.fault(f"line to {line}: {toxic}", besides=DATABASE if line == "postgres" else ()):
            stack.lines[line].goes(toxic, **how)  # type: ignore[arg-type]
            time.sleep(12)
            stack.lines[line].heals()

    return Named(f"line to {line}: {toxic}", does)


# --- time -------------------------------------------------------------------------------------------------


def three_beats(run: Run, rounds: int) -> None:
    with run.fault("three beats at once"):
        for name in ("beat-2", "beat-3"):
            run.stack.launch(name)
        for _ in range(6):
            time.sleep(5)
            run.stack.move_clock(seconds=1800)
        for name in ("beat-2", "beat-3"):
            run.stack.end(name)
        run.times = 3


def no_beat(run: Run, rounds: int) -> None:
    with run.fault("no beat for 26 hours"):
        run.stack.end("beat")
        for _ in range(26):
            run.stack.move_clock(seconds=3600)
            time.sleep(0.5)
        run.stack.launch("beat")
        time.sleep(5)


def clock_jumps(run: Run, rounds: int) -> None:
    with run.fault("the clock jumps, an hour on and an hour back"):
        for seconds in (3600, -3600, 3600, -3600):
            run.stack.move_clock(seconds=seconds)
            time.sleep(5)
            run.times += 1


EVERYTHING: tuple[Named, ...] = (
    *map(dies_at, POINTS),
    *(
        Named(does.__name__.replace("_", " "), does)
        for does in (
            *(workers_killed, web_killed, deploys, cold_stops, worker_stopped),
            *(redis_killed, redis_flushed, redis_hangs),
            *(postgres_restarted, postgres_hangs, postgres_has_no_connections, disk_full),
        )
    ),
    api_fault("error", code=130429, retry_after=2),
    api_fault("error", status=500),
    api_fault("error", status=503),
    api_fault("error", code=131000),
    api_fault("delay"),
    api_fault("reset"),
    api_fault("hang"),
    api_fault("cut"),
    api_fault("half"),
    api_fault("bad_json"),
    api_fault("status_first"),
    webhook_fault("duplicate"),
    webhook_fault("reorder", of="message"),
    webhook_fault("batch", size=20),
    webhook_fault("bad_signature"),
    webhook_fault("delay", of="status"),
    Named("webhooks: hours late", webhooks_hours_late),
    mail_fault("refuse"),
    mail_fault("reject", status=451),
    mail_fault("hang"),
    line_fault("meta", "refuse"),
    line_fault("meta", "hang"),
    line_fault("meta", "half"),
    line_fault("meta", "latency", seconds=1.5),
    line_fault("mail", "hang"),
    line_fault("mail", "half"),
    line_fault("redis", "hang"),
    line_fault("redis", "slicer"),
    line_fault("postgres", "hang"),
    line_fault("postgres", "reset"),
    line_fault("postgres", "latency", seconds=0.02),
    Named("three beats", three_beats),
    Named("no beat", no_beat),
    Named("clock jumps", clock_jumps),
    Named("everything killed", everything_killed),
)

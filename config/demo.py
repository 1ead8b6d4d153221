"""`make demo`: the whole service on this machine, in one terminal.

Every setting that the environment (or `.env`) gives is honoured and passed on; what it leaves open is started
here: PostgreSQL, Redis, Meta's side of the conversation with its phone page, and a mailbox.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import environ

from config import embedded, run
from config.embedded.process import answers, is_free
from config.programs import Failed, Programs, kill_leftovers

# What another command, `manage.py chat` for example, needs to work on this demo.
SHARED = (
    *("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SIMULATOR", "WHATSAPP_API_URL", "EMAIL_URL"),
    *("DEBUG", "PORT"),
    *("INSPECTOR_URL", "INSPECTOR_JWT_KEYS", "INSPECTOR_WEBHOOK_URL", "INSPECTOR_WEBHOOK_SECRET"),
    *("INSPECTOR_API_URL", "INSPECTOR_API_TOKEN"),
)
DEMO_PASSWORD = "inspector-demo"  # noqa: S105 (of a demo account on this machine)
# Between the service and the stand-in for Inspector, both on this machine.
DEMO_FORM = "1000000000000001"  # the first that the simulator's Meta makes
DEMO_SECRET = "whsec_bGFwdG9wLW9ubHktd2ViaG9vay1zZWNyZXQ="  # noqa: S105
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MANAGE = (sys.executable, "manage.py")


class Problem(Exception):
    """Why the demo can't start, for a person."""


@dataclass(frozen=True)
class Plan:
    """What is to be started, and the settings that the programs get."""

    port: int
    settings: Mapping[str, str]
    own_database: bool
    own_redis: bool
    simulator: str  # the address of the phone page; empty when there is none
    simulator_port: int  # 0: we start none
    mail_port: int

    @property
    def public_url(self) -> str:
        return self.settings["PUBLIC_URL"].rstrip("/")


def plan(given: Mapping[str, str]) -> Plan:
    """What the settings leave for us to start."""
    settings = {name: value for name, value in given.items() if value}
    port = _web_port(settings.get("PORT", "8000"))
    settings |= {"PORT": str(port), "DEBUG": settings.get("DEBUG", "1")}
    settings.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")

    simulator, simulator_port = settings.get("SIMULATOR", ""), 0
    mail_port = _free(range(8125, 8200), besides=port)
    if "WHATSAPP_API_URL" not in settings:
        simulator = simulator or f"http://127.0.0.1:{_free(range(8100, 8125), besides=port)}"
        simulator_port = _own_port(simulator)
        settings["WHATSAPP_API_URL"] = simulator
        if _is_true(settings["DEBUG"]):  # without DEBUG the service refuses a clock that may be moved
            settings["SIMULATOR"] = simulator
        if simulator_port:
            settings.setdefault("WHATSAPP_BOOKING_FLOW_ID", DEMO_FORM)
            settings.setdefault("EMAIL_URL", f"smtp://127.0.0.1:{mail_port}")
            settings = _stand_in(simulator, decides="INSPECTOR_API_TOKEN" in settings) | settings
    return Plan(
        port=port,
        settings=settings,
        own_database="DATABASE_URL" not in settings,
        own_redis="REDIS_URL" not in settings,
        simulator=simulator,
        simulator_port=simulator_port,
        mail_port=mail_port,
    )


def _stand_in(simulator: str, *, decides: bool) -> dict[str, str]:
    """The settings that make the simulator's Inspector ours; its backend has a say where a token is given."""
    inspector = f"{simulator.rstrip('/')}/inspector"
    backend = {"INSPECTOR_API_URL": f"{inspector}/api"} if decides else {}
    return backend | {
        "INSPECTOR_URL": inspector,
        "INSPECTOR_JWT_KEYS": f"{inspector}/.well-known/jwks.json",
        "INSPECTOR_WEBHOOK_URL": f"{inspector}/webhooks",
        "INSPECTOR_WEBHOOK_SECRET": DEMO_SECRET,
    }


def _web_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise Problem(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    if not is_free(port):
        other = next(number for number in range(port % 60_000 + 1, 65_536) if is_free(number))
        raise Problem(f"Port {port} is in use by another program; try PORT={other} make demo")
    return port


def _free(ports: range, *, besides: int) -> int:
    for port in ports:
        if port != besides and is_free(port):
            return port
    raise Problem(f"None of the ports {ports.start} to {ports.stop - 1} is free.")


def _own_port(simulator: str) -> int:
    """The port to start our simulator on; 0 when that address is another machine's or already answers."""
    parts = urlsplit(simulator)
    port = parts.port or 80
    return port if parts.hostname in LOOPBACK and is_free(port) else 0


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "yes", "y", "on", "ok", "t")


def serve(plan: Plan, programs: Programs, settings: Mapping[str, str], stopping: threading.Event) -> None:
    """Start everything, say where it is, and stay until told to stop; `Failed` when a program ends before."""
    programs.say("Preparing the database …")
    for command in (["migrate", "--noinput"], ["seed_demo"]):
        programs.run(command[0], [*MANAGE, *command], settings)
    if not _is_true(settings["DEBUG"]):  # with DEBUG the files are served from where they are
        programs.run("collectstatic", [*MANAGE, "collectstatic", "--noinput"], settings)
    if plan.simulator_port and not stopping.is_set():
        # Its mailbox is its own, also when our mail goes elsewhere.
        mailbox = {"EMAIL_URL": f"smtp://127.0.0.1:{plan.mail_port}"}
        command = [*MANAGE, "simulator", "--port", str(plan.simulator_port)]
        programs.start("simulator", command, {**settings, **mailbox})
        _write_down(settings, programs)
        if not programs.wait(lambda: answers(plan.simulator_port), seconds=60) and not stopping.is_set():
            raise Failed("The simulator does not answer; see .local/logs/simulator.log.")
        programs.run("submit_templates", [*MANAGE, "submit_templates"], settings)
        if settings.get("WHATSAPP_BOOKING_FLOW_ID") == DEMO_FORM:
            programs.run("whatsapp_setup", [*MANAGE, "whatsapp_setup", "--form"], settings)
    if stopping.is_set():
        return
    for part in ("worker", "beat", "web"):
        programs.start(part, run.command(part), settings)
    _write_down(settings, programs)
    if programs.wait(lambda: _is_ready(plan), seconds=120):
        programs.say(welcome(plan))
    elif not stopping.is_set():
        raise Failed("The service is not ready after two minutes; see .local/logs/ and /readyz.")
    parent = os.getppid() if "MAKELEVEL" in os.environ else 0
    while not stopping.wait(0.2):
        programs.check()
        if parent and os.getppid() != parent:
            return  # make was killed and could not tell us


def _write_down(settings: Mapping[str, str], programs: Programs) -> None:
    """Leave word for other commands, and for the next demo in case this one is killed."""
    ours = {name: settings[name] for name in SHARED if name in settings}
    embedded.say_demo({"environment": ours, "pids": programs.pids()})


def _is_ready(plan: Plan) -> bool:
    connection = HTTPConnection("127.0.0.1", plan.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": urlsplit(plan.public_url).netloc})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def welcome(plan: Plan) -> str:
    """Where everything is, and who to be."""
    lines = ["", "Inspector WhatsApp is ready.", "", f"  Console   {plan.public_url}/admin/"]
    lines += [f"            admin@inspector.example, password {DEMO_PASSWORD}"]
    lines += [f"  API       {plan.public_url}/api/docs/"]
    if plan.simulator:
        lines += [f"  Phone     {plan.simulator}/ with the mailbox beside it"]
        if plan.simulator_port:
            lines += [f"  Website   {plan.simulator}/inspector/ stands in for Inspector’s"]
        lines += [""]
        lines += ["  Be Ada (+2348030000001, looks for a home), Bola (+2348030000002, an agent)"]
        lines += ["  or Chidi (+2348030000003, an inspector): say hi, and link the account"]
        lines += ["  ada@, bola@ or chidi@inspector.example with the code from the mailbox."]
    return "\n".join(
        [*lines, "", "Ctrl-C ends it; the data stays. What each program says is in .local/logs/.", ""]
    )


@contextmanager
def only_one() -> Iterator[None]:
    """One demo at a time in this folder; what a crashed one left behind is ended."""
    with (embedded.LOCAL / "demo.lock").open("a") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            where = embedded.last_demo().get("environment", {}).get("PUBLIC_URL", "it is starting")
            raise Problem(f"The demo already runs in this folder ({where}); end that one first.") from None
        kill_leftovers(embedded.last_demo().get("pids", {}), marked=sys.executable)
        try:
            yield
        finally:
            embedded.say_demo(None)


def main() -> int:
    """Run the demo until Ctrl-C, SIGTERM or a closed terminal; 1 when it could not go on."""
    stopping, hurry = threading.Event(), threading.Event()

    def stop(number: int, frame: object) -> None:
        (hurry if stopping.is_set() else stopping).set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    environ.Env.read_env(embedded.PROJECT / ".env")
    embedded.LOCAL.mkdir(mode=0o700, exist_ok=True)
    programs = Programs(
        logs=embedded.LOCAL / "logs", screen=sys.stdout, directory=embedded.PROJECT, stopping=stopping
    )
    try:
        with only_one(), ExitStack() as stack:
            todo = plan(os.environ)
            settings = dict(todo.settings)
            if todo.own_database or todo.own_redis:
                programs.say("Starting PostgreSQL and Redis …")
                servers = embedded.running(database=todo.own_database, redis=todo.own_redis)
                found = stack.enter_context(servers)
                settings |= {"DATABASE_URL": found.database_url} if todo.own_database else {}
                settings |= {"REDIS_URL": found.redis_url} if todo.own_redis else {}
            stack.callback(programs.stop, hurry=hurry)
            return stay(todo, programs, settings, stopping)
    except (Problem, embedded.NotStarted) as problem:
        programs.say(f"\n{problem}\n")
        return 1


def stay(plan: Plan, programs: Programs, settings: Mapping[str, str], stopping: threading.Event) -> int:
    """Serve until told to stop (0), or until a program fails (1), which is said at once."""
    try:
        serve(plan, programs, settings, stopping)
    except Failed as failure:
        stopping.set()
        programs.say(f"\n{failure}\n\nEnding the demo …")
        return 1
    programs.say("\nEnding the demo …")
    return 0


if __name__ == "__main__":
    sys.exit(main())

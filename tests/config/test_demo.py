"""The demo: what it starts, what it says, and that nothing of it stays behind."""

import fcntl
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings

from config import demo, run
from config.embedded.process import PORTS, is_free, is_running, wait_until
from config.programs import Failed, Programs, kill_leftovers

NEVER = threading.Event()


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def programs(tmp_path: Path, screen: io.StringIO) -> Iterator[Programs]:
    hurry = threading.Event()
    hurry.set()
    programs = Programs(logs=tmp_path / "logs", screen=screen, directory=tmp_path, stopping=threading.Event())
    yield programs
    programs.stop(hurry=hurry)


def python(script: str) -> list[str]:
    return [sys.executable, "-c", dedent(script)]


def number_in(path: Path) -> int:
    assert wait_until(lambda: path.exists() and path.read_text(), seconds=20)
    return int(path.read_text())


def a_free_port() -> int:
    return next(port for port in random.sample(PORTS, len(PORTS)) if is_free(port))


# --- programs ---------------------------------------------------------------------------------------------


def test_what_a_program_says_goes_to_its_log_and_only_warnings_to_the_screen(
    programs: Programs, screen: io.StringIO, tmp_path: Path
) -> None:
    script = """
        import logging
        print("all is well")
        print("2026-11-22 WARNING bot a strange thing")
        try:
            1 / 0
        except ZeroDivisionError:
            logging.exception("oh")
        print("all is well again")
    """
    programs.run("talker", python(script), os.environ)
    log = (tmp_path / "logs" / "talker.log").read_text()
    assert "all is well again" in log
    assert "talker | 2026-11-22 WARNING bot a strange thing" in screen.getvalue()
    assert "talker | ZeroDivisionError: division by zero" in screen.getvalue()
    assert "well" not in screen.getvalue()


def test_a_command_that_fails_says_why(programs: Programs) -> None:
    with pytest.raises(Failed, match=r"(?s)^migrate ended with status 3\..*no such table"):
        programs.run("migrate", python("print('no such table'); raise SystemExit(3)"), os.environ)


def test_a_program_that_dies_is_named(programs: Programs) -> None:
    program = programs.start("worker", python("import time; time.sleep(60)"), os.environ)
    programs.check()
    program.process.kill()
    with pytest.raises(Failed, match="worker was killed by signal 9"):
        programs.wait(lambda: False, seconds=20)


def test_the_last_started_is_asked_to_end_first_and_each_may_finish(
    programs: Programs, tmp_path: Path
) -> None:
    script = """
        import pathlib, signal, sys, time
        def end(*_):
            with open("order", "a") as order:
                order.write(sys.argv[1])
            sys.exit()
        signal.signal(signal.SIGTERM, end)
        pathlib.Path("up" + sys.argv[1]).touch()
        time.sleep(60)
    """
    for name in "abc":
        programs.start(name, [*python(script), name], os.environ)
    assert wait_until(lambda: all((tmp_path / f"up{name}").exists() for name in "abc"), seconds=20)
    programs.stop(hurry=NEVER)
    assert (tmp_path / "order").read_text() == "cba"


DEAF_FAMILY = """
    import os, pathlib, signal, subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"])
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path("child.new").write_text(str(child.pid))
    os.rename("child.new", "child")
    time.sleep(60)
"""


def test_one_that_will_not_end_is_killed_with_all_it_started(programs: Programs, tmp_path: Path) -> None:
    program = programs.start("deaf", python(DEAF_FAMILY), os.environ)
    child = number_in(tmp_path / "child")
    hurry = threading.Event()
    threading.Timer(0.5, hurry.set).start()
    programs.stop(hurry=hurry)
    assert program.process.returncode == -signal.SIGKILL
    assert wait_until(lambda: not is_running(child), seconds=10)


def test_what_a_crashed_run_left_behind_is_killed_and_nothing_else(
    programs: Programs, tmp_path: Path
) -> None:
    left = programs.start("deaf", python(DEAF_FAMILY), os.environ)
    child = number_in(tmp_path / "child")
    kill_leftovers({"deaf": left.process.pid}, marked="/another/python")
    assert left.process.poll() is None
    kill_leftovers({"deaf": left.process.pid}, marked=sys.executable)
    assert left.process.wait(timeout=20) == -signal.SIGKILL
    assert wait_until(lambda: not is_running(child), seconds=10)


# --- the plan ---------------------------------------------------------------------------------------------


def test_with_nothing_set_everything_is_started_and_every_program_is_told_where() -> None:
    port = a_free_port()
    plan = demo.plan({"PORT": str(port)})
    assert (plan.own_database, plan.own_redis) == (True, True)
    assert plan.simulator_port
    assert plan.settings["PUBLIC_URL"] == f"http://127.0.0.1:{port}"
    assert plan.settings["SIMULATOR"] == f"http://127.0.0.1:{plan.simulator_port}"
    assert plan.settings["WHATSAPP_API_URL"] == plan.settings["SIMULATOR"]
    assert plan.settings["EMAIL_URL"] == f"smtp://127.0.0.1:{plan.mail_port}"
    assert plan.settings["WHATSAPP_BOOKING_FLOW_ID"] == demo.DEMO_FORM
    assert plan.settings["DEBUG"] == "1"


def test_the_simulator_stands_in_for_inspector_where_nothing_else_is_given() -> None:
    plan = demo.plan({"PORT": str(a_free_port()), "INSPECTOR_JWT_KEYS": "https://keys.example/jwks.json"})
    inspector = f"{plan.simulator}/inspector"
    assert plan.settings["INSPECTOR_URL"] == inspector
    assert plan.settings["INSPECTOR_JWT_KEYS"] == "https://keys.example/jwks.json"
    assert plan.settings["INSPECTOR_WEBHOOK_URL"] == f"{inspector}/webhooks"
    assert plan.settings["INSPECTOR_WEBHOOK_SECRET"]
    assert f"{inspector}/" in demo.welcome(plan)


def test_bookings_count_at_once_unless_a_token_lets_inspectors_backend_decide() -> None:
    assert "INSPECTOR_API_URL" not in demo.plan({"PORT": str(a_free_port())}).settings
    plan = demo.plan({"PORT": str(a_free_port()), "INSPECTOR_API_TOKEN": "any"})
    assert plan.settings["INSPECTOR_API_URL"] == f"{plan.simulator}/inspector/api"


def test_what_is_set_is_left_as_it_is_and_not_started() -> None:
    given = {
        "PORT": str(a_free_port()),
        "PUBLIC_URL": "https://tunnel.example",
        "DATABASE_URL": "postgresql://db.example/x",
        "REDIS_URL": "redis://cache.example/1",
        "WHATSAPP_API_URL": "https://graph.example",
        "EMAIL_URL": "smtp://mail.example:25",
        "DEBUG": "0",
        "WHATSAPP_VERIFY_TOKEN": "mine",
    }
    plan = demo.plan(given)
    assert plan.settings == given
    assert (plan.own_database, plan.own_redis, plan.simulator_port) == (False, False, 0)


def test_a_simulator_elsewhere_is_used_and_none_is_started() -> None:
    given = {"PORT": str(a_free_port()), "SIMULATOR": "http://phones.example:8100"}
    plan = demo.plan(given)
    assert plan.simulator_port == 0
    assert plan.settings["WHATSAPP_API_URL"] == "http://phones.example:8100"
    assert "EMAIL_URL" not in plan.settings
    assert "INSPECTOR_URL" not in plan.settings


def test_without_debug_the_simulator_plays_meta_but_has_no_say_over_the_clock() -> None:
    plan = demo.plan({"PORT": str(a_free_port()), "DEBUG": "0"})
    assert plan.simulator_port
    assert plan.settings["WHATSAPP_API_URL"] == plan.simulator
    assert "SIMULATOR" not in plan.settings


def test_a_port_in_use_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sentence = rf"^Port {port} is in use by another program; try PORT=\d+ make demo$"
        with pytest.raises(demo.Problem, match=sentence):
            demo.plan({"PORT": str(port)})


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1"])
def test_a_port_that_is_none_is_said_in_words(port: str) -> None:
    with pytest.raises(demo.Problem, match="PORT must be a number"):
        demo.plan({"PORT": port})


def test_the_worker_listens_to_every_queue_that_tasks_go_to() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert set(run.QUEUES) == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


# --- the whole demo, with toys for its programs -----------------------------------------------------------

TOYS = {
    "config/settings.py": """
        import os, pathlib
        PORT, WEBHOOK_FAST_LANE, DEBUG, LOGGING = int(os.environ["PORT"]), False, True, {"version": 1}
        DATABASE_URL, BASE_DIR = "postgresql://127.0.0.1:1/none", pathlib.Path()
    """,
    "manage.py": """
        import os, signal, socket, sys, time
        print("toy", sys.argv[1:], flush=True)
        if sys.argv[1] == "simulator":
            port = int(sys.argv[sys.argv.index("--port") + 1])
            with socket.create_server(("127.0.0.1", port)) as server:
                while True:
                    server.accept()[0].close()
    """,
    "celery.py": """
        import time
        time.sleep(600)
    """,
    "granian.py": """
        import http.server, sys
        class Site(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
        port = int(sys.argv[sys.argv.index("--port") + 1])
        http.server.HTTPServer(("127.0.0.1", port), Site).serve_forever()
    """,
}


class ToyDemo:
    """A demo in a folder of its own, where toys stand for the programs it starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = a_free_port()
        source = Path(demo.__file__).parent
        shutil.copytree(source / "embedded", folder / "config" / "embedded")
        (folder / "config" / "__init__.py").touch()
        for name in ("demo.py", "lines.py", "logs.py", "programs.py", "run.py", "schema.py"):
            shutil.copy(source / name, folder / "config")
        for name, script in TOYS.items():
            (folder / name).write_text(dedent(script))

    def begin(self, **more: str) -> subprocess.Popen[str]:
        elsewhere = {"DATABASE_URL": "postgresql://none/", "REDIS_URL": "redis://none/"}
        return subprocess.Popen(
            [sys.executable, "-m", "config.demo"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PORT": str(self.port)} | elsewhere | more,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def groups(self) -> dict[str, int]:
        groups: dict[str, int] = json.loads((self.folder / ".local/servers.json").read_text())["demo"]["pids"]
        return groups

    def ask(self, expression: str) -> str:
        """What another command in this folder would find."""
        script = f"from config import embedded; print({expression})"
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.folder,
            env={},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()


def until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C ends it" in line:
            return said
    pytest.fail(f"the demo ended:\n{said}")


@pytest.fixture
def toy_demo(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToyDemo]:
    """One at a time, whichever process tests it: two that look for ports at once may find the same."""
    with (tmp_path_factory.getbasetemp().parent / "one-demo").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield ToyDemo(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_demo_says_when_it_is_ready_and_ends_everything_when_told_to(
    toy_demo: ToyDemo, number: signal.Signals
) -> None:
    with toy_demo.begin() as process:
        said = until_ready(process)
        assert f"http://127.0.0.1:{toy_demo.port}/admin/" in said
        assert "admin@inspector.example" in said
        assert toy_demo.ask("embedded.environment()['PUBLIC_URL']") == f"http://127.0.0.1:{toy_demo.port}"
        groups = toy_demo.groups()
        assert set(groups) == {"simulator", "worker", "beat", "web"}
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert not any(is_running(pid) for pid in groups.values())
    assert toy_demo.ask("embedded.environment()") == "{}"


def test_a_demo_whose_worker_dies_says_so_and_ends(toy_demo: ToyDemo) -> None:
    with toy_demo.begin() as process:
        until_ready(process)
        groups = toy_demo.groups()
        os.kill(groups["worker"], signal.SIGKILL)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "worker was killed by signal 9" in said
    assert not any(is_running(pid) for pid in groups.values())


def test_a_second_demo_in_the_same_folder_says_that_one_runs(toy_demo: ToyDemo) -> None:
    with toy_demo.begin() as first:
        until_ready(first)
        with toy_demo.begin(PORT=str(a_free_port())) as second:
            said, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"already runs in this folder (http://127.0.0.1:{toy_demo.port})" in said
        assert toy_demo.ask("'PUBLIC_URL' in embedded.environment()") == "True"
        first.terminate()
        first.communicate(timeout=60)


def test_a_demo_after_one_that_was_killed_ends_what_that_one_left(toy_demo: ToyDemo) -> None:
    with toy_demo.begin() as first:
        until_ready(first)
        groups = toy_demo.groups()
        first.kill()
        first.wait(timeout=20)
        assert toy_demo.ask("embedded.environment()") == "{}"
        with toy_demo.begin() as second:
            until_ready(second)
            assert wait_until(lambda: not any(is_running(pid) for pid in groups.values()), seconds=10)
            second.terminate()
            second.communicate(timeout=60)
        assert second.returncode == 0


def test_a_setting_in_the_env_file_counts_as_set(toy_demo: ToyDemo) -> None:
    (toy_demo.folder / ".env").write_text("WHATSAPP_API_URL=https://graph.example\n")
    with toy_demo.begin() as process:
        assert "Phone" not in until_ready(process)
        assert set(toy_demo.groups()) == {"worker", "beat", "web"}
        process.terminate()
        process.communicate(timeout=60)

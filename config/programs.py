"""Several programs in one terminal: started, listened to, and ended in order with all they started."""

import os
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from config.embedded.process import is_running, wait_until

COLOURS = ("36", "33", "35", "32", "34", "31")
WORTH_SEEING = re.compile(r"\b(WARN|WARNING|ERROR|CRITICAL|FATAL)\b|^Traceback \(most recent call last\)")
GRACE = 10.0  # seconds from "please end" to being killed


class Failed(Exception):
    """A program ended that should not have; the text says which, for a person."""


@dataclass(frozen=True)
class Program:
    """A program that was started, the leader of a process group of its own."""

    name: str
    process: subprocess.Popen[str]
    listener: threading.Thread
    last: deque[str]

    def failure(self) -> Failed:
        """What to say of a program that has ended by itself."""
        self.listener.join(timeout=2)
        status = self.process.returncode
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        said = "\n".join(f"    {line}" for line in self.last)
        return Failed(f"{self.name} {how}. Its last lines:\n{said}")


class Programs:
    """The programs of one run. What each says goes to `logs/<name>.log`, warnings to `screen` too."""

    def __init__(self, *, logs: Path, screen: TextIO, directory: Path, stopping: threading.Event) -> None:
        self._logs, self._screen, self._directory, self._stopping = logs, screen, directory, stopping
        self._coloured = screen.isatty() and "NO_COLOR" not in os.environ
        self._running: list[Program] = []
        self._turn = threading.Lock()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Program:
        """Start a program that is to run until the end."""
        process = subprocess.Popen(
            command,
            cwd=self._directory,
            env=dict(environment) | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C is ours; what the program starts can be ended with it
        )
        last: deque[str] = deque(maxlen=12)
        listener = threading.Thread(target=self._listen, args=(name, process, last), daemon=True)
        program = Program(name, process, listener, last)
        self._running.append(program)
        listener.start()
        return program

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a program to its end; `Failed` when it ends badly. Returns early when we are told to stop."""
        program = self.start(name, command, environment)
        while not self._stopping.is_set():
            with suppress(subprocess.TimeoutExpired):
                if program.process.wait(timeout=0.1):
                    raise program.failure()
                program.listener.join(timeout=2)
                self._running.remove(program)
                return

    def wait(self, done: Callable[[], bool], *, seconds: float) -> bool:
        """Whether `done()` came true before time was up or a stop; `Failed` if a program ended."""
        pause = 0.2
        for _ in range(int(seconds / pause)):
            self.check()
            if done():
                return True
            if self._stopping.wait(pause):
                return False
        return False

    def check(self) -> None:
        """`Failed` when one of the programs has ended."""
        for program in self._running:
            if program.process.poll() is not None:
                raise program.failure()

    def pids(self) -> dict[str, int]:
        """The process groups by name, for whoever has to clean up after a crash of ours."""
        return {program.name: program.process.pid for program in self._running}

    def stop(self, *, hurry: threading.Event) -> None:
        """End all, the last started first, each before the next; `hurry` cuts the time they are given."""
        while self._running:
            program = self._running.pop()
            signal_group(program.process.pid, signal.SIGCONT)
            program.process.terminate()
            for _ in range(int(GRACE / 0.1)):
                with suppress(subprocess.TimeoutExpired):
                    program.process.wait(timeout=0.1)
                    break
                if hurry.is_set():
                    break
            signal_group(program.process.pid, signal.SIGKILL)  # and whatever it left behind
            program.process.wait()
            program.listener.join(timeout=2)

    def say(self, text: str, *, name: str = "") -> None:
        """Write to the screen, a whole line at a time; a terminal that was closed is no reason to fail."""
        if name:
            code = COLOURS[sum(name.encode()) % len(COLOURS)]
            prefix = f"{name:>9} | "
            text = (f"\x1b[{code}m{prefix}\x1b[0m" if self._coloured else prefix) + text
        with self._turn, suppress(OSError, ValueError):
            self._screen.write(f"{text}\n")
            self._screen.flush()

    def _listen(self, name: str, process: subprocess.Popen[str], last: deque[str]) -> None:
        assert process.stdout is not None
        in_traceback = False
        with process.stdout, (self._logs / f"{name}.log").open("w") as log:
            for raw in process.stdout:
                log.write(raw)
                log.flush()
                line = raw.rstrip()
                last.append(line)
                seen = in_traceback or WORTH_SEEING.search(line) is not None
                if seen and not self._stopping.is_set():
                    self.say(line, name=name)
                in_traceback = line.startswith("Traceback (") or (in_traceback and line[:1] in ("", " "))


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to a whole process group that may be gone."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        os.killpg(leader, number)


def kill_leftovers(groups: Mapping[str, int], *, marked: str) -> None:
    """Kill what a crashed run left behind: those process groups whose command lines contain `marked`."""
    with suppress(OSError):
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid=,command="], capture_output=True, text=True, check=False
        ).stdout
        lines = [line.split(None, 2) for line in listing.splitlines()]
        left = [
            (int(pid), int(group))
            for pid, group, *command in lines
            if int(group) in groups.values() and marked in "".join(command)
        ]
        for _pid, group in left:
            signal_group(group, signal.SIGKILL)
        wait_until(lambda: not any(is_running(pid) for pid, _group in left), seconds=5)

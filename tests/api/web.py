"""A real web process over the tests' database, as the demo starts it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded
from config.embedded.process import answers
from config.programs import Program, Programs
from config.run import WEB
from tests.api import inspector
from tests.at_once import environment
from tests.ports import free_port


@contextmanager
def served(logs: Path) -> Iterator[tuple[int, Program]]:
    """The port of a web process that takes the tests' tokens, and the process."""
    stopping = threading.Event()
    programs = Programs(logs=logs, screen=sys.stderr, directory=embedded.PROJECT, stopping=stopping)
    port = free_port()
    command = [*WEB[:-1], "--port", str(port), WEB[-1]]
    program = programs.start("web", command, environment(INSPECTOR_JWT_KEYS=inspector.PEM))
    try:
        assert programs.wait(lambda: answers(port), seconds=60)
        yield port, program
    finally:
        stopping.set()
        programs.stop(hurry=stopping)

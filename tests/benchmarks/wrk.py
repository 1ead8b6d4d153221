"""Posts made by `wrk`, for a client in Python is slower than what it measures; without it, by that client."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from config import embedded
from tests.benchmarks.client import CONNECTIONS, Posted, requests
from tests.benchmarks.surroundings import as_deployed

WRK = shutil.which("wrk")
SCRIPT = Path(__file__).parent / "post.lua"


def who() -> str:
    """What posts, for the notes."""
    return "wrk" if WRK else "a client in Python (apt install wrk: it is slower than what it measures)"


def post(port: int, *, seconds: int, most: int, events: int = 1) -> Posted:
    """Post for so long, at most so many bodies of so many events each, no two alike."""
    if WRK is None:
        command = [sys.executable, "-m", "tests.benchmarks.client", str(port), str(seconds), str(most)]
        said = _output([*command, str(events)])
        return Posted(**json.loads(said))
    made = requests(port, most, as_deployed()["WHATSAPP_APP_SECRET"], events=events)
    assert len({len(each) for each in made}) == 1
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(made))
        file.flush()
        command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(SCRIPT)]
        before = _spent()
        said = _output([*command, f"http://127.0.0.1:{port}", "--", file.name, str(len(made[0]))])
        return Posted(**json.loads(said.splitlines()[-1]), cpu=_spent() - before)


def _output(command: list[str]) -> str:
    return subprocess.run(
        command,
        cwd=embedded.PROJECT,
        env=as_deployed() | {"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    ).stdout


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

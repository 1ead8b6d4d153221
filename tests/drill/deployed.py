"""The service as it is deployed: a clone, what the image has of it, and servers of the system's packages.

What is started is what compose.yaml says, command by command; only the container around it is missing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from config import embedded
from tests.faults.stack import Stack
from tests.ports import free_port

REPOSITORY = embedded.PROJECT
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
CADDY = shutil.which("caddy")
WORKERS = tuple(name for name in COMPOSE["services"] if name.startswith("worker-"))


def found(*names: str) -> Path:
    """A program of the system."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join([*map(str, places), os.environ["PATH"]])
    for name in names:
        if program := shutil.which(name, path=path):
            return Path(program)
    raise LookupError(f"{names[0]} is not installed: apt-get install postgresql redis-server")


class SystemPostgres(embedded.Postgres):
    """The PostgreSQL of the system's packages, in a folder of its own."""

    LOCALE = ("--locale=C.UTF-8",)

    @cached_property
    def programs(self) -> Path:
        return found("pg_ctl").parent

    def tool(self, name: str, *arguments: str) -> None:
        """One of PostgreSQL's programs."""
        done = subprocess.run(
            [found("pg_ctl").parent / name, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"


class SystemRedis(embedded.Redis):
    """The Redis, or Valkey, of the system's packages."""

    @property
    def PROGRAM(self) -> str:  # type: ignore[override]
        return self._program.name

    @property
    def _program(self) -> Path:
        return found("redis-server", "valkey-server")


class Deployed(Stack):
    """What compose.yaml starts, from a clone."""

    ours = ("web", *WORKERS, "beat", *(["proxy"] if CADDY else []))
    on_small_disk = False
    postgres: SystemPostgres

    def __init__(self, folder: Path, stack: ExitStack, *, clone: Path, people: int, **settings: str) -> None:
        self.home = clone
        self.python = str(clone / ".venv" / "bin" / "python")
        self._behind = free_port()
        super().__init__(folder, stack, people=people, **settings)

    def _servers(self) -> tuple[embedded.Postgres, embedded.Redis]:
        return SystemPostgres(self.folder / "postgres"), SystemRedis(self.folder / "redis")

    def _commands(self) -> dict[str, Sequence[str]]:
        named = {name: COMPOSE["services"][name]["command"] for name in self.ours if name != "proxy"}
        caddy = [
            CADDY or "",
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            str(REPOSITORY / "deploy/Caddyfile"),
        ]
        here = {"python": self.python, "0.0.0.0": "127.0.0.1"}  # noqa: S104 (not to them)
        return {"simulator": self._simulator(), "proxy": caddy} | {
            name: [here.get(word, word) for word in command]
            + (["-n", f"{name}@%h"] if name in WORKERS else [])
            for name, command in named.items()
        }

    @property
    def environment(self) -> dict[str, str]:
        """With a proxy before it, if the system has one."""
        proxied = {
            "SITE": self.url,
            "UPSTREAM": f"127.0.0.1:{self._behind}",
            "XDG_DATA_HOME": str(self.folder / "caddy"),
            "PORT": str(self._behind),
            "TRUSTED_PROXIES": "1",
        }
        return super().environment | (proxied if CADDY else {})

    def healthy(self, part: str) -> bool:
        """What a supervisor hears who asks, as compose.yaml does."""
        command = [self.python, "-m", "config.run", "healthy", part]
        done = subprocess.run(command, cwd=self.home, env=self.environment, capture_output=True, check=False)
        return done.returncode == 0

    def release(self) -> None:
        """A new release, in the order of docs/operating.md."""
        self.manage("migrate", "--noinput")
        self.restart(*WORKERS, "beat", "web")


def image(folder: Path) -> Path:
    """A clone with what the image has of it, and its virtual environment: as the Dockerfile makes both."""
    clone = folder / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth", "1", f"file://{REPOSITORY}", str(clone)], check=True
    )
    lines = (clone / ".dockerignore").read_text().splitlines()
    taken = {line.removeprefix("!") for line in lines if line.startswith("!")}
    for path in clone.iterdir():
        if path.name not in {one.partition("/")[0] for one in taken}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    subprocess.run([sys.executable, "-m", "venv", str(clone / ".venv")], check=True)
    pip = [str(clone / ".venv/bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(clone / "requirements.lock")], check=True)
    return clone

"""PostgreSQL and Redis from wheels, for the demo and the tests: nothing to install, nothing to configure.

Both listen on 127.0.0.1 only, ask for a random password and keep their data under `.local/`. What runs where
stands in `.local/servers.json`, so that every command of the project finds it. `python -m config.embedded
start|stop|status|remove` does by hand what the demo and the tests do by themselves.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import Any

from config.embedded.postgres import PROJECT, Postgres, shared_folder
from config.embedded.process import NotStarted, answers, is_running, write
from config.embedded.redis import Redis

__all__ = ["LOCAL", "PROJECT", "NotStarted", "Postgres", "Redis", "Urls", "environment", "running", "urls"]

LOCAL = PROJECT / ".local"
_STATE = LOCAL / "servers.json"
_SERVERS: dict[str, Postgres | Redis] = {
    "DATABASE_URL": Postgres(LOCAL / "postgres"),
    "REDIS_URL": Redis(LOCAL / "redis"),
}


@dataclass(frozen=True)
class Urls:
    """Where the embedded servers are; empty for one that doesn't run."""

    database_url: str
    redis_url: str


def urls() -> Urls | None:
    """What `servers.json` says, if it is still true: a server that died is not named."""
    state = _state()
    alive = {
        name: str(state.get(name.lower(), "")) if _is_alive(state, name) else ""
        for name in ("DATABASE_URL", "REDIS_URL")
    }
    return Urls(alive["DATABASE_URL"], alive["REDIS_URL"]) if any(alive.values()) else None


def environment() -> dict[str, str]:
    """The settings that a running demo, or servers started by hand, would have a command use; else empty.

    Nothing is looked for when the environment itself says where both servers are: then this machine's demo
    has no say, neither in production nor in the tests.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return {}
    found: dict[str, str] = {}
    if _is_held(LOCAL / "demo.lock"):
        found |= _state().get("demo", {}).get("environment", {})
    if servers := urls():
        named = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        found = {name: url for name, url in named.items() if url} | found
    return found


@contextmanager
def running(*, database: bool = True, redis: bool = True) -> Iterator[Urls]:
    """Have the embedded servers run for the length of a block.

    Several programs may be in such a block at once, the demo and the tests for example; the last one out
    stops the servers, unless they were started by hand. One that crashes counts as out.
    """
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with (LOCAL / "servers.used").open("a") as used:
        with _lock():
            flock(used, LOCK_SH)
            start(database=database, redis=redis)
        try:
            yield urls() or Urls("", "")
        finally:
            with _lock(), suppress(BlockingIOError):
                flock(used, LOCK_EX | LOCK_NB)
                if not _state().get("keep"):
                    stop()


def start_and_keep() -> Urls:
    """Start both servers to stay until `stop_kept()`."""
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with _lock():
        start()
        _save(_state() | {"keep": True})
    return urls() or Urls("", "")


def stop_kept() -> bool:
    """Stop both servers; whether that was possible: not while a demo or a test run uses them."""
    if not LOCAL.exists():
        return True
    with _lock(), (LOCAL / "servers.used").open("a") as used:
        try:
            flock(used, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        stop()
    return True


def remove() -> bool:
    """Stop both servers and delete their data; whether that was possible."""
    if not stop_kept():
        return False
    for server in _SERVERS.values():
        server.remove()
    if os.geteuid() == 0:
        shutil.rmtree(shared_folder(), ignore_errors=True)
    return True


def start(*, database: bool = True, redis: bool = True) -> None:
    """Start what doesn't run yet and write down where it is; for callers that hold the lock."""
    wanted = [name for name, yes in (("DATABASE_URL", database), ("REDIS_URL", redis)) if yes]
    started: list[Postgres | Redis] = []
    try:
        for name in wanted:
            server = _SERVERS[name]
            if not server.pid:
                started.append(server)
            url = server.start()
            state = _state()
            pids = {**state.get("pids", {}), name: server.pid}
            ports = {**state.get("ports", {}), name: server.port}
            _save(state | {name.lower(): url, "pids": pids, "ports": ports})
    except BaseException:
        for server in started:
            server.stop()
        raise


def stop() -> None:
    """Stop both; for callers that hold the lock."""
    for server in _SERVERS.values():
        server.stop()
    _save({key: value for key, value in _state().items() if key == "demo"})


def say_demo(demo: Mapping[str, object] | None) -> None:
    """Write down what a demo gives its programs (None: it has ended)."""
    with _lock():
        others = {key: value for key, value in _state().items() if key != "demo"}
        _save(others | ({"demo": demo} if demo else {}))


def last_demo() -> dict[str, Any]:
    """What the demo that runs, or the last one that crashed, wrote down."""
    demo = _state().get("demo", {})
    return demo if isinstance(demo, dict) else {}


def _state() -> dict[str, Any]:
    with suppress(OSError, ValueError):
        state = json.loads(_STATE.read_text())
        if isinstance(state, dict):
            return state
    return {}


def _save(state: Mapping[str, object]) -> None:
    if not state:
        _STATE.unlink(missing_ok=True)
        return
    write(_STATE, json.dumps(state, indent=2))


def _is_alive(state: Mapping[str, Any], name: str) -> bool:
    pid, port = state.get("pids", {}).get(name, 0), state.get("ports", {}).get(name, 0)
    return is_running(pid, _SERVERS[name].PROGRAM) and answers(port)


@contextmanager
def _lock() -> Iterator[None]:
    """Two commands at once start and stop the servers one after the other."""
    with (LOCAL / "servers.lock").open("a") as file:
        flock(file, LOCK_EX)
        yield


def _is_held(lock: Path) -> bool:
    with suppress(OSError), lock.open() as file:
        try:
            flock(file, LOCK_SH | LOCK_NB)
        except BlockingIOError:
            return True
    return False

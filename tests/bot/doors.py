"""The two doors that Meta may knock at: the web process as the demo starts it, and that with the fast lane.

Real processes over a database of their own, a copy of the tests' one: nothing of it reaches another test.
"""

import hashlib
import socket
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from bot.webhook import DOOR
from config import embedded
from config.embedded.process import answers
from config.programs import Program, Programs
from config.run import FAST_WEB, WEB
from inspector_whatsapp.cloud_api.signature import sign
from tests.at_once import environment
from tests.ports import free_port

SECRET = settings.WHATSAPP_APP_SECRETS[0]
COMMANDS = {"django": WEB, "fast lane": FAST_WEB}


def fresh(*, size: int = 40) -> bytes:
    """A body that nobody has posted yet."""
    return f'{{"id": "{uuid.uuid4().hex}"}}'.encode().ljust(size)


@dataclass(frozen=True)
class Door:
    """A web process, and the database behind it."""

    name: str
    port: int
    program: Program
    database: str

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()
    ) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of the answer; no header is sent but those given, and Host."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value.encode("latin-1"))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read(), {key.lower(): value for key, value in answer.getheaders()}
        finally:
            connection.close()

    def post(self, body: bytes, signature: str | None = None) -> int:
        """The status that Meta reads; signed rightly unless a signature is given."""
        return self.ask("POST", DOOR, body, described(body, signature))[0]

    def say(self, raw: bytes) -> socket.socket:
        """A connection on which these bytes were sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(raw)
        return connection

    def kept(self, *bodies: bytes) -> int:
        """How many of these bodies are stored, each exactly once."""
        digests = [hashlib.sha256(body).digest() for body in bodies]
        with psycopg.connect(self.database) as connection:
            rows = connection.execute(
                "SELECT body FROM bot_webhookbody WHERE digest = ANY(%s)", [digests]
            ).fetchall()
        found = [bytes(row[0]) for row in rows]
        assert len(found) == len(set(found))
        assert set(found) <= set(bodies)
        return len(found)

    def all_kept(self) -> set[bytes]:
        """Every body that is stored."""
        with psycopg.connect(self.database) as connection:
            rows = connection.execute("SELECT body FROM bot_webhookbody").fetchall()
        return {bytes(row[0]) for row in rows}


def described(body: bytes, signature: str | None = None) -> list[tuple[str, str]]:
    """The headers of Meta's post."""
    return [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Hub-Signature-256", sign(body, SECRET) if signature is None else signature),
    ]


def raw(body: bytes, *, length: int | None = None) -> bytes:
    """Meta's post as bytes on the wire; `length` says another one than it has."""
    head = f"POST {DOOR} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body) if length is None else length}\r\n"
    return f"{head}X-Hub-Signature-256: {sign(body, SECRET)}\r\n\r\n".encode() + body


@contextmanager
def opened(name: str, database: str, logs: Path) -> Iterator[Door]:
    """A door, for as long as the block lasts."""
    stopping = threading.Event()
    programs = Programs(logs=logs, screen=sys.stderr, directory=embedded.PROJECT, stopping=stopping)
    port = free_port()
    command = [*COMMANDS[name], "--port", str(port)]
    surroundings = environment(DATABASE_URL=database, WEBHOOK_FAST_LANE="1", PORT=str(port))
    program = programs.start(name.replace(" ", "_"), command, surroundings)
    try:
        assert programs.wait(lambda: answers(port), seconds=60)
        yield Door(name, port, program, database)
    finally:
        stopping.set()
        programs.stop(hurry=threading.Event())


@contextmanager
def a_copy(url: str) -> Iterator[str]:
    """A database like that one, of a name of its own; nobody may use the first while it is copied."""
    name = f"doors_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(url)
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE {name} TEMPLATE "{parts.path.lstrip("/")}"')
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def shut(database: str) -> Iterator[None]:
    """A database that ends everybody's connection and lets nobody in."""
    parts = urlsplit(database)
    name = parts.path.lstrip("/")
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

"""With SENTRY_DSN errors are told to a Sentry server, and nobody's words with them. A process of its own."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.config.test_settings import SECRETS, start

PROGRAM = """
import logging, django
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from structlog.contextvars import bound_contextvars
said = "ada@inspector.example"
words = int.from_bytes(said.encode())
logger = logging.getLogger("bot.conversation")
logger.warning("nothing to tell of %s", said)
with bound_contextvars(inbound=7, conversation=3):
    try:
        secret = said
        raise ValueError(f"Key (email)=({said}) exists")
    except ValueError as error:
        logger.error("turn of inbound %s failed: %r, %s", 7, error, said, exc_info=True, extra={"who": said})
"""


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[Any]]]:
    """A server that keeps what it is told, and its DSN."""
    told: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", told
        server.shutdown()
        thread.join()


def test_an_error_is_logged_as_json_and_told_without_anybodys_words(sentry: tuple[str, list[Any]]) -> None:
    dsn, told = sentry
    ended = start(f"exec({PROGRAM!r})", DEBUG="0", SENTRY_DSN=dsn, **SECRETS)
    assert ended.returncode == 0, ended.stderr
    _warning, logged = (json.loads(line) for line in ended.stderr.splitlines())
    assert (logged["level"], logged["inbound"], logged["conversation"]) == ("ERROR", 7, 3)
    assert "ValueError" in logged["exception"]
    assert "Key (email)=(ada" not in ended.stderr

    (envelope,) = told
    assert b"ada@" not in envelope
    event = json.loads(envelope.splitlines()[2])
    assert event["logentry"] == {"message": "turn of inbound %s failed: %r, %s"}
    assert event["tags"] == {"inbound": "7", "conversation": "3"}
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "ValueError")
    assert error["stacktrace"]["frames"]
    assert not {"user", "request", "extra", "breadcrumbs", "modules", "contexts"} & event.keys()


def test_a_dsn_that_is_none_stops_the_start() -> None:
    assert "SENTRY_DSN must be" in start(SENTRY_DSN="nonsense").stderr

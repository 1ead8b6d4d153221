"""Voice notes that a phone sends, Meta's side of fetching them, and a server that writes them down."""

import email
import email.policy
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any

import responses
from django.test import override_settings

from tests.bot import album
from tests.bot.phone import Phone
from tests.listening import Listening

_ids = itertools.count(8_000_001)


class Transcriber(Listening):
    """Answers every note by `answer()`: a status and the bytes. asked: the forms that came, by name."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, bytes]] = []
        self.keys: list[str | None] = []
        self.answer: Callable[[], tuple[int, bytes]] = hears("")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


def hears(words: str) -> Callable[[], tuple[int, bytes]]:
    return lambda: (200, json.dumps({"text": words}).encode())


class _Handler(BaseHTTPRequestHandler):
    server: Transcriber

    def do_POST(self) -> None:
        assert self.path == "/v1/audio/transcriptions"
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        assert isinstance(form, EmailMessage)
        self.server.asked.append(
            {
                str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)  # type: ignore[misc]
                for part in form.iter_parts()
            }
        )
        self.server.keys.append(self.headers["Authorization"])
        status, answer = self.server.answer()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def listening() -> Iterator[Transcriber]:
    """A transcriber that the settings name."""
    with Transcriber() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with override_settings(TRANSCRIPTION_URL=server.url, TRANSCRIPTION_API_KEY="a-key"):
            yield server
        server.shutdown()


def send(phone: Phone, note: bytes = b"OggS a note") -> str:
    """What the bot answers a voice note."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as meta:
        meta.add_passthru("http://127.0.0.1")
        id = str(next(_ids))
        album.keep(meta, id, note)
        return phone.sends(
            {"type": "audio", "audio": {"id": id, "mime_type": "audio/ogg; codecs=opus", "voice": True}}
        )


def say(phone: Phone, words: str) -> str:
    """What the bot answers a voice note that is heard as these words."""
    with listening() as server:
        server.answer = hears(words)
        return send(phone)

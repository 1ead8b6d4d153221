"""One request to Inspector: bounded in time and size, no redirect followed, errors by what is known of it."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from inspector_whatsapp.cloud_api.errors import retry_after
from inspector_whatsapp.outbox import NotAllowed, TryLater

CONNECT, READ = 3.0, 10.0  # seconds
WHOLE = 30.0  # seconds for reading an answer that drips
MOST = 256_000  # bytes of an answer that are read
AWAY = (502, 503, 504)  # nobody is there behind the address: no fault of what was sent

_local = threading.local()


@dataclass(frozen=True)
class Answer:
    """What came back. body: its JSON object, empty where it is none."""

    status: int
    body: Mapping[str, Any]
    after: float | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def says(self) -> str:
        """Its reason, in whoever's words (RFC 9457: `detail`)."""
        detail = self.body.get("detail")
        words = detail if isinstance(detail, str) else ""
        return "".join(letter if letter.isprintable() else " " for letter in words[:300]).strip()


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    fields: Mapping[str, str] | None = None,
    read: float = READ,
) -> Answer:
    """Send it once.

    Raises TryLater for the whole channel where nobody is there or asks for patience, TryLater for this
    message where no answer came or the other side broke, NotAllowed where the address can never work.
    """
    try:
        with _session().request(
            method,
            url,
            headers=dict(headers),
            data=body if files is None else fields,
            files=files,
            timeout=(CONNECT, read),
            allow_redirects=False,
            stream=True,
        ) as response:
            answer = Answer(response.status_code, _object(_read(response)), retry_after(response.headers))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        name = type(error).__name__
        if isinstance(error, ValueError):  # requests' errors for an address that can't be
            raise NotAllowed(f"the address of Inspector can't be used: {name}") from None
        if _never_connected(error):
            raise TryLater(f"Inspector cannot be reached: {name}", scope="channel") from None
        raise TryLater(f"no answer of Inspector's: {name}", scope="message") from None
    if answer.status in AWAY or answer.status == 429:
        raise TryLater("Inspector asks for patience", answer.status, answer.after, scope="channel")
    if answer.status >= 500 or answer.status in (408, 425):
        raise TryLater("Inspector could not do it now", answer.status, answer.after, scope="message")
    return answer


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
        session.headers["User-Agent"] = "inspector-whatsapp"
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=0))
    return session


def _never_connected(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError) or isinstance(
        error, requests.exceptions.SSLError
    )


def _read(response: requests.Response) -> bytes:
    deadline = time.monotonic() + WHOLE
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(16_384, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MOST or time.monotonic() > deadline:
            break  # what matters is the status; a body like that says nothing
    return b"".join(parts)


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

"""The fast lane: Meta's posts are taken ahead of Django, and those that wait are stored together.

An ASGI application around another. What it takes is decided where the view decides it, by `bot.webhook`; the
handshake, bodies that are not read at all, and every other address are the other application's.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.db import close_old_connections

from bot import webhook

logger = logging.getLogger(__name__)

PATIENCE: Final = 8.0  # seconds; whoever's body is not stored by then is told so, and posts it again
STORERS: Final = 3  # threads, each with a connection; while they wait for PostgreSQL the next batch gathers
MOST_TOGETHER: Final = 200  # bodies in one INSERT
LARGEST_TOGETHER: Final = 8 * 1024 * 1024  # bytes in one INSERT, or a single body
MOST_WAITING: Final = 2_000  # bodies
LARGEST_WAITING: Final = 64 * 1024 * 1024  # bytes, those that are still coming in counted
_HEADERS: Final = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-length", b"0"),
]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """One body, and where its sender waits for the status."""

    body: bytes
    signature: bytes | None
    status: asyncio.Future[int]


class FastLane:
    """The application; `other` has everything that is not Meta's post."""

    def __init__(self, other: ASGI3Application) -> None:
        self._other = other
        self._inbox: _Inbox | None = None

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http" or scope["path"] != webhook.DOOR or scope["method"] != "POST":
            return await self._other(scope, receive, send)
        described = _described(scope)
        if described is None:
            return await self._other(scope, receive, send)
        if self._inbox is None:
            self._inbox = _Inbox()
        status = await self._inbox.take(receive, described.get(b"x-hub-signature-256"))
        if status is None:  # nobody is there any more to read it
            return None
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": _HEADERS,
                "trailers": False,
            }
        )
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return None


def _described(scope: HTTPScope) -> dict[bytes, bytes] | None:
    """The headers that matter; None where the view is to say what is wrong with them."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in (b"content-length", b"content-encoding", b"x-hub-signature-256"):
            if name in found:
                return None
            found[name] = value
    encoding, length = found.get(b"content-encoding"), found.get(b"content-length")
    refused = webhook.refusal(
        None if encoding is None else encoding.decode("latin-1"),
        None if length is None else length.decode("latin-1"),
    )
    return None if refused else found


class _Inbox:
    """What waits in this process. Its attributes are the event loop's; the threads get batches."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Waiting] = deque()
        self._batches: SimpleQueue[Sequence[_Waiting]] = SimpleQueue()
        self._size = 0  # bytes held
        self._idle = STORERS
        self._called = False
        for number in range(STORERS):
            # No pool: at exit nobody waits for a thread that waits for PostgreSQL.
            threading.Thread(target=self._store, name=f"storer {number}", daemon=True).start()

    async def take(self, receive: ASGIReceiveCallable, signature: bytes | None) -> int | None:
        """Read a body and have it stored; the status, or None when its sender went away before its end."""
        size = 0
        chunks: list[bytes] = []
        try:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                chunk = message.get("body", b"")
                size += len(chunk)
                self._size += len(chunk)
                if self._size > LARGEST_WAITING or len(self._waiting) >= MOST_WAITING:
                    return 503
                chunks.append(chunk)
                if not message.get("more_body"):
                    break
            return await self._stored(b"".join(chunks), signature)
        finally:
            self._size -= size

    async def _stored(self, body: bytes, signature: bytes | None) -> int:
        status: asyncio.Future[int] = self._loop.create_future()
        late = self._loop.call_later(PATIENCE, _settle, status, 503)
        self._waiting.append(_Waiting(body, signature, status))
        self._soon()
        try:
            return await status
        finally:
            late.cancel()

    def _soon(self) -> None:
        """Hand over once everybody was heard who has something now."""
        if self._idle and not self._called:
            self._called = True
            self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        """Give an idle thread what waits, as much as goes together."""
        self._called = False
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < MOST_TOGETHER:
            size += len(self._waiting[0].body)
            if batch and size > LARGEST_TOGETHER:
                break
            batch.append(self._waiting.popleft())
        batch = [each for each in batch if not each.status.done()]  # or its sender was told otherwise
        if batch:
            self._idle -= 1
            self._batches.put(batch)

    def _store(self) -> None:
        """What a thread does."""
        while True:
            batch = self._batches.get()
            try:
                close_old_connections()  # as before a request
                statuses = webhook.receive_all([(each.body, each.signature) for each in batch])
            except Exception:
                logger.exception("%d webhooks could not be stored", len(batch))
                statuses = [503] * len(batch)
            self._loop.call_soon_threadsafe(self._answer, batch, statuses)

    def _answer(self, batch: Sequence[_Waiting], statuses: Sequence[int]) -> None:
        self._idle += 1
        for each, status in zip(batch, statuses, strict=True):
            _settle(each.status, status)
        if self._waiting:
            self._soon()


def _settle(status: asyncio.Future[int], value: int) -> None:
    if not status.done():
        status.set_result(value)

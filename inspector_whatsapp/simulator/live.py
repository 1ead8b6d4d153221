"""What the pages in browsers are told at once, and which chats they have open."""

import itertools
import json
import queue
import select
import socket
import threading

from inspector_whatsapp.simulator.config import Json

PING_SECONDS = 10.0
LOOK_SECONDS = 0.25
"""How soon a closed page is noticed: until then its chat counts as open."""
WAITING = 2000
"""Events a page may lag behind; a slower one is cut off and loads everything anew."""


class Page:
    """One browser tab: its waiting events and the person whose chat it shows."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.events: queue.Queue[bytes] = queue.Queue(WAITING)
        self.person: str | None = None
        self.lost = False


class Live:
    """All open pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._pages: dict[int, Page] = {}

    def feed(self, connection: socket.socket) -> None:
        """Send a page its events until it goes; raises OSError when it goes in mid-sentence."""
        page = self._join()
        quiet = 0.0
        try:
            while not page.lost and not _gone(connection):
                try:
                    connection.sendall(page.events.get(timeout=LOOK_SECONDS))
                    quiet = 0.0
                except queue.Empty:
                    quiet += LOOK_SECONDS
                if quiet >= PING_SECONDS:
                    connection.sendall(b": still here\n\n")
                    quiet = 0.0
        finally:
            with self._lock:
                self._pages.pop(page.number, None)

    def _join(self) -> Page:
        with self._lock:
            page = Page(next(self._numbers))
            page.events.put(_event("hello", {"page": page.number}))
            self._pages[page.number] = page
        return page

    def show(self, number: int, person: str | None) -> None:
        """That page now has this person's chat before it (None: no chat)."""
        with self._lock:
            if number in self._pages:
                self._pages[number].person = person

    def reads(self, person: str) -> bool | None:
        """Whether some page has the person's chat open; None when there is no page at all."""
        with self._lock:
            if not self._pages:
                return None
            return any(page.person == person for page in self._pages.values())

    @property
    def pages(self) -> int:
        """How many tabs are open."""
        return len(self._pages)

    def tell(self, kind: str, what: Json) -> None:
        """Send an event to all of them."""
        if not self._pages:
            return
        line = _event(kind, what)
        with self._lock:
            for number, page in list(self._pages.items()):
                try:
                    page.events.put_nowait(line)
                except queue.Full:
                    page.lost = True
                    del self._pages[number]


def _event(kind: str, what: Json) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(what, default=str)}\n\n".encode()


def _gone(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and not connection.recv(1, socket.MSG_PEEK)

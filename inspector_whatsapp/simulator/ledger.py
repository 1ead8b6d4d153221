"""Everything that happened, in order: the witness of the fault tests."""

import json
import threading
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from inspector_whatsapp.simulator.config import Json

KEPT = 100_000
"""Entries kept in memory; the file has all."""


class Ledger:
    """Numbered entries, in memory and as JSON lines in a file."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._seq = 0
        self._file: IO[str] | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        self.write("start")

    def write(self, kind: str, **what: object) -> None:
        """Note an API `request`, a `webhook`, a `mail` or a `control` with what belongs to it."""
        with self._lock:
            self._seq += 1
            entry = {"seq": self._seq, "at": datetime.now(UTC).isoformat(), "kind": kind, **what}
            self._entries.append(entry)
            if self._file is not None:
                self._file.write(json.dumps(entry, default=str) + "\n")
                self._file.flush()

    def since(self, seq: int) -> list[Json]:
        """The entries after that number, oldest first."""
        with self._lock:
            return [entry for entry in self._entries if entry["seq"] > seq]

    def clear(self) -> None:
        """Forget what memory holds; numbers go on, the file stays."""
        with self._lock:
            self._entries.clear()

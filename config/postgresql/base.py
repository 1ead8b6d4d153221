"""Connections that do not wait for ever for a PostgreSQL that stands still.

A server that was stopped, or lies behind a line that carries nothing more, refuses nothing: its kernel takes
what is sent, and no time-out of TCP's or of PostgreSQL's own ever ends a statement. So whoever has heard
nothing for a while asks, on another connection, whether anybody is there. A statement may take as long as it
likes.
"""

import time
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import psycopg
import psycopg.conninfo
from django.db.backends.postgresql import base

PATIENCE = 4.0  # seconds of silence until somebody asks, and again
ASKED = 3  # seconds that the server has to answer


class Connection(psycopg.Connection[Any]):
    """psycopg's, but for how it waits."""

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for the server, unless it is gone: then OperationalError, and this connection is of no use."""
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        silent = 0.0  # since when nothing has come; 0 as long as nobody had to wait
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    silent = 0.0
                elif not silent:
                    silent = time.monotonic()
                elif time.monotonic() - silent > PATIENCE:
                    if not self._is_there():
                        self.pgconn.finish()
                        raise psycopg.OperationalError("PostgreSQL does not answer")
                    silent = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _is_there(self) -> bool:
        """Whether the server answers anybody, be it with a refusal."""
        asked = psycopg.conninfo.make_conninfo(
            self.info.dsn, password=self.info.password, connect_timeout=ASKED
        )
        try:
            psycopg.Connection.connect(asked).close()
        except psycopg.OperationalError as error:
            return "FATAL" in str(error)
        return True


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with such connections."""

    Database = SimpleNamespace(**(vars(psycopg) | {"connect": Connection.connect}))  # type: ignore[assignment]

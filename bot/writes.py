"""Counting what a script writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass
class Writes:
    count: int = 0


@contextmanager
def counted() -> Iterator[Writes]:
    """Count the statements that write while the block runs."""
    writes = Writes()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            writes.count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield writes

"""Several at once: threads with connections of their own, and processes that use the tests' database."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import connection

T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Start all calls together, each on a connection of its own; what each gave."""
    together = Barrier(len(calls))

    def call(one: Callable[[], T]) -> T:
        together.wait()
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def environment(**more: str) -> dict[str, str]:
    """What a process of ours needs to use the tests' servers; whatever it sends goes nowhere."""
    here = connection.settings_dict
    user = quote(here["USER"]) + (f":{quote(here['PASSWORD'])}" if here["PASSWORD"] else "")
    return (
        dict(os.environ)
        | {
            "DATABASE_URL": f"postgres://{user}@{here['HOST']}:{here['PORT']}/{here['NAME']}",
            "REDIS_URL": settings.REDIS_URL,
            "WHATSAPP_API_URL": "http://127.0.0.1:9",
            "EMAIL_URL": "smtp://127.0.0.1:9",
        }
        | more
    )

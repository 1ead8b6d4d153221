"""Transactions that PostgreSQL gave up for another's sake: nothing is wrong with them, they run again."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

T = TypeVar("T")

MOST = 3  # times that a transaction is run
_GIVEN_UP = ("40001", "40P01")  # serialization failure, deadlock


def retried(work: Callable[[], T]) -> T:
    """Run `work` in a transaction; again, from the start, when PostgreSQL gave it up."""
    attempt = 1
    while True:
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in _GIVEN_UP or attempt == MOST:
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)
            attempt += 1

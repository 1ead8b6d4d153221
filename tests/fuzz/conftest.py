"""Whatever is thrown at it, the service has nothing to complain of."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No error may be logged while a test goes on."""
    caplog.set_level(logging.ERROR)
    yield
    failed = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert not failed

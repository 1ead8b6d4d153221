"""A test may register flows of its own; they are gone after it."""

from collections.abc import Iterator

import pytest

from bot.scripts import FLOWS


@pytest.fixture(autouse=True)
def flows_of_these_tests() -> Iterator[None]:
    kept = dict(FLOWS)
    yield
    FLOWS.clear()
    FLOWS.update(kept)

"""A pytest plugin: test modules name it in `pytest_plugins`."""

import pytest
from pytest_django import Settings

from tests.api import inspector


@pytest.fixture
def inspectors_keys(settings: Settings) -> None:
    """Tokens are checked with the key that `tests.api.inspector` signs with."""
    settings.INSPECTOR_JWT_KEYS = inspector.PEM

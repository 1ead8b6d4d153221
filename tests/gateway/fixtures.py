"""Inspector's backend for a test. A pytest plugin: test modules name it in `pytest_plugins`."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from inspector_whatsapp.models import ClockOffset
from tests.gateway.backend import SECRET, Backend


@pytest.fixture(scope="session")
def backends_thread() -> Iterator[Backend]:
    backend = Backend()
    yield backend
    backend.released.set()
    backend.down()


@pytest.fixture
def backend(backends_thread: Backend) -> Iterator[Backend]:
    """Inspector's backend, of which nothing has been asked yet."""
    backends_thread.reset()
    yield backends_thread
    backends_thread.released.set()


@pytest.fixture
def to_inspector_alone(settings: Settings) -> None:
    """To people nothing leaves."""
    settings.CHANNELS = {name: settings.CHANNELS[name] for name in ("inspector", "webhook")}


@pytest.fixture
def hooks(backend: Backend, settings: Settings) -> Backend:
    """It gets our webhooks."""
    settings.INSPECTOR_WEBHOOK_URL = f"{backend.url}/hooks"
    settings.INSPECTOR_WEBHOOK_SECRETS = [SECRET]
    return backend


@pytest.fixture
def decides(backend: Backend, settings: Settings) -> Backend:
    """It has the last word."""
    settings.INSPECTOR_API_URL = backend.url
    settings.INSPECTOR_API_TOKEN = "a token for the backend"
    return backend


@pytest.fixture
def the_clock(db: None) -> None:
    """A test with real transactions ends by emptying every table, the clock's one row with it."""
    ClockOffset.objects.get_or_create(pk=1)

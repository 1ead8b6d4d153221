"""A pytest plugin: the two ways, and Inspector's database."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker, Settings

from inspector_whatsapp.models import ClockOffset
from tests.api import inspector
from tests.sync.ways import Pull, Push, Way, a_database


@pytest.fixture(scope="session")
def inspectors_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a database of Inspector's."""
    with django_db_blocker.unblock(), a_database() as url:
        yield url


@pytest.fixture
def pull(inspectors_database: str, settings: Settings, db: None) -> Pull:
    """Its tables, empty and read once."""
    ClockOffset.objects.get_or_create(pk=1)
    settings.INSPECTOR_DATABASE_URL = inspectors_database
    return Pull(inspectors_database)


@pytest.fixture
def push(settings: Settings, db: None) -> Push:
    """The door, opened by Inspector's key."""
    settings.INSPECTOR_JWT_KEYS = inspector.PEM
    return Push()


@pytest.fixture(params=["push", "pull"])
def way(request: pytest.FixtureRequest) -> Way:
    """Either way."""
    found: Way = request.getfixturevalue(request.param)
    return found

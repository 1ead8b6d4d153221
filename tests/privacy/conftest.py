"""Two people of whom something is kept everywhere, in one webhook together."""

from pathlib import Path

import pytest
from pytest_django import Settings

from inspector_whatsapp.models import ClockOffset, User
from tests.factories import UserFactory
from tests.privacy.person import Somebody, settle


@pytest.fixture(autouse=True)
def the_clock_runs(request: pytest.FixtureRequest) -> None:
    """A test with real transactions ends by emptying every table, the clock's one row with it."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue(
            "db" if not request.node.get_closest_marker("django_db").kwargs else "transactional_db"
        )
        ClockOffset.objects.get_or_create(pk=1)


@pytest.fixture(autouse=True)
def a_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.SECRET_KEY_FALLBACKS = []


@pytest.fixture
def ada() -> Somebody:
    return Somebody(mark="Zqxwj", digits="8077700011")


@pytest.fixture
def other() -> Somebody:
    return Somebody(mark="Vwkzj", digits="8055500022")


@pytest.fixture
def both(ada: Somebody, other: Somebody) -> tuple[Somebody, Somebody]:
    settle(ada, other)
    return ada, other


@pytest.fixture
def boss() -> User:
    return UserFactory(email="boss@example.com", is_staff=True, is_superuser=True)

"""The platform alone: nobody listens to its changes."""

import pytest
from pytest_django import Settings

from inspector_whatsapp.models import ClockOffset


@pytest.fixture(autouse=True)
def nobody_listens(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ()


@pytest.fixture(autouse=True)
def the_clock_runs(request: pytest.FixtureRequest) -> None:
    """A test with real transactions ends by emptying every table, the clock's one row with it."""
    if request.node.get_closest_marker("django_db"):
        ClockOffset.objects.get_or_create(pk=1)

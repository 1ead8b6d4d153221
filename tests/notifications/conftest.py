"""A clock and rules for notifications; of the listeners only theirs, and those of offers and enquiries."""

from datetime import time
from pathlib import Path

import pytest
from pytest_django import Settings

from inspector_whatsapp.models import ClockOffset
from notifications.models import Reminder, ReminderRule
from tests.notifications import scenes
from tests.notifications.approved import approve_all

OFFERS = "inspector_whatsapp.inspections.offers.on_change"
QUESTIONS = "inspector_whatsapp.enquiries.on_change"


@pytest.fixture(autouse=True)
def only_notifications_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ("notifications.plan.on_change", OFFERS, QUESTIONS)


@pytest.fixture(autouse=True)
def static_files_have_a_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def the_clock_runs(request: pytest.FixtureRequest) -> None:
    """A test with real transactions ends by emptying every table, the clock's one row with it."""
    if request.node.get_closest_marker("django_db"):
        ClockOffset.objects.get_or_create(pk=1)
        Reminder.objects.all().delete()
        ReminderRule.objects.all().delete()


@pytest.fixture
def approved(db: None) -> None:
    """Meta has approved what the code declares."""
    approve_all()


@pytest.fixture
def nights(settings: Settings) -> None:
    """People are left in peace from nine to seven."""
    settings.QUIET_HOURS = (time(21), time(7))


@pytest.fixture
def day_before() -> ReminderRule:
    return scenes.rule("a day before", minutes_before=1440, useful_until=180)


@pytest.fixture
def hours_before() -> ReminderRule:
    return scenes.rule("two hours before", minutes_before=120, useful_until=10)

"""An inspector's day and an agent's week: by their own clock, once, as they stand; of nothing nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import OutboxMessage, ShareCount, User
from inspector_whatsapp.models.inspections import Outcome
from inspector_whatsapp.outbox import Withheld
from notifications import regular, schedules
from notifications.schedules import When
from tests.factories import (
    AgentFactory,
    InspectorFactory,
    InterestFactory,
    PropertyFactory,
    RequestFactory,
    SlotFactory,
)
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_seven() -> None:
    """A Monday, seven in Lagos: the hour at which the entries run."""
    clock.move(datetime(2027, 1, 11, 6, 0, tzinfo=UTC) - clock.now())


def inspector(**fields: object) -> User:
    return scenes.linked(InspectorFactory(**fields))


def test_an_inspector_has_the_day_in_order_with_everybody_who_comes() -> None:
    chidi, home = inspector(), PropertyFactory(area="Lekki Phase 1")
    late = scenes.book(hours=7, inspector=chidi, property=PropertyFactory(area="Yaba"))
    early = scenes.book(hours=3, inspector=chidi, property=home, capacity=2)
    assert early.slot is not None
    early.slot.refresh_from_db()
    inspections.book(seeker=late.seeker, slot=early.slot, origin=Origin.API)
    scenes.book(hours=30, inspector=chidi)
    assert (regular.send_days(), regular.send_days()) == (1, 1)
    message = scenes.one("inspector_day", chidi)
    assert OutboxMessage.objects.filter(kind="inspector_day").count() == 2  # WhatsApp and e-mail, once
    text = scenes.text(message)
    assert text.startswith("*2 inspections today*\n\n10:00 am, Lekki Phase 1: ")
    assert text.index("10:00 am") < text.index("2:00 pm, Yaba: ")
    assert "Ada, Ada" in text
    assert f"/p/{home.ref}" in text
    assert "2 inspections today" in scenes.letter(scenes.one("inspector_day", chidi, "email"))


def test_nothing_is_said_of_an_empty_day_nor_of_one_that_has_become_empty() -> None:
    chidi, away = inspector(), inspector(is_active=False)
    inspection = scenes.book(hours=3, inspector=chidi)
    scenes.book(hours=3, inspector=away)
    assert regular.send_days() == 1
    message = scenes.one("inspector_day", chidi)
    scenes.cancel(inspection=inspection)
    with pytest.raises(Withheld):
        scenes.text(message)
    clock.move(timedelta(days=1))
    assert regular.send_days() == 0


def test_the_hour_is_that_of_the_inspectors_own_clock() -> None:
    west, east = inspector(time_zone="Atlantic/Cape_Verde"), inspector(time_zone="Asia/Dubai")
    for one in (west, east):
        scenes.book(hours=5, inspector=one)
        scenes.book(hours=26, inspector=one)
    assert regular.send_days() == 2
    now = clock.now()
    ways = {one.pk: scenes.one("inspector_day", one) for one in (west, east)}
    assert ways[west.pk].not_before - now == 2 * HOUR
    assert ways[east.pk].not_before - now == 21 * HOUR  # it is ten there already: tomorrow at seven
    assert (ways[west.pk].arguments, ways[east.pk].arguments) == (
        {"day": "2027-01-11"},
        {"day": "2027-01-12"},
    )


def test_an_agents_week_counts_what_was_what_comes_and_which_homes_have_no_times() -> None:
    bola = scenes.linked(AgentFactory())
    home, bare = PropertyFactory(agent=bola), PropertyFactory(agent=bola)
    clock.move(timedelta(days=-3))
    for outcome in (Outcome.COMPLETED, Outcome.SEEKER_ABSENT):
        done = scenes.book(hours=1, property=home)
        clock.move(2 * HOUR)
        assert done.inspector is not None
        inspections.report(
            inspection=done, outcome=outcome, note="", photos=(), actor=done.inspector, origin=Origin.API
        )
    InterestFactory(property=home, created_at=clock.now())
    ShareCount.objects.create(property=home, day=clock.now().date(), step="opened", people=40)
    ShareCount.objects.create(property=home, day=clock.now().date(), step="asked", people=6)
    clock.move(timedelta(days=3) - 4 * HOUR)
    scenes.book(hours=24, property=home)
    RequestFactory(slot=SlotFactory(property=home, starts_at=clock.now() + 50 * HOUR))
    scenes.slot(hours=30, property=home)
    regular.send_weeks()
    regular.send_weeks()
    message = scenes.one("agent_week", bola)
    assert OutboxMessage.objects.filter(kind="agent_week", account=bola).count() == 2
    text = scenes.text(message)
    assert (
        "Last 7 days: 1 inspection took place, 1 did not, 1 new person interested, "
        "40 people opened your links, 6 asked in WhatsApp." in text
    )
    assert "Next 7 days: 1 inspection, 1 request waits for you." in text
    assert f"No free times in the next 7 days: 3-bedroom flat, Lekki Phase 1 ({bare.ref})." in text
    assert home.ref not in text
    assert "Next 7 days" in scenes.letter(scenes.one("agent_week", bola, "email"))


def test_an_agent_with_nothing_to_hear_of_hears_nothing() -> None:
    bola = scenes.linked(AgentFactory())
    PropertyFactory(agent=bola, status="let")
    regular.send_weeks()
    assert not OutboxMessage.objects.filter(account=bola).exists()
    home = PropertyFactory(agent=bola)
    regular.send_weeks()
    message = scenes.one("agent_week", bola)
    home.status = "let"
    home.save()
    with pytest.raises(Withheld):
        scenes.text(message)


def test_an_admin_changes_when_they_go_and_switches_them_off() -> None:
    for name, crontab in (
        ("Digest: an inspector's day", "0 7 * * *"),
        ("Digest: an agent's week", "0 7 * * 1"),
    ):
        entry = PeriodicTask.objects.get(name=name)
        assert schedules.of(entry) == When(crontab=crontab)
        schedules.check(entry, enabled=False, when=When(crontab="30 6 * * 1-5"))
        with pytest.raises(ValidationError):
            schedules.check(entry, enabled=True, when=When(crontab="never"))

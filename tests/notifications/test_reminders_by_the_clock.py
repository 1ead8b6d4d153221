"""Rules that go by the clock of whoever is reminded, and rules for some homes only."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inspector_whatsapp import changes, clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Inspection, OutboxMessage, User
from linking import rules as links
from notifications import reminders, rules
from notifications.models import Reminder, ReminderRule
from notifications.schedules import When
from tests.factories import InspectorFactory, PropertyFactory, SeekerFactory, SlotFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
LAGOS, NEW_YORK = "Africa/Lagos", "America/New_York"


@pytest.fixture
def evening() -> ReminderRule:
    """At 18:00 the day before, to seekers and inspectors."""
    return scenes.rule(
        "the evening before",
        minutes_before=None,
        useful_until=None,
        at_time=time(18),
        days_before=1,
        not_after=time(20),
        roles=["seeker", "inspector"],
    )


def book(*, days: int = 5, hour: int = 10, **people: User) -> Inspection:
    """An inspection at that hour in Lagos."""
    day = clock.now().astimezone(ZoneInfo(LAGOS)).date() + timedelta(days=days)
    starts_at = datetime.combine(day, time(hour), ZoneInfo(LAGOS))
    inspector = people.pop("inspector", None) or InspectorFactory(name="Chidi Eze", time_zone=LAGOS)
    slot = SlotFactory(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), inspector=inspector)
    seeker = people.pop("seeker", None) or SeekerFactory(name="Ada Obi", time_zone=LAGOS)
    return inspections.book(seeker=seeker, slot=slot, origin=Origin.API)


def at(person: User) -> datetime:
    """When somebody is to be reminded, as their clock shows it (Lagos or New York)."""
    return Reminder.objects.get(recipient=person, state="planned").due_at


def wall(inspection: Inspection, zone: str, *, days: int = 1, hour: int = 18) -> datetime:
    day = inspection.starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=days)
    return datetime.combine(day, time(hour), ZoneInfo(zone))


def test_everybody_is_reminded_by_their_own_clock(evening: ReminderRule) -> None:
    inspection = book(seeker=SeekerFactory(time_zone=NEW_YORK))
    assert inspection.inspector is not None
    assert at(inspection.seeker) == wall(inspection, NEW_YORK)
    assert at(inspection.inspector) == wall(inspection, LAGOS)
    assert at(inspection.seeker) - at(inspection.inspector) >= timedelta(hours=5)


def test_what_was_chosen_in_the_chat_wins_over_the_accounts_zone(evening: ReminderRule) -> None:
    seeker = scenes.linked(SeekerFactory(time_zone=LAGOS), contact__time_zone=NEW_YORK)
    inspection = book(seeker=seeker)
    assert at(seeker) == wall(inspection, NEW_YORK)


def test_it_goes_at_its_time_until_it_is_of_no_use(evening: ReminderRule) -> None:
    inspection = book()
    due = wall(inspection, LAGOS)
    clock.move(due - clock.now() - timedelta(seconds=5))
    assert reminders.tick(evening.pk) == 0
    clock.move(timedelta(seconds=6))
    assert reminders.tick(evening.pk) == 2
    assert {row.expires_at for row in OutboxMessage.objects.filter(kind="reminder")} == {
        due + timedelta(hours=2)
    }


def test_after_its_last_time_it_is_missed(evening: ReminderRule) -> None:
    inspection = book()
    clock.move(wall(inspection, LAGOS, hour=20) - clock.now() + timedelta(seconds=1))
    assert reminders.tick(evening.pk) == 0
    assert set(scenes.states()) == {"missed"}


def test_another_zone_in_the_chat_moves_what_is_to_come(evening: ReminderRule) -> None:
    seeker = scenes.linked(SeekerFactory(time_zone=LAGOS))
    inspection = book(seeker=seeker)
    contact = Contact.objects.get(links__account=seeker)
    contact.time_zone = NEW_YORK
    contact.save()
    changes.record("contact_changed", contact, actor=seeker, origin=Origin.CHAT, fields=["time_zone"])
    assert at(seeker) == wall(inspection, NEW_YORK)
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize(("fields", "moves"), [(["time_zone"], True), (None, True), (["name"], False)])
def test_another_zone_of_the_account_moves_what_is_to_come(
    evening: ReminderRule, fields: list[str] | None, moves: bool
) -> None:
    inspection = book()
    seeker = inspection.seeker
    seeker.time_zone = NEW_YORK
    seeker.save()
    changes.record(
        "account_changed", seeker, actor=None, origin=Origin.SYNC, **({"fields": fields} if fields else {})
    )
    assert at(seeker) == wall(inspection, NEW_YORK if moves else LAGOS)


def test_the_chats_zone_counts_for_as_long_as_it_is_linked(evening: ReminderRule) -> None:
    seeker = scenes.linked(SeekerFactory(time_zone=LAGOS), contact__time_zone=NEW_YORK)
    inspection = book(seeker=seeker)
    link = links.links(Contact.objects.get(links__account=seeker)).get()
    links.unlink(link=link, why="web", now=clock.now())
    assert at(seeker) == wall(inspection, LAGOS)


def test_an_account_with_a_zone_that_is_none_is_reminded_by_the_services(evening: ReminderRule) -> None:
    inspection = book(seeker=SeekerFactory(time_zone="Mars/Phobos"))
    assert at(inspection.seeker) == wall(inspection, LAGOS)


def test_a_morning_rule_skips_an_inspection_that_is_earlier() -> None:
    rule = scenes.rule(
        minutes_before=None, useful_until=None, at_time=time(8), days_before=0, not_after=time(12)
    )
    book(hour=7)
    later = book(hour=14)
    assert [reminder.inspection for reminder in Reminder.objects.filter(rule=rule)] == [later]


def test_a_changed_time_of_day_plans_anew_what_is_to_come(evening: ReminderRule) -> None:
    inspection = book()
    evening.at_time, evening.days_before = time(9), 2
    rules.save(evening, enabled=True, when=When(every=10))
    assert at(inspection.seeker) == wall(inspection, LAGOS, days=2, hour=9)
    assert Reminder.objects.count() == 2


def test_a_rule_for_shortlets_leaves_other_homes_alone() -> None:
    rule = scenes.rule(listing_types=["shortlet"])
    scenes.book(hours=10)
    let = scenes.book(hours=20, property=PropertyFactory(listing_type="shortlet", period="night"))
    assert [reminder.inspection for reminder in Reminder.objects.filter(rule=rule)] == [let]


def test_a_home_that_becomes_another_kind_is_planned_by_other_rules() -> None:
    rule = scenes.rule(listing_types=["sale"])
    inspection = scenes.book(hours=10)
    home = inspection.property
    home.listing_type, home.period = "sale", ""
    home.save()
    changes.record("property_changed", home, actor=None, origin=Origin.ADMIN, fields=["listing_type"])
    assert scenes.states(rule=rule) == ["planned"]
    type(home).objects.update(listing_type="rent")  # past everybody: the tick looks again
    clock.move(timedelta(hours=8, seconds=1))
    assert reminders.tick(rule.pk) == 0
    assert scenes.states(rule=rule) == ["cancelled"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"roles": ["seeker", "inspector"], "channels": ["whatsapp", "email"]},
            "To seekers and inspectors, on WhatsApp and by e-mail, 2 hours before; "
            "no later than 10 minutes before.",
        ),
        (
            {"minutes_before": 2880, "useful_until": 1440},
            "To seekers, by e-mail, 2 days before; no later than 1 day before.",
        ),
        (
            {"listing_types": ["rent", "shortlet"], "minutes_before": 95},
            "To seekers, by e-mail, 95 minutes before; no later than 10 minutes before. "
            "Only homes for rent and shortlet.",
        ),
    ],
)
def test_a_rule_says_itself_in_words(fields: dict[str, Any], sentence: str) -> None:
    assert rules.in_words(scenes.rule(**fields)) == sentence


def test_a_rule_by_the_clock_says_itself_in_words(evening: ReminderRule) -> None:
    assert rules.in_words(evening) == (
        "To seekers and inspectors, by e-mail, at 18:00 the day before; not after 20:00."
    )

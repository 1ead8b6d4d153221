"""Alerts: who looks for a property hears of it once, at once or once a day, and not of too many at once."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_celery_beat.models import PeriodicTask
from pytest_django import Settings

from inspector_whatsapp import clock, listings, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Contact, OutboxMessage, Property, SavedSearch, User
from inspector_whatsapp.models.listings import Frequency, PropertyStatus
from inspector_whatsapp.outbox import Withheld, channel
from notifications import alerts, digests, schedules
from notifications.models import Alert
from notifications.tasks import send_digests, tell_alerts
from tests.at_once import at_once
from tests.factories import AgentFactory, InterestFactory, PropertyFactory, SeekerFactory, at
from tests.notifications import scenes
from tests.notifications.scenes import HOUR, one

LEKKI = Criteria(areas=("Lekki Phase 1",))
LAGOS = Criteria(cities=("Lagos",))
INSTANT, DAILY = Frequency.INSTANT, Frequency.DAILY
BOTH = ("whatsapp", "email")


@pytest.fixture
def ada() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


def looks_for(seeker: User, criteria: Criteria = LEKKI, frequency: Frequency = INSTANT) -> SavedSearch:
    return searches.save(seeker=seeker, criteria=criteria, frequency=frequency, origin=Origin.CHAT)


def goes_live(**fields: object) -> Property:
    """A property of somebody's that an admin has just let in."""
    home = PropertyFactory(status=PropertyStatus.PENDING, published_at=None, **fields)
    return listings.publish(property=home, actor=None, origin=Origin.ADMIN)


def becomes(home: Property, status: PropertyStatus) -> None:
    listings.set_availability(property=home, status=status, actor=home.agent, origin=Origin.CHAT)


def costs(home: Property, price: int) -> None:
    listings.set_price(property=home, price=Decimal(price), actor=home.agent, origin=Origin.API)


def pause(search: SavedSearch) -> None:
    searches.pause(search=search, actor=search.seeker, origin=Origin.CHAT)


def states() -> list[tuple[str, str]]:
    """What became of the alerts, and why."""
    return list(Alert.objects.order_by("pk").values_list("state", "reason"))


# --- at once ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_match_is_told_once_however_many_searches_fit(ada: User) -> None:
    looks_for(ada)
    looks_for(ada, LAGOS, DAILY)
    looks_for(ada, Criteria(areas=("Yaba",)))
    home = goes_live()
    assert alerts.tell() == 1
    assert alerts.tell() == 0
    assert scenes.written(kind="search_match") == [("search_match", "Ada Obi", way) for way in BOTH]
    message = one("search_match", ada)
    assert scenes.text(message) == (
        "A new property fits your alert:\n_any property in Lekki Phase 1_\n\n"
        f"*3-bedroom flat, Lekki Phase 1 ({home.ref})*\n₦9,000,000 a year"
    )
    taps = ("book_inspection", "save", "show_less")
    assert scenes.taps(message) == [f"{flow}|{home.ref}" for flow in taps]
    becomes(home, PropertyStatus.UNAVAILABLE)
    with pytest.raises(Withheld, match="no longer live"):
        scenes.said(message)
    becomes(home, PropertyStatus.LIVE)
    costs(home, 1_000_000)
    assert (alerts.tell(), digests.send()) == (0, 0)
    assert len(scenes.written(kind="search_match")) == 2
    for search in searches.of(ada):
        pause(search)
    with pytest.raises(Withheld, match="no longer look"):
        scenes.said(message)


@pytest.mark.django_db
def test_a_property_is_found_when_it_goes_live_comes_back_or_gets_cheaper_and_not_when_it_gets_dearer() -> (
    None
):
    looks_for(SeekerFactory(), Criteria(areas=("Lekki",), price_max=8_000_000))
    home = PropertyFactory(agent=AgentFactory())
    costs(home, 9_500_000)
    costs(home, 8_500_000)
    assert not Alert.objects.exists()
    costs(home, 8_000_000)
    assert Alert.objects.get().property == home
    other = PropertyFactory(price=Decimal(7_000_000), status=PropertyStatus.LET)
    costs(other, 6_000_000)
    assert Alert.objects.count() == 1
    becomes(other, PropertyStatus.LIVE)
    assert goes_live(price=Decimal(5)) == Alert.objects.latest("pk").property
    assert Alert.objects.count() == 3


@pytest.mark.django_db
def test_who_keeps_it_in_view_or_has_an_inspection_of_it_hears_of_that_and_not_of_a_match(ada: User) -> None:
    home, tobi = PropertyFactory(), SeekerFactory(name="Tobi")
    InterestFactory(seeker=ada, property=home)
    scenes.book(seeker=tobi, property=home)
    looks_for(ada)
    looks_for(tobi)
    looks_for(home.agent)
    becomes(home, PropertyStatus.UNAVAILABLE)
    becomes(home, PropertyStatus.LIVE)
    costs(home, 1_000_000)
    assert not Alert.objects.exists()
    told = [kind for kind, _who, _how in scenes.written(account=ada, channel="whatsapp")]
    assert told == ["property_gone", "property_available", "price_changed"]


@pytest.mark.django_db
def test_somebody_without_whatsapp_hears_by_mail() -> None:
    looks_for(SeekerFactory(name="Efe"))
    goes_live()
    assert alerts.tell() == 1
    assert scenes.written(kind="search_match") == [("search_match", "Efe", "email")]


@pytest.mark.django_db
def test_what_is_of_no_use_any_more_is_dropped_with_the_reason_and_may_be_found_again(ada: User) -> None:
    search = looks_for(ada)
    closed = SeekerFactory(name="Efe")
    looks_for(closed)
    home = goes_live()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    pause(search)
    assert alerts.tell() == 0
    assert states() == [
        ("dropped", "they no longer look for it"),
        ("dropped", "the account is no longer active"),
    ]
    searches.resume(search=search, actor=ada, origin=Origin.CHAT)
    costs(home, 8_000_000)
    becomes(home, PropertyStatus.LET)
    assert alerts.tell() == 0
    assert states()[0] == ("dropped", "the property is no longer live")
    becomes(home, PropertyStatus.LIVE)
    assert alerts.tell() == 1
    assert states()[0] == ("told", "")


@pytest.mark.django_db
def test_so_many_are_told_at_once_on_a_day_and_the_others_wait_for_the_digest(ada: User) -> None:
    looks_for(ada)
    tobi = SeekerFactory()
    looks_for(tobi, LAGOS)
    clock.move(at(9) - clock.now())
    homes = []
    for _number in range(settings.ALERTS_PER_DAY + 2):
        clock.move(timedelta(minutes=1))
        homes.append(goes_live())
        alerts.tell()
    told = Alert.objects.filter(seeker=ada, state="told").order_by("pk")
    assert [alert.property for alert in told] == homes[:-2]
    assert Alert.objects.filter(seeker=tobi, state="told").count() == settings.ALERTS_PER_DAY
    assert Alert.objects.filter(seeker=ada, state="new", at_once=False).count() == 2
    assert digests.send() == 2
    words = scenes.text(one("search_digest", ada))
    assert words.startswith("2 new properties for your alerts")
    clock.move(timedelta(days=1))
    goes_live()
    assert alerts.tell() == 2


@pytest.mark.django_db
def test_a_day_is_that_of_the_seekers_own_zone_as_chosen_in_the_chat(ada: User, settings: Settings) -> None:
    settings.ALERTS_PER_DAY = 1
    Contact.objects.update(time_zone="Asia/Tokyo")
    SavedSearch.objects.all().delete()
    looks_for(ada)
    tobi = SeekerFactory(time_zone="Not/AZone")
    looks_for(tobi)
    clock.move(at(15, 30) - clock.now())  # half past eleven at night in Tokyo
    goes_live()
    assert alerts.tell() == 2
    clock.move(HOUR)
    goes_live()
    assert alerts.tell() == 1
    assert scenes.written(kind="search_match", account=tobi, channel="email") == [
        ("search_match", tobi.name, "email")
    ]


@pytest.mark.django_db
def test_without_room_everything_is_in_the_digest(ada: User, settings: Settings) -> None:
    settings.ALERTS_PER_DAY = 0
    looks_for(ada)
    goes_live()
    assert (alerts.tell(), digests.send()) == (0, 1)


@pytest.mark.django_db
def test_many_are_noted_and_told_with_as_many_queries_as_a_few() -> None:
    counts = []
    for many in (2, 20):
        for _number in range(many):
            looks_for(SeekerFactory())
            looks_for(SeekerFactory(), frequency=DAILY)
        home = PropertyFactory()
        with CaptureQueriesContext(connection) as noting:
            assert alerts.note(home) >= 2 * many
        with CaptureQueriesContext(connection) as telling:
            assert alerts.tell() >= many
        with CaptureQueriesContext(connection) as digesting:
            assert digests.send() >= many
        counts.append((len(noting), len(telling), len(digesting)))
        clock.move(timedelta(days=1))
    assert counts[0] == counts[1]
    assert counts[0][0] == 1


# --- once a day -------------------------------------------------------------------------------------------
@pytest.fixture
def eight_in_the_morning() -> None:
    clock.move(at(8) - clock.now())


once_a_day = pytest.mark.usefixtures("eight_in_the_morning")


def tomorrow() -> None:
    clock.move(timedelta(days=1))


@pytest.mark.django_db
@once_a_day
def test_a_digest_shows_what_is_new_the_newest_first_and_goes_once_a_day(ada: User) -> None:
    looks_for(ada, LEKKI, DAILY)
    looks_for(ada, LAGOS, DAILY)
    older = goes_live()
    clock.move(HOUR)
    newer = goes_live(area="Yaba")
    assert (alerts.tell(), digests.send()) == (0, 1)
    assert digests.send() == 0
    assert scenes.written(kind="search_digest") == [("search_digest", "Ada Obi", way) for way in BOTH]
    message = one("search_digest", ada)
    assert scenes.text(message) == (
        "2 new properties for your alerts\n\n"
        f"To see one, pick it here, or write its ref, as in {newer.ref}.\n\n"
        "To change or pause your alerts, write *alerts*."
    )
    assert [row.id for row in scenes.said(message).rows] == [
        f"v1|start|property|{home.ref}" for home in (newer, older)
    ]
    letter = scenes.letter(one("search_digest", ada, "email"))
    for home in (newer, older):
        assert f"({home.ref})\n₦9,000,000 a year\n14 Admiralty Way\n" in letter
        assert f"/p/{home.ref}\n" in letter


@pytest.mark.django_db
@once_a_day
@pytest.mark.usefixtures("approved")
def test_a_digest_is_a_list_in_an_open_window_and_a_line_in_a_closed_one(ada: User) -> None:
    looks_for(ada, LAGOS, DAILY)
    homes = [goes_live(area="Amuwo Odofin", kind="semi_detached_duplex") for _number in range(12)]
    digests.send()
    message, now = one("search_digest", ada), clock.now()
    Contact.objects.update(last_inbound_at=now)
    body = channel.by_name("whatsapp").prepare(one("search_digest", ada), now=now).body
    limits.check(body | {"to": "2348030000001"})
    rows = body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["id"].rpartition("|")[2] for row in rows] == [home.ref for home in reversed(homes[2:])]
    assert "12 new properties for your alerts\nand 2 more\n\n" in body["interactive"]["body"]["text"]
    Contact.objects.update(last_inbound_at=now - 25 * HOUR)
    body = channel.by_name("whatsapp").prepare(one("search_digest", ada), now=now).body
    line = body["template"]["components"][0]["parameters"][1]["text"]
    assert line.count(";") == digests.MOST - 4
    assert line.endswith("; and 6 more")
    assert "and 2 more" in scenes.letter(one("search_digest", ada, "email"))
    assert message.arguments["more"] == 2


@pytest.mark.django_db
@once_a_day
def test_what_comes_later_on_the_day_of_a_digest_is_in_the_next(ada: User) -> None:
    looks_for(ada, LEKKI, DAILY)
    goes_live()
    assert digests.send() == 1
    late = goes_live()
    clock.move(HOUR)
    assert digests.send() == 0
    tomorrow()
    assert digests.send() == 1
    assert [row.id for row in scenes.said(one("search_digest", ada)).rows] == [
        f"v1|start|property|{late.ref}"
    ]
    tomorrow()
    assert digests.send() == 0


@pytest.mark.django_db
@once_a_day
def test_paused_searches_and_closed_accounts_get_no_digest(ada: User) -> None:
    search = looks_for(ada, LEKKI, DAILY)
    looks_for(SeekerFactory(is_active=False), LEKKI, DAILY)
    goes_live()
    pause(search)
    goes_live()
    assert digests.send() == 0
    assert sorted(why for _state, why in states()) == [
        "the account is no longer active",
        "the account is no longer active",
        "they no longer look for it",
    ]


@pytest.mark.django_db
@once_a_day
def test_what_waited_for_more_than_a_week_is_no_news(ada: User) -> None:
    looks_for(ada, LEKKI, DAILY)
    goes_live()
    clock.move(timedelta(days=8))
    there = goes_live()
    assert digests.send() == 1
    assert one("search_digest", ada).arguments == {"properties": [there.pk], "more": 0}
    assert states()[0] == ("dropped", "it waited for so long that it is no news")


@pytest.mark.django_db
@once_a_day
def test_what_has_gone_by_the_time_it_leaves_is_left_out(ada: User) -> None:
    search = looks_for(ada, LEKKI, DAILY)
    let_before, let_after, there = goes_live(), goes_live(), goes_live()
    becomes(let_before, PropertyStatus.LET)
    digests.send()
    assert ("dropped", "the property is no longer live") in states()
    message = one("search_digest", ada)
    becomes(let_after, PropertyStatus.LET)
    assert [row.id for row in scenes.said(message).rows] == [f"v1|start|property|{there.ref}"]
    pause(search)
    with pytest.raises(Withheld, match="of use"):
        scenes.said(message)


@pytest.mark.django_db
def test_digests_go_every_morning_at_eight_in_lagos_and_a_sweep_finds_alerts() -> None:
    entry = PeriodicTask.objects.get(task=send_digests.name)
    assert schedules.of(entry).crontab == "0 8 * * *"
    assert entry.crontab.timezone == ZoneInfo("Africa/Lagos")
    sweep = PeriodicTask.objects.get(task=tell_alerts.name)
    assert (sweep.interval.every, sweep.enabled, entry.enabled) == (15, True, True)
    assert {send_digests.name, tell_alerts.name} <= set(schedules.tasks())


# --- several at once --------------------------------------------------------------------------------------
@pytest.fixture
def crowd() -> list[User]:
    seekers = [SeekerFactory() for _number in range(8)]
    for place, seeker in enumerate(seekers):
        looks_for(seeker, LEKKI, INSTANT if place % 2 else DAILY)
        looks_for(seeker, LAGOS, DAILY)
    return seekers


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_and_tellers_at_once_tell_everybody_once(crowd: list[User]) -> None:
    clock.move(at(8) - clock.now())
    homes = [PropertyFactory(status=PropertyStatus.PENDING, published_at=None) for _number in range(4)]
    publish = [
        partial(listings.publish, property=home, actor=None, origin=Origin.ADMIN) for home in homes[:2]
    ]
    at_once(*publish, *publish, *[alerts.tell] * 2)
    assert Alert.objects.count() == 2 * len(crowd)
    while any(at_once(*[alerts.tell] * 3)):
        pass
    tell_alerts()
    assert OutboxMessage.objects.filter(kind="search_match").count() == len(crowd)
    assert sum(at_once(*[digests.send] * 3)) == len(crowd) / 2
    send_digests()
    assert OutboxMessage.objects.filter(kind="search_digest").count() == len(crowd) / 2
    assert Alert.objects.filter(state="digest").count() == len(crowd)


@pytest.mark.django_db(transaction=True)
def test_an_alert_that_both_ways_give_up_at_once_may_be_found_again(ada: User) -> None:
    looks_for(ada)
    home = goes_live()
    assert alerts.tell() == 1
    both = list(OutboxMessage.objects.filter(kind="search_match"))
    assert len(both) == 2
    given_up = Barrier(2)

    def gives_up(message: OutboxMessage) -> None:
        with transaction.atomic():
            OutboxMessage.objects.filter(pk=message.pk).update(status="withheld")
            given_up.wait(timeout=30)
            alerts.was_not_told(property=home.pk, seeker=ada.pk, why="gone")

    at_once(*[partial(gives_up, message) for message in both])
    assert states() == [("dropped", "gone")]


@pytest.mark.django_db(transaction=True)
def test_tellers_at_once_keep_to_the_number_of_a_day(crowd: list[User]) -> None:
    clock.move(at(8) - clock.now())
    for _number in range(3):
        for home in [PropertyFactory() for _home in range(2)]:
            with transaction.atomic():
                alerts.note(home)
        at_once(*[alerts.tell] * 3)
    alerts.tell()
    for seeker in crowd[1::2]:
        told = Alert.objects.filter(seeker=seeker, state="told").count()
        assert told == settings.ALERTS_PER_DAY
        assert OutboxMessage.objects.filter(kind="search_match", account=seeker).count() == told


@pytest.mark.django_db(transaction=True)
def test_more_seekers_than_fit_into_one_transaction_are_all_told() -> None:
    SavedSearch.objects.bulk_create(
        SavedSearch(seeker=seeker, criteria={"city": "Lagos"}, created_at=clock.now(), frequency=frequency)
        for frequency in (INSTANT, DAILY)
        for seeker in User.objects.bulk_create(
            User(email=f"{frequency}{number}@example.com", name="Somebody")
            for number in range(alerts.BATCH + 5)
        )
    )
    goes_live()
    assert alerts.tell() == digests.send() == alerts.BATCH + 5
    assert OutboxMessage.objects.filter(kind="search_digest").count() == alerts.BATCH + 5

"""Who is told of properties: on offer or not, looked for, kept in view."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp import clock, listings, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Interest, OutboxMessage, Property, SavedSearch, User
from inspector_whatsapp.models.listings import Frequency, PropertyStatus
from inspector_whatsapp.outbox import Withheld
from notifications import digests, schedules
from notifications.models import Digest
from notifications.tasks import send_digests
from tests.factories import AgentFactory, InterestFactory, PropertyFactory, SeekerFactory, at
from tests.notifications import scenes
from tests.notifications.scenes import HOUR, one

pytestmark = pytest.mark.django_db

LEKKI = Criteria(areas=("Lekki Phase 1",))


@pytest.fixture
def ada() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


@pytest.fixture
def bola() -> User:
    return scenes.linked(AgentFactory(name="Bola Adeyemi"))


@pytest.fixture
def home(bola: User) -> Property:
    return PropertyFactory(agent=bola)


def becomes(home: Property, status: PropertyStatus) -> None:
    listings.set_availability(property=home, status=status, actor=home.agent, origin=Origin.CHAT)


looks_for = partial(searches.save, origin=Origin.CHAT)


def goes_live(**fields: object) -> Property:
    """A property of somebody's that an admin has just let in."""
    home = PropertyFactory(status=PropertyStatus.PENDING, published_at=None, **fields)
    return listings.publish(property=home, actor=None, origin=Origin.ADMIN)


# --- kept in view -----------------------------------------------------------------------------------------
def test_an_agent_hears_who_is_interested_by_first_name_and_may_invite_them(
    ada: User, home: Property
) -> None:
    listings.show_interest(seeker=ada, property=home, origin=Origin.CHAT)
    assert scenes.written() == [
        ("interest_shown", "Bola Adeyemi", "whatsapp"),
        ("interest_shown", "Bola Adeyemi", "email"),
    ]
    message = one("interest_shown", home.agent)
    assert scenes.text(message) == (
        f"Ada is interested in your property.\n3-bedroom flat, Lekki Phase 1 ({home.ref})"
    )
    assert scenes.taps(message) == [f"invite|{Interest.objects.get().pk}"]
    listings.remove_interest(seeker=ada, property=home, origin=Origin.CHAT)
    with pytest.raises(Withheld, match="no longer interested"):
        scenes.said(message)
    listings.show_interest(seeker=ada, property=home, origin=Origin.CHAT)
    assert len(scenes.written()) == 2


def test_an_invited_seeker_sees_the_next_free_times_and_books(ada: User, home: Property) -> None:
    slot = scenes.slot(hours=40, property=home)
    interest = InterestFactory(seeker=ada, property=home)
    listings.invite(interest=interest, actor=home.agent, origin=Origin.CHAT)
    assert scenes.written() == [
        ("seeker_invited", "Ada Obi", "whatsapp"),
        ("seeker_invited", "Ada Obi", "email"),
    ]
    message = one("seeker_invited", ada)
    assert scenes.text(message).startswith("The agent invites you to inspect a property that you saved.")
    assert f"Free times: {scenes.when(slot.starts_at)}." in scenes.text(message)
    assert scenes.taps(message) == [f"book_inspection|{home.ref}"]
    scenes.close(slot)
    with pytest.raises(Withheld, match="no free times"):
        scenes.said(message)


# --- on offer ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (PropertyStatus.LET, "has been let."),
        (PropertyStatus.SOLD, "has been sold."),
        (PropertyStatus.UNAVAILABLE, "is not available at the moment."),
    ],
)
def test_who_keeps_it_in_view_hears_that_it_is_gone(
    ada: User, home: Property, status: PropertyStatus, words: str
) -> None:
    InterestFactory(seeker=ada, property=home)
    InterestFactory(property=home, removed_at=clock.now())
    becomes(home, status)
    assert scenes.written() == [
        ("property_gone", "Ada Obi", "whatsapp"),
        ("property_gone", "Ada Obi", "email"),
    ]
    message = one("property_gone", ada)
    assert scenes.text(message).startswith(f"3-bedroom flat, Lekki Phase 1 ({home.ref}) {words}")
    assert scenes.taps(message) == [f"remove|{home.ref}"]


def test_who_keeps_it_in_view_hears_that_it_can_be_had_again(ada: User, home: Property) -> None:
    InterestFactory(seeker=ada, property=home)
    becomes(home, PropertyStatus.UNAVAILABLE)
    gone = one("property_gone", ada)
    becomes(home, PropertyStatus.LIVE)
    with pytest.raises(Withheld, match="available again"):
        scenes.said(gone)
    message = one("property_available", ada)
    assert scenes.taps(message) == [f"book_inspection|{home.ref}", f"remove|{home.ref}"]
    listings.remove_interest(seeker=ada, property=home, origin=Origin.CHAT)
    with pytest.raises(Withheld, match="no longer keep"):
        scenes.said(message)


def test_who_has_an_inspection_of_it_hears_of_that_alone(ada: User, home: Property) -> None:
    inspection = scenes.book(seeker=ada, property=home, origin=Origin.CHAT)
    InterestFactory(seeker=ada, property=home)
    OutboxMessage.objects.all().delete()
    becomes(home, PropertyStatus.LET)
    assert scenes.written(channel="whatsapp") == [("inspected_property_changed", "Ada Obi", "whatsapp")]
    message = one("inspected_property_changed", ada)
    assert scenes.text(message).startswith("The property has been let.\n")
    assert scenes.text(message).endswith("Your inspection has not been cancelled. Do you want to cancel it?")
    assert scenes.taps(message) == [f"cancel|{inspection.ref}.1"]
    becomes(home, PropertyStatus.LIVE)
    with pytest.raises(Withheld, match="become live"):
        scenes.said(message)
    back = one("inspected_property_changed", ada)
    assert scenes.said(back).template == "inspection_news"
    assert scenes.text(back).startswith("The property is available again. Your inspection stands.\n")


def test_an_agent_hears_once_that_their_property_is_live(bola: User) -> None:
    home = goes_live(agent=bola)
    assert scenes.written() == [
        ("property_live", "Bola Adeyemi", "whatsapp"),
        ("property_live", "Bola Adeyemi", "email"),
    ]
    message = one("property_live", bola)
    assert scenes.text(message).startswith("Your property is live on Inspector.")
    assert scenes.taps(message) == ["slots|", f"share|{home.ref}"]
    becomes(home, PropertyStatus.UNAVAILABLE)
    becomes(home, PropertyStatus.LIVE)
    assert len(scenes.written(kind="property_live")) == 2


# --- looked for -------------------------------------------------------------------------------------------
def test_a_match_is_told_once_however_many_searches_fit(ada: User) -> None:
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.INSTANT)
    looks_for(seeker=ada, criteria=Criteria(kinds=("apartment",)), frequency=Frequency.INSTANT)
    looks_for(seeker=ada, criteria=Criteria(areas=("Yaba",)), frequency=Frequency.INSTANT)
    looks_for(seeker=SeekerFactory(), criteria=LEKKI, frequency=Frequency.DAILY)
    home = goes_live()
    assert scenes.written(kind="search_match") == [
        ("search_match", "Ada Obi", "whatsapp"),
        ("search_match", "Ada Obi", "email"),
    ]
    message = one("search_match", ada)
    assert scenes.text(message) == (
        "A new property fits your alert:\n_any property in Lekki Phase 1_\n\n"
        f"*3-bedroom flat, Lekki Phase 1 ({home.ref})*\n₦9,000,000 a year"
    )
    assert scenes.taps(message) == [f"book_inspection|{home.ref}", f"save|{home.ref}", "alerts|"]
    becomes(home, PropertyStatus.UNAVAILABLE)
    with pytest.raises(Withheld, match="no longer live"):
        scenes.said(message)
    becomes(home, PropertyStatus.LIVE)
    assert len(scenes.written(kind="search_match")) == 2
    for search in searches.of(ada):
        searches.pause(search=search, actor=ada, origin=Origin.CHAT)
    with pytest.raises(Withheld, match="no longer look"):
        scenes.said(message)


def test_who_keeps_a_property_in_view_does_not_hear_of_it_as_a_match(ada: User, home: Property) -> None:
    InterestFactory(seeker=ada, property=home)
    Property.objects.filter(pk=home.pk).update(status=PropertyStatus.UNAVAILABLE)
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.INSTANT)
    becomes(home, PropertyStatus.LIVE)
    assert [kind for kind, _who, _how in scenes.written(channel="whatsapp")] == ["property_available"]


# --- once a day -------------------------------------------------------------------------------------------
@pytest.fixture
def six_in_the_morning() -> None:
    clock.move(at(6) - clock.now())


once_a_day = pytest.mark.usefixtures("six_in_the_morning")


def published(**fields: object) -> Property:
    """A property that went live a moment ago; the clock has gone on since."""
    clock.move(HOUR)
    home = PropertyFactory(published_at=clock.now(), **fields)
    clock.move(HOUR)
    return home


def tomorrow() -> None:
    clock.move(timedelta(days=1))


@once_a_day
def test_a_digest_says_what_is_new_and_goes_once_a_day(ada: User) -> None:
    published()
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    looks_for(seeker=ada, criteria=Criteria(), frequency=Frequency.DAILY)
    new, elsewhere = published(), published(area="Yaba")
    assert digests.send() == 1
    assert digests.send() == 0
    assert scenes.written() == [
        ("search_digest", "Ada Obi", "whatsapp"),
        ("search_digest", "Ada Obi", "email"),
    ]
    message = one("search_digest", ada)
    assert scenes.text(message) == (
        "2 new properties for your alerts\n\n"
        "_any property in Lekki Phase 1_\n"
        f"3-bedroom flat, Lekki Phase 1 ({new.ref}), ₦9,000,000 a year\n\n"
        "_any property_\n"
        f"3-bedroom flat, Yaba ({elsewhere.ref}), ₦9,000,000 a year\n\n"
        f"To see one, write its ref, as in {new.ref}."
    )
    assert scenes.taps(message) == ["alerts|"]
    assert f"/p/{new.ref}" in scenes.letter(one("search_digest", ada, "email"))


@once_a_day
def test_a_digest_goes_only_when_there_is_something_new(ada: User) -> None:
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    published()
    assert digests.send() == 1
    tomorrow()
    assert digests.send() == 0
    assert Digest.objects.count() == 1
    newer = published()
    assert digests.send() == 1
    words = scenes.text(one("search_digest", ada))
    assert words.startswith("1 new property for your alerts")
    assert newer.ref in words


@once_a_day
def test_what_comes_later_on_the_day_of_a_digest_is_in_the_next(ada: User) -> None:
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    published()
    assert digests.send() == 1
    late = PropertyFactory(published_at=clock.now())
    clock.move(timedelta(minutes=10))
    assert digests.send() == 0
    tomorrow()
    assert digests.send() == 1
    assert late.ref in scenes.text(one("search_digest", ada))


@once_a_day
def test_what_was_told_at_once_is_not_told_again(ada: User) -> None:
    search = looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.INSTANT)
    clock.move(HOUR)
    Property.objects.filter(pk=goes_live().pk).update(published_at=clock.now())
    searches.set_frequency(search=search, frequency=Frequency.DAILY, actor=ada, origin=Origin.CHAT)
    clock.move(HOUR)
    assert digests.send() == 0


@once_a_day
def test_paused_searches_and_closed_accounts_get_no_digest(ada: User) -> None:
    search = looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    looks_for(seeker=SeekerFactory(is_active=False), criteria=LEKKI, frequency=Frequency.DAILY)
    published()
    searches.pause(search=search, actor=ada, origin=Origin.CHAT)
    assert digests.send() == 0
    searches.resume(search=search, actor=ada, origin=Origin.CHAT)
    assert digests.send() == 1


@once_a_day
def test_after_a_long_pause_only_the_last_week_is_news(ada: User) -> None:
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    published()
    clock.move(timedelta(days=8))
    assert digests.send() == 0


@once_a_day
def test_of_many_properties_some_are_named(ada: User) -> None:
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    homes = [published() for _number in range(8)]
    digests.send()
    words = scenes.text(one("search_digest", ada))
    assert words.startswith("8 new properties for your alerts")
    assert [home.ref in words for home in homes] == [False] * 2 + [True] * 6
    assert "\n\nand 2 more\n\n" in words
    assert all(home.ref in scenes.letter(one("search_digest", ada, "email")) for home in homes)


@once_a_day
def test_what_has_gone_by_the_time_it_leaves_is_left_out(ada: User) -> None:
    looks_for(seeker=ada, criteria=LEKKI, frequency=Frequency.DAILY)
    gone, there = published(), published()
    digests.send()
    message = one("search_digest", ada)
    becomes(gone, PropertyStatus.LET)
    assert gone.ref not in scenes.text(message)
    assert there.ref in scenes.text(message)
    SavedSearch.objects.all().delete()
    with pytest.raises(Withheld, match="of use"):
        scenes.said(message)


def test_digests_go_every_morning_at_eight_in_lagos() -> None:
    entry = PeriodicTask.objects.get(task=send_digests.name)
    assert schedules.of(entry).crontab == "0 8 * * *"
    assert entry.crontab.timezone == ZoneInfo("Africa/Lagos")
    assert entry.enabled
    assert send_digests.name in schedules.tasks()


@once_a_day
def test_everybody_with_something_new_is_told_however_many_they_are() -> None:
    for _number in range(digests.BATCH + 5):
        looks_for(seeker=SeekerFactory(), criteria=LEKKI, frequency=Frequency.DAILY)
    published()
    assert digests.send() == digests.BATCH + 5
    assert OutboxMessage.objects.filter(kind="search_digest").count() == digests.BATCH + 5

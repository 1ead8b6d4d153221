"""Who is told of properties that they keep in view: on offer or not, cheaper, dearer."""

from decimal import Decimal

import pytest

from inspector_whatsapp import clock, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Interest, OutboxMessage, Property, User
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.outbox import Withheld
from tests.factories import AgentFactory, InterestFactory, PropertyFactory, SeekerFactory
from tests.notifications import scenes
from tests.notifications.scenes import HOUR, one

pytestmark = pytest.mark.django_db


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


def costs(home: Property, price: Decimal | int) -> Property:
    return listings.set_price(property=home, price=Decimal(price), actor=home.agent, origin=Origin.API)


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


# --- at another price -------------------------------------------------------------------------------------
def test_who_keeps_it_in_view_hears_of_another_price(ada: User, home: Property) -> None:
    InterestFactory(seeker=ada, property=home)
    InterestFactory(property=home, removed_at=clock.now())
    costs(home, 8_500_000)
    assert scenes.written() == [
        ("price_changed", "Ada Obi", "whatsapp"),
        ("price_changed", "Ada Obi", "email"),
    ]
    cheaper = one("price_changed", ada)
    assert scenes.text(cheaper) == (
        f"The price of 3-bedroom flat, Lekki Phase 1 ({home.ref}) has gone down.\n"
        "Before: ₦9,000,000\nNow: ₦8,500,000 a year\nYou saved this property."
    )
    assert scenes.taps(cheaper) == [f"book_inspection|{home.ref}", f"remove|{home.ref}"]
    costs(home, 9_500_000)
    with pytest.raises(Withheld, match="changed again"):
        scenes.said(cheaper)
    dearer = one("price_changed", ada, "email")
    assert scenes.letter(dearer).startswith("New price: 3-bedroom flat, Lekki Phase 1\n")
    assert "has gone up.\nBefore: ₦8,500,000\nNow: ₦9,500,000 a year" in scenes.letter(dearer)
    listings.remove_interest(seeker=ada, property=home, origin=Origin.CHAT)
    with pytest.raises(Withheld, match="no longer keep"):
        scenes.said(dearer)


def test_a_price_that_goes_to_and_fro_is_told_once_in_an_hour(ada: User, home: Property) -> None:
    InterestFactory(seeker=ada, property=home)
    clock.move(HOUR - (clock.now() - clock.now().replace(minute=0, second=0, microsecond=0)))
    for price in (8_000_000, 9_000_000, 8_000_000, 9_000_000):
        costs(home, price)
    assert len(scenes.written(channel="email")) == 2
    clock.move(HOUR)
    costs(home, 8_000_000)
    assert len(scenes.written(channel="email")) == 3


def test_a_price_that_stays_or_of_what_is_not_on_offer_is_told_to_nobody(ada: User, home: Property) -> None:
    InterestFactory(seeker=ada, property=home)
    assert costs(home, Decimal("9000000.001")).price == Decimal("9000000.00")
    assert not Change.objects.exists()
    Property.objects.filter(pk=home.pk).update(status=PropertyStatus.UNAVAILABLE)
    costs(home, 1_000_000)
    change = Change.objects.get()
    assert (change.kind, change.data) == (
        "property_changed",
        {"fields": ["price"], "before": {"price": "9000000.00"}, "after": {"price": "1000000.00"}},
    )
    assert scenes.written() == []


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000", "NaN", "Infinity"])
def test_what_is_no_price_is_refused_in_words(home: Property, amount: str) -> None:
    with pytest.raises(listings.NoPrice, match="is no price: it must be 0 or more"):
        costs(home, Decimal(amount))
    home.refresh_from_db()
    assert home.price == 9_000_000

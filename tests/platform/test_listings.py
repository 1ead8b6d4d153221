"""Finding properties, and keeping them in view."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Change, Property, PropertyPhoto
from inspector_whatsapp.models.listings import Kind, PropertyStatus
from tests.factories import InterestFactory, PropertyFactory, SeekerFactory, SlotFactory, at, now

pytestmark = pytest.mark.django_db


def found(**criteria: object) -> list[Property]:
    return list(listings.search(Criteria(**criteria)))  # type: ignore[arg-type]


def test_a_ref_is_read_as_people_type_it() -> None:
    home = PropertyFactory()
    number = home.ref.removeprefix("PR-")
    link = f"https://inspector.example/properties/{home.ref}"
    for typed in (
        home.ref,
        f"pr {number}",
        f"PR{number}",
        f"pr_{number}",
        f"PR–{number}",
        number,
        f"#{number}",
    ):
        assert listings.by_ref(typed) == home, typed
    for said in (link, f"{link}/", f"{link}?utm=1", f"I saw {home.ref.lower()}, is it free?"):
        assert listings.by_ref(said) == home, said
    for other in ("", "PR-", "PR-99999999", f"SPR-{number}", "hello", f"{number} naira"):
        assert listings.by_ref(other) is None, other


@pytest.mark.parametrize("status", [status for status in PropertyStatus if status != PropertyStatus.LIVE])
def test_what_the_website_does_not_show_only_its_agent_finds(status: PropertyStatus) -> None:
    home = PropertyFactory(status=status)
    assert listings.by_ref(home.ref) is None
    assert listings.by_ref(home.ref, viewer=PropertyFactory().agent) is None
    assert listings.by_ref(home.ref, viewer=home.agent) == home
    assert home not in found()


def test_a_search_takes_every_wish_into_account_and_shows_the_newest_first() -> None:
    fits = PropertyFactory(amenities=["water", "gym"], price=Decimal(3_000_000))
    newer = PropertyFactory(amenities=["water"], price=Decimal(2_500_000))
    PropertyFactory(area="Yaba")
    PropertyFactory(kind=Kind.DUPLEX)
    PropertyFactory(bedrooms=2)
    PropertyFactory(bedrooms=4)
    PropertyFactory(price=Decimal(9_000_000), amenities=["water"])
    PropertyFactory(price=Decimal(2_000), currency="USD", amenities=["water"])
    PropertyFactory(amenities=[], price=Decimal(3_000_000))
    wish = {
        "areas": ("Lekki Phase 1",),
        "kinds": ("apartment",),
        "listing_type": "rent",
        "bedrooms_min": 3,
        "bedrooms_max": 3,
        "price_max": 3_000_000,
        "amenities": ("water",),
    }
    assert found(**wish) == [newer, fits]
    assert found(**wish, sort="price_desc") == [fits, newer]
    assert found(**wish, amenities_excluded=("gym",)) == [newer]


def test_a_wider_area_takes_in_its_parts() -> None:
    lekki, yaba = PropertyFactory(area="Ikate"), PropertyFactory(area="Yaba")
    assert found(areas=("Lekki",)) == [lekki]
    assert found(areas=("Mainland",)) == [yaba]
    assert found(city="Lagos", areas_excluded=("Island",)) == [yaba]


def test_a_search_may_ask_for_a_free_place_on_a_day() -> None:
    free, full = PropertyFactory(), PropertyFactory()
    SlotFactory(property=free, starts_at=at(10, days=2))
    SlotFactory(property=full, starts_at=at(10, days=2), taken=1)
    assert found(inspect_between=(at(0, days=2), at(0, days=3))) == [free]
    assert found(inspect_between=(at(0, days=3), at(0, days=4))) == []


def test_a_page_of_results_with_faces_is_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    homes = PropertyFactory.create_batch(3)
    for home in homes[1:]:
        for position in (2, 1):
            PropertyPhoto.objects.create(property=home, position=position, image=f"{position}.jpg")
    with django_assert_num_queries(2):
        faces = [(home.agent.name and listings.face(home)) for home in listings.search(Criteria())[:3]]
    assert [face and face.position for face in faces if not isinstance(face, str)] == [1, 1, None]
    first = listings.face(homes[1])
    assert first is not None
    assert first.position == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lekki Phase 1", ["Lekki Phase 1"]),
        ("lekki phase1", ["Lekki Phase 1"]),
        ("Lekki ph 1", ["Lekki Phase 1"]),
        ("phase 1", ["Lekki Phase 1"]),
        ("V.I", ["Victoria Island"]),
        ("v/i", ["Victoria Island"]),
        ("victoria iland", ["Victoria Island"]),
        ("surulare", ["Surulere"]),
        ("somewhere in yaba or surulere please", ["Yaba", "Surulere"]),
        ("Lekki", ["Lekki Phase 1"]),
        ("the mainland", ["Yaba", "Surulere"]),
        ("Abuja", ["Gwarinpa"]),
        ("gwarimpa", ["Gwarinpa"]),
        ("Epe", []),
        ("house", []),
        ("", []),
        ("👍", []),
    ],
)
def test_places_are_found_as_people_type_them(typed: str, meant: list[str]) -> None:
    for area in ("Lekki Phase 1", "Victoria Island", "Yaba", "Yaba", "Surulere"):
        PropertyFactory(area=area)
    PropertyFactory(area="Gwarinpa", city="Abuja", state="FCT")
    PropertyFactory(area="Epe", status=PropertyStatus.LET)
    assert listings.places(typed) == meant


def test_areas_that_the_gazetteer_does_not_know_are_found_too() -> None:
    PropertyFactory(area="Atlantic Gardens")
    assert listings.places("atlantic garden") == ["Atlantic Gardens"]
    assert listings.areas_with_counts() == [("Atlantic Gardens", 1)]


# --- interests --------------------------------------------------------------------------------------------
def test_an_interest_is_shown_once_and_removed_once() -> None:
    seeker, home = SeekerFactory(), PropertyFactory()
    shown = [listings.show_interest(seeker=seeker, property=home, origin=Origin.CHAT) for _ in range(2)]
    assert shown == [True, False]
    assert list(listings.of_interest_to(seeker)) == [home]
    removed = [listings.remove_interest(seeker=seeker, property=home, origin=Origin.CHAT) for _ in range(2)]
    assert removed == [True, False]
    assert not listings.of_interest_to(seeker)
    kinds = Change.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["interest_shown", "interest_removed"]


def test_nobody_keeps_in_view_what_is_not_shown() -> None:
    seeker, draft = SeekerFactory(), PropertyFactory(status=PropertyStatus.DRAFT)
    assert not listings.show_interest(seeker=seeker, property=draft, origin=Origin.CHAT)
    assert not Change.objects.exists()


def test_what_was_let_stays_in_view_and_the_last_shown_is_first() -> None:
    seeker = SeekerFactory()
    old = InterestFactory(seeker=seeker, created_at=now() - timedelta(days=2))
    new = InterestFactory(seeker=seeker, property__status=PropertyStatus.LET)
    InterestFactory(seeker=seeker, removed_at=now())
    InterestFactory(property=old.property, created_at=now())
    assert list(listings.of_interest_to(seeker)) == [new.property, old.property]

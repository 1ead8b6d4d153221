"""Finding properties, and the places where they lie."""

from datetime import time
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from inspector_whatsapp import listings
from inspector_whatsapp.inspections import Viewing
from inspector_whatsapp.listings import Criteria, Place, gazetteer
from inspector_whatsapp.models import Property, PropertyPhoto
from inspector_whatsapp.models.listings import Kind, PropertyStatus
from tests.factories import PropertyFactory, SlotFactory, at

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
    assert found(cities=("Lagos",), areas_excluded=("Island",)) == [yaba]


def test_a_search_may_ask_for_a_free_place_on_a_day() -> None:
    free, full = PropertyFactory(), PropertyFactory()
    SlotFactory(property=free, starts_at=at(10, days=2))
    SlotFactory(property=full, starts_at=at(10, days=2), taken=1)
    then = at(10, days=2)
    assert found(viewing=Viewing("Africa/Lagos", then.date(), then.date())) == [free]
    assert found(viewing=Viewing("Africa/Lagos", at(days=3).date(), None)) == []
    assert found(viewing=Viewing("Africa/Lagos", earliest=time(10), latest=time(10))) == [free]
    assert found(viewing=Viewing("Africa/Lagos", earliest=time(10, 1))) == []
    assert found(viewing=Viewing("Asia/Tokyo", earliest=time(18), latest=time(18))) == [free]


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
        ("the mainland", ["Mainland", "Yaba", "Surulere"]),
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


def test_a_wider_area_is_offered_as_a_whole_once_several_of_its_parts_have_something() -> None:
    PropertyFactory(area="Ikate")
    assert listings.places("Lekki") == ["Ikate"]
    PropertyFactory.create_batch(2, area="Chevron")
    assert listings.places("Lekki") == ["Lekki", "Chevron", "Ikate"]
    assert {home.area for home in found(areas=("Lekki",))} == {"Chevron", "Ikate"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Yaba", [Place("Yaba", "Lagos", "Lagos")]),
        ("yabba", [Place("Yaba", "Lagos", "Lagos")]),
        ("VI", [Place("Victoria Island", "Lagos", "Lagos"), Place("Oniru", "Lagos", "Lagos")]),
        ("14 Admiralty Way, lekki phase 1", [Place("Lekki Phase 1", "Lagos", "Lagos")]),
        ("gwarimpa abuja", [Place("Gwarinpa", "Abuja", "FCT")]),
        ("Mowe", [Place("Mowe", "Mowe", "Ogun")]),
        ("Kano", [Place("Kano", "Kano", "Kano")]),
        ("calaba", [Place("Calabar", "Calabar", "Cross River")]),
        ("nowhere at all", []),
        ("", []),
    ],
)
def test_a_place_is_named_whether_or_not_anything_is_live_there(typed: str, meant: list[Place]) -> None:
    assert listings.place_named(typed)[: len(meant) or None] == meant


def test_a_group_of_areas_is_no_place_of_its_own() -> None:
    named = [place.area for place in listings.place_named("Mainland")]
    assert "Yaba" in named
    assert "Mainland" not in named


def test_every_place_of_the_gazetteer_has_a_city_and_a_state() -> None:
    everywhere = [area for areas in gazetteer.data()["areas"].values() for area in areas]
    for name in [*everywhere, *gazetteer.data()["cities"]]:
        assert Place(name, *(gazetteer.place_of(name) or ("", ""))) in listings.place_named(name), name


def test_a_point_lies_in_the_area_whose_properties_are_around_it() -> None:
    for north, east in ((6.50, 3.37), (6.51, 3.38), (6.52, 3.37)):
        PropertyFactory(area="Yaba", latitude=north, longitude=east)
    PropertyFactory(area="Ikeja", latitude=6.60, longitude=3.35)
    PropertyFactory(area="Yaba", latitude=None, longitude=None)
    PropertyFactory(area="Bariga", latitude=6.51, longitude=3.37, status=PropertyStatus.LET)
    # One that says Yaba and lies in Abuja does not move Yaba there.
    PropertyFactory(area="Yaba", latitude=9.05, longitude=7.49)
    assert listings.place_near(6.512, 3.373) == Place("Yaba", "Lagos", "Lagos")
    assert listings.place_near(6.61, 3.35) == Place("Ikeja", "Lagos", "Lagos")
    assert listings.place_near(6.60 + 0.12, 3.35) == Place("Ikeja", "Lagos", "Lagos")  # 13 km
    assert listings.place_near(6.60 + 0.15, 3.35) is None  # 17 km
    assert listings.place_near(0.0, 0.0) is None


def test_areas_that_the_gazetteer_does_not_know_are_found_too() -> None:
    PropertyFactory(area="Atlantic Gardens")
    assert listings.places("atlantic garden") == ["Atlantic Gardens"]
    assert listings.areas_with_counts() == [("Atlantic Gardens", 1)]

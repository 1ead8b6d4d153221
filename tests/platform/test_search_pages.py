"""What a search finds, a page at a time, and what is let go where nothing fits."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from inspector_whatsapp import listings, searches
from inspector_whatsapp.inspections import Viewing
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Property, SearchPlace, User
from inspector_whatsapp.models.inspections import SlotState
from tests.factories import AgentFactory, PropertyFactory, SeekerFactory, SlotFactory, at, now
from tests.platform.test_searches import HOMES, WISHES, save, undone

pytestmark = pytest.mark.django_db
LAGOS = "Africa/Lagos"


def found(criteria: Criteria, *, start: int = 0) -> list[Property]:
    return [each.property for each in listings.page(criteria, start=start).found]


def day(days: int) -> date:
    return at(days=days).date()


# --- where ------------------------------------------------------------------------------------------------
def test_places_are_alternatives_and_a_city_tells_where_an_unknown_area_lies() -> None:
    ikate, wuse = PropertyFactory(area="Ikate"), PropertyFactory(area="Wuse", city="Abuja", state="FCT")
    here, there = (PropertyFactory(area="GRA", city=city, state=city) for city in ("Kano", "Kaduna"))
    for wishes, fit in (
        ({"areas": ("Lekki",), "cities": ("Abuja",)}, {ikate, wuse}),
        ({"areas": ("Lekki",), "cities": ("Lagos",)}, {ikate}),
        ({"areas": ("GRA",)}, {here, there}),
        ({"areas": ("GRA",), "cities": ("Kano",)}, {here}),
        ({"areas": ("GRA", "Wuse"), "cities": ("Kano",)}, {here, wuse}),
        ({"areas": ("GRA",), "states": ("Kaduna",)}, {there}),
        ({"cities": ("Abuja", "Kano")}, {wuse, here}),
        ({"states": ("FCT", "Kaduna")}, {wuse, there}),
        ({"cities": ("Abuja",), "areas_excluded": ("Wuse",)}, set()),
        ({"areas": ("Lekki",), "areas_excluded": ("Ikate",)}, set()),
        ({"areas": ("Lekki",), "areas_excluded": ("Island",)}, set()),
    ):
        criteria = Criteria(**wishes)
        assert set(found(criteria)) == set(listings.search(criteria)) == fit, wishes


def test_a_street_is_part_of_an_address_and_nothing_else() -> None:
    home = PropertyFactory(address="12 Admiralty Way, Lekki")
    PropertyFactory(address="14 Admiralty Close")
    assert found(Criteria(street="admiralty way")) == [home]
    assert found(Criteria(street="12 admiralty way", areas=("Lekki", "Yaba"))) == [home]
    for none in ("%", "adm_ralty way", "' OR true --", "\\"):
        assert found(Criteria(street=none)) == []


# --- pages ------------------------------------------------------------------------------------------------
def test_pages_go_through_all_that_fit_once_in_order_though_they_were_published_together(
    agent: User,
) -> None:
    then = now()
    homes = [
        PropertyFactory(agent=agent, area=area, published_at=then, price=Decimal(1_000_000 * (number % 3)))
        for number, area in enumerate(["Ikate", "Chevron", "Lekki", "Ikota"] * 3)
    ]
    for sort in ("newest", "price_asc", "price_desc"):
        criteria = Criteria(areas=("Lekki", "Island", "Ikate"), sort=sort)
        pages = [listings.page(criteria, start=start) for start in (0, 5, 10, 15)]
        shown = [each.property for page in pages for each in page.found]
        assert shown == list(listings.search(criteria))
        assert set(shown) == set(homes)
        assert [page.has_more for page in pages] == [True, True, False, False]


def test_a_page_with_its_times_is_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for home in PropertyFactory.create_batch(4):
        SlotFactory.create_batch(1, property=home)
    with django_assert_num_queries(2):
        page = listings.page(Criteria(areas=("Lekki", "Yaba"), cities=("Abuja",)))
        assert [slot.property for each in page.found for slot in each.times] == [
            each.property for each in page.found
        ]


def test_a_card_has_the_next_free_times_and_only_those_that_are_asked_for() -> None:
    home = PropertyFactory()
    free = [SlotFactory(property=home, starts_at=at(hour, days=days)) for days in (3, 2) for hour in (16, 9)]
    SlotFactory(property=home, starts_at=at(8, days=2), taken=1)
    SlotFactory(property=home, starts_at=at(8, days=3), state=SlotState.CLOSED)
    SlotFactory(property=home, starts_at=at(8, days=-1))
    soonest = sorted(free, key=lambda slot: slot.starts_at)

    def times(viewing: Viewing | None) -> list[Any]:
        return [list(each.times) for each in listings.page(Criteria(viewing=viewing)).found]

    assert times(None) == [soonest[:3]]
    assert times(Viewing(LAGOS, day(3), day(3))) == [soonest[2:]]
    assert times(Viewing(LAGOS, earliest=time(12))) == [[soonest[1], soonest[3]]]
    assert times(Viewing(LAGOS, latest=time(9))) == [[soonest[0], soonest[2]]]
    assert times(Viewing(LAGOS, day(2), day(3), time(16), time(16))) == [[soonest[1], soonest[3]]]
    assert times(Viewing(LAGOS, day(4))) == []
    assert times(Viewing(LAGOS, date.max, date.max)) == []
    assert times(Viewing(LAGOS, date.min, date.min + timedelta(days=2))) == []


# --- nothing fits -----------------------------------------------------------------------------------------
def relaxed(criteria: Criteria) -> dict[str, int]:
    return {f"{each.wish}:{each.name}": each.count for each in listings.relax(criteria)[0]}


def test_each_single_wish_that_stands_in_the_way_is_named_with_how_many_there_are_without_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    dear = [PropertyFactory(price=Decimal(price)) for price in (8_000_000, 7_000_000)]
    ikate = PropertyFactory(area="Ikate", price=Decimal(1_000_000))
    PropertyFactory(area="Yaba", price=Decimal(1_000_000), bedrooms=1)
    asked = Criteria(areas=("Lekki Phase 1",), bedrooms_min=3, price_max=2_000_000)
    assert not listings.page(asked).found
    assert relaxed(asked) == {"price:": 2, "area:Lekki": 1, "city:Lagos": 1}
    with django_assert_num_queries(3):  # the searches at once; what is nearest, and its times
        _relaxations, near = listings.relax(asked)
    assert [each.property for each in near] == [dear[1], dear[0], ikate]


def test_where_no_single_wish_is_enough_all_but_the_place_are_let_go() -> None:
    home = PropertyFactory(bedrooms=2)
    asked = Criteria(areas=("Lekki Phase 1",), bedrooms_min=5, price_max=1)
    assert relaxed(asked) == {"all:Lekki Phase 1": 1}
    assert listings.relax(asked)[1][0].property == home
    assert listings.relax(Criteria(areas=("Yaba",)))[0][0].wish == "city"
    assert listings.relax(Criteria()) == ([], [])


def test_what_is_nearest_shows_a_time_that_was_asked_for_if_there_is_one() -> None:
    home = PropertyFactory(price=Decimal(8_000_000))
    soon = SlotFactory(property=home, starts_at=at(9, days=1))
    wanted = SlotFactory(property=home, starts_at=at(9, days=5))
    asked = Criteria(areas=("Lekki",), price_max=1, viewing=Viewing(LAGOS, day(5), day(6)))
    _relaxations, (near,) = listings.relax(asked)
    assert near.times == (soon, wanted)


def test_counts_end_at_a_hundred() -> None:
    agent = AgentFactory()
    PropertyFactory.create_batch(listings.COUNTED + 1, agent=agent)
    assert relaxed(Criteria(areas=("Lekki",), price_max=1)) == {"price:": listings.COUNTED}


# --- every wish -------------------------------------------------------------------------------------------
VIEWINGS = st.builds(
    Viewing,
    st.just(LAGOS),
    st.sampled_from([None, day(1), day(2)]),
    st.sampled_from([None, day(1), day(2)]),
    st.sampled_from([None, time(9), time(12)]),
    st.sampled_from([None, time(9), time(15)]),
)
SORTS = st.sampled_from(["newest", "price_asc", "price_desc"])
CRITERIA = st.lists(st.sampled_from(sorted(WISHES.keys() - {"sort"})), max_size=3, unique=True).flatmap(
    lambda names: st.builds(
        Criteria, **{name: WISHES[name] for name in names}, viewing=st.none() | VIEWINGS, sort=SORTS
    )
)


@pytest.fixture
def agent() -> User:
    return AgentFactory()


@hypothesis_settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    homes=st.lists(HOMES, min_size=4, max_size=7),
    hours=st.lists(st.sampled_from([8, 9, 14, 16]), min_size=7, max_size=7),
    wishes=st.lists(CRITERIA, min_size=5, max_size=8),
)
def test_a_page_is_the_beginning_of_the_search_and_the_relaxed_counts_are_those_of_searches(
    homes: list[dict[str, Any]], hours: list[int], wishes: list[Criteria], agent: User
) -> None:
    for _rolled_back in undone():
        for number, home in enumerate(homes):
            SlotFactory(
                property=PropertyFactory(agent=agent, **home),
                inspector=None,
                starts_at=at(hours[number], days=1 + number % 2),
            )
        for criteria in wishes:
            everything = list(listings.search(criteria))
            assert found(criteria) == everything[:5]
            assert found(criteria, start=5) == everything[5:10]
            for each in listings.relax(criteria)[0]:
                assert each.count == listings.search(each.criteria).count()


# --- saved ------------------------------------------------------------------------------------------------
def test_a_search_in_several_cities_is_saved_and_told_of_each() -> None:
    search = save(SeekerFactory(), Criteria(cities=("Abuja", "Kano"), areas=("Yaba",)))
    assert search.criteria == {"areas": ["Yaba"], "cities": ["Abuja", "Kano"]}
    rows = SearchPlace.objects.order_by("place").values_list("place", flat=True)
    assert list(rows) == ["Yaba", "city:Abuja", "city:Kano"]
    for area, city, told in (("Yaba", "Lagos", 1), ("Nowhere", "Kano", 1), ("Ikeja", "Lagos", 0)):
        assert searches.matching(PropertyFactory(area=area, city=city)).count() == told
    assert searches.from_json(search.criteria) == Criteria(areas=("Yaba",), cities=("Abuja", "Kano"))


def test_what_was_kept_before_reads_as_it_did() -> None:
    assert searches.from_json({"city": "Abuja"}) == Criteria(cities=("Abuja",))
    assert searches.to_json(Criteria(cities=("Abuja",))) == {"city": "Abuja"}
    kept = {"areas": ["GRA"], "city": "Kano", "state": "Kano"}
    assert searches.to_json(searches.from_json(kept)) == kept

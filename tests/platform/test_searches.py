"""Saved searches: kept once, and told of exactly what a search would find."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from inspector_whatsapp import listings, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import Viewing
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Change, SavedSearch, SearchPlace, User
from inspector_whatsapp.models.listings import Frequency, Kind, ListingType, Period
from inspector_whatsapp.words import Reader
from tests.factories import AgentFactory, PropertyFactory, SeekerFactory, at, now

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT
FLATS = Criteria(
    areas=("Yaba", "Lekki"), kinds=("apartment",), listing_type="rent", bedrooms_min=2, price_max=5_000_000
)


def save(seeker: User, criteria: Criteria = FLATS, frequency: Frequency = Frequency.INSTANT) -> SavedSearch:
    return searches.save(seeker=seeker, criteria=criteria, frequency=frequency, origin=CHAT)


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


# --- saving -----------------------------------------------------------------------------------------------
def test_a_search_is_kept_with_what_matters_and_without_order_or_day() -> None:
    criteria = Criteria(
        areas=("Yaba", "Lekki", "Yaba"),
        price_max=Decimal("5000000.00"),
        price_min=Decimal("0.5"),
        bedrooms_min=0,
        sort="price_asc",
        viewing=Viewing("Africa/Lagos", first=at(9).date()),
    )
    kept = {
        "areas": ["Lekki", "Yaba"],
        "bedrooms_min": 0,
        "price_min": 0.5,
        "price_max": 5_000_000,
        "currency": "NGN",
    }
    assert save(SeekerFactory(), criteria).criteria == kept
    assert searches.from_json(kept) == Criteria(
        areas=("Lekki", "Yaba"), bedrooms_min=0, price_min=Decimal("0.5"), price_max=5_000_000
    )
    assert searches.to_json(Criteria(currency="USD")) == {}


def test_what_is_none_of_ours_is_left_out() -> None:
    strange = {"areas": "Yaba", "kinds": [1, "land"], "price_max": "a lot", "city": None, "colour": "red"}
    assert searches.from_json(strange) == Criteria(kinds=("land",))


def test_the_same_wishes_again_are_the_same_search_active_and_as_often_as_last_said() -> None:
    ada, tobi = SeekerFactory(), SeekerFactory()
    first = save(ada)
    assert save(ada, Criteria(**(vars(FLATS) | {"areas": ("Lekki", "Yaba")}))) == first
    assert kinds() == ["search_saved"]
    searches.pause(search=first, actor=ada, origin=CHAT)
    again = save(ada, frequency=Frequency.DAILY)
    assert (again.pk, again.is_active, again.frequency) == (first.pk, True, Frequency.DAILY)
    other, others = save(ada, Criteria(cities=("Abuja",))), save(tobi)
    assert list(searches.of(ada)) == [other, first]
    assert list(searches.of(tobi)) == [others]
    saved = Change.objects.filter(kind="search_saved").order_by("pk")
    assert saved.count() == 4
    assert saved[0].data == {"criteria": searches.to_json(FLATS), "frequency": "instant"}


def test_a_search_is_paused_resumed_changed_and_forgotten_each_once() -> None:
    ada = SeekerFactory()
    search = save(ada)
    for _again in range(2):
        assert not searches.pause(search=search, actor=ada, origin=CHAT).is_active
    for _again in range(2):
        assert searches.resume(search=search, actor=ada, origin=CHAT).is_active
    for _again in range(2):
        daily = searches.set_frequency(search=search, frequency=Frequency.DAILY, actor=ada, origin=CHAT)
        assert daily.frequency == Frequency.DAILY
    for _again in range(2):
        searches.delete(search=search, actor=ada, origin=CHAT)
    assert kinds() == [
        "search_saved",
        "search_paused",
        "search_resumed",
        "search_changed",
        "search_deleted",
    ]
    assert Change.objects.last().subject == str(search.pk)  # type: ignore[union-attr]
    assert not searches.of(ada)


# --- matching ---------------------------------------------------------------------------------------------
def test_a_new_property_is_told_to_active_searches_but_not_to_its_own_agent(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    home = PropertyFactory(area="Ikate", price=Decimal(4_000_000))
    wanted = save(SeekerFactory())
    save(SeekerFactory(), Criteria(areas=("Yaba",)))
    save(home.agent)
    paused = save(SeekerFactory())
    searches.pause(search=paused, actor=None, origin=CHAT)
    with django_assert_num_queries(1):
        assert [(search, bool(search.seeker.email)) for search in searches.matching(home)] == [(wanted, True)]


def test_a_search_without_a_place_is_refused_and_one_that_is_paused_stays_paused() -> None:
    ada = SeekerFactory()
    anywhere = Criteria(kinds=("land",), price_max=5_000_000, states=("Lagos",))
    with pytest.raises(searches.NamesNoPlace, match="names an area or a city"):
        save(ada, anywhere)
    paused = SavedSearch.objects.create(
        seeker=ada, criteria=searches.to_json(anywhere), is_active=False, created_at=now()
    )
    with pytest.raises(searches.NamesNoPlace):
        searches.resume(search=paused, actor=ada, origin=CHAT)
    assert kinds() == []
    with pytest.raises(IntegrityError, match="search_active_names_a_place"), transaction.atomic():
        SavedSearch.objects.filter(pk=paused.pk).update(is_active=True)
    with pytest.raises(IntegrityError, match="search_active_names_a_place"), transaction.atomic():
        SavedSearch.objects.create(seeker=ada, criteria={"areas": []}, created_at=now())


def places() -> list[str]:
    return list(SearchPlace.objects.order_by("place").values_list("place", flat=True))


def test_the_database_keeps_the_places_of_searches_whoever_writes_them() -> None:
    home = PropertyFactory(area="Ikate", price=Decimal(4_000_000))
    search = save(SeekerFactory())
    assert places() == ["Lekki", "Yaba"]
    SavedSearch.objects.update(criteria={"city": "Abuja"})
    assert places() == ["city:Abuja"]
    assert not searches.matching(home)
    SavedSearch.objects.update(criteria={"areas": ["Ikate", "Ikate"], "city": "Lagos"})
    assert places() == ["Ikate"]
    assert searches.matching(home).get() == search
    SavedSearch.objects.update(is_active=False)
    assert places() == []
    SavedSearch.objects.bulk_create(
        SavedSearch(seeker=search.seeker, criteria={"areas": [area]}, created_at=now())
        for area in ("Yaba", "Ikeja")
    )
    assert places() == ["Ikeja", "Yaba"]
    SavedSearch.objects.all().delete()
    assert places() == []


@pytest.mark.parametrize(
    "strange",
    [
        {"areas": ["Ikate", "x" * 5_000], "kinds": "castle", "bedrooms_min": "many", "price_max": True},
        {"areas": ["Ikate", 7, None], "currency": "USD", "listing_type": None, "amenities": []},
        {"areas": "Yaba", "city": "Lagos", "bedrooms_min": -(10**30), "price_max": 10**300},
        {"areas": {"0": "Yaba"}, "city": "Lagos", "bedrooms_max": 10**30, "price_min": -(10**30)},
    ],
)
def test_strange_wishes_are_stored_and_count_as_far_as_they_are_ours(strange: dict[str, Any]) -> None:
    home = PropertyFactory(area="Ikate")
    search = SavedSearch.objects.create(seeker=SeekerFactory(), criteria=strange, created_at=now())
    assert searches.matching(home).get() == search


def test_a_property_is_looked_up_by_its_place_and_never_by_reading_all_searches() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a table with few rows all is read as a rule
    plan = searches.places_of(PropertyFactory()).explain()
    assert "hashed SubPlan" not in plan
    assert "Seq Scan on inspector_whatsapp_savedsearch" not in plan


AREAS = ["Lekki", "Lekki Phase 1", "Ikate", "Island", "Mainland", "Ikeja", "Ikeja GRA", "Atlantic Gardens"]
AMENITIES = ["water", "gym", "parking"]
PRICES: list[Decimal | int] = [0, 1_000_000, Decimal("1000000.50"), 2_000_000]


def several(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2).map(tuple)


WISHES: dict[str, st.SearchStrategy[Any]] = {
    "areas": several(AREAS),
    "areas_excluded": several(AREAS),
    "cities": st.sampled_from([("Lagos",), ("Abuja",), ("Jos",)]),
    "states": st.sampled_from([("Lagos",), ("FCT",), ("FCT", "Plateau")]),
    "street": st.sampled_from(["palm close", "12 palm", "admiralty way"]),
    "kinds": several(["apartment", "duplex"]),
    "kinds_excluded": several(["duplex", "land"]),
    "listing_type": st.sampled_from(["rent", "sale"]),
    "bedrooms_min": st.integers(0, 2),
    "bedrooms_max": st.integers(0, 3),
    "bathrooms_min": st.integers(1, 2),
    "price_min": st.sampled_from(PRICES),
    "price_max": st.sampled_from(PRICES),
    "currency": st.just("USD"),
    "period": st.sampled_from(["year", "month"]),
    "amenities": several(AMENITIES),
    "amenities_excluded": several(AMENITIES),
    "sort": st.just("price_asc"),
}
PLACES = ("areas", "cities")
# Few wishes each beside a place: of many at once, nothing would ever be found.
CRITERIA = st.tuples(
    st.sampled_from(PLACES), st.lists(st.sampled_from(sorted(WISHES)), max_size=3, unique=True)
).flatmap(lambda names: st.builds(Criteria, **{name: WISHES[name] for name in (names[0], *names[1])}))


def placed(home: dict[str, Any]) -> dict[str, Any]:
    city, state = home.pop("where")
    return home | {"city": city, "state": state}


HOMES = st.fixed_dictionaries(
    {
        "area": st.sampled_from(AREAS),
        "where": st.sampled_from([("Lagos", "Lagos"), ("Lagos", "Lagos"), ("Abuja", "FCT")]),
        "address": st.sampled_from(["", "12 Palm Close", "2 Admiralty Way"]),
        "kind": st.sampled_from(["apartment", "duplex", "land"]),
        "listing_type": st.sampled_from(["rent", "rent", "sale"]),
        "bedrooms": st.sampled_from([None, 0, 1, 2, 3]),
        "bathrooms": st.sampled_from([None, 1, 2]),
        "price": st.sampled_from(PRICES),
        "currency": st.sampled_from(["NGN", "NGN", "USD"]),
        "period": st.sampled_from(["", "year", "month"]),
        "amenities": st.lists(st.sampled_from(AMENITIES), unique=True),
    }
).map(placed)


@pytest.fixture
def agent() -> User:
    return AgentFactory()


@pytest.fixture
def seeker() -> User:
    return SeekerFactory()


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    homes=st.lists(HOMES, min_size=4, max_size=6),
    wishes=st.lists(CRITERIA, min_size=5, max_size=8, unique_by=lambda c: str(searches.to_json(c))),
)
def test_a_search_is_told_of_a_property_exactly_when_it_would_find_it(
    homes: list[dict[str, Any]], wishes: list[Criteria], agent: User, seeker: User
) -> None:
    for _rolled_back in undone():
        made = [PropertyFactory(agent=agent, **home) for home in homes]
        saved = [save(seeker, criteria) for criteria in wishes]
        found = {
            (search, home) for search, c in zip(saved, wishes, strict=True) for home in listings.search(c)
        }
        told = {(search, home) for home in made for search in searches.matching(home)}
        assert told == found
        for search in saved:
            assert searches.to_json(searches.from_json(search.criteria)) == search.criteria


def undone() -> Iterator[None]:
    """Once, in a transaction that is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- how they read ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("criteria", "reads"),
    [
        (
            Criteria(
                areas=("Yaba",),
                kinds=("apartment",),
                bedrooms_min=2,
                bedrooms_max=2,
                listing_type="rent",
                price_max=1_000_000,
            ),
            "2-bedroom flat for rent in Yaba, up to ₦1,000,000",
        ),
        (Criteria(), "any property"),
        (Criteria(cities=("Abuja",)), "any property in Abuja"),
        (Criteria(bedrooms_min=4, areas=("Yaba", "Ikeja")), "home with 4 or more bedrooms in Yaba or Ikeja"),
        (Criteria(bedrooms_max=1, listing_type="sale"), "home with at most 1 bedroom for sale"),
        (Criteria(bedrooms_min=2, bedrooms_max=3), "home with 2 to 3 bedrooms"),
        (
            Criteria(kinds=("land", "shop", "office"), price_min=500_000),
            "land, shop or office, from ₦500,000",
        ),
        (
            Criteria(areas=("Yaba", "Ikeja", "Ajah", "Epe", "Ojo")),
            "any property in Yaba, Ikeja, Ajah or 2 more",
        ),
        (
            Criteria(kinds=("studio",), listing_type="shortlet", period="night", price_max=40_000),
            "studio for shortlet, up to ₦40,000 a night",
        ),
        (
            Criteria(price_min=1_000, price_max=2_500, currency="USD", period="month", bathrooms_min=2),
            "any property, at least 2 bathrooms, $1,000 to $2,500 a month",
        ),
        (
            Criteria(
                kinds_excluded=("duplex",),
                areas_excluded=("Ajah",),
                amenities=("water", "gym"),
                amenities_excluded=("generator",),
                period="month",
            ),
            "any property, no duplex, not in Ajah, with running water, gym, without generator, "
            "paid by the month",
        ),
        (Criteria(areas=("*Yaba*",), kinds=("castle",)), "castle in ∗Yaba∗"),
    ],
)
def test_a_search_reads_as_people_would_say_it(criteria: Criteria, reads: str) -> None:
    assert searches.describe(criteria).put(Reader()) == reads


def test_every_kind_offer_and_period_has_words() -> None:
    for kind in Kind.values:
        for offer in ListingType.values:
            for period in Period.values:
                wish = Criteria(kinds=(kind,), listing_type=offer, period=period)
                assert searches.describe(wish).put(Reader(language="pcm"))

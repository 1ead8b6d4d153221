"""Finding a property by the slots of a wish: what is said back, what can be done with it; all of it true."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import course
from bot.assistant.commands import SEARCH_SLOTS
from bot.assistant.criteria import checked, criteria_of, filters, slots_of
from bot.models import Conversation
from inspector_whatsapp import clock, labels, listings, searches
from inspector_whatsapp.cloud_api.limits import checks
from inspector_whatsapp.inspections import Viewing
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import OutboxMessage, Property, SavedSearch, Slot
from inspector_whatsapp.models.listings import AMENITIES, Kind
from inspector_whatsapp.words import Reader
from tests.assistant.wanting import wants
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import LAGOS, AgentFactory, PropertyFactory, SlotFactory, at
from tests.platform.test_searches import undone

pytestmark = pytest.mark.django_db

EVERY_SLOT: dict[str, Any] = {
    "areas": ["Lekki", "Yaba"],
    "areas_excluded": ["Ajah"],
    "cities": ["Abuja"],
    "states": ["Ogun"],
    "street": "admiralty way",
    "property_types": ["apartment", "duplex"],
    "property_types_excluded": ["bungalow"],
    "bedrooms_min": 2,
    "bedrooms_max": 3,
    "bathrooms_min": 2,
    "price_min": 1_000_000,
    "price_max": 5_000_000,
    "price_period": "year",
    "currency": "USD",
    "listing_type": "rent",
    "amenities": ["water"],
    "amenities_excluded": ["upstairs"],
    "sort": "price_asc",
    "date_from": "2026-11-30",
    "date_to": "2026-12-06",
    "time_of_day": "morning",
    "time_from": "09:00",
    "time_to": "11:30",
}


# --- slots ------------------------------------------------------------------------------------------------
def test_every_slot_of_a_search_is_looked_for() -> None:
    assert set(EVERY_SLOT) == SEARCH_SLOTS
    assert criteria_of(EVERY_SLOT, zone=LAGOS) == Criteria(
        areas=("Lekki", "Yaba"),
        areas_excluded=("Ajah",),
        cities=("Abuja",),
        states=("Ogun",),
        street="admiralty way",
        kinds=("apartment", "duplex"),
        kinds_excluded=("bungalow",),
        bedrooms_min=2,
        bedrooms_max=3,
        bathrooms_min=2,
        price_min=1_000_000,
        price_max=5_000_000,
        period="year",
        currency="USD",
        listing_type="rent",
        amenities=("water",),
        amenities_excluded=("upstairs",),
        sort="price_asc",
        viewing=Viewing("Africa/Lagos", date(2026, 11, 30), date(2026, 12, 6), time(9), time(11, 30)),
    )


@pytest.mark.parametrize(
    ("part", "hours"),
    [
        ("morning", (None, time(11, 59))),
        ("afternoon", (time(12), time(16, 59))),
        ("evening", (time(17), None)),
    ],
)
def test_a_part_of_the_day_is_some_hours_unless_the_clock_is_named(part: str, hours: tuple[Any, Any]) -> None:
    viewing = criteria_of({"time_of_day": part}, zone=LAGOS).viewing
    assert viewing == Viewing("Africa/Lagos", None, None, *hours)
    viewing = criteria_of({"time_of_day": part, "time_to": "20:00"}, zone=LAGOS).viewing
    assert viewing == Viewing("Africa/Lagos", latest=time(20))


@pytest.mark.parametrize(
    ("slots", "reads"),
    [
        ({}, ""),
        (
            {
                "bedrooms_min": 3,
                "bedrooms_max": 3,
                "areas": ["Lekki"],
                "price_max": 5_000_000,
                "price_period": "year",
                "date_from": "2026-11-30",
                "date_to": "2026-12-06",
            },
            "3 bedrooms · Lekki (with Lekki Phase 1, Lekki Phase 2 and 5 more) · up to ₦5,000,000 a year · "
            "Mon 30 Nov to Sun 6 Dec",
        ),
        (
            EVERY_SLOT,
            "flat or duplex · 2 to 3 bedrooms · for rent · "
            "Lekki (with Lekki Phase 1, Lekki Phase 2 and 5 more), Yaba, Abuja or 1 more · "
            "no bungalow · not in Ajah · admiralty way · at least 2 bathrooms · "
            "with running water · without upstairs · $1,000,000 to $5,000,000 a year · "
            "Mon 30 Nov to Sun 6 Dec · 9 am to 11:30 am · cheapest first",
        ),
        ({"bedrooms_max": 1, "cities": ["Lagos"]}, "at most 1 bedroom · Lagos"),
        ({"areas": ["Ikoyi"], "cities": ["Lagos"]}, "Ikoyi (with Banana Island)"),
        ({"bedrooms_min": 4, "time_from": "16:00", "time_to": "16:00"}, "4 or more bedrooms · at 4 pm"),
        ({"date_from": "2026-11-28", "time_from": "14:30"}, "from Sat 28 Nov · from 2:30 pm"),
        ({"date_to": "2026-11-28", "time_of_day": "evening"}, "until Sat 28 Nov · in the evening"),
        ({"sort": "price_desc", "price_min": 100}, "from ₦100 · dearest first"),
        ({"street": "*way*"}, "∗way∗"),
    ],
)
def test_what_was_understood_is_said_back(slots: dict[str, Any], reads: str) -> None:
    assert filters(slots).put(Reader()) == reads


def test_a_search_that_names_no_time_is_the_same_as_slots() -> None:
    slots = {name: value for name, value in EVERY_SLOT.items() if not name.startswith(("date", "time"))}
    assert slots_of(criteria_of(slots, zone=LAGOS)) == slots
    assert slots_of(Criteria()) == {}


@pytest.mark.parametrize(
    "strange",
    [
        {"areas": "Lekki"},
        {"bedrooms_min": 51},
        {"price_max": 10**13},
        {"sort": "newest; DROP TABLE"},
        {"date_from": "2026-02-31"},
        {"amenities": ["moat"]},
        {"areas": ["x"] * 13},
        {"user_id": 7},
    ],
)
def test_what_is_no_slot_is_no_wish(strange: dict[str, Any]) -> None:
    assert checked(strange) == {}
    assert criteria_of(strange, zone=LAGOS) == Criteria()


# --- the flow ---------------------------------------------------------------------------------------------
@pytest.fixture
def ada() -> Phone:
    world.build()
    return Phone(world.linked("ada@inspector.example"))


def test_a_wider_area_says_what_it_takes_in_and_the_first_free_time_is_a_button(ada: Phone) -> None:
    shown = wants(ada, {"areas": ["Lekki"], "date_from": "2026-11-28"})
    assert "Lekki (with Lekki Phase 1, Lekki Phase 2 and 5 more)" in shown
    slot = Slot.objects.get(starts_at=world.at(28, 14))
    assert ada.button("Book Sat 2 pm") == f"v1|start|book_inspection|PR-1042.{slot.pk}"


def test_a_time_beyond_six_days_has_its_date_on_the_button(ada: Phone) -> None:
    world.many()
    shown = wants(ada, {"areas": ["Lekki"], "date_from": "2026-12-05"})
    assert "Book 5 Dec 9 am" in shown


def test_a_longer_keys_button_still_begins_its_flow() -> None:
    argument = f"PR-{10**12 - 1}.{2**63 - 1}"
    assert len(argument) <= course.LONGEST


def test_the_next_page_can_be_where_it_begins(ada: Phone) -> None:
    world.many()
    first = wants(ada, {"areas": ["Victoria Island"]})
    second = wants(ada, {"areas": ["Victoria Island"]}, page=1)
    assert ada.says("results")
    assert set(re.findall(r"PR-\d+", first)).isdisjoint(re.findall(r"PR-\d+", second))
    assert wants(ada, {"areas": ["Victoria Island"]}, page=9).startswith("That was all.")


def test_each_wish_keeps_the_others_when_it_is_changed(ada: Phone) -> None:
    wants(ada, {"areas": ["Lekki"], "listing_type": "rent", "price_max": 1, "amenities": ["water"]})
    ada.says("change price")
    ada.says("any price")
    ada.says("bedrooms")
    ada.says("3")
    ada.says("days")
    ada.says("saturday")
    assert Conversation.objects.get().answers["wanted"] == {
        "areas": ["Lekki"],
        "listing_type": "rent",
        "amenities": ["water"],
        "bedrooms_min": 3,
        "bedrooms_max": 3,
        "date_from": "2026-11-28",
        "date_to": "2026-11-28",
    }


def test_a_saved_search_keeps_every_wish_but_order_and_time(ada: Phone) -> None:
    wants(ada, EVERY_SLOT)
    ada.says("tell me")
    ada.says("at once")
    slots = {name: value for name, value in EVERY_SLOT.items() if not name.startswith(("date", "time"))}
    criteria = criteria_of(slots, zone=LAGOS).without("sort")
    kept = searches.from_json(SavedSearch.objects.get().criteria)
    assert kept == Criteria(**(vars(criteria) | {"areas": ("Lekki", "Yaba")}))


def test_a_stranger_sees_what_the_website_shows_and_the_search_to_save_waits_for_them() -> None:
    world.build()
    stranger = Phone("+2348077777777")
    assert "PR-1042" in wants(stranger, {"areas": ["Lekki"], "amenities": ["water"]})
    assert "I need to know your Inspector account" in stranger.taps("Save this search")
    wish = Conversation.objects.get().wish
    assert (wish["flow"], wish["answers"]) == (
        "save_alert",
        {"wanted": {"areas": ["Lekki"], "amenities": ["water"]}},
    )


# --- whatever they look for -------------------------------------------------------------------------------
AREAS = ["Lekki", "Ikate", "Yaba", "Mainland", "Atlantic Gardens", "*Bold* & <b>Estate</b>", "x" * 80]
DAYS = st.integers(-400, 4_000_000 // 2).map(
    lambda days: (date(1, 1, 1) + timedelta(days=days + 400)).isoformat()
)
CLOCK = st.sampled_from(["00:00", "09:30", "12:00", "23:59"])
ROOMS = st.sampled_from([0, 1, 3, 50])
NAIRA = st.sampled_from([0, 1, 900_000, 10_000_000, 10**12])


def several(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=12)


SLOTS = st.fixed_dictionaries(
    {},
    optional={
        "areas": several(AREAS),
        "areas_excluded": several(AREAS),
        "cities": several(["Lagos", "Abuja", "Atlantis"]),
        "states": several(["Ogun", "FCT"]),
        "street": st.sampled_from(["way", "%", "' OR 1=1 --", "<script>", "_*~`"]),
        "property_types": several(list(Kind.values)),
        "property_types_excluded": several(list(Kind.values)),
        "bedrooms_min": ROOMS,
        "bedrooms_max": ROOMS,
        "bathrooms_min": ROOMS,
        "price_min": NAIRA,
        "price_max": NAIRA,
        "price_period": st.sampled_from(["year", "month", "night"]),
        "currency": st.just("USD"),
        "listing_type": st.sampled_from(["rent", "sale", "shortlet"]),
        "amenities": several(list(AMENITIES)),
        "amenities_excluded": several(list(AMENITIES)),
        "sort": st.sampled_from(["price_asc", "price_desc", "newest"]),
        "date_from": DAYS,
        "date_to": DAYS,
        "time_of_day": st.sampled_from(["morning", "afternoon", "evening"]),
        "time_from": CLOCK,
        "time_to": CLOCK,
    },
)
HOMES = st.fixed_dictionaries(
    {
        "area": st.sampled_from([*AREAS, "Ikoyi", "Wuse"]),
        "kind": st.sampled_from(["apartment", "semi_detached_duplex", "land"]),
        "listing_type": st.sampled_from(["rent", "sale", "shortlet"]),
        "bedrooms": st.sampled_from([None, 1, 3, 12]),
        "price": st.sampled_from([Decimal(900_000), Decimal("1234567.89"), Decimal(999_999_999_999)]),
        "period": st.sampled_from(["", "year", "month", "night"]),
        "currency": st.sampled_from(["NGN", "NGN", "USD"]),
        "status": st.sampled_from(["live", "live", "live", "let"]),
    }
)
FEW = st.dictionaries(
    st.sampled_from(["areas", "cities", "bedrooms_min", "price_max", "listing_type", "date_from", "sort"]),
    st.none(),
    max_size=3,
)


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    homes=st.lists(HOMES, min_size=1, max_size=8),
    asked=st.lists(SLOTS, min_size=3, max_size=5),
    data=st.data(),
)
def test_every_price_area_ref_and_time_in_an_answer_is_that_of_the_row_it_came_from(
    homes: list[dict[str, Any]], asked: list[dict[str, Any]], data: st.DataObject
) -> None:
    for _rolled_back in undone():
        agent = AgentFactory()
        for number, home in enumerate(homes):
            made = PropertyFactory(agent=agent, **home)
            for hour in range(data.draw(st.integers(0, 4))):
                SlotFactory(
                    property=made,
                    inspector=None,
                    starts_at=at(8 + hour, 30 * (hour % 2), days=number % 3 + 1),
                )
        phone = Phone("+2348077777777")
        for slots in (
            *asked,
            *({name: each[name] for name in each if name in data.draw(FEW)} for each in asked),
        ):
            _is_true(phone, slots, wants(phone, slots))
            if "More" in phone.read[-1].text:
                _is_true(phone, slots, phone.says("more"))


CARD = re.compile(
    r"\d+\. \*(?P<kind>.+)\* · (?P<ref>PR-\d+)\n(?P<about>.+)\n(?:Free: (?P<times>.+)|No free times yet)"
)


def _is_true(phone: Phone, slots: dict[str, Any], answer: str) -> None:
    message = phone.read[-1]
    checks.check(message.body or {})
    refs = set(re.findall(r"PR-\d+", answer))
    cards = list(CARD.finditer(answer))
    assert refs == {card["ref"] for card in cards}
    assert len(cards) <= 5
    nothing = "Nothing is on offer for this now" in answer
    viewing = criteria_of(slots, zone=LAGOS).viewing
    for card in cards:
        home = Property.objects.get(ref=card["ref"], status="live")
        reads = {spec: labels._property(home, spec, Reader()) for spec in ("kind", "price", "area")}
        assert card["kind"] == reads["kind"]
        assert card["about"].startswith(f"{reads['price']} · ")
        assert card["about"].rpartition(" · ")[2] in (reads["area"], f"{reads['area'][:31]}…")
        free = Slot.objects.filter(property=home, state="open", taken=0, starts_at__gt=clock.now())
        if viewing is not None and not nothing:
            assert home in listings.search(Criteria(viewing=viewing))
            free = free.filter(viewing.starts())
        told = _times(card["times"] or "")
        assert set(told) <= {slot.starts_at for slot in free}
        assert told == sorted(told)
    prices = set(re.findall(r"[₦$][\d,.]*\d", answer.partition("\n\n")[2]))
    assert prices <= {
        labels.money(home.price, home.currency) for home in Property.objects.filter(ref__in=refs)
    }


def _times(told: str) -> list[datetime]:
    """`Sat 28 Nov 2 pm, 3:30 pm · Sun 29 Nov 9 am`, of the year that is nearest."""
    found = []
    for of_day in filter(None, told.split(" · ")):
        weekday, day, month, hours = of_day.split(" ", 3)
        for hour in hours.split(", "):
            shape = "%I:%M %p" if ":" in hour else "%I %p"
            clock_time = datetime.strptime(hour, shape).time()  # noqa: DTZ007
            years = (clock.now().year, clock.now().year + 1)
            named = [f"{weekday} {day} {month} {year}" for year in years]
            days = [datetime.strptime(each, "%a %d %b %Y").date() for each in named]  # noqa: DTZ007
            that = next(each for each in days if each.strftime("%a") == weekday)
            found.append(datetime.combine(that, clock_time, LAGOS).astimezone(UTC))
    return found


def test_what_is_sent_fits_whatsapp_even_with_the_longest_names(ada: Phone) -> None:
    agent = AgentFactory()
    for number in range(6):
        home = PropertyFactory(
            agent=agent,
            kind="semi_detached_duplex",
            area=f"{number}" * 80,
            city="Lagos",
            price=Decimal("999999999999.99"),
            bedrooms=12,
            listing_type="sale",
        )
        for hour in range(4):
            starts = datetime(2026, 11, 28 - hour % 2 * 2, 9 + hour, 30, tzinfo=UTC)
            SlotFactory(
                property=home, inspector=None, starts_at=starts, ends_at=starts + timedelta(minutes=20)
            )
    wants(ada, EVERY_SLOT)
    shown = wants(ada, {"cities": ["Lagos"], "property_types": ["semi_detached_duplex"]})
    assert "5. *12-bedroom semi-detached duplex*" in shown
    assert "\n7. More\n8. Save this search" in shown
    assert shown.count("₦999,999,999,999.99") == 5
    for message in OutboxMessage.objects.filter(kind="reply"):
        checks.check(message.body or {})

"""Prices of properties, as agents type them; and budgets, as seekers do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.amounts import Between, Price, Reading, between_in, price_in
from bot.questions import Gone, NotUnderstood, Unsure
from bot.questions.base import Shown, ShownOption
from bot.questions.prices import AskingPrice, asking_price
from bot.said import Said
from inspector_whatsapp.cloud_api.events import MediaSent, TextSaid
from inspector_whatsapp.models.listings import ListingType, Period
from inspector_whatsapp.words import Reader, say

RENT, SALE, SHORTLET = ListingType.RENT, ListingType.SALE, ListingType.SHORTLET
YEAR, MONTH, NIGHT = Period.YEAR, Period.MONTH, Period.NIGHT


@pytest.mark.parametrize(
    ("typed", "naira", "period"),
    [
        ("3.5m", 3_500_000, YEAR),
        ("₦2,500,000 per annum", 2_500_000, YEAR),
        ("N850k", 850_000, YEAR),
        ("#1.2m only", 1_200_000, YEAR),
        ("2.5m/yr", 2_500_000, YEAR),
        ("2.5M p.a", 2_500_000, YEAR),
        ("2 500 000", 2_500_000, YEAR),
        ("2.500.000 naira", 2_500_000, YEAR),
        ("3.5m for 1 year", 3_500_000, YEAR),
        ("two and a half million", 2_500_000, YEAR),
        ("five hundred thousand yearly", 500_000, YEAR),
        ("half a million", 500_000, YEAR),
        ("200k per month", 200_000, MONTH),
        ("₦150,000 monthly", 150_000, MONTH),
    ],
)
def test_a_rent_is_for_a_year_unless_it_is_said(typed: str, naira: int, period: str) -> None:
    assert price_in(typed, RENT) == Reading((Price(naira, period),), sure=True)


@pytest.mark.parametrize(
    ("typed", "naira", "period"),
    [("50k", 50_000, NIGHT), ("50k per night", 50_000, NIGHT), ("45,000 daily", 45_000, NIGHT)],
)
def test_a_shortlet_is_for_a_night_unless_it_is_said(typed: str, naira: int, period: str) -> None:
    assert price_in(typed, SHORTLET) == Reading((Price(naira, period),), sure=True)


@pytest.mark.parametrize(("typed", "naira"), [("85m", 85_000_000), ("₦1.2bn", 1_200_000_000)])
def test_a_sale_has_no_period(typed: str, naira: int) -> None:
    assert price_in(typed, SALE) == Reading((Price(naira),), sure=True)


@pytest.mark.parametrize(
    ("typed", "offer", "prices"),
    [
        ("3.5", RENT, [(3_500_000, YEAR)]),  # a unit was left out
        ("850", RENT, [(850_000, YEAR)]),
        ("50k", RENT, [(50_000, YEAR), (50_000, MONTH)]),  # as likely for a month
        ("1.5m", SHORTLET, [(1_500_000, NIGHT), (1_500_000, MONTH)]),
        ("2.5-3m", RENT, [(3_000_000, YEAR)]),
        ("2.5m total package 3.1m", RENT, [(2_500_000, YEAR), (3_100_000, YEAR)]),
        ("3.5m for 2 years", RENT, [(3_500_000, YEAR)]),
        ("1.2m + 10% agency", RENT, [(1_200_000, YEAR)]),
        ("3 bedroom 2.5m", RENT, [(2_500_000, YEAR)]),
        ("85m per year", SALE, [(85_000_000, "")]),
        ("5k", SALE, [(5_000, "")]),  # far from usual
        ("50k per night or 1m per month", SHORTLET, [(50_000, NIGHT), (1_000_000, MONTH)]),
    ],
)
def test_what_had_to_be_guessed_is_read_back(
    typed: str, offer: ListingType, prices: list[tuple[int, str]]
) -> None:
    assert price_in(typed, offer) == Reading(tuple(Price(*each) for each in prices), sure=False)


@pytest.mark.parametrize(
    "typed", ["", "cheap", "0", "$2000", "500 dollars", "150k weekly", "9" * 40, "1000000m", "₦"]
)
def test_what_names_no_price_in_naira_is_none(typed: str) -> None:
    assert not price_in(typed, RENT).prices


@given(
    st.integers(min_value=30_000, max_value=200_000_000),
    st.sampled_from(["per annum", "a year", "yearly", "p.a."]),
)
def test_a_price_written_out_in_full_is_what_it_says(naira: int, words: str) -> None:
    for written in (f"₦{naira:,} {words}", f"N{naira} {words}", f"{naira:,} naira {words}"):
        assert price_in(written, RENT) == Reading((Price(naira, YEAR),), sure=True)


@given(st.integers(min_value=1, max_value=9999), st.sampled_from(["m", "M", " million", "mil"]))
def test_a_price_in_millions_is_exact_to_the_naira(hundredths: int, unit: str) -> None:
    millions = Decimal(hundredths) / 100
    reading = price_in(f"{millions}{unit} per year", RENT)
    assert [price.amount for price in reading.prices] == [int(millions * 1_000_000)]


@given(st.text(), st.sampled_from(list(ListingType)))
def test_any_text_is_read_or_refused(typed: str, offer: ListingType) -> None:
    for price in price_in(typed, offer).prices:
        assert 0 < price.amount < 10**12
        assert bool(price.period) == (offer != SALE)
        assert Price.from_json(price.to_json()) == price


def hear(question: AskingPrice, typed: str, *shown: str) -> Price:
    options = tuple(ShownOption(value, (value,), "") for value in shown)
    kept = question.hear(Said(TextSaid(typed), typed), None, Shown("x", options))
    return question.read(kept)


def test_what_was_read_back_is_taken_by_its_number() -> None:
    question = asking_price(say("What is the rent?"), offer=RENT)
    with pytest.raises(Unsure) as unsure:
        hear(question, "50k")
    offered = [option.value for option in unsure.value.options]
    assert [option.title.put(Reader()) for option in unsure.value.options] == [
        "₦50,000 a year",
        "₦50,000 a month",
    ]
    assert hear(question, "2", *offered) == Price(50_000, MONTH)
    assert hear(question, "70k a month", *offered) == Price(70_000, MONTH)
    with pytest.raises(NotUnderstood):
        hear(question, "no", *offered)


def test_a_forged_answer_is_no_price() -> None:
    question = asking_price(say("What is the rent?"), offer=RENT)
    kept: list[object] = [
        "5",
        "x.year",
        "5.week",
        "-5.year",
        "5.",
        "0.year",
        "",
        None,
        {},
        "9999999999999.year",
    ]
    for forged in kept:
        with pytest.raises(Gone):
            question.read(forged)


def test_a_photo_is_no_price() -> None:
    with pytest.raises(NotUnderstood):
        asking_price(say("?"), offer=RENT).hear(Said(MediaSent("image", "1")), None, Shown())


@pytest.mark.parametrize(
    ("typed", "bounds"),
    [
        ("2.5m", Between(None, 2_500_000)),
        ("under 800k", Between(None, 800_000)),
        ("1m to 2m", Between(1_000_000, 2_000_000)),
        ("2-3m", Between(2_000_000, 3_000_000)),
        ("500k - 1m", Between(500_000, 1_000_000)),
        ("above 5m", Between(5_000_000, None)),
        ("5m+", Between(5_000_000, None)),
    ],
)
def test_a_budget_has_bounds(typed: str, bounds: Between) -> None:
    assert between_in(typed) == bounds


def test_thousands_may_be_set_apart_by_spaces() -> None:
    assert between_in("1 200 000") == Between(most=1_200_000)
    assert between_in("nothing") is None


@given(st.text())
def test_any_text_has_bounds_in_order_or_none(typed: str) -> None:
    bounds = between_in(typed)
    if bounds is not None and bounds.least is not None and bounds.most is not None:
        assert 0 < bounds.least < bounds.most

"""Yes, no, days and times, as people type them."""

from datetime import date, time

import pytest

from bot.days import days_named, times_named
from bot.questions import NotUnderstood, confirm
from bot.questions.base import Shown, ShownOption
from bot.said import Said
from inspector_whatsapp.cloud_api.events import TextSaid
from inspector_whatsapp.words import Reader, say

WEDNESDAY = date(2026, 11, 25)


def answer(typed: str) -> bool | None:
    """What "Cancel?" makes of it; None: it is asked again."""
    question = confirm(say("Cancel?"), yes=say("Yes, cancel am"), no=say("No, leave am"))
    options = tuple(
        ShownOption(option.value, (option.title.put(Reader()), *option.also), "")
        for option in question.prompt(0).options
    )
    try:
        return bool(question.hear(Said(TextSaid(typed), typed), None, Shown("x", options))["yes"])
    except NotUnderstood:
        return None


@pytest.mark.parametrize(
    "typed", ["yes", "Yes please", "yess", "oya", "oya cancel am", "1", "ok", "👍🏾", "cancel am"]
)
def test_a_yes_is_a_yes_however_politely(typed: str) -> None:
    assert answer(typed) is True


@pytest.mark.parametrize(
    "typed",
    ["no", "no cancel am", "don't cancel it", "dont cancel am", "leave am", "no thanks", "no one", "2"],
)
def test_a_sentence_with_a_no_in_it_is_no_yes(typed: str) -> None:
    assert answer(typed) is False


@pytest.mark.parametrize("typed", ["cancel", "no wahala", "no yes", "yes but 3pm", "hmm", "please", "3"])
def test_what_may_be_either_is_asked_again(typed: str) -> None:
    assert answer(typed) is None


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("2pm", [14]), ("2 p.m.", [14]), ("14:00", [14]), ("2:00", [2, 14]), ("12am", [0]), ("12 noon", [12])],
)
def test_a_time_is_read_as_people_type_it(typed: str, hours: list[int]) -> None:
    assert times_named(typed) == [time(hour) for hour in hours]


@pytest.mark.parametrize("typed", ["2", "28/11", "25:00", "2 bedrooms", "", "9" * 40])
def test_what_names_no_time_is_none(typed: str) -> None:
    assert times_named(typed) == []


@pytest.mark.parametrize(
    ("typed", "day"),
    [("tomorrow", 26), ("28/11", 28), ("next saturday", 28), ("on sat abeg", 28), ("the 28th", 28)],
)
def test_a_day_is_read_as_people_type_it(typed: str, day: int) -> None:
    assert days_named(typed, today=WEDNESDAY)[0] == date(2026, 11, day)

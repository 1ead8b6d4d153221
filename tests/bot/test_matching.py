"""What people type, read against what they were shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import Picked, Unsure, folded, mentioned, number, pick

MENU = (("My inspections", "schedule"), ("Book an inspection", "book", "visit"), ("Help", "info"))
AREAS = (("Lekki Phase 1",), ("Lekki Phase 2",), ("Yaba",))


@pytest.mark.parametrize(
    "typed",
    [
        *("2", " 2 ", "2.", "(2)", "#2", "2️⃣", "２", "٢", "02"),
        *("two", "Two!", "second", "2nd", "the second one", "number 2", "option two", "No 2", "press 2"),
    ],
)
def test_a_number_is_a_number_however_it_is_written(typed: str) -> None:
    assert number(typed) == 2
    assert pick(typed, MENU) == Picked(1)


@pytest.mark.parametrize("typed", ["", "2 bedrooms", "1/2", "2.5", "²x", "-2", "twenty", "the", "one two"])
def test_what_is_more_than_a_number_is_none(typed: str) -> None:
    assert number(typed) is None


@pytest.mark.parametrize("typed", ["0", "4", "99", "999", "ten"])
def test_a_number_beyond_what_was_shown_picks_nothing(typed: str) -> None:
    assert pick(typed, MENU) is None


@pytest.mark.parametrize(
    "typed", ["Book an inspection", "BOOK AN INSPECTION", "book an inspection.", "*book*", "visit", "Bóok"]
)
def test_a_label_or_another_word_for_it_picks_the_item(typed: str) -> None:
    assert pick(typed, MENU) == Picked(1)


@pytest.mark.parametrize("typed", ["book an inspecton", "bok an inspection", "Book a inspection"])
def test_a_typo_within_reason_picks_the_item(typed: str) -> None:
    assert pick(typed, MENU) == Picked(1)


def test_a_part_that_fits_one_label_picks_it_and_one_that_fits_two_asks_which() -> None:
    assert pick("phase 2", AREAS) == Picked(1)
    assert pick("lekki", AREAS) == Unsure((0, 1))


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "😀😀😀", "a", "zzzzzz", "why is the sky blue today my friend", "\u200b", "...", "?" * 4096],
)
def test_what_names_nothing_picks_nothing(typed: str) -> None:
    assert pick(typed, MENU) is None


def test_accents_case_and_frames_of_emoji_make_no_difference() -> None:
    assert folded("  ÀBÚJÁ!  ") == "abuja"
    assert folded("2️⃣") == "2"


@given(st.text(max_size=200), st.lists(st.lists(st.text(max_size=40), min_size=1, max_size=3), max_size=10))
def test_whatever_is_typed_picks_what_was_shown_or_nothing(typed: str, labels: list[list[str]]) -> None:
    match pick(typed, labels):
        case Picked(index):
            assert 0 <= index < len(labels)
        case Unsure(indexes):
            assert 1 <= len(indexes) <= 3
            assert all(0 <= index < len(labels) for index in indexes)


@pytest.mark.parametrize("typed", ["abeg i wan book inspection", "please book for me", "I want to book"])
def test_a_sentence_that_speaks_of_one_item_means_it(typed: str) -> None:
    assert mentioned(typed, MENU) == Picked(1)


def test_a_sentence_that_speaks_of_several_items_is_asked_about() -> None:
    assert mentioned("my inspections, and book another", MENU) == Unsure((0, 1))


@pytest.mark.parametrize("typed", ["any", "yes", "satday"])
def test_part_of_a_word_is_no_typing_error(typed: str) -> None:
    assert pick(typed, (("Anywhere",), ("Maryland",), ("Yaba",))) is None

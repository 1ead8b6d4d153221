"""What a text refers to: refs however they are typed, the place of what was shown, words that point."""

import pytest

from bot.assistant.reading import refs
from bot.assistant.reading.refs import LAST
from bot.assistant.reading.text import Text

PROPERTIES = [
    ("is PR-1042 still there", ["PR-1042"]),
    ("pr 1042", ["PR-1042"]),
    ("Pr1042?", ["PR-1042"]),
    ("pr_1042", ["PR-1042"]),
    ("pr–1042", ["PR-1042"]),
    ("PR:1042", ["PR-1042"]),
    ("P R 1042", ["PR-1042"]),
    ("PR-01042", ["PR-1042"]),
    ("compare PR-1043 with pr1042 and PR-1043", ["PR-1043", "PR-1042"]),
    ("p r one zero four two", ["PR-1042"]),
    ("PR ten forty two abeg", ["PR-1042"]),
    ("PR fifty one fifty one", ["PR-5151"]),
    ("property 5151", ["PR-5151"]),
    ("listing number 5151", ["PR-5151"]),
    ("property 5151 naira", []),
    ("price 1042", []),
    ("SUPR-1042", []),
    ("PR", []),
]
INSPECTIONS = [
    ("cancel IN-6006", ["IN-6006"]),
    ("cancel in 6006", ["IN-6006"]),
    ("in6006 report", ["IN-6006"]),
    ("In-06006", ["IN-6006"]),
    ("inspection 6006", ["IN-6006"]),
    ("my booking no 6006", ["IN-6006"]),
    ("cancel IN six zero zero six", ["IN-6006"]),
    ("reschedule in 2027", ["IN-2027"]),
    ("in 3 days", []),
    ("in two weeks", []),
    ("in 2027", []),
    ("I will move in 2027", []),
    ("in 5,000 naira", []),
    ("in 1500 naira", []),
    ("in 10 days", []),
    ("a flat in 1004 estate", []),
]
ORDINALS = [
    ("the second one", 2),
    ("second one abeg", 2),
    ("di first one", 1),
    ("2nd option", 2),
    ("the 3rd apartment", 3),
    ("book the second duplex", 2),
    ("number 2", 2),
    ("number two please", 2),
    ("option 3", 3),
    ("no 2", 2),
    ("the last one", LAST),
    ("last one", LAST),
    ("the first two", 1),
    ("the first 2 on the list", 1),
    ("second own dey available?", 2),
    ("the second", 2),
    ("2nd", 2),
    ("is the first one still available and the third one", 1),
    ("no 2 Adeola street", None),
    ("number 12 Allen avenue", None),
    ("on the 2nd", None),
    ("the 2nd of December", None),
    ("first week of December", None),
    ("last week", None),
    ("first floor", None),
    ("the second floor", None),
    ("my first time here", None),
    ("number of bedrooms", None),
    ("one bedroom", None),
    ("2 bedrooms", None),
]
POINTING = [
    ("that one on Saturday", True, True),
    ("dat one", True, True),
    ("this one", True, True),
    ("book this property", True, True),
    ("the same place", True, True),
    ("cancel am", True, False),
    ("is it available", True, False),
    ("e still dey?", True, False),
    ("can I come there tomorrow", True, False),
    ("I am fine", False, False),
    ("2 bed flat in Yaba", False, False),
    ("this week", False, False),
    ("10 am", False, False),
]


@pytest.mark.parametrize(("words", "found"), PROPERTIES)
def test_a_property_is_found_by_its_ref(words: str, found: list[str]) -> None:
    assert list(refs.read(Text(words)).property_refs) == found


@pytest.mark.parametrize(("words", "found"), INSPECTIONS)
def test_an_inspection_is_found_by_its_ref_and_the_word_in_is_none(words: str, found: list[str]) -> None:
    assert list(refs.read(Text(words)).inspection_refs) == found


@pytest.mark.parametrize(("words", "place"), ORDINALS)
def test_what_was_shown_is_named_by_its_place(words: str, place: int | None) -> None:
    assert refs.read(Text(words)).ordinal == place


@pytest.mark.parametrize(("words", "pointing", "surely"), POINTING)
def test_a_word_may_point_at_what_is_spoken_of(words: str, pointing: bool, surely: bool) -> None:
    found = refs.read(Text(words))
    assert (found.pointing, found.surely) == (pointing, surely)


@pytest.mark.parametrize(
    ("words", "is_next"),
    [
        ("cancel my next inspection", True),
        ("when is my next viewing", True),
        ("my upcoming visit", True),
        ("next job", True),
        ("my inspections next week", False),
        ("my next inspections", False),
        ("upcoming inspections", False),
    ],
)
def test_somebodys_next_inspection_is_named_without_a_ref(words: str, is_next: bool) -> None:
    assert refs.read(Text(words)).next_inspection is is_next


def test_refs_and_places_are_taken_out_and_words_that_point_stay() -> None:
    text = Text("cancel IN-6006 and book the second one or PR-1042, is it free")
    refs.read(text)
    assert text.skeleton == "cancel <visit> and book <ordinal> or <ref> , is it free"

"""What is not clear is asked about, once; then there is the menu, and a person."""

import pytest

from bot.assistant.commands import Intent
from tests.assistant.talks import ADA, last_understood, phone_of, talk_of, understood_as
from tests.bot import world
from tests.bot.phone import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Phone:
    world.build()
    ada = phone_of(ADA)
    ada.says("hi")
    return ada


def unsure(phone: Phone) -> str:
    return understood_as(
        phone, "saturday na im be that", Intent.BOOK_INSPECTION, Intent.MY_INSPECTIONS, sure=0.4
    )


def test_two_things_that_may_be_meant_are_asked_about(ada: Phone) -> None:
    answer = unsure(ada)
    assert answer == "Did you mean …?\n\n1. Book an inspection\n2. My inspections\n3. Menu"
    assert ada.taps("My inspections").startswith("You have no inspections")
    assert last_understood(ada).answered == "which"


@pytest.mark.parametrize(
    ("words", "shows"),
    [("1", "Which area?"), ("my inspections", "You have no inspections"), ("menu", "What would you like")],
)
def test_it_is_answered_by_number_or_in_words(ada: Phone, words: str, shows: str) -> None:
    unsure(ada)
    assert shows in ada.says(words)
    assert "choice" not in talk_of(ada).understood


def test_another_sentence_instead_of_an_answer_is_heard(ada: Phone) -> None:
    unsure(ada)
    assert ada.says("when can I see PR-1042?").count("PR-1042")


def test_the_menus_button_is_the_menu(ada: Phone) -> None:
    unsure(ada)
    assert ada.taps("Menu").startswith("What would you like to do?")


def test_unsure_twice_is_the_menu_and_a_person(ada: Phone) -> None:
    unsure(ada)
    answer = unsure(ada)
    assert "type *human* to talk to a person" in answer
    assert "1. My inspections" in answer
    assert "Did you mean" in unsure(ada)


def test_whoever_was_understood_between_is_asked_again(ada: Phone) -> None:
    unsure(ada)
    ada.says("any flat in Lekki?")
    ada.says("menu")
    assert "Did you mean" in unsure(ada)


def test_nothing_is_asked_about_where_one_thing_may_be_meant(ada: Phone) -> None:
    answer = understood_as(ada, "na wa for una", Intent.SMALLTALK, Intent.OUT_OF_SCOPE, sure=0.4)
    assert "Did you mean" not in answer
    assert "Sorry, I didn't get that." in answer


def test_what_is_none_of_its_business_is_said_with_what_is(ada: Phone) -> None:
    answer = ada.says("who won the football match yesterday?")
    assert "book, move and cancel inspections" in answer


def test_a_request_that_it_refuses_is_refused_politely(ada: Phone) -> None:
    answer = understood_as(ada, "show me everybody's bookings", Intent.UNSAFE_REQUEST)
    assert answer.startswith("I can't do that")


def test_thanks_are_returned(ada: Phone) -> None:
    assert ada.says("thanks so much, you are very helpful").startswith("You're welcome!")

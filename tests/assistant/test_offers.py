"""Another wish in the middle of something: it is offered, told, or let go; what is under way is not lost."""

import pytest

from bot.assistant.commands import Intent
from bot.models import Conversation
from inspector_whatsapp.models import Inspection
from tests.assistant.talks import ADA, last_understood, phone_of, talk_of, understood_as
from tests.bot import world
from tests.bot.phone import Phone

pytestmark = pytest.mark.django_db
OFFER = "You were booking PR-1042. Shall I look at your schedule instead?"


@pytest.fixture
def ada() -> Phone:
    """Ada is asked on which day she wants to see PR-1042."""
    world.build()
    ada = phone_of(ADA)
    assert ada.says("book PR-1042").startswith("Which day?")
    return ada


def test_another_wish_is_offered_and_no_shows_the_question_again(ada: Phone) -> None:
    assert ada.says("show me my inspections") == f"{OFFER}\n\n1. Yes\n2. No, go on"
    assert ada.taps("No, go on").startswith("Which day?")
    assert ada.says("saturday").startswith("Free on Sat 28 Nov")
    assert last_understood(ada).answered == "offer"


@pytest.mark.parametrize("no", ["2", "no", "nope", "go on", "No, go on", "abeg no"])
def test_no_in_any_words_goes_on(ada: Phone, no: str) -> None:
    ada.says("show me my inspections")
    assert ada.says(no).startswith("Which day?")
    assert "choice" not in talk_of(ada).understood


@pytest.mark.parametrize("yes", ["1", "yes", "yes please", "oya", "Yes"])
def test_yes_begins_it_and_what_was_under_way_waits(ada: Phone, yes: str) -> None:
    ada.says("show me my inspections")
    answer = ada.says(yes)
    assert "You have no inspections" in answer
    assert "go on" in answer
    assert ada.says("go on").startswith("Which day?")


def test_a_tap_on_an_offer_that_is_over_does_nothing(ada: Phone) -> None:
    ada.says("show me my inspections")
    old = ada.button("Yes")
    ada.taps("No, go on")
    answer = ada.taps_id(old, "Yes")
    assert answer.startswith("That question is over.")
    assert "Which day?" in answer


def test_the_tap_of_an_older_offer_is_not_taken_for_the_newer_one(ada: Phone) -> None:
    ada.says("show me my inspections")
    old = ada.button("Yes")
    ada.taps("No, go on")
    assert "Shall I take your report of a problem instead?" in ada.says("I want to report a fake listing")
    assert ada.taps_id(old, "Yes").startswith("That question is over.")


def test_an_answer_to_the_flows_question_is_heard_though_an_offer_stands_there(ada: Phone) -> None:
    ada.says("show me my inspections")
    assert ada.says("saturday").startswith("Free on Sat 28 Nov")
    assert "choice" not in talk_of(ada).understood


def test_words_that_work_from_anywhere_do_so_on_an_offer(ada: Phone) -> None:
    ada.says("show me my inspections")
    assert ada.says("cancel").startswith("Stopped. Nothing was changed.")
    assert "choice" not in talk_of(ada).understood


def test_a_yes_to_an_offer_is_no_yes_to_the_booking(ada: Phone) -> None:
    ada.says("saturday")
    ada.says("2pm")
    assert OFFER in ada.says("wait, show me my inspections")
    assert "Book this inspection?" in ada.says("book it")
    assert not Inspection.objects.exists()
    assert ada.says("yes").startswith("Booked:")


def test_a_day_in_another_wish_is_no_answer_to_which_day(ada: Phone) -> None:
    answer = ada.says("abeg cancel my inspection for saturday")
    assert "day" not in talk_of(ada).answers
    assert answer.startswith("You were booking PR-1042. Shall I cancel an inspection instead?")


def test_what_is_only_told_is_told_at_once_and_the_question_asked_again(ada: Phone) -> None:
    answer = ada.says("where is my refund? I paid last week")
    assert "I see no payments" in answer
    assert answer.rstrip().endswith("2. Sat 28 Nov – 2 times free")
    assert talk_of(ada).flow == "book_inspection"


def test_the_same_once_more_with_other_values_is_a_correction(ada: Phone) -> None:
    ada.says("saturday")
    assert "2:00 pm" in ada.says("2pm")
    answer = ada.says("make it 3pm")
    assert answer.startswith("Book this inspection?")
    assert "Sat 28 Nov, 3:00 pm" in answer


@pytest.mark.parametrize("words", ["hmm", "quiet", "4 o'clock abeg", "lag", "asdf qwer", "good"])
def test_what_is_not_clear_gets_the_questions_own_hint(ada: Phone, words: str) -> None:
    ada.says(words)
    assert talk_of(ada).flow == "book_inspection"
    assert "choice" not in talk_of(ada).understood


def test_only_one_offer_is_kept(ada: Phone) -> None:
    understood_as(ada, "the inspections of mine", Intent.MY_INSPECTIONS)
    understood_as(ada, "my schedule please", Intent.MY_INSPECTIONS)
    understood_as(ada, "report something bad", Intent.REPORT_PROBLEM)
    assert len(talk_of(ada).understood["choice"]["commands"]) == 1
    assert ada.says("no").startswith("Which day?")


def test_what_somebody_looks_for_needs_no_offer() -> None:
    world.build()
    ada = phone_of(ADA)
    ada.says("book")
    answer = ada.says("3 bedroom flat in Lekki up to 12m")
    assert answer.startswith("Let's book 3-bedroom flat, Lekki Phase 1 (PR-1042).")
    assert "Which day?" in answer


def test_an_offer_is_forgotten_with_the_pause_and_with_the_menu(ada: Phone) -> None:
    ada.says("show me my inspections")
    ada.says("menu")
    assert not Conversation.objects.filter(understood__has_key="choice").exists()

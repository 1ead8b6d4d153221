"""What everything else leads to: people, accounts, money, problems, help, talk."""

import pytest

from bot.assistant.commands import Intent
from bot.assistant.context import Context, Pending
from bot.assistant.outcomes import Begin, Tell
from bot.flows.explaining import OF_ROLE, OTHERS, SEEKERS, SUBJECTS, subject_in
from bot.scripts import FLOWS
from inspector_whatsapp.models import Property, Role
from tests.assistant.asking import ask, of_role, somebody, stranger
from tests.bot import world

WITHOUT_SLOTS = [
    *(Intent.MY_ACCOUNT, Intent.PAYMENT_QUERY, Intent.HUMAN_HANDOFF, Intent.HELP, Intent.SMALLTALK),
    *(Intent.CONFIRM, Intent.DENY, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST),
]


@pytest.fixture(autouse=True)
def _world(db: None) -> None:
    world.build()


@pytest.mark.parametrize("intent", WITHOUT_SLOTS)
def test_everybody_gets_an_answer_with_buttons_that_they_may_tap(intent: Intent) -> None:
    for person in (stranger(), *map(of_role, Role)):
        screen = ask(person, intent)
        assert screen.text or screen.flow == "human"
        for button in screen.buttons:
            assert person.account is None or FLOWS[button.flow].lets(person.account)


def test_a_person_is_fetched() -> None:
    assert ask(stranger(), "human_handoff").outcome == Begin("human")


def test_an_agent_is_met_at_an_inspection_and_has_no_number_here() -> None:
    Property.objects.filter(ref="PR-1042").update(url="https://inspector.example/properties/PR-1042")
    screen = ask(stranger(), "contact_agent", property_ref="PR-1042")
    assert "I don't give out phone numbers" in screen.text
    assert "https://inspector.example/properties/PR-1042" in screen.text
    assert "Bola" not in screen.text
    assert "+234" not in screen.text
    assert screen.buttons[0].argument == "PR-1042"


def test_the_agent_of_a_visit_is_meant_by_it() -> None:
    world.visits()
    ada = somebody("ada@inspector.example")
    own = ask(ada, "my_inspections", inspection_ref="next").kept["inspection"]
    assert "PR-1042" in ask(ada, "contact_agent", inspection_ref=own).text
    assert "I can't find that inspection" in ask(ada, "contact_agent", inspection_ref="IN-1").text


def test_an_agent_of_nothing_is_asked_about() -> None:
    assert "Which property do you mean?" in ask(stranger(), "contact_agent").text


def test_a_problem_is_reported_of_what_is_named() -> None:
    world.inspected()
    ada = somebody("ada@inspector.example")
    assert ask(ada, "report_problem", property_ref="PR-1042").argument == "PR-1042"
    by_place = ask(ada, "report_problem", areas=["Yaba"])
    assert by_place.argument.startswith("IN-")
    assert by_place.asks == "problem"
    assert ask(ada, "report_problem").asks == "about"
    assert "I can't find that" in ask(ada, "report_problem", inspection_ref="IN-1").text
    assert ask(stranger(), "report_problem", property_ref="PR-1042").refused


def test_accounts_are_told_apart_without_showing_the_address() -> None:
    screen = ask(of_role(Role.SEEKER), "my_account")
    assert "Ada Obi (a•••@i•••.example), Seeker" in screen.text
    assert [each.flow for each in screen.buttons] == ["notifications", "settings", "unlink"]
    assert "not connected" in ask(stranger(), "my_account").text


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("how do I reschedule on this thing", "changing"),
        ("how do i book a viewing?", "booking"),
        ("is there any agency fee", "fees"),
        ("what documents do I need", "papers"),
        ("how do I verify my account", "account"),
        ("how does this work", ""),
        ("", ""),
    ],
)
def test_help_answers_by_subject(words: str, subject: str) -> None:
    assert subject_in(words) == subject
    screen = ask(of_role(Role.SEEKER), "help", words=words)
    assert bool(screen.asks) == (not subject)


def test_help_on_moving_offers_to_begin_it() -> None:
    screen = ask(of_role(Role.SEEKER), "help", words="how do I reschedule on this thing")
    assert [each.flow for each in screen.buttons] == ["change_inspection"]


def test_every_subject_is_there_for_somebody_and_leads_somewhere() -> None:
    assert {name for names in OF_ROLE.values() for name in names} == SUBJECTS.keys()
    assert all(len(names) <= 10 for names in OF_ROLE.values())
    for person in (stranger(), *map(of_role, Role)):
        names = OF_ROLE.get(person.account.role_here, OTHERS) if person.account else SEEKERS
        for name in names:
            text = ask(person, "help", words=str(SUBJECTS[name].also[0])).text
            assert len(text) < 500
    assert {each.flow for subject in SUBJECTS.values() for each in subject.begins} <= FLOWS.keys()


@pytest.mark.parametrize(
    ("words", "answer"),
    [("thank you so much", "You're welcome!"), ("ok bye", "Bye for now!"), ("good morning", "Hello Ada!")],
)
def test_a_kind_word_gets_one_back(words: str, answer: str) -> None:
    assert answer in ask(of_role(Role.SEEKER), "smalltalk", words=words).text


def test_a_yes_to_nothing_does_nothing() -> None:
    assert "I'm not waiting for a yes or no" in ask(of_role(Role.SEEKER), "confirm").text
    assert "I'm not waiting for a yes or no" in ask(of_role(Role.SEEKER), "deny").text


def test_a_yes_to_what_was_asked_begins_it() -> None:
    context = Context(pending=Pending("confirm", Intent.PROPERTY_DETAILS, {"property_ref": "PR-1042"}))
    assert ask(of_role(Role.SEEKER), "confirm", context=context).argument == "PR-1042"
    assert "nothing was changed" in ask(of_role(Role.SEEKER), "deny", context=context).text


def test_what_is_refused_is_refused_kindly() -> None:
    screen = ask(of_role(Role.SEEKER), "unsafe_request")
    assert isinstance(screen.outcome, Tell)
    assert "only what is yours" in screen.text

"""A language model is asked over real HTTP, and whatever it answers, the chat goes on."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.assistant import language_model
from bot.assistant.commands import Command, Intent
from bot.assistant.context import NOTHING, Context, Turn
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.interpreter import Understood
from bot.assistant.language_model import calling
from bot.models import InboundEvent, Interpretation
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Incident, Role
from tests.assistant.openai_server import OpenAI, calls, drips, says, serving, tells
from tests.factories import ContactFactory, LinkFactory, SeekerFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Africa/Lagos"))
FIRST = Understood(Command(Intent.HELP), 0.3, "model")
PLACES = Gazetteer(frozenset(("Yaba", "Lekki")), frozenset(("Lagos",)), frozenset(("Oyo",)), {"VI": "Lekki"})


@pytest.fixture
def server(settings: Any) -> Iterator[OpenAI]:
    with serving() as server:
        settings.ASSISTANT_MODEL = "openai:stub"
        settings.ASSISTANT_BASE_URL = server.url
        settings.ASSISTANT_API_KEY = "not-a-key"
        yield server


@pytest.fixture
def contact() -> Contact:
    made: Contact = ContactFactory()
    return made


def ask(
    text: str, contact: Contact, *, context: Context = NOTHING, history: tuple[Turn, ...] = ()
) -> language_model.Answered:
    return language_model.ask(
        text,
        first=FIRST,
        contact=contact,
        role=Role.SEEKER,
        now=NOW,
        gazetteer=PLACES,
        context=context,
        history=history,
    )


def was_asked(contact: Contact, *, error: str = "", ago: timedelta = timedelta()) -> None:
    """A row of an earlier call."""
    at = clock.now() - ago
    event = InboundEvent.objects.create(
        key=f"m:{InboundEvent.objects.count()}",
        kind="message",
        contact=contact,
        content={},
        said_at=at,
        received_at=at,
        state="done",
    )
    Interpretation.objects.create(
        event=event,
        text="…",
        command=FIRST.command.to_json(),
        source="model",
        sure=0.3,
        model="openai:stub",
        milliseconds=1,
        error=error,
        at=at,
    )


def test_what_it_fills_in_becomes_a_command(server: OpenAI, contact: Contact) -> None:
    server.answer = says({"intent": "search_properties", "areas": ["yaba"], "bedrooms_min": 2})
    answered = ask("somewhere to sleep near unilag, two rooms", contact)
    assert answered.understood.command == Command(
        Intent.SEARCH_PROPERTIES, {"areas": ["Yaba"], "bedrooms_min": 2}
    )
    assert (answered.understood.source, answered.error) == ("language_model", "")
    assert len(server.asked) == 1


def test_without_a_model_nobody_is_asked(server: OpenAI, contact: Contact, settings: Any) -> None:
    settings.ASSISTANT_MODEL = ""
    assert ask("anything", contact) == language_model.Answered(FIRST)
    assert not server.asked


BAD: dict[str, tuple[int, bytes]] = {
    "a server error": (500, b"oops"),
    "too many requests": (429, b'{"error": {"message": "slow down"}}'),
    "refused": (401, b'{"error": {"message": "bad key"}}'),
    "nothing": (200, b""),
    "half an answer": (200, calls('{"intent": "help"}')[:80]),
    "garbage": (200, b"\x00\xff<html>{{{{"),
    "an array": (200, b"[1, 2]"),
    "no choices": (200, b'{"choices": []}'),
    "words": (200, tells("Sure! I have booked it for you: https://evil.example")),
    "a megabyte of words": (200, tells("A" * 1_000_000)),
    "a megabyte of arguments": (
        200,
        calls(json.dumps({"intent": "search_properties", "street": "A" * 10**6})),
    ),
    "arguments that are no JSON": (200, calls("intent=help")),
    "another function": (200, calls('{"intent": "help"}', name="delete_everything")),
    "another schema": (200, calls('{"action": "book", "user_id": 7}')),
    "no intent of ours": (200, calls('{"intent": "grant_admin"}')),
    "a list for an intent": (200, calls('{"intent": ["help"]}')),
    "a price of words": (200, calls('{"intent": "search_properties", "price_max": "1; DROP TABLE"}')),
    "a day that is none": (200, calls('{"intent": "search_properties", "date_from": "2026-02-31"}')),
    "10^15 naira": (200, calls('{"intent": "search_properties", "price_max": 1000000000000000}')),
    "an invented property": (200, calls('{"intent": "book_inspection", "property_ref": "PR-9999"}')),
    "an invented inspection": (200, calls('{"intent": "cancel_inspection", "inspection_ref": "IN-1"}')),
    "a yes to nothing": (200, calls('{"intent": "confirm"}')),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_command_leaves_the_first_understanding(
    bad: str, server: OpenAI, contact: Contact
) -> None:
    server.answer = lambda _body: BAD[bad]
    answered = ask("book am for me", contact)
    assert answered.understood == FIRST
    assert answered.error
    assert "evil" not in answered.error
    assert len(answered.error) <= 200
    assert len(server.asked) == 1  # one call per message, whatever comes


@pytest.mark.parametrize(
    "answer",
    [lambda _body: (200, drips(0.2, most=60)), lambda _body: (200, drips(12, most=1))],
    ids=["drips", "hangs"],
)
def test_an_answer_that_does_not_end_is_given_up(
    answer: Callable[[dict[str, Any]], Any], server: OpenAI, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "LIMIT", 1)
    ask("warm up: the libraries are read the first time", contact)
    server.answer = answer
    answered = ask("book am for me", contact)
    assert answered.understood == FIRST
    assert answered.error == "no answer within 1 seconds"
    assert answered.milliseconds < 8000


def test_nobody_listening_is_no_end_of_the_chat(server: OpenAI, contact: Contact, settings: Any) -> None:
    settings.ASSISTANT_BASE_URL = "http://127.0.0.1:9/v1"
    answered = ask("book am for me", contact)
    assert answered.understood == FIRST
    assert answered.error.startswith("the call failed (")


def test_a_model_that_is_named_wrongly_is_said_so(server: OpenAI, contact: Contact, settings: Any) -> None:
    settings.ASSISTANT_MODEL = "nobody:nothing"
    assert ask("hello", contact).error.startswith("ASSISTANT_MODEL can't be used")


def test_slots_of_no_meaning_and_unknown_places_are_left_out(server: OpenAI, contact: Contact) -> None:
    server.answer = says({"intent": "my_account", "areas": ["Yaba"], "price_max": 3})
    assert ask("close my account", contact).understood.command == Command(Intent.MY_ACCOUNT)
    server.answer = says({"intent": "search_properties", "areas": ["Atlantis", "vi"], "cities": ["Yaba"]})
    assert ask("a home", contact).understood.command.slots == {"areas": ["Lekki"]}


def test_refs_that_were_said_or_shown_may_be_named(server: OpenAI, contact: Contact) -> None:
    server.answer = says({"intent": "book_inspection", "property_ref": "PR-7"})
    assert ask("book pr 7", contact).understood.source == "language_model"
    assert ask("book the last", contact, context=Context(results=("PR-7",))).understood.source == (
        "language_model"
    )
    assert ask("book the last", contact, context=Context(results=("PR-8",))).understood == FIRST


SECRETS = (
    *("08031234567", "+234 803 123 4567", "0803-123-4567", "2348031234567", "831942", "8 3 1 9 4 2"),
    *("ada.obi@inspector.example", "0123456789", "5399 8310 1234 5678"),
)


@pytest.mark.parametrize("secret", SECRETS)
def test_numbers_addresses_and_codes_never_leave(secret: str, server: OpenAI, contact: Contact) -> None:
    ask(f"my own na {secret}, find 2 bed for 1500000", contact, history=(Turn("user", f"call {secret}"),))
    assert secret not in server.words()
    assert secret.replace(" ", "") not in server.words().replace(" ", "")
    assert "1500000" in server.words()


def test_nobodys_name_and_nothing_that_we_answered_leaves(server: OpenAI, contact: Contact) -> None:
    LinkFactory(contact=contact, account=SeekerFactory(name="Canary Adaeze"))
    Contact.objects.filter(pk=contact.pk).update(profile_name="Canary Ada")
    contact.refresh_from_db()
    ask(
        "the one for Friday",
        contact,
        history=(Turn("assistant", "Booked: IN-4, 12 Canary Street"), Turn("user", "hm")),
    )
    assert "Canary" not in server.words()
    assert contact.phone is not None
    assert contact.phone[-7:] not in server.words()


def test_a_person_has_so_many_calls_a_day(server: OpenAI, contact: Contact, settings: Any) -> None:
    settings.ASSISTANT_CALLS_PER_PERSON = 2
    was_asked(contact, ago=timedelta(days=2))
    was_asked(contact)
    assert ask("hm", contact).model
    was_asked(contact)
    assert ask("hm", contact) == language_model.Answered(FIRST)
    assert ask("hm", ContactFactory()).model


def test_all_people_together_have_so_many(server: OpenAI, contact: Contact, settings: Any) -> None:
    settings.ASSISTANT_CALLS_PER_DAY = 2
    was_asked(ContactFactory())
    assert ask("hm", contact).model
    was_asked(ContactFactory())
    assert ask("hm", contact) == language_model.Answered(FIRST)


def test_a_model_that_fails_again_and_again_is_left_alone_for_a_minute(
    server: OpenAI, contact: Contact
) -> None:
    for _ in range(3):
        was_asked(contact, error="no answer", ago=timedelta(seconds=30))
    assert ask("hm", contact) == language_model.Answered(FIRST)
    Interpretation.objects.update(at=clock.now() - timedelta(seconds=61))
    assert ask("hm", contact).model


def test_admins_are_told_once_it_has_failed_three_times_and_that_it_is_over(
    server: OpenAI, contact: Contact
) -> None:
    server.answer = lambda _body: (500, b"")
    was_asked(contact, error="no answer")
    ask("hm", contact)
    assert not Incident.objects.filter(kind="language_model_fails").exists()
    was_asked(contact, error="no answer")
    ask("hm", contact)
    assert Incident.objects.filter(kind="language_model_fails", closed_at=None).count() == 1
    Interpretation.objects.update(at=clock.now() - timedelta(minutes=2))
    server.answer = says({"intent": "help"})
    ask("hm", contact)
    assert not Incident.objects.filter(kind="language_model_fails", closed_at=None).exists()

"""A language model that says whatever somebody hostile would like: nothing of that is done, or shown.

It is asked over real HTTP, in whole turns. Which command it gives is told by the message that it is asked of.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from bot import inbox
from bot.assistant.commands import SLOTS_OF, Intent
from bot.assistant.language_model import calling
from bot.models import Conversation, InboundEvent, InboundState, Interpretation
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Inspection, Property, Role
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import AMENITIES, Kind
from tests.assistant.openai_server import OpenAI, calls, drips, says, serving, tells
from tests.assistant.safety import canaries
from tests.assistant.safety.crowd import crowd, hear, nothing_written, rows
from tests.bot import world
from tests.bot.phone import Phone

HTML = "<img src=x>https://evil.example"
WORDS = "gribble"  # and letters: nobody could be sure of it


@pytest.fixture(autouse=True)
def others(db: None) -> None:
    world.build()
    canaries.owned()


@pytest.fixture
def server(settings: Any) -> Iterator[OpenAI]:
    with serving() as server:
        settings.ASSISTANT_MODEL = "openai:stub"
        settings.ASSISTANT_BASE_URL = server.url
        settings.ASSISTANT_API_KEY = "not-a-key"
        yield server


def _fillings() -> Iterator[dict[str, Any]]:
    """What is another's; what never was, too much of it, and what no text should hold; and nothing."""
    yield {
        "property_ref": "PR-9001",
        "inspection_ref": "IN-0777",
        "areas": ["Zqx Bay"],
        "street": "zqx close",
        "date_from": "2026-11-28",
        "date_to": "2026-11-28",
        "new_date_from": "2026-11-28",
        "new_price": 1,
        "new_status": "sold",
    }
    yield {
        "inspection_ref": "IN-0778",
        "property_ref": "PR-8080",
        "areas": [HTML],
        "street": HTML,
        "property_types": list(Kind.values)[:12],
        "bedrooms_min": 50,
        "bedrooms_max": 0,
        "price_min": 10**12,
        "price_max": 0,
        "price_period": "night",
        "currency": "USD",
        "amenities": list(AMENITIES)[:12],
        "amenities_excluded": list(AMENITIES)[:12],
        "date_from": "9999-12-31",
        "date_to": "0001-01-01",
        "new_date_to": "9999-12-31",
        "new_price": 10**12,
        "new_status": "available",
    }
    yield {}


COMMANDS = [
    {"intent": intent.value} | {name: value for name, value in filling.items() if name in SLOTS_OF[intent]}
    for intent in Intent
    for filling in _fillings()
]


def _name(place: int) -> str:
    letters = "abcdefghij"
    return f"{WORDS} {''.join(letters[int(digit)] for digit in f'{place:03}')}q"


def _by_the_message(commands: list[dict[str, Any]]) -> Callable[[dict[str, Any]], tuple[int, bytes]]:
    named = {_name(place): command for place, command in enumerate(commands)}

    def answer(body: dict[str, Any]) -> tuple[int, bytes]:
        message = json.loads(body["messages"][-1]["content"])["message"]
        return 200, calls(json.dumps(named[message]))

    return answer


def _as_if_it_had_been_shown(phones: list[Phone]) -> None:
    """What is another's stands in what the chat keeps: so the model's refs pass for such as were shown."""
    kept = {
        "last_intent": "search_properties",
        "last_slots": {},
        "results": ["PR-9001", "PR-8080"],
        "focus_property": "PR-9001",
        "focus_inspection": "IN-0777",
    }
    for phone in phones:
        contact = Contact.objects.get(phone=phone.phone)
        link = contact.links.first()
        Conversation.objects.create(
            contact=contact,
            account=link.account if link else None,
            turned_at=clock.now(),
            turns=1,
            understood={"context": kept},
        )


@pytest.mark.parametrize("role", [Role.SEEKER, Role.AGENT, Role.INSPECTOR, None], ids=str)
def test_nothing_is_written_and_no_row_of_anothers_is_shown(server: OpenAI, role: Role | None) -> None:
    server.answer = _by_the_message(COMMANDS)
    phones = crowd(role, len(COMMANDS))
    _as_if_it_had_been_shown(phones)
    theirs = rows(canaries.CANARY)
    with nothing_written(but=("inspector_whatsapp_incident",)):
        told = hear(phones, map(_name, range(len(COMMANDS))))
    asked = 0
    for command, heard in zip(COMMANDS, told, strict=True):
        assert heard.read, command
        assert not canaries.shows_any(heard.bodies), (command, heard.read)
        assert "evil" not in heard.bodies, (command, heard.read)
        assert "<img" not in heard.bodies, (command, heard.read)
        assert len(heard.read) < 1_500
        asked += heard.understood is not None and heard.understood.source == "language_model"
    assert asked > len(COMMANDS) / 3, "its commands are those that were tried"
    assert rows(canaries.CANARY) == theirs


# --- a yes ------------------------------------------------------------------------------------------------
def test_a_seekers_yes_cancels_what_was_on_the_screen_and_nothing_else(server: OpenAI) -> None:
    world.visits()
    ada = Phone(world.linked("ada@inspector.example"))
    own = Inspection.objects.get(seeker__email="ada@inspector.example")
    others = list(Inspection.objects.exclude(pk=own.pk).order_by("pk").values())
    server.answer = says({"intent": "cancel_inspection", "inspection_ref": "next"})
    with nothing_written():
        read = ada.says("gribble snorf")
    assert "Cancel this inspection?" in read
    assert "Fri 27 Nov, 10:00 am" in read
    # What the model says of what comes next is nobody's yes.
    server.answer = says({"intent": "confirm"})
    with nothing_written():
        ada.says("gribble, rather so indeed")
    ada.taps("Yes, cancel it")
    own.refresh_from_db()
    assert own.state == InspectionState.CANCELLED
    assert list(Inspection.objects.exclude(pk=own.pk).order_by("pk").values()) == others


def test_a_seekers_yes_books_the_time_that_was_on_the_screen(server: OpenAI) -> None:
    ada = Phone(world.linked("ada@inspector.example"))
    ada.says("PR-1042")
    before = set(Inspection.objects.values_list("pk", flat=True))
    server.answer = says(
        {
            "intent": "book_inspection",
            "property_ref": "PR-1042",
            "date_from": "2026-11-28",
            "date_to": "2026-11-28",
        }
        | {"time_from": "14:00", "time_to": "14:00"}
    )
    with nothing_written():
        read = ada.says("gribble snorf")
    assert "Sat 28 Nov, 2:00 pm" in read
    server.answer = says({"intent": "cancel_inspection", "inspection_ref": "next"})
    ada.taps(_yes(ada))
    booked = Inspection.objects.exclude(pk__in=before).get()
    assert (booked.property.ref, booked.starts_at) == ("PR-1042", world.at(28, 14))
    assert booked.seeker.email == "ada@inspector.example"


def test_an_agents_yes_sets_the_price_that_was_on_the_screen(server: OpenAI) -> None:
    bola = Phone(world.linked("bola@inspector.example"))
    others = list(Property.objects.exclude(ref="PR-1042").order_by("pk").values())
    bola.says("PR-1042")
    server.answer = says({"intent": "update_listing", "property_ref": "PR-1042", "new_price": 12_500_000})
    with nothing_written():
        read = bola.says("gribble snorf")
    assert "₦12,500,000" in read
    bola.taps(_yes(bola))
    assert Property.objects.get(ref="PR-1042").price == 12_500_000
    assert list(Property.objects.exclude(ref="PR-1042").order_by("pk").values()) == others


def test_an_inspector_is_asked_what_became_of_it_before_anything_is_reported(server: OpenAI) -> None:
    world.visits()
    chidi = Phone(world.linked("chidi@inspector.example"))
    server.answer = says({"intent": "submit_report"})
    with nothing_written():
        read = chidi.says("gribble snorf")
    assert "PR-1044" in read or "Yaba" in read
    assert not canaries.shows_any(read)


def test_a_stranger_is_asked_who_they_are(server: OpenAI) -> None:
    stranger = Phone("+2347011110000")
    stranger.says("menu")
    server.answer = says({"intent": "cancel_inspection", "inspection_ref": "next"})
    with nothing_written():
        assert "For that I need to know your Inspector account." in stranger.says("gribble snorf")


def _yes(phone: Phone) -> str:
    """The title of the button that says yes."""
    action = (phone.read[-1].body or {})["interactive"]["action"]
    title: str = action["buttons"][0]["reply"]["title"]
    return title


# --- silence and garbage ----------------------------------------------------------------------------------
UNSURE = "gribble snorf whatnot"
WORSE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "garbage": lambda _body: (200, b"\x00\xff<html>{{{{"),
    "a megabyte": lambda _body: (200, tells("A" * 1_000_000)),
    "another schema": lambda _body: (200, calls('{"action": "book", "user_id": 7}')),
    "an error": lambda _body: (500, b"oops"),
    "words": lambda _body: (200, tells(f"Done! See {HTML}")),
    "nothing, for ever": lambda _body: (200, drips(3, most=2)),
}


@pytest.mark.parametrize("how", WORSE)
def test_what_is_no_answer_leaves_the_answer_that_there_would_be_without_it(
    server: OpenAI, settings: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(calling, "LIMIT", 1)
    if how == "nothing, for ever":  # the libraries are read the first time
        hear(crowd(Role.SEEKER, 1), [UNSURE])
    server.answer = WORSE[how]
    (heard,) = hear(crowd(Role.SEEKER, 1), [UNSURE])
    assert heard.understood is not None
    assert heard.understood.error
    settings.ASSISTANT_MODEL = ""
    (without,) = hear(crowd(Role.SEEKER, 1), [UNSURE])
    assert heard.read == without.read
    assert "evil" not in heard.bodies


def test_what_comes_while_it_thinks_is_read_together_with_what_came_first(server: OpenAI) -> None:
    (ann,) = crowd(Role.SEEKER, 1)
    ann.says("menu")
    ours = connections["default"]
    ours.inc_thread_sharing()

    def answer(_body: dict[str, Any]) -> tuple[int, bytes]:
        if len(server.asked) == 1:  # while this is thought about, more comes in
            connections["default"] = ours
            ann.posts(ann.webhook({"type": "text", "text": {"body": _name(2)}}))
            inbox.drain()
        return 200, calls('{"intent": "search_properties", "cities": ["Lagos"]}')

    server.answer = answer
    try:
        read = ann.says(_name(1))
    finally:
        ours.dec_thread_sharing()
    assert len(server.asked) == 2
    second = json.loads(server.asked[1]["messages"][-1]["content"])["message"]
    assert _name(1) in second
    assert _name(2) in second
    assert read.count("Lagos_") == 1, read
    assert "---" not in read, "one answer for both"
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()


# --- budgets ----------------------------------------------------------------------------------------------
def test_the_21st_message_of_a_day_does_without_it_and_is_answered(server: OpenAI) -> None:
    server.answer = says({"intent": "search_properties", "cities": ["Lagos"]})
    (ann,) = crowd(Role.SEEKER, 1)
    for place in range(21):
        ann.says("menu")
        read = ann.says(_name(place))
        assert read
        assert ("Lagos" in read) == (place < 20), (place, read)
    assert len(server.asked) == 20


def test_what_all_people_may_cost_on_a_day_ends_it_for_everybody(server: OpenAI, settings: Any) -> None:
    settings.ASSISTANT_CALLS_PER_DAY = 2
    server.answer = says({"intent": "search_properties", "cities": ["Lagos"]})
    told = [hear(crowd(Role.SEEKER, 1), [UNSURE])[0] for _each in range(4)]
    assert ["Lagos" in heard.read for heard in told] == [True, True, False, False]
    assert all(heard.read for heard in told)
    assert len(server.asked) == 2


def test_switched_off_the_menus_go_on_and_nothing_is_understood(server: OpenAI, settings: Any) -> None:
    settings.ASSISTANT = False
    ada = Phone(world.linked("ada@inspector.example"))
    assert "Sorry, I didn't get that." in ada.says("gribble snorf")
    assert "1. My inspections" in ada.says("menu")
    assert ada.says("1").startswith("You have no inspections")
    assert "₦10,000,000 a year" in ada.says("PR-1042")
    assert not server.asked
    assert not Interpretation.objects.exists()

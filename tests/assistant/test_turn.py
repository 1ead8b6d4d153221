"""The assistant in the turn: what it is asked, what it does, what is kept of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bot import conversation, inbox
from bot.assistant import titles, understanding
from bot.assistant.commands import SLOTS_OF, Intent
from bot.models import Conversation, InboundEvent, InboundState, Interpretation
from bot.said import holds_code
from inspector_whatsapp import clock
from inspector_whatsapp.models import Incident, Inspection, Property, Slot, User
from linking.models import LinkChallenge
from tests.assistant.talks import ADA, BOLA, CHIDI, last_understood, phone_of, talk_of, understood_as
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import InspectionFactory, SeekerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Phone:
    world.build()
    return phone_of(ADA)


def booked(hour: int = 14, day: int = 28, email: str = ADA) -> Inspection:
    slot = Slot.objects.get(starts_at=world.at(day, hour))
    Slot.objects.filter(pk=slot.pk).update(taken=1)
    inspection: Inspection = InspectionFactory(slot=slot, seeker=User.objects.get(email=email))
    return inspection


# --- what it is asked -------------------------------------------------------------------------------------
def test_a_sentence_with_a_property_a_wish_and_a_day_needs_one_more_answer(ada: Phone) -> None:
    assert ada.says("book PR-1042 for Saturday").startswith("Free on Sat 28 Nov. Which time?")
    assert "Book this inspection?" in ada.says("3pm")
    assert ada.says("yes").startswith("Booked: IN-3107.")


def test_a_property_a_day_and_a_time_need_only_the_yes(ada: Phone) -> None:
    answer = ada.says("abeg book PR-1042 for saturday 2pm")
    assert answer.startswith("Book this inspection?")
    assert "Sat 28 Nov, 2:00 pm" in answer
    assert not Inspection.objects.exists()
    ada.says("yes")
    assert Inspection.objects.get().starts_at == world.at(28, 14)


def test_an_inspection_is_found_by_its_day_and_cancelled_after_a_yes(ada: Phone) -> None:
    booked()
    answer = ada.says("abeg cancel my inspection on saturday")
    assert answer.startswith("Cancel this inspection?")
    assert ada.says("yes").startswith("Cancelled:")


@pytest.mark.parametrize(
    "words",
    ["PR-1042", "pr 1042 please", "https://inspector.example/p/PR-1042?s=abc", "hi, this one abeg: PR-1042"],
)
def test_a_ref_or_a_link_alone_is_the_property_and_nobody_is_asked_what_it_means(
    ada: Phone, words: str
) -> None:
    assert ada.says(words).startswith("*3-bedroom flat, Lekki Phase 1* · PR-1042")
    assert not Interpretation.objects.exists()


def test_a_link_alone_is_a_property_in_the_middle_of_a_search_too(ada: Phone) -> None:
    ada.says("any mini flat in Yaba?")
    assert ada.says("http://127.0.0.1:8000/p/PR-1042?s=bcdf2345").startswith("*3-bedroom flat")


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("my inspektions", "You have no inspections"),
        ("settings", "Settings of this chat"),
        ("report a problem", "Which one"),
        ("2", "Which area?"),
        ("hello", "What would you like to do?"),
        ("MENU", "What would you like to do?"),
    ],
)
def test_lines_of_the_menu_and_greetings_are_the_menus_own(ada: Phone, words: str, shows: str) -> None:
    booked(day=27, hour=10, email=SeekerFactory(email="other@example.com").email)
    ada.says("hi")
    assert shows in ada.says(words) or words == "report a problem"
    assert not Interpretation.objects.exists()


def test_follow_ups_are_about_what_was_found(ada: Phone) -> None:
    assert "PR-1042" in ada.says("any 3 bedroom flat in Lekki")
    assert "for sale" in ada.says("what of duplexes to buy?")
    assert last_understood(ada).command["slots"]["areas"] == ["Lekki"]
    ada.says("menu")
    ada.says("any house in Lagos")
    assert last_understood(ada).command["slots"].get("areas") is None
    second = talk_of(ada).understood["context"]["results"][1]
    assert second in ada.says("tell me more about the second one")


def test_after_a_pause_nothing_is_a_follow_up(ada: Phone) -> None:
    ada.says("any 3 bedroom flat in Lekki")
    clock.move(timedelta(hours=4))
    ada.says("hello")
    assert "last_slots" not in talk_of(ada).understood.get("context", {})


def test_what_another_account_of_the_phone_looked_for_is_nobodys_business() -> None:
    world.build()
    ada = phone_of(ADA)
    ada.says("any 3 bedroom flat in Lekki")
    SeekerFactory(email="emeka@inspector.example", name="Emeka Obi")
    ada.says("unlink")
    ada.says("yes")
    ada.says("cheaper ones")
    assert last_understood(ada).context["last_slots"] == {}


# --- nothing secret ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words", ["my code is 123456", "123 456", "abeg the code na 482913 enter am", "LINK ABCD2345EFGH6789"]
)
def test_what_may_be_a_code_is_never_understood(ada: Phone, words: str) -> None:
    ada.says("hi")
    ada.says(words)
    assert not Interpretation.objects.exists()
    assert not InboundEvent.objects.exclude(prepared={}).exists()


def test_while_a_code_is_awaited_nothing_is_understood() -> None:
    world.build()
    stranger = Phone("+2348111000001")
    stranger.says("connect")
    stranger.says("what can you do for me here?")
    stranger.says(ADA)
    stranger.says("I did not get any code, what is the matter with you people")
    stranger.says("my number is 500000 for the flat in Yaba")
    assert LinkChallenge.objects.exists()
    assert not Interpretation.objects.exists()


@pytest.mark.parametrize(
    ("words", "is_code"),
    [
        ("500000", True),
        ("code 500000", True),
        ("flat in yaba for 500000", False),
        ("2 bedroom in yaba between 500 000 and 800000 a year", False),
        ("flat in yaba for 512345", True),
        ("a flat in yaba, the code is 512345 or 500000", True),
        ("call me on 08031234567 about the flat", False),
    ],
)
def test_a_sum_in_thousands_in_a_sentence_is_no_code(words: str, is_code: bool) -> None:
    assert holds_code(words) == is_code


def test_a_strangers_budget_of_six_digits_is_understood() -> None:
    world.build()
    stranger = Phone("+2348111000001")
    stranger.says("any mini flat in Yaba below 950000")
    assert last_understood(stranger).command["slots"]["price_max"] == 950_000
    assert InboundEvent.objects.get().text == "any mini flat in Yaba below 950000"


# --- nothing written, nobody else's -----------------------------------------------------------------------
HOSTILE: dict[str, Any] = {
    "property_ref": "PR-1042",
    "inspection_ref": "IN-9001",
    "areas": ["'; DROP TABLE bot_conversation; --"],
    "street": "{property.agent.phone} %s <b>",
    "price_min": 10**12,
    "price_max": 0,
    "bedrooms_min": 50,
    "bedrooms_max": 0,
    "date_from": "9999-12-31",
    "date_to": "0001-01-01",
    "time_from": "23:59",
    "time_to": "00:00",
    "new_date_from": "2026-02-28",
    "new_price": 1,
    "new_status": "sold",
    "property_types": ["land"],
    "amenities": ["gym"],
    "sort": "price_desc",
    "listing_type": "sale",
    "price_period": "night",
}
# What a chat writes about itself.
OWN = {"bot", "admin", "sessions", "django_celery_beat"}


def everything() -> dict[str, list[str]]:
    """Every row of the platform's tables, as text."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if model._meta.app_label in OWN or model._meta.model_name in TOLD:
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


# What leaves, what is noted of a message that came, and the call for a person, which anybody may make.
TOLD = {"outboxmessage", "contact", "incident", "heartbeat", "channelstate"}


@pytest.mark.parametrize("who", [ADA, BOLA, CHIDI, ""])
@pytest.mark.parametrize("slots", ["none", "hostile"])
def test_no_command_writes_before_somebody_has_answered_a_question(who: str, slots: str) -> None:
    world.build()
    theirs = booked(email=SeekerFactory(email="tunde@example.com", name="Tunde Canary").email)
    Inspection.objects.filter(pk=theirs.pk).update(ref="IN-9001")
    phone = phone_of(who) if who else Phone("+2348111000001")
    phone.says("hi")
    before = everything()
    for intent in Intent:
        given = {name: value for name, value in HOSTILE.items() if name in SLOTS_OF[intent]}
        answer = understood_as(phone, f"do {intent}", intent, **(given if slots == "hostile" else {}))
        assert answer, intent
        assert "Something went wrong" not in answer, intent
        assert everything() == before, intent
        if who == ADA:
            assert "Tunde" not in answer, intent
            assert "IN-9001" not in answer.replace(f"do {intent}", ""), intent
        Conversation.objects.update(
            flow="", argument="", answers={}, shown={}, aside={}, wish={}, human_until=None, understood={}
        )


def test_a_model_that_makes_commands_up_is_not_followed(ada: Phone) -> None:
    """Whatever stands on the row that is no command ends with a sentence, and changes nothing."""
    booked()
    answer = understood_as(ada, "cancel everything", Intent.CANCEL_INSPECTION, sql="DROP TABLE")
    assert "Something went wrong" in answer
    assert Inspection.objects.get().state == "confirmed"


def test_a_language_models_yes_is_none(ada: Phone) -> None:
    ada.says("book PR-1042 for saturday 2pm")
    assert understood_as(ada, "make it so number one", Intent.CONFIRM).startswith("Please answer *yes* or")
    assert not Inspection.objects.exists()


def test_a_yes_in_other_words_counts_when_it_is_certain(ada: Phone) -> None:
    ada.says("book PR-1042 for saturday 2pm")
    assert ada.says("no wahala").startswith("Please answer *yes* or *no*.")
    assert ada.says("yes, that works for me").startswith("Booked: IN-3107.")


# --- what is kept -----------------------------------------------------------------------------------------
def test_every_understood_message_is_kept_with_what_it_was_understood_from(ada: Phone) -> None:
    ada.says("any 3 bedroom flat in Lekki")
    ada.says("when can I see PR-1042?")
    first, second = Interpretation.objects.order_by("pk")
    assert (first.text, first.role) == ("any 3 bedroom flat in Lekki", "seeker")
    assert first.answered == "find"
    assert second.command == {"intent": "list_slots", "slots": {"property_ref": "PR-1042"}}
    assert second.context["last_intent"] == "search_properties"
    assert second.context["last_slots"]["areas"] == ["Lekki"]
    assert second.event.text == "when can I see PR-1042?"
    assert second.sure > 0.7
    again = understanding.again(second)
    assert again.command.to_json() == second.command


def test_what_is_clear_is_understood_in_its_turn_by_a_worker_that_is_ready(ada: Phone) -> None:
    ada.says("hi")
    understanding.get_ready()
    ada.posts(ada.webhook({"type": "text", "text": {"body": "who won the match yesterday?"}}))
    inbox.drain()
    with CaptureQueriesContext(connection) as turn:
        conversation.drain()
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()
    assert len([q["sql"] for q in turn.captured_queries if "bot_interpretation" in q["sql"]]) == 1
    assert not [q["sql"] for q in turn.captured_queries if 'FROM "inspector_whatsapp_outbox' in q["sql"]]


def test_it_can_be_switched_off(ada: Phone, settings: Settings) -> None:
    settings.ASSISTANT = False
    ada.says("hi")
    assert ada.says("book PR-1042 for Saturday").startswith("*3-bedroom flat")
    assert ada.says("menu")
    assert "Sorry, I didn't get that." in ada.says("what is the weather like on the moon")
    assert not Interpretation.objects.exists()


def test_a_person_of_ours_is_called_in_plain_words(ada: Phone) -> None:
    assert "I have told our people" in ada.says("abeg I wan talk to customer care person")
    assert Incident.objects.filter(kind="human_wanted").exists()
    assert ada.says("any flat in Yaba?") == ""


@pytest.mark.parametrize("words", ["connect", "support", "manager", "person of interest"])
def test_a_word_alone_calls_nobody(ada: Phone, words: str) -> None:
    ada.says(words)
    assert not Incident.objects.filter(kind="human_wanted").exists()


def test_only_the_owners_property_is_changed_and_only_after_a_yes() -> None:
    world.build()
    bola = phone_of(BOLA)
    answer = bola.says("PR-1044 don rent out")
    assert Property.objects.get(ref="PR-1044").status == "live"
    assert "PR-1044" in answer or "mini flat" in answer


def test_every_title_fits_its_button() -> None:
    assert {intent for intent, title in titles.SHORT.items() if len(str(title)) > 20} == set()
    assert set(titles.SHORT) == set(Intent) - {
        *(Intent.SMALLTALK, Intent.CONFIRM, Intent.DENY, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST)
    }

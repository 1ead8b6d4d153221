"""Who is not linked: what the website shows to everyone is shown, the rest connects first and goes on."""

from datetime import timedelta

import pytest

from bot.assistant.commands import Intent
from bot.understood import OPEN
from inspector_whatsapp import clock
from inspector_whatsapp.models import Inspection, Link, User
from linking import intents, rules
from linking.models import LinkIntent
from tests.assistant.talks import ADA, phone_of, talk_of, understood_as
from tests.bot import world
from tests.bot.phone import Phone, deliver_mail, newest_code
from tests.factories import SeekerFactory

pytestmark = pytest.mark.django_db
ASKED = "For that I need to know your Inspector account."


@pytest.fixture
def stranger() -> Phone:
    world.build()
    return Phone("+2348030000001")


def connects(phone: Phone) -> str:
    phone.says(ADA)
    deliver_mail()
    phone.says(newest_code())
    return phone.says("yes")


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("any 3 bedroom flat in Lekki?", "PR-1042"),
        ("is PR-1042 still available?", "PR-1042"),
        ("how much is PR-1042", "₦10,000,000"),
        ("when can I inspect PR-1042", "Sat 28 Nov"),
        ("what can you do", "What do you want to know?"),
    ],
)
def test_what_the_website_shows_to_everyone_is_shown(stranger: Phone, words: str, shows: str) -> None:
    answer = stranger.says(words)
    assert shows in answer
    assert ASKED not in answer
    assert answer.startswith("Hi, I'm the Inspector assistant.")


@pytest.mark.parametrize("intent", sorted(set(Intent) - OPEN))
def test_whatever_is_personal_or_written_connects_first(stranger: Phone, intent: Intent) -> None:
    assert ASKED in understood_as(stranger, "please do it", intent)
    assert talk_of(stranger).wish["command"]["intent"] == intent
    assert talk_of(stranger).flow == "connect"


def test_the_wish_is_gone_on_with_after_connecting_in_the_chat(stranger: Phone) -> None:
    assert ASKED in stranger.says("abeg book PR-1042 for saturday 2pm")
    answer = connects(stranger)
    assert answer.startswith("Connected.")
    assert "Book this inspection?" in answer
    assert "Sat 28 Nov, 2:00 pm" in answer
    assert stranger.says("yes").startswith("Booked:")
    assert Inspection.objects.get().seeker.email == ADA


def test_it_is_gone_on_with_after_connecting_on_the_website(stranger: Phone) -> None:
    stranger.says("show me my inspections for this week")
    account = User.objects.get(email=ADA)
    stranger.says(intents.message(intents.begin(account=account, session="", now=clock.now())))
    rules.connect_from_web(intent=LinkIntent.objects.latest("pk"), now=clock.now())
    assert "go on" in stranger.says("menu")
    assert "no inspections" in stranger.says("go on")


def test_whoever_cancels_connecting_has_no_wish_any_more(stranger: Phone) -> None:
    stranger.says("book PR-1042 for saturday 2pm")
    stranger.says("cancel")
    assert talk_of(stranger).wish == {}


def test_a_sentence_said_before_it_was_clear_who_speaks_is_understood_then() -> None:
    world.build()
    ada = phone_of(ADA)
    emeka = SeekerFactory(email="emeka@inspector.example", name="Emeka Obi")
    Link.objects.create(contact=ada.contact, account=emeka, current=False, made_at=world.NOW)
    ada.says("hi")
    clock.move(timedelta(hours=4))
    assert "Who is talking?" in ada.says("abeg book PR-1042 for saturday 2pm")
    answer = ada.says("Ada Obi")
    assert "You are now here as Ada Obi." in answer
    assert "Book this inspection?" in answer

"""A person of ours in the chat: asked for, answering in the admin, handing back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bot import handover
from bot.models import Conversation
from inspector_whatsapp import clock
from inspector_whatsapp.models import Incident, Inspection, OutboxMessage, User
from tests.admin.conftest import log_in
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import UserFactory


@pytest.fixture
def ada(db: None) -> Phone:
    world.build()
    return Phone(world.linked("ada@inspector.example"))


@pytest.fixture
def staff(db: None) -> Client:
    return log_in(Client(), UserFactory(is_staff=True, is_superuser=True))


def talk() -> Conversation:
    return Conversation.objects.get()


def test_the_bot_keeps_silent_once_a_person_was_asked_for(ada: Phone) -> None:
    assert "keep quiet until one of them has answered" in ada.says("human")
    assert ada.says("my tap is broken") == ""
    assert ada.says("hello?") == ""
    assert handover.is_silent(talk(), now=clock.now())


def test_the_admins_see_who_waits_for_how_long_they_may_write_and_no_words(ada: Phone) -> None:
    ada.says("I am Ada and my secret is 42")
    ada.says("human")
    incident = Incident.objects.get(kind="human_wanted")
    assert f"contact {ada.contact.pk}" in incident.sentence
    assert "23 h" in incident.sentence or "24 h" in incident.sentence
    assert "secret" not in incident.sentence


def test_menu_brings_the_bot_back_and_closes_the_call(ada: Phone) -> None:
    ada.says("human")
    assert ada.says("menu").startswith("You are back with me, the bot.")
    assert ada.says("my inspections").startswith("You have no inspections")
    assert Incident.objects.get(kind="human_wanted").closed_at is not None


def test_what_was_under_way_waits_for_go_on(ada: Phone) -> None:
    ada.says("book PR-1042")
    ada.taps("Book")
    ada.says("saturday")
    ada.says("human")
    ada.says("menu")
    assert ada.says("go on").startswith("Free on Sat 28 Nov. Which time?")


def test_stop_is_heard_while_a_person_answers(ada: Phone) -> None:
    ada.says("human")
    assert ada.says("stop").startswith("Done: no more offers here")
    ada.contact.refresh_from_db()
    assert ada.contact.offers_stopped_at is not None


def test_a_button_is_an_order_even_then(ada: Phone) -> None:
    ada.says("human")
    assert ada.taps_id("v1|start|my_inspections|").startswith("You have no inspections")


def test_after_some_hours_the_bot_answers_again(ada: Phone) -> None:
    ada.says("human")
    clock.move(timedelta(hours=13))
    assert "What would you like to do?" in ada.says("hello")


def test_what_an_admin_writes_goes_out_and_is_kept(ada: Phone, staff: Client) -> None:
    ada.says("human")
    page = reverse("admin:conversation_act", args=[talk().pk, "answer"])
    staff.post(page, {"words": "Good morning Ada, what happened?"})
    assert ada.answers() == "Good morning Ada, what happened?"
    sent = OutboxMessage.objects.get(text="Good morning Ada, what happened?")
    assert User.objects.get(pk=sent.arguments["by"]).is_staff
    assert ada.says("nobody came") == ""


def test_an_admin_takes_over_and_hands_back(ada: Phone, staff: Client) -> None:
    ada.says("hi")
    staff.post(reverse("admin:conversation_act", args=[talk().pk, "take"]))
    assert ada.says("hi") == ""
    staff.post(reverse("admin:conversation_act", args=[talk().pk, "back"]))
    assert "What would you like to do?" in ada.says("hi")


def test_nothing_can_be_written_once_the_window_is_closed(ada: Phone, staff: Client) -> None:
    ada.says("human")
    clock.move(timedelta(hours=25))
    before = OutboxMessage.objects.count()
    page = reverse("admin:conversation_act", args=[talk().pk, "answer"])
    answer = staff.post(page, {"words": "Are you there?"}, follow=True)
    assert "They have not written for 24 hours" in answer.content.decode()
    assert OutboxMessage.objects.count() == before


def test_nothing_and_too_much_are_refused_in_words(ada: Phone, staff: Client) -> None:
    ada.says("human")
    page = reverse("admin:conversation_act", args=[talk().pk, "answer"])
    assert "Write something first." in staff.post(page, {"words": " "}, follow=True).content.decode()
    long = staff.post(page, {"words": "x" * 4097}, follow=True).content.decode()
    assert "longer than WhatsApp takes" in long


def test_who_may_only_look_may_not_answer(ada: Phone) -> None:
    ada.says("human")
    client = log_in(Client(), UserFactory(is_staff=True))
    page = reverse("admin:conversation_act", args=[talk().pk, "answer"])
    assert client.post(page, {"words": "hi"}).status_code == 403
    assert client.get(page).status_code == 405


def test_a_promise_of_silence_books_nothing(ada: Phone) -> None:
    ada.says("book PR-1042")
    ada.says("human")
    ada.says("yes")
    assert not Inspection.objects.exists()

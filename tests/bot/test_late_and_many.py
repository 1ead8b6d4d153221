"""What was said long ago and heard now, and more messages than anybody reads."""

from datetime import timedelta

import pytest

from bot.models import InboundEvent
from inspector_whatsapp import clock
from inspector_whatsapp.models import Inspection, Interest, OutboxMessage
from tests.bot import world
from tests.bot.phone import Phone


@pytest.fixture
def ada(db: None) -> Phone:
    world.build()
    return Phone(world.linked("ada@inspector.example"))


def late(phone: Phone, message: dict[str, object], **ago: int) -> str:
    sent = int((clock.now() - timedelta(**ago)).timestamp())
    return phone.sends(message, at=sent)


def text(words: str) -> dict[str, object]:
    return {"type": "text", "text": {"body": words}}


def tap(id: str, title: str) -> dict[str, object]:
    reply = {"type": "button_reply", "button_reply": {"id": id, "title": title}}
    return {"type": "interactive", "interactive": reply}


def test_an_answer_to_what_was_said_an_hour_ago_names_the_time_and_quotes_it(ada: Phone) -> None:
    answer = late(ada, text("my inspections"), hours=1)
    assert answer.startswith("About your message of Wed 25 Nov, 9:00 am, which reached me only now:")
    event = InboundEvent.objects.get()
    assert OutboxMessage.objects.get(kind="reply").arguments == {"quotes": event.provider_id}


def test_what_is_a_few_minutes_old_is_answered_as_ever(ada: Phone) -> None:
    assert late(ada, text("my inspections"), minutes=9).startswith("You have no inspections")


def test_a_late_yes_is_asked_for_again(ada: Phone) -> None:
    ada.says("PR-1042")
    ada.taps("Book")
    ada.says("friday")
    ada.says("1")
    answer = late(ada, text("yes"), minutes=40)
    assert "Is that still what you want?" in answer
    assert not Inspection.objects.exists()
    ada.says("yes")
    assert Inspection.objects.count() == 1


def test_a_late_tap_that_would_act_by_itself_asks_first(ada: Phone) -> None:
    answer = late(ada, tap("v1|start|save|PR-1042", "Save"), minutes=40)
    assert "You tapped *Save*. Is that still what you want?" in answer
    assert not Interest.objects.exists()
    ada.taps("Yes, go on")
    assert Interest.objects.count() == 1


def test_more_than_sixty_in_a_minute_get_one_notice_and_are_all_kept(ada: Phone) -> None:
    for number in range(70):
        ada.posts(ada.webhook(text(f"hello {number}")))
    answers = ada.answers().split("\n---\n")
    assert len(answers) == 61
    assert answers[-1].startswith("That is a lot of messages at once.")
    assert InboundEvent.objects.filter(state="done").count() == 70


def test_after_that_minute_they_are_answered_again(ada: Phone) -> None:
    for number in range(70):
        ada.posts(ada.webhook(text(f"hello {number}")))
    ada.answers()
    clock.move(timedelta(seconds=61))
    assert "What would you like to do?" in ada.says("hello")


def test_a_number_that_was_silent_for_ninety_days_proves_itself_again(ada: Phone) -> None:
    ada.says("hi")
    clock.move(timedelta(days=91))
    answer = ada.says("my inspections")
    assert answer.startswith("For that I need to know your Inspector account.")
    link = ada.contact.links.get()
    assert (link.state, link.ended_why) == ("suspended", "silent")


def test_a_number_that_was_silent_for_eighty_nine_days_does_not(ada: Phone) -> None:
    ada.says("hi")
    clock.move(timedelta(days=89))
    assert ada.says("my inspections").startswith("You have no inspections")

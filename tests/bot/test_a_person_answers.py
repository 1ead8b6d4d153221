"""A person of ours in the chat: asked for, answering in the admin, handing back."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from bot import drafts, handover
from bot.models import Conversation, Draft
from inspector_whatsapp import clock
from inspector_whatsapp.models import Incident, Inspection, OutboxMessage, User
from linking.models import LinkChallenge
from tests.admin.conftest import log_in
from tests.at_once import at_once
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
    ada.says("PR-1042")
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


def ends(staff: Client) -> None:
    staff.post(reverse("admin:conversation_act", args=[talk().pk, "end"]))


def test_ending_a_flow_undoes_what_it_did_and_says_so(db: None, staff: Client) -> None:
    world.build()
    stranger = Phone("+2348030001300")
    stranger.says("connect")
    stranger.says("ada@inspector.example")
    challenge = LinkChallenge.objects.get()
    assert challenge.state == "open"
    ends(staff)
    challenge.refresh_from_db()
    assert challenge.state != "open"
    told = stranger.answers()
    assert told.startswith("One of our people stopped what you were doing here. Nothing was changed by it.")
    assert "Connect" in told
    assert (talk().flow, talk().answers, talk().aside, talk().wish) == ("", {}, {}, {})
    # A code that comes now is that of nothing.
    assert "Connected" not in stranger.says("123456")


def test_ending_a_flow_puts_the_answers_away_and_brings_the_menu(ada: Phone, staff: Client) -> None:
    ada.says("PR-1042")
    ada.taps("Book")
    ada.says("saturday")
    ends(staff)
    assert "What would you like to do?" in ada.answers()
    assert ada.says("go on").startswith("There is nothing else to go on with.")


def test_beside_the_chat_stand_the_question_and_the_answers_so_far(ada: Phone, staff: Client) -> None:
    ada.says("PR-1042")
    ada.taps("Book")
    ada.says("saturday")
    before = Conversation.objects.values().get()
    news = staff.get(reverse("admin:conversation_news", args=[talk().pk])).json()
    assert "A seeker books an inspection." in news["facts"]
    assert "<dt>Day</dt>" in news["facts"]
    assert "Sat 28 Nov" in news["facts"]
    assert "Which time?" in news["facts"]
    assert Conversation.objects.values().get() == before


def test_no_address_and_no_code_stands_beside_the_chat(db: None, staff: Client) -> None:
    world.build()
    stranger = Phone("+2348030001300")
    stranger.says("connect")
    stranger.says("ada@inspector.example")
    facts = staff.get(reverse("admin:conversation_news", args=[talk().pk])).json()["facts"]
    assert "a•••@i•••.example" in facts
    assert "ada@" not in facts


def test_ending_it_again_or_where_nothing_is_says_nothing(ada: Phone, staff: Client) -> None:
    ada.says("PR-1042")
    ends(staff)
    assert ada.answers() != ""
    ends(staff)
    assert ada.answers() == ""


def test_in_a_chat_that_a_person_has_no_menu_comes_between(ada: Phone, staff: Client) -> None:
    ada.says("PR-1042")
    staff.post(reverse("admin:conversation_act", args=[talk().pk, "take"]))
    ends(staff)
    told = ada.answers()
    assert told == "One of our people stopped what you were doing here. Nothing was changed by it."
    assert ada.says("1") == ""


def test_nothing_is_said_where_nothing_can_be_said(ada: Phone, staff: Client) -> None:
    ada.says("PR-1042")
    clock.move(timedelta(hours=25))
    ends(staff)
    assert ada.answers() == ""
    assert talk().flow == ""


def test_a_draft_outlives_the_end_of_its_flow(staff: Client) -> None:
    world.build()
    bola = Phone(world.linked("bola@inspector.example"))
    bola.taps_id("v1|start|describe_property|", "Describe it")
    account = User.objects.get(email="bola@inspector.example")
    assert talk().flow == "describe_property"
    drafts.keep(account, "describe_property", {"title": "A flat"}, now=clock.now())
    ends(staff)
    assert "kept for a week" in bola.answers()
    assert Draft.objects.get().answers == {"title": "A flat"}


def test_a_flow_that_no_longer_exists_is_ended_too(ada: Phone, staff: Client) -> None:
    ada.says("hi")
    Conversation.objects.update(flow="juggling", answers={"balls": 3})
    ends(staff)
    assert "What would you like to do?" in ada.answers()
    assert talk().flow == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_at_once_one_has_it() -> None:
    world.build()
    ada = Phone(world.linked("ada@inspector.example"))
    ada.says("hi")
    both = [UserFactory(is_staff=True) for _ in range(2)]

    def answers(admin: User) -> str:
        try:
            handover.answer(talk(), words=f"I am {admin.pk}", admin=admin)
        except handover.Taken:
            return "refused"
        return "sent"

    assert sorted(at_once(*(partial(answers, admin) for admin in both))) == ["refused", "sent"]
    holder = talk().human_by
    assert holder in both
    assert ada.answers() == f"I am {holder.pk}"


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_from_two_places_at_once_is_one_message() -> None:
    world.build()
    ada = Phone(world.linked("ada@inspector.example"))
    ada.says("hi")
    admin = UserFactory(is_staff=True)
    sends = partial(handover.answer, talk(), words="Good morning", admin=admin, form="one")
    assert sorted(at_once(*[sends] * 4)) == [False, False, False, True]
    assert ada.answers() == "Good morning"


def test_a_promise_of_silence_books_nothing(ada: Phone) -> None:
    ada.says("PR-1042")
    ada.says("human")
    ada.says("yes")
    assert not Inspection.objects.exists()

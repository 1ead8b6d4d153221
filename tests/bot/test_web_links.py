"""The message that the website writes for somebody to send: heard anywhere, kept nowhere."""

from datetime import timedelta

import pytest

from bot import web_links
from bot.models import InboundEvent, WebhookBody
from bot.scripts import Person
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from linking import intents
from linking.models import LinkIntent
from tests.api.inspector import person
from tests.bot import world
from tests.bot.phone import Phone, deliver_mail
from tests.factories import SeekerFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = pytest.mark.django_db
ADA = "ada@inspector.example"


@pytest.fixture
def stranger() -> Phone:
    world.build()
    return Phone("+2348111110099")


def press(email: str = ADA) -> str:
    """Press *Connect WhatsApp* as this account; what the website writes into the chat."""
    account = User.objects.get(email=email)
    return intents.message(intents.begin(account=account, session="", now=clock.now()))


def kept(words: str) -> list[str]:
    """Where these words can still be read."""
    rows = [str(row) for row in InboundEvent.objects.values("text", "content", "prepared")]
    bodies = [bytes(body).decode() for body in WebhookBody.objects.values_list("body", flat=True)]
    return [row for row in (*rows, *bodies) if words.upper() in row.upper()]


@pytest.mark.parametrize("around", ["{}", "{} please", "see {}", "{} 123456"])
def test_the_token_is_not_kept_whatever_is_written_around_it(stranger: Phone, around: str) -> None:
    message = press()
    stranger.says(around.format(message))
    assert kept(message.removeprefix("LINK ")) == []
    assert InboundEvent.objects.get().text == "LINK [code]"


def test_the_token_is_not_kept_of_a_linked_person_nor_of_an_edited_message(stranger: Phone) -> None:
    message = press()
    ada = Phone(world.linked(ADA))
    ada.says(message)
    edited = {"type": "edit", "edit": {"original_message_id": "wamid.1", "message": {"type": "text"}}}
    edited["edit"]["message"]["text"] = {"body": message}  # type: ignore[index]
    ada.sends(edited)
    assert kept(message.removeprefix("LINK ")) == []


def test_a_message_that_meta_posts_twice_is_not_kept_either_time(stranger: Phone) -> None:
    message = press()
    said = stranger.webhook({"type": "text", "text": {"body": message}})
    stranger.posts(said)
    stranger.answers()
    stranger.posts(said + b" ")  # other bytes, the same event
    stranger.answers()
    assert kept(message.removeprefix("LINK ")) == []
    assert LinkIntent.objects.get().state == "claimed"


@pytest.mark.usefixtures("inspectors_keys")
def test_pressed_on_the_website_sent_from_the_chat_confirmed_on_the_website(stranger: Phone) -> None:
    ada = User.objects.get(email=ADA)
    website = person(ada, sid="tab-1")
    begun = website.post("/api/v1/links/intents", headers={"Idempotency-Key": "1"}).json()
    address = f"/api/v1/links/intents/{begun['id']}"
    assert stranger.says(begun["text"]).startswith("Almost done. Go back to the website page you came from")
    assert website.get(address).json()["whatsapp"]["number_ending"] == "0099"
    assert "connect this chat" in stranger.says("menu")  # nothing yet
    assert website.post(f"{address}/confirm").json()["state"] == "confirmed"
    assert OutboxMessage.objects.filter(contact=stranger.contact, kind="link_made").count() == 1
    assert "My inspections" in stranger.says("menu")
    assert [letter.subject for letter in deliver_mail()] == ["WhatsApp connected to your account"]
    link = website.get("/api/v1/links").json()["results"][0]
    assert website.delete(f"/api/v1/links/{link['id']}").status_code == 204
    assert "connect this chat" in stranger.says("menu")


def test_somebody_elses_link_sent_to_a_victim_changes_nothing_of_the_victims(stranger: Phone) -> None:
    mallory = SeekerFactory(email="mallory@example.com")
    ada = Phone(world.linked(ADA))
    assert "nobody is connected yet" in ada.says(press(mallory.email))
    assert Link.objects.get().account.email == ADA
    assert ada.says("menu").startswith("What would you like to do?")
    intent = intents.find(account=mallory, session="", public_id=LinkIntent.objects.get().public_id)
    assert intent.contact is not None
    assert intent.contact.phone == ada.phone  # which Mallory is shown the end of, and may not take for theirs


def test_a_phone_that_hides_its_number_is_told_what_the_website_will_show(stranger: Phone) -> None:
    stranger.says("hello")
    Contact.objects.update(phone=None, user_id="NG.1", username="ann")
    contact = Contact.objects.get()
    ann = Person(contact, None, clock.now())

    def heard() -> str:
        return web_links.hear(press().removeprefix("LINK "), ann).put(ann.reader)

    assert "confirm the WhatsApp account @ann" in heard()
    contact.username = ""
    assert "confirm that this was you" in heard()


def test_six_digits_in_a_token_are_no_try_at_the_code_that_is_awaited(stranger: Phone) -> None:
    stranger.says("connect")
    stranger.says(ADA)
    assert "expired or was already used" in stranger.says("LINK AB123456CDEFGHJK")
    challenge = stranger.contact.challenges.get()
    assert challenge.attempts == 0


def test_after_a_pause_on_a_shared_phone_it_is_asked_who_is_talking_all_the_same(stranger: Phone) -> None:
    ada = Phone(world.linked(ADA))
    emeka = SeekerFactory(email="emeka@inspector.example", name="Emeka Obi")
    Link.objects.create(contact=ada.contact, account=emeka, current=False, made_at=world.NOW)
    ada.says("PR-1042")
    ada.taps("Book")
    clock.move(timedelta(hours=4))
    SeekerFactory(email="ngozi@inspector.example")
    said = ada.says(press("ngozi@inspector.example"))
    assert said.startswith("Almost done.")
    assert "Who is talking?" in said
    assert "Which day?" not in said


def test_a_message_that_came_too_late_is_over(stranger: Phone) -> None:
    message = press()
    body = stranger.webhook({"type": "text", "text": {"body": message}})
    clock.move(timedelta(minutes=11))
    stranger.posts(body)
    assert "expired or was already used" in stranger.answers()

"""One phone, several accounts: one speaks at a time, and nothing of the other is shown."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Contact, Inspection, Link, Slot, User
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import SeekerFactory


@pytest.fixture
def phone(db: None) -> Phone:
    """Ada's phone, on which Ada speaks and Emeka may."""
    world.build()
    ada = Phone(world.linked("ada@inspector.example"))
    emeka = SeekerFactory(email="emeka@inspector.example", name="Emeka Obi")
    contact = Contact.objects.get(phone=ada.phone)
    Link.objects.create(contact=contact, account=emeka, current=False, made_at=world.NOW)
    return ada


def booked(email: str) -> Inspection:
    return inspections.book(
        seeker=User.objects.get(email=email), slot=Slot.objects.order_by("pk")[0], origin=Origin.API
    )


def test_the_menu_says_as_whom_they_are_here(phone: Phone) -> None:
    assert phone.says("hi").startswith("You are here as *Ada Obi*. What would you like to do?")


def test_switch_changes_who_speaks_and_ends_what_the_other_was_at(phone: Phone) -> None:
    phone.says("PR-1042")
    phone.taps("Book")
    phone.says("switch")
    assert "You are now here as Emeka Obi" in phone.taps("Emeka Obi")
    assert phone.says("go on").startswith("There is nothing else to go on with.")


def test_after_a_pause_it_is_asked_who_is_talking_and_then_what_they_said_is_heard(phone: Phone) -> None:
    phone.says("hi")
    booked("emeka@inspector.example")
    clock.move(timedelta(hours=4))
    asked = phone.says("my inspections")
    assert asked.startswith("Who is talking?")
    assert "IN-3107" not in asked
    assert "Fri 27 Nov, 10:00 am" in phone.taps("Emeka Obi")


def test_a_button_about_the_others_inspection_finds_nothing(phone: Phone) -> None:
    inspection = booked("emeka@inspector.example")
    answer = phone.taps_id(f"v1|start|cancel|{inspection.ref}.1")
    assert "can't find that inspection" in answer
    inspection.refresh_from_db()
    assert inspection.state == "confirmed"


def test_a_code_typed_after_a_pause_is_not_kept_as_what_they_said(phone: Phone) -> None:
    phone.says("hi")
    clock.move(timedelta(hours=4))
    phone.says("123456")
    assert phone.contact.conversation.wish == {}


def test_whoever_unlinks_leaves_nothing_of_their_flow_to_the_other(phone: Phone) -> None:
    phone.says("PR-1042")
    phone.taps("Book")
    Link.objects.filter(account__email="ada@inspector.example").update(current=False, state="suspended")
    Link.objects.filter(account__email="emeka@inspector.example").update(current=True)
    assert "Which time" not in phone.says("saturday")

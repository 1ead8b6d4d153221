"""Voice notes: written down by a service, read back, and taken as typed once they were heard right."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from bot import handover
from bot.models import Conversation, InboundEvent
from inspector_whatsapp import clock
from inspector_whatsapp.models import Incident, Inspection, User
from tests.admin.conftest import log_in
from tests.bot import aloud, world
from tests.bot.aloud import Transcriber, hears
from tests.bot.phone import Phone
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

UNHEARD = "I can't listen to voice notes"


@pytest.fixture
def ada() -> Phone:
    world.build()
    return Phone(world.linked("ada@inspector.example"))


@pytest.fixture
def service() -> Iterator[Transcriber]:
    with aloud.listening() as server:
        yield server


def test_without_a_service_nobody_listens(ada: Phone) -> None:
    assert UNHEARD in aloud.send(ada)


def test_a_note_is_read_back_and_does_nothing_until_it_was_heard_right(
    ada: Phone, service: Transcriber
) -> None:
    service.answer = hears("  PR-1042,\n please. ")
    assert aloud.send(ada, b"OggS 1") == ("I heard: “PR-1042, please.”\nIs that right?\n\n1. Yes\n2. No")
    form = service.asked[0]
    assert form["file"] == b"OggS 1"
    assert (form["model"], form["response_format"]) == (b"whisper-1", b"json")
    assert service.keys == ["Bearer a-key"]
    assert "PR-1042" in ada.taps("Yes")
    assert len(service.asked) == 1
    assert "What would you like to do?" in ada.says("menu")


def test_a_no_asks_for_it_again_and_nothing_has_happened(ada: Phone, service: Transcriber) -> None:
    service.answer = hears("cancel my inspection")
    aloud.send(ada)
    answer = ada.says("no")
    assert "Please say it again, or type it." in answer
    assert "What would you like to do?" in answer
    service.answer = hears("my inspections")
    aloud.send(ada)
    assert "no inspections coming up" in ada.says("yes please")


def test_in_the_middle_of_a_question_it_is_the_answer(ada: Phone, service: Transcriber) -> None:
    asked = ada.says("report a problem PR-1042")
    assert "What is wrong?" in asked
    service.answer = hears("something else")
    aloud.send(ada)
    assert "Tell us what happened" in ada.taps("Yes")
    service.answer = hears("There was nobody at the gate and no one picked up.")
    aloud.send(ada)
    assert "“There was nobody at the gate and no one picked up.”" in ada.says("yes")


def test_what_is_typed_instead_of_yes_or_no_answers_the_question_before(
    ada: Phone, service: Transcriber
) -> None:
    ada.says("report a problem PR-1042")
    service.answer = hears("nobody came")
    aloud.send(ada)
    assert "Tell us what happened" in ada.says("something else")


def test_a_yes_to_an_older_note_does_nothing(ada: Phone, service: Transcriber) -> None:
    service.answer = hears("cancel my inspection")
    aloud.send(ada)
    first = ada.button("Yes")
    service.answer = hears("my inspections")
    aloud.send(ada)
    assert "That question is over." in ada.taps_id(first)
    assert "no inspections coming up" in ada.taps("Yes")


def test_a_booking_is_made_by_a_yes_to_its_own_question_and_never_by_one_that_was_said_aloud(
    ada: Phone, service: Transcriber
) -> None:
    for words, shown in (("book PR-1042", "Which day?"), ("28 nov", "Which time?"), ("1", "Book this")):
        service.answer = hears(words)
        assert "I heard" in aloud.send(ada)
        assert shown in ada.taps("Yes")
    assert not Inspection.objects.exists(), "it was heard right: that books nothing"
    service.answer = hears("yes")
    assert "I heard: “yes”" in aloud.send(ada)
    assert "Book this" in ada.taps("Yes")
    assert not Inspection.objects.exists(), "it is asked anew"
    ada.taps("Yes, book it")
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (200, b'{"text": ""}', "could not make out any words"),
        (200, b'{"text": "  \\n "}', "could not make out any words"),
        (200, b'{"text": "%s"}' % (b"and so on " * 60), "too long for me"),
        (200, b'{"text": "my code is 482 913"}', "never say a code aloud"),
        (200, b'{"text": 7}', UNHEARD),
        (200, b"<html>", UNHEARD),
        (200, b"{}" * 40_000, UNHEARD),
        (302, b"", UNHEARD),
        (401, b"a-key is wrong", UNHEARD),
        (429, b"", UNHEARD),
        (500, b"", UNHEARD),
    ],
)
def test_what_cannot_be_used_is_said_in_words(
    ada: Phone, service: Transcriber, status: int, answer: bytes, said: str
) -> None:
    service.answer = lambda: (status, answer)
    assert said in aloud.send(ada)
    assert len(service.asked) == 1
    assert "482" not in str(list(Conversation.objects.values()))
    assert "482" not in str(list(InboundEvent.objects.values_list("prepared", flat=True)))


def test_admins_hear_of_a_service_that_refuses_until_it_takes_one(ada: Phone, service: Transcriber) -> None:
    def is_open() -> bool:
        return Incident.objects.filter(kind="transcription_fails", closed_at=None).exists()

    service.answer = lambda: (503, b"")
    aloud.send(ada)
    assert not is_open(), "it may be there again by itself"
    service.answer = lambda: (401, b"")
    aloud.send(ada)
    assert is_open()
    service.answer = hears("menu")
    aloud.send(ada)
    assert not is_open()


def test_a_service_that_is_not_there_is_no_failure_of_the_turn(ada: Phone) -> None:
    with aloud.listening() as gone:
        pass
    with override_settings(TRANSCRIPTION_URL=gone.url):
        assert UNHEARD in aloud.send(ada)


def test_a_long_note_leaves_nobody(ada: Phone, service: Transcriber) -> None:
    assert "too long for me" in aloud.send(ada, b"x" * (1024 * 1024 + 1))
    assert not service.asked


def test_markup_and_turned_letters_are_words(ada: Phone, service: Transcriber) -> None:
    service.answer = hears("*menu* \u202e_x_ <b>")
    assert "\u202e" not in aloud.send(ada)


def test_so_many_a_day_are_listened_to(ada: Phone, service: Transcriber) -> None:
    aloud.send(ada)
    note = InboundEvent.objects.latest("pk")
    for number in range(29):
        note.pk, note.key = None, f"message:more{number}"
        note.save(force_insert=True)
    assert "as many voice notes as I can listen to" in aloud.send(ada)
    assert len(service.asked) == 1
    clock.move(timedelta(days=1, minutes=1))
    assert "could not make out" in aloud.send(ada)


def test_where_a_code_may_be_said_nobody_listens(service: Transcriber) -> None:
    world.build()
    stranger = Phone("+2348099990001")
    stranger.says("connect")
    assert UNHEARD in aloud.send(stranger)
    assert not service.asked


def test_nor_while_a_person_of_ours_answers(ada: Phone, service: Transcriber, staff_user: User) -> None:
    talk = Conversation.objects.get_or_create(contact=ada.contact)[0]
    handover.take_over(talk, admin=staff_user)
    assert aloud.send(ada) == ""
    assert not service.asked


@pytest.fixture
def staff_user() -> User:
    return UserFactory(email="root@example.com", is_staff=True, is_superuser=True)


def test_the_console_shows_what_was_heard(ada: Phone, service: Transcriber, staff_user: User) -> None:
    service.answer = hears("two bedroom <i>flat</i> in Yaba")
    aloud.send(ada)
    talk = Conversation.objects.get(contact=ada.contact)
    page = log_in(Client(), staff_user).get(f"/admin/bot/conversation/{talk.pk}/change/").content.decode()
    assert "two bedroom &lt;i&gt;flat&lt;/i&gt; in Yaba" in page

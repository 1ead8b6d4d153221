"""A conversation's page: both sides, in order, with nothing hidden."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from bot.admin.chat import transcript
from bot.models import Conversation, InboundEvent
from inspector_whatsapp.marks import visible
from inspector_whatsapp.models import OutboxMessage, User
from tests.admin.conftest import address
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def talk() -> Conversation:
    return Conversation.objects.create(contact=ContactFactory(phone="+2348030000001"))


def heard(talk: Conversation, text: str, second: int, **more: Any) -> InboundEvent:
    at = START + timedelta(seconds=second)
    values = {"kind": "message", "said_at": at, "received_at": at, "state": "done", "text": text}
    values |= {"content": {"is": "MessageReceived", "content": {"is": "TextSaid", "body": text}}}
    return InboundEvent.objects.create(
        key=f"{talk.pk}:{second}", contact=talk.contact, conversation=talk, **values | more
    )


def told(talk: Conversation, text: str, second: int, **more: Any) -> OutboxMessage:
    at = START + timedelta(seconds=second)
    values = {"kind": "reply", "channel": "whatsapp", "status": "read", "lane": "x", "text": text}
    return OutboxMessage.objects.create(contact=talk.contact, created_at=at, not_before=at, **values | more)


def page(client: Client, talk: Conversation, **query: str) -> str:
    answer = client.get(address(talk, "change"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def in_order(shown: str, *words: str) -> bool:
    places = [shown.index(word) for word in words]
    return places == sorted(places)


def test_both_sides_stand_in_the_order_in_which_they_were_said(talk: Conversation, staff: Client) -> None:
    told(talk, "Which property?", 1)
    heard(talk, "good morning", 0)
    told(talk, "When?", 3, status="delivered")
    heard(talk, "the duplex", 2)
    shown = page(staff, talk)
    assert in_order(shown, "good morning", "Which property?", "the duplex", "When?")
    assert shown.count("bubble theirs") == shown.count("bubble ours") == 2


def test_what_came_and_what_left_in_one_moment_stand_as_question_and_answer(talk: Conversation) -> None:
    told(talk, "answer", 0)
    heard(talk, "question", 0)
    assert [entry.ours for entry in transcript.of(talk).entries] == [False, True]


def test_each_message_says_what_became_of_it(talk: Conversation, staff: Client) -> None:
    told(talk, "a", 1, status="read")
    told(talk, "b", 2, status="failed", error_code=131026, reason="<b>No WhatsApp there</b>")
    told(talk, "", 3, status="pending", kind="inspection_booked")
    heard(talk, "", 4, state="quarantined", error="it broke")
    shown = page(staff, talk)
    assert in_order(shown, "✓✓", "failed, error 131026", "no words yet", "inspection_booked", "quarantined")
    assert "&lt;b&gt;No WhatsApp there" in shown
    assert "it broke" in shown


def test_times_are_those_of_lagos(talk: Conversation, staff: Client) -> None:
    heard(talk, "hello", 5)
    shown = page(staff, talk)
    assert "10:00:05" in shown
    assert "Wednesday 25 November 2026" in shown
    assert "Africa/Lagos" in shown


def test_a_message_that_came_late_says_when_it_was_written(talk: Conversation, staff: Client) -> None:
    heard(talk, "hello", 3600, said_at=START)
    shown = page(staff, talk)
    assert "11:00:00" in shown
    assert "written 25 Nov 10:00:00" in shown


def test_hidden_marks_are_seen_and_turn_nothing_around(talk: Conversation, staff: Client) -> None:
    heard(talk, "pay \u202eaadA\u2066 <script>alert(1)</script>\u200b\x07", 0)
    shown = page(staff, talk)
    for number in ("U+202E", "U+2066", "U+200B", "U+0007"):
        assert number in shown
    for mark in "\u202e\u2066\u200b\x07":
        assert mark not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert '<bdi class="words">pay ' in shown


@pytest.mark.parametrize("text", ["Ẹ kú àárọ̀ ₦2.5m", "مرحبا", "👩\u200d👧 family", "two\nlines", "❤️ 🇳🇬"])
def test_ordinary_words_are_left_as_they_are(text: str) -> None:
    assert visible(text) == f'<bdi class="words">{text}</bdi>'


def test_longer_talks_come_a_page_at_a_time_and_nothing_is_left_out(talk: Conversation) -> None:
    for second in range(130):
        heard(talk, f"in {second}", second)
        told(talk, f"out {second}", second)
    found: list[str | None] = []
    until: datetime | None = None
    while True:
        part = transcript.of(talk, until=until)
        found = [*(entry.text for entry in part.entries), *found]
        until = part.earlier
        if until is None:
            break
    expected = [f"{side} {second}" for second in range(130) for side in ("in", "out")]
    assert found == [visible(text) for text in expected]


def test_the_page_leads_to_earlier_messages(talk: Conversation, staff: Client) -> None:
    for second in range(120):
        heard(talk, f"word {second}.", second)
    shown = page(staff, talk)
    assert "word 119." in shown
    assert "word 0." not in shown
    edge = transcript.of(talk).earlier
    assert edge is not None
    earlier = page(staff, talk, until=edge.isoformat())
    assert "word 0." in earlier
    assert "word 119." in page(staff, talk, until="nonsense")
    assert "word 119." in page(staff, talk, until="2026-13-45T00:00:00Z")


def test_somebody_elses_messages_and_letters_are_not_in_it(talk: Conversation, staff: Client) -> None:
    other = Conversation.objects.create(contact=ContactFactory())
    heard(other, "their secret", 0)
    told(talk, "a letter", 1, channel="email")
    shown = page(staff, talk)
    assert "their secret" not in shown
    assert "a letter" not in shown
    assert "Nothing was said yet." in shown


def test_its_right_is_that_of_the_conversation(talk: Conversation, visitor: Client, helper: User) -> None:
    heard(talk, "private words", 0)
    refused = visitor.get(address(talk, "change"))
    assert refused.status_code == 403
    assert "private words" not in refused.content.decode()
    helper.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    assert "private words" in page(visitor, talk)


def test_a_conversation_is_found_by_its_whole_number_only(talk: Conversation, staff: Client) -> None:
    row = f"/admin/bot/conversation/{talk.pk}/change/"
    for typed, found in (("+2348030000001", True), ("803", False)):
        assert (row in staff.get(address(Conversation), {"q": typed}).content.decode()) is found

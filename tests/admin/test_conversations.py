"""The list of conversations: found by anything, narrowed by where they stand, drawn with few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bot.models import Conversation, InboundEvent
from inspector_whatsapp import clock
from inspector_whatsapp.admin.paging import Capped
from inspector_whatsapp.admin.sought import sought
from inspector_whatsapp.models import Contact, OutboxMessage, Role, User
from tests.admin.conftest import EVIL, address
from tests.factories import ContactFactory, InspectionFactory, InspectorFactory, LinkFactory, SeekerFactory

pytestmark = pytest.mark.django_db


def chat(name: str = "Somebody", *, account: User | None = None, **fields: Any) -> Conversation:
    about = {key: fields.pop(key) for key in ("phone", "last_inbound_at") if key in fields}
    contact = ContactFactory(profile_name=name, **about)
    if account is not None:
        LinkFactory(contact=contact, account=account)
    return Conversation.objects.create(contact=contact, turned_at=clock.now(), **fields)


def heard(talk: Conversation, text: str) -> InboundEvent:
    return InboundEvent.objects.create(
        key=f"{talk.pk}:{text[:40]}",
        kind="message",
        contact=talk.contact,
        conversation=talk,
        content={"is": "MessageReceived", "content": {"is": "TextSaid", "body": text}},
        text=text,
        said_at=clock.now(),
        received_at=clock.now(),
        state="done",
    )


def told(contact: Contact, text: str, **more: Any) -> OutboxMessage:
    values = {"kind": "reply", "channel": "whatsapp", "status": "read", "lane": "x", "text": text} | more
    return OutboxMessage.objects.create(
        contact=contact, created_at=clock.now(), not_before=clock.now(), **values
    )


def listed(client: Client, **query: str) -> set[int]:
    answer = client.get(address(Conversation), query)
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].result_list}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("+234 803 000 0001", {"phone": "+2348030000001", "ending": "2348030000001"}),
        ("0803 000 0001", {"phone": "+2348030000001", "ending": "08030000001"}),
        ("•••0001", {"ending": "0001"}),
        ("...0001", {"ending": "0001"}),
        ("0001", {"ending": "0001"}),
        ("000", {}),
        ("Ada@Example.com", {"email": "ada@example.com"}),
        ("in 3107", {"ref": "IN-3107"}),
        ("pr-1042", {"ref": "PR-1042"}),
        ("Ada\0  Obi ", {}),
    ],
)
def test_what_is_typed_is_read_in_every_way_it_may_be_meant(typed: str, read: dict[str, str]) -> None:
    what = sought(typed)
    given = {"phone": what.phone, "ending": what.ending, "email": what.email, "ref": what.ref}
    assert {key: value for key, value in given.items() if value} == read
    assert "\0" not in what.words


def test_somebody_is_found_by_name_number_and_address(staff: Client) -> None:
    ada = SeekerFactory(name="Ada Obi", email="ada@example.com", phone="+2348039999999")
    here = chat("Sunshine", account=ada, phone="+2348030000001")
    chat("Moon", phone="+2348030000002")
    for typed in (
        *("ada", "Obi", "ada obi", "obi ada", "sunsh"),
        *("ada@example.com", "ADA@EX", "+2348030000001", "0803 000 0001", "•••0001", "000001"),
        "9999",  # the account's number
    ):
        assert listed(staff, q=typed) == {here.pk}, typed
    for typed in ("adam", "5555", "bola@example.com", "%", "_d_", "'"):
        assert listed(staff, q=typed) == set(), typed


def test_a_chat_is_found_by_the_words_of_either_side(staff: Client) -> None:
    one, other = chat(), chat()
    heard(one, "The generator is too loud, abeg")
    told(other.contact, "Your inspection IN-3107 of PR-1042 is tomorrow")
    assert listed(staff, q="generator loud") == {one.pk}
    assert listed(staff, q="genera") == {one.pk}
    assert listed(staff, q="GENERATOR") == {one.pk}
    assert listed(staff, q="quiet generator") == set()
    assert listed(staff, q="inspection tomorrow") == {other.pk}
    assert listed(staff, q="!!! & | <->") == set()


def test_a_ref_finds_those_who_booked_it_and_those_who_were_told_of_it(staff: Client) -> None:
    inspection = InspectionFactory()
    seeker = chat(account=inspection.seeker)
    inspector = chat(account=inspection.inspector)
    reader, asker = chat(), chat()
    told(reader.contact, f"New: {inspection.property.ref} in Lekki")
    heard(asker, f"what of {inspection.ref.lower()}?")
    chat()
    assert listed(staff, q=inspection.ref) == {seeker.pk, inspector.pk, asker.pk}
    assert listed(staff, q=inspection.property.ref) == {seeker.pk, inspector.pk, reader.pk}


def test_the_list_is_narrowed_by_where_a_chat_stands(staff: Client, root: User) -> None:
    now = clock.now()
    later, long_ago = now + timedelta(hours=1), now - timedelta(days=3)
    mine = chat(human_until=later, human_since=now, human_by=root)
    wanted = chat(human_until=later, human_since=now, pending_since=now)
    inspector = chat(account=InspectorFactory(), flow="agenda")
    soon = chat(last_inbound_at=now - timedelta(hours=23))
    shut = chat(last_inbound_at=long_ago, human_until=long_ago, human_since=long_ago, human_by=root)
    everything = {mine.pk, wanted.pk, inspector.pk, soon.pk, shut.pk}
    for query, found in (
        ({"person": "yes"}, {mine.pk, wanted.pk}),
        ({"person": "wanted"}, {wanted.pk}),
        ({"person": "mine"}, {mine.pk}),
        ({"person": "no"}, everything - {mine.pk, wanted.pk}),
        ({"pending": "yes"}, {wanted.pk}),
        ({"pending": "no"}, everything - {wanted.pk}),
        ({"flow": "agenda"}, {inspector.pk}),
        ({"flow": "-"}, everything - {inspector.pk}),
        ({"role": Role.INSPECTOR}, {inspector.pk}),
        ({"role": Role.SEEKER}, set()),
        ({"linked": "yes"}, {inspector.pk}),
        ({"linked": "no"}, everything - {inspector.pk}),
        ({"window": "soon"}, {soon.pk}),
        ({"window": "open"}, everything - {shut.pk}),
        ({"window": "closed"}, {shut.pk}),
    ):
        assert listed(staff, **query) == found, query


def test_a_row_says_who_it_is_what_was_said_last_and_who_answers(staff: Client, root: User) -> None:
    now = clock.now()
    talk = chat(
        account=SeekerFactory(name="Ada Obi"),
        phone="+2348030000001",
        last_inbound_at=now - timedelta(minutes=10),
        flow="book_inspection",
        human_until=now + timedelta(hours=1),
        human_by=root,
    )
    heard(talk, "x" * 5_000)
    told(talk.contact, "Which day? " + EVIL)
    shown = staff.get(address(Conversation)).content.decode()
    table = shown.partition('id="result_list"')[2].partition("</table>")[0]
    for words in (
        "Ada Obi",
        "Seeker",
        "•••0001",
        "Which day?",
        "A seeker books an inspection",
        "Root",
        "23 h",
    ):
        assert words in table, words
    assert "xxxx" not in table
    assert "\u202e" not in table
    assert "<script>alert" not in table


def test_the_newest_come_first(staff: Client) -> None:
    now = clock.now()
    old, never, new = chat(), chat(), chat()
    for talk, at in ((old, now - timedelta(days=1)), (never, None), (new, now)):
        Conversation.objects.filter(pk=talk.pk).update(turned_at=at)
    rows = staff.get(address(Conversation)).context["cl"].result_list
    assert [row.pk for row in rows] == [new.pk, old.pk, never.pk]


def test_a_full_page_and_a_search_ask_no_more_than_a_short_one(staff: Client) -> None:
    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            listed(staff, **query)
        return len(asked)

    for number in range(3):
        heard(chat(f"Grace {number}", account=SeekerFactory()), "hello there")
    queries()
    few, searching = queries(), queries(q="hello")
    for number in range(60):
        talk = chat(f"Grace {number}", account=SeekerFactory())
        heard(talk, "hello there")
        told(talk.contact, "hello")
    assert queries() <= few <= 12
    assert queries(q="hello") <= searching <= few + 9


def test_a_very_long_list_is_not_counted_to_its_end() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Capped(Contact.objects.order_by("pk"), 50).count == Contact.objects.count()
    assert "LIMIT 10000" in asked[0]["sql"]


def test_searching_needs_the_right(visitor: Client) -> None:
    chat("Sunshine")
    assert visitor.get(address(Conversation), {"q": "sunshine"}).status_code == 403

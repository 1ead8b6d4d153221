"""Who leaves first: answers before what is ordinary, and that before what is many at once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from inspector_whatsapp import outbox
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority, Status
from inspector_whatsapp.outbox import claiming, sending
from inspector_whatsapp.outbox.claiming import Room
from tests.at_once import at_once
from tests.factories import ContactFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta, until

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

MANY = 100_000


def many(count: int) -> None:
    """So many offers that are due, to as many people."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inspector_whatsapp_outboxmessage
                (kind, channel, lane, category, priority, arguments, text, status, reason, story, created_at,
                 not_before, attempts, put_off, if_uncertain, price_category, counted)
            SELECT 'reply', 'whatsapp', 'whatsapp:many:' || n, 'marketing', 2, '{}', '', 'pending', '', '[]',
                   clock_now(), clock_now() - interval '1 minute', 0, 0, 'resend', '', false
            FROM generate_series(1, %s) n
            """,
            [count],
        )
        cursor.execute("ANALYZE inspector_whatsapp_outboxmessage")


def test_answers_leave_before_the_rest_however_long_that_has_waited(meta: Meta) -> None:
    person = {name: scenes.listener(meta) for name in ("bulk", "soon", "now")}
    scenes.reply(person["bulk"], "bulk", priority=Priority.BULK)
    scenes.reply(person["soon"], "soon", priority=Priority.SOON)
    scenes.passes(minutes=1)
    scenes.reply(person["now"], "now", priority=Priority.NOW)
    for wanted in ("now", "soon", "bulk"):
        (claimed,) = scenes.claimed(1)
        assert claimed.text == wanted


def test_an_answer_overtakes_what_is_many_at_once_on_its_way_to_the_same_person(meta: Meta) -> None:
    contact = scenes.listener(meta)
    scenes.reply(contact, "an offer", priority=Priority.BULK)
    scenes.reply(contact, "first", priority=Priority.NOW)
    scenes.reply(contact, "second", priority=Priority.NOW)
    outbox.drain()
    assert meta.texts(contact) == ["first", "second", "an offer"]


def test_while_an_answer_is_on_its_way_nothing_else_goes_to_that_person() -> None:
    contact = ContactFactory()
    scenes.reply(contact, "an offer", priority=Priority.BULK)
    answer = scenes.reply(contact, "an answer", priority=Priority.NOW)
    assert [message.pk for message in scenes.claimed()] == [answer.pk]
    assert scenes.claimed() == []


def test_what_is_many_at_once_leaves_places_free(settings: Settings) -> None:
    settings.WHATSAPP_MESSAGES_PER_SECOND = 16
    for contact in ContactFactory.create_batch(20):
        scenes.reply(contact, priority=Priority.BULK)
    room = sending._room("whatsapp", sending._Way(), {})
    assert len(claiming.claim([room])) == room.bulk < room.most


def test_one_channel_takes_no_places_of_another() -> None:
    for contact in ContactFactory.create_batch(20):
        scenes.reply(contact)
    rooms = [Room("email", most=16, bulk=12), Room("whatsapp", most=4, bulk=4)]
    assert [message.channel for message in claiming.claim(rooms)] == ["whatsapp"] * 4


def claims(rooms: list[Room]) -> "list[dict[str, Any]]":
    """How PostgreSQL went about a claim, step by step."""
    with connection.cursor() as cursor:
        places: Any = [
            [room.channel for room in rooms],
            [room.most for room in rooms],
            [room.bulk for room in rooms],
            [room.in_order for room in rooms],
        ]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {claiming._CLAIM}", places)
        ((said,),) = cursor.fetchall()
    plan = json.loads(said) if isinstance(said, str) else said
    return list(steps(plan[0]["Plan"]))


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from steps(inner)


def most_rows(claim: list[dict[str, Any]]) -> float:
    return float(max(step["Actual Rows"] * step["Actual Loops"] for step in claim))


def test_an_answer_is_claimed_by_an_index_although_a_hundred_thousand_others_wait() -> None:
    many(MANY)
    answer = scenes.reply(ContactFactory())
    claim = claims([Room("whatsapp", most=1, bulk=1)])
    read = [step for step in claim if step.get("Relation Name") == "inspector_whatsapp_outboxmessage"]
    assert {step["Node Type"] for step in read} <= {"Index Scan", "Index Only Scan", "ModifyTable"}
    assert "outbox_next" in {step.get("Index Name") for step in read}
    assert most_rows(claim) < 50
    answer.refresh_from_db()
    assert answer.status == Status.SENDING


def test_what_waits_for_a_channel_that_is_shut_costs_the_others_nothing() -> None:
    many(20_000)
    OutboxMessage.objects.filter(lane__startswith="whatsapp:many:").update(priority=Priority.NOW)
    letter = scenes.letter()
    claim = claims([Room("whatsapp", most=0, bulk=0), Room("email", most=5, bulk=5)])
    assert most_rows(claim) < 50
    letter.refresh_from_db()
    assert letter.status == Status.SENDING


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_no_second_while_a_thousand_offers_are_leaving(
    meta: Meta, settings: Settings
) -> None:
    """By how many offers were taken between: no test depends on the speed of a machine."""
    settings.WHATSAPP_MESSAGES_PER_SECOND = 40
    people = ContactFactory.create_batch(60)
    asking = ContactFactory()
    meta.hears(*people, asking)
    for person in people:
        scenes.reply(person, "an offer", priority=Priority.BULK)
    taken_before: list[int] = []

    def asks() -> None:
        until(lambda: len(meta.requests()) >= 10)
        scenes.reply(asking, "an answer")
        taken_before.append(len(meta.requests()))

    at_once(outbox.drain, asks)
    outbox.drain()
    order = [request["body"]["text"]["body"] for request in meta.requests()]
    assert order.count("an offer") == 60
    # 0.3 s ahead are twelve offers; what was on its way, and the look for more every 0.1 s, come on top.
    assert order.index("an answer") - taken_before[0] <= 40

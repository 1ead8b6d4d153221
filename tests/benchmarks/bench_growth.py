"""What an operation costs with ten thousand, a hundred thousand and a million of everything.

People, conversations, messages, answers and inspections are each there so many times. Beside every operation
the least turn that the ORM can make is timed in the same rounds: it grows with nothing, so what it takes
longer at one size than at another is the machine's doing, and is divided out.
"""

import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import pytest
from django.db import connection

from bot import conversation, inbox
from bot.models import Conversation
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox.claiming import Room, claim
from tests.benchmarks import people
from tests.benchmarks.people import Seeker
from tests.benchmarks.worker import least
from tests.factories import AgentFactory

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS, PEOPLE = 7, 20

# From one number up to another, so that a database grows from size to size.
_GROW = """
INSERT INTO inspector_whatsapp_user (password, is_superuser, version, email, name, role, phone, time_zone,
    language, is_staff, is_active, joined_at)
SELECT '', false, 0, 'grown' || n || '@bench.example', 'Person ' || n, 'seeker', '', 'Africa/Lagos', 'en',
    false, true, now()
FROM generate_series(%(from)s, %(to)s) n;

INSERT INTO inspector_whatsapp_contact (phone, username, profile_name, language, time_zone, low_data,
    created_at, blocked_reason)
SELECT '+23470' || lpad(n::text, 8, '0'), '', 'Person ' || n, '', '', false, now(), ''
FROM generate_series(%(from)s, %(to)s) n;

INSERT INTO inspector_whatsapp_link (contact_id, account_id, state, current, proof, made_at, ended_why)
SELECT contact.id, account.id, 'active', true, '{"how": "web"}', now(), ''
FROM generate_series(%(from)s, %(to)s) n
JOIN inspector_whatsapp_contact contact ON contact.phone = '+23470' || lpad(n::text, 8, '0')
JOIN inspector_whatsapp_user account ON account.email = 'grown' || n || '@bench.example';

INSERT INTO bot_conversation (contact_id, flow, argument, answers, shown, aside, wish, understood, turns,
    minute_count, settling, slow)
SELECT contact.id, '', '', '{}', '{}', '{}', '{}', '{}', 1, 0, '', false
FROM generate_series(%(from)s, %(to)s) n
JOIN inspector_whatsapp_contact contact ON contact.phone = '+23470' || lpad(n::text, 8, '0');

INSERT INTO bot_inboundevent (key, kind, contact_id, conversation_id, content, text, provider_id, said_at,
    received_at, state, attempts, prepared, error)
SELECT 'message:grown' || n, 'message', contact.id, talk.id, '{"is": "MessageReceived"}', 'hello',
    'wamid.grown' || n, now() - interval '1 minute' * (n %% 40000),
    now() - interval '1 minute' * (n %% 40000),
    'done', 1, '{}', ''
FROM generate_series(%(from)s, %(to)s) n
JOIN inspector_whatsapp_contact contact ON contact.phone = '+23470' || lpad(n::text, 8, '0')
JOIN bot_conversation talk ON talk.contact_id = contact.id;

INSERT INTO inspector_whatsapp_outboxmessage (kind, channel, contact_id, lane, key, category, priority,
    arguments, text, status, reason, story, created_at, not_before, attempts, put_off, if_uncertain,
    accepted_at, price_category, counted, provider_id)
SELECT 'reply', 'whatsapp', contact_id, 'whatsapp:contact:' || contact_id, 'reply:' || id, 'service', 0, '{}',
    'Answer', 'read', '', '[]', received_at, received_at, 1, 0, 'resend', received_at, '', true,
    'wamid.answer' || id
FROM bot_inboundevent WHERE key LIKE 'message:grown%%' AND id > %(events)s;

INSERT INTO inspector_whatsapp_inspection (version, property_id, seeker_id, starts_at, ends_at, state,
    revision, clash, outcome, notes, why, created_at)
SELECT 0, %(home)s, id, now() + interval '1 hour' * (id %% 2000 - 1000),
    now() + interval '1 hour' * (id %% 2000 - 999), 'confirmed', 1, false, '', '', '', now()
FROM inspector_whatsapp_user WHERE email LIKE 'grown%%' AND id > %(users)s;
"""


def grow(had: int, to: int) -> None:
    """As they would lie there after some time: vacuumed and analysed."""
    homes = people.seekers(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM bot_inboundevent")
        (events,) = cursor.fetchone()
        cursor.execute("SELECT max(id) FROM inspector_whatsapp_user")
        (users,) = cursor.fetchone()
        cursor.execute("SET session_replication_role = replica")  # nobody is told of what was always there
        values = {
            "from": had + 1,
            "to": to,
            "events": events,
            "users": users,
            "home": homes[0].slot.property_id,
        }
        for statement in _GROW.split(";\n\n"):
            cursor.execute(statement, values)
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM (ANALYZE)")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _arrive(writing: list[Seeker]) -> None:
    """All that everybody writes is stored and taken apart, a webhook a message."""
    for seeker in writing:
        for message in seeker.messages().values():
            seeker.phone.posts(seeker.phone.webhook(message))
    inbox.drain()


def _claim() -> None:
    """The first answer of everybody is taken to be sent, a claim each; those behind it wait for it."""
    for _person in range(PEOPLE):
        assert len(claim([Room("whatsapp", most=1, bulk=1, in_order=True)])) == 1


def a_round() -> dict[str, float]:
    """Milliseconds of one of each: a message that arrives, its turn, a claim; the least turn."""
    writing = people.seekers(PEOPLE)
    many = PEOPLE * len(writing[0].messages())
    ids = list(Conversation.objects.order_by("-pk").values_list("pk", flat=True)[:PEOPLE])
    took = {
        "message stored and taken apart": timed(lambda: _arrive(writing)) / many,
        "turn": timed(conversation.drain) / many,
        "claim of an answer": timed(_claim) / PEOPLE,
        "least turn": timed(lambda: least(ids * 6)) / many,
    }
    OutboxMessage.objects.filter(status__in=[Status.PENDING, Status.SENDING]).delete()
    return {name: 1000 * seconds for name, seconds in took.items()}


@pytest.mark.django_db(transaction=True)
def test_what_operations_cost_as_everything_grows(notes: list[str]) -> None:
    AgentFactory()
    costs: dict[int, dict[str, float]] = {}
    for had, size in pairwise((0, *SIZES)):
        grow(had, size)
        a_round()
        rounds = [a_round() for _round in range(ROUNDS)]
        costs[size] = {name: median(each[name] for each in rounds) for name in rounds[0]}
    first = costs[SIZES[0]]
    for name in first:
        each = ", ".join(f"{cost[name]:.2f} ms at {size:,}" for size, cost in costs.items())
        grown = costs[SIZES[-1]][name] / first[name]
        even = grown / (costs[SIZES[-1]]["least turn"] / first["least turn"])
        notes.append(f"A {name}: {each}: {grown:.2f} times as much, {even:.2f} beside the least turn.")

"""The home page with a million messages, against counting them for it; and what keeping figures takes."""

import time
from collections.abc import Callable
from datetime import date
from statistics import median, quantiles

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string

from bot.models import InboundEvent
from inspector_whatsapp import clock, figures, health, metrics
from inspector_whatsapp.figures import counting, days
from inspector_whatsapp.models import DayFigure, FigureDay, OutboxMessage
from tests.admin.conftest import log_in
from tests.benchmarks.table import Row
from tests.factories import UserFactory

MESSAGES, CONTACTS = 1_000_000, 20_000
LOOKS, ROUNDS, WRITTEN = 40, 3, 20_000

# A message came in, and an answer went out, every few seconds for thirty days; one in fifty is in the queue.
_CONTACTS = """
INSERT INTO inspector_whatsapp_contact (
    phone, username, profile_name, language, time_zone, low_data, created_at, blocked_reason)
SELECT '+23470' || lpad(n::text, 8, '0'), '', 'Person ' || n, '', '', false, now(), ''
FROM generate_series(1, %s) n
"""
_TALKS = """
INSERT INTO bot_conversation (contact_id, flow, argument, answers, shown, aside, wish, understood, turns,
    minute_count, settling, slow)
SELECT id, '', '', '{}', '{}', '{}', '{}', '{}', 1, 0, '', false FROM inspector_whatsapp_contact
"""
_EVENTS = """
INSERT INTO bot_inboundevent (key, kind, contact_id, conversation_id, content, text, provider_id, said_at,
    received_at, state, attempts, prepared, error)
SELECT 'message:' || n, 'message', talk.contact_id, talk.id, '{"is": "MessageReceived"}', 'hello', '', at, at,
    'done', 1, '{}', ''
FROM (SELECT n, now() - interval '30 days' * (1 - n / %s::float) AS at FROM generate_series(1, %s) n) made
JOIN bot_conversation talk ON talk.id = (SELECT min(id) FROM bot_conversation) + made.n %% %s
"""
_ANSWERS = """
INSERT INTO inspector_whatsapp_outboxmessage (kind, channel, contact_id, lane, key, category, priority,
    arguments, text, status, reason, story, error_code, created_at, not_before, attempts, put_off,
    if_uncertain, accepted_at, price_category, counted, billable)
SELECT 'reply', CASE WHEN id % 10 = 0 THEN 'email' ELSE 'whatsapp' END, contact_id, 'contact:' || contact_id,
    'reply:' || id, 'service', 0, '{}', 'Answer', (ARRAY['read', 'read', 'read', 'delivered', 'sent',
    'failed', 'withheld', 'read', 'delivered',
    CASE WHEN id % 50 = 9 THEN 'pending' ELSE 'read' END])[1 + id % 10],
    CASE WHEN id % 10 = 6 THEN 'they stopped offers' ELSE '' END, '[]',
    CASE WHEN id % 10 = 5 THEN 131000 + id % 30 END, received_at, received_at, 1, 0, 'resend',
    received_at + interval '1 second' * (1 + id % 40), '', false, null
FROM bot_inboundevent ORDER BY id
"""


_ANSWERS_AGAIN = """
INSERT INTO inspector_whatsapp_outboxmessage (kind, channel, contact_id, lane, category, priority, arguments,
    text, status, reason, story, created_at, not_before, attempts, put_off, if_uncertain, price_category,
    counted)
SELECT 'bench', channel, contact_id, lane, category, priority, '{}', text, 'pending', '', '[]', now(), now(),
    0, 0, if_uncertain, '', false
FROM inspector_whatsapp_outboxmessage ORDER BY id LIMIT %s
"""
_MOVE = """
UPDATE inspector_whatsapp_outboxmessage
SET status = %s, lease_until = now(), lease_token = gen_random_uuid() WHERE id > %s
"""


def seed(messages: int = MESSAGES) -> None:
    """So many messages and their answers."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, [CONTACTS])
        cursor.execute(_TALKS)
        cursor.execute(_EVENTS, [messages, messages, CONTACTS])
        cursor.execute(_ANSWERS)
        cursor.execute("VACUUM (ANALYZE)")


def timed(work: Callable[[], object]) -> float:
    """How many seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def count_all(span: tuple[date, ...]) -> int:
    """What the page would have to do if nothing were kept: every figure of thirty days, from the rows."""
    counters = [import_string(name) for name in settings.FIGURES]
    return sum(figure.count for day in span for counter in counters for figure in counter(days.Day(day)))


def write(many: int) -> None:
    """Messages as they are written, and moved on by what is heard of them, each in a statement."""
    last = OutboxMessage.objects.latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS_AGAIN, [many])
        for status in ("sending", "accepted", "delivered", "read"):
            cursor.execute(_MOVE, [status, last])
        cursor.execute("DELETE FROM inspector_whatsapp_outboxmessage WHERE id > %s", [last])


@pytest.mark.django_db(transaction=True)
def test_home(rows: list[Row], notes: list[str]) -> None:
    seed()
    took = timed(figures.keep)
    assert FigureDay.objects.count() == counting.CHANGING
    span = days.until(days.of(clock.now()))
    since = days.Day(span[0]).start
    received = InboundEvent.objects.filter(received_at__gte=since).count()
    assert figures.read(span).total("received") == received
    ticks = [timed(figures.keep) for _ in range(5)]
    _look(rows, notes, span)
    scrapes = [timed(metrics.exposition) for _ in range(LOOKS)]
    notes.append(
        f"/metrics with {MESSAGES:,} messages and a fiftieth of them in the queue: median "
        f"{median(scrapes) * 1000:.0f} ms, the slowest {max(scrapes) * 1000:.0f} ms of {LOOKS}."
    )
    notes.append(
        f"All {counting.CHANGING} days of {MESSAGES:,} messages are counted in {took:.1f} s, once; today and "
        f"one day more, twice a minute, in {median(ticks) * 1000:.0f} ms (median of 5). "
        f"{DayFigure.objects.count():,} figures are kept of them."
    )
    _index(rows)


def _look(rows: list[Row], notes: list[str], span: tuple[date, ...]) -> None:
    chief = UserFactory(email="root@example.com", is_staff=True, is_superuser=True)
    client = log_in(Client(), chief)

    def home() -> None:
        for name in ("worker", "beat"):
            health.beat(name)
        answer = client.get("/admin/")
        assert b"All is well" in answer.content or b"health" in answer.content
        assert b"Why messages did not arrive" in answer.content

    home()
    looks: list[float] = []
    ours, theirs = [], []
    for _round in range(ROUNDS):
        some = [timed(home) for _ in range(LOOKS)]
        looks += some
        ours.append(1 / median(some))
        assert count_all(span)
        theirs.append(1 / (timed(lambda: count_all(span)) + median(some)))
    rows.append(Row("home pages", ours, "the same, counted for each", theirs, usual=50.0))
    notes.append(
        f"The home page with {MESSAGES:,} messages that came in and as many answers: median "
        f"{median(looks) * 1000:.0f} ms, p95 {quantiles(looks, n=20)[-1] * 1000:.0f} ms of {len(looks)} "
        f"looks, the slowest {max(looks) * 1000:.0f} ms (aim: 500)."
    )


def _index(rows: list[Row]) -> None:
    """What the index by day costs whoever writes messages."""
    index = next(one for one in OutboxMessage._meta.indexes if one.name == "outbox_by_day")
    ours, theirs = [], []
    write(WRITTEN)
    for _round in range(ROUNDS):
        ours.append(WRITTEN / timed(lambda: write(WRITTEN)))
        with connection.schema_editor() as editor:
            editor.remove_index(OutboxMessage, index)
        theirs.append(WRITTEN / timed(lambda: write(WRITTEN)))
        with connection.schema_editor() as editor:
            editor.add_index(OutboxMessage, index)
    rows.append(Row("messages written and moved on", ours, "without the index by day", theirs, usual=0.95))

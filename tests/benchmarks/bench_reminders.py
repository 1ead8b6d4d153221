"""A million reminders to come: finding those that are due, and twenty thousand that are due at once."""

import time
from statistics import median

import pytest
from django.db import connection

from inspector_whatsapp.models import OutboxMessage
from notifications import reminders
from notifications.models import Reminder, ReminderRule, ReminderState
from tests.benchmarks.bench_alerts import _SEEKERS
from tests.benchmarks.table import Row
from tests.factories import AgentFactory, PropertyFactory

INSPECTIONS, EACH = 20_000, 50  # a million reminders: each inspection as if it had been moved many times
ROUNDS, LOOKS = 3, 21

_INSPECTIONS = """
INSERT INTO inspector_whatsapp_inspection (version, property_id, seeker_id, starts_at, ends_at, state,
    revision, clash, outcome, notes, why, created_at)
SELECT 0, %s, id, now() + interval '20 hours', now() + interval '21 hours', 'confirmed', 1, false, '', '', '',
    now()
FROM inspector_whatsapp_user WHERE role = 'seeker'
"""
_REMINDERS = """
INSERT INTO notifications_reminder (rule_id, inspection_id, recipient_id, scheduled_for, revision, due_at,
    useful_until, state)
SELECT %s, id, seeker_id, starts_at + interval '1 day' * n, 1, starts_at + interval '1 day' * (n + %s),
    starts_at + interval '1 day' * (n + %s) + interval '1 hour', 'planned'
FROM inspector_whatsapp_inspection, generate_series(%s, %s) n
"""


def seed(rule: ReminderRule) -> None:
    """As they would lie there after some time: vacuumed and analysed."""
    home = PropertyFactory(agent=AgentFactory())
    with connection.cursor() as cursor:
        cursor.execute(_SEEKERS, [INSPECTIONS])
        cursor.execute(_INSPECTIONS, [home.pk])
        cursor.execute("SET session_replication_role = replica")  # a million looks at what is there anyway
        cursor.execute(_REMINDERS, [rule.pk, 0, 0, 1, EACH])
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM (ANALYZE)")


def timed(rule: ReminderRule) -> tuple[float, int]:
    """How many seconds a tick took, and how many it queued."""
    began = time.perf_counter()
    queued = reminders.tick(rule.pk)
    return time.perf_counter() - began, queued


def looked_through() -> float:
    """What finding them costs without the index: seconds."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off"
        )
        cursor.execute(
            "SELECT id FROM notifications_reminder WHERE state = 'planned' AND due_at <= clock_now()"
            " ORDER BY due_at, id LIMIT 500 FOR UPDATE SKIP LOCKED"
        )
        cursor.fetchall()
        cursor.execute("RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan")
    return time.perf_counter() - began


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_reminders(rows: list[Row], notes: list[str]) -> None:
    rule = ReminderRule.objects.order_by("-minutes_before")[0]
    seed(rule)
    ours, theirs = [], []
    for _round in range(ROUNDS):
        looks = sorted(timed(rule)[0] for _look in range(LOOKS))
        ours.append(1 / looks[LOOKS // 2])
        theirs.append(1 / looked_through())
    rows.append(Row("ticks with nothing due", ours, "every reminder read", theirs, usual=20))
    notes.append(
        f"Of {Reminder.objects.count():,} reminders to come a tick found that none is due in"
        f" {1000 / median(ours):.1f} ms (median)."
    )
    _many_at_once(rule, rows, notes)


def _many_at_once(rule: ReminderRule, rows: list[Row], notes: list[str]) -> None:
    queueing, writing = [], []
    for round in range(ROUNDS):
        with connection.cursor() as cursor:
            cursor.execute(_REMINDERS, [rule.pk, -2 - round, -1 - round, round + 60, round + 60])
            cursor.execute(
                "UPDATE notifications_reminder SET due_at = now() - interval '1 minute',"
                " useful_until = now() + interval '1 hour' WHERE scheduled_for > now() + interval '59 days'"
                " AND state = 'planned'"
            )
            cursor.execute("ANALYZE notifications_reminder")
        took, many = timed(rule)
        assert many == INSPECTIONS
        assert OutboxMessage.objects.filter(kind="reminder").count() == many
        queued = Reminder.objects.filter(state=ReminderState.QUEUED)
        assert queued.count() == many * (round + 1)
        queueing.append(many / took)
        written = list(OutboxMessage.objects.filter(kind="reminder"))
        OutboxMessage.objects.all().delete()
        for row in written:
            row.pk = None
        began = time.perf_counter()
        OutboxMessage.objects.bulk_create(written, batch_size=reminders.BATCH)
        writing.append(many / (time.perf_counter() - began))
        OutboxMessage.objects.all().delete()
    rows.append(Row("reminders queued", queueing, "the same rows by bulk_create", writing, usual=0.5))
    notes.append(
        f"{INSPECTIONS:,} due at once were queued in {INSPECTIONS / median(queueing):.2f} s (median)."
    )

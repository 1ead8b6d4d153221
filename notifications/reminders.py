"""Reminders: planned with what they remind of, sent when due. Time lives in rows, judged by the one clock.

Whoever plans holds the inspection's row; a tick holds the reminders it has claimed and waits for nobody. So a
change either finds a reminder planned, and the tick passes it by, or finds it queued, and stops its message.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.models import Inspection, Role
from inspector_whatsapp.models.inspections import InspectionState
from notifications import recipients
from notifications.kind import key
from notifications.models import Reminder, ReminderRule, ReminderState
from notifications.recipients import CHANNELS, Notice

BATCH = 500  # rows per transaction


def plan(inspection: Inspection, *, now: datetime) -> None:
    """Plan the reminders of an inspection as it now is, and stop those of what it was.

    Called in the transaction that changed the inspection. What would be due already is skipped.
    """
    _plan([inspection], list(ReminderRule.objects.all()), now=now)


def cancel(inspection: Inspection, *, now: datetime) -> None:
    """Stop every reminder of an inspection that has not been sent."""
    _stop(Q(inspection=inspection), now=now)


def replan_rule(rule: ReminderRule) -> None:
    """Plan anew what a rule says of the inspections to come; after its time or its people have changed."""
    now = clock.now()
    after = 0
    while True:
        with transaction.atomic():
            coming = Inspection.objects.filter(
                pk__gt=after, state=InspectionState.CONFIRMED, starts_at__gt=now
            )
            batch = list(coming.select_for_update(no_key=True).order_by("pk")[:BATCH])
            if not batch:
                return
            # Read once they are locked: nobody moves them until this is written.
            whole = Inspection.objects.select_related("property__agent", "seeker", "inspector")
            _plan(list(whole.filter(pk__in=[one.pk for one in batch])), [rule], now=now)
        after = batch[-1].pk


def tick(rule_id: int) -> int:
    """Put the due reminders of a rule into the outbox; how many. Several may run at once.

    Nothing goes while the rule is switched off in the schedules. What is of no use any more is *missed*, and
    an incident says so.
    """
    rule = ReminderRule.objects.select_related("schedule").filter(pk=rule_id, schedule__enabled=True).first()
    if rule is None:
        return 0
    queued = 0
    while True:
        with transaction.atomic():
            now = clock.now()
            due = _claim(rule)
            states = {reminder.pk: _becomes(reminder, now) for reminder in due}
            going = [reminder for reminder in due if states[reminder.pk] == ReminderState.QUEUED]
            outbox.add_all(recipients.outgoing(_notice(rule, reminder) for reminder in going), now=now)
            for state in set(states.values()):
                rows = [pk for pk, became in states.items() if became == state]
                Reminder.objects.filter(pk__in=rows).update(state=state)
            _report_missed(rule, sum(state == ReminderState.MISSED for state in states.values()))
        queued += len(going)
        if len(due) < BATCH:
            return queued


# --- a tick's steps ---------------------------------------------------------------------------------------
def _claim(rule: ReminderRule) -> list[Reminder]:
    """Due ones that no other tick holds, locked. Their inspections are read once the lock is there."""
    due = Reminder.objects.filter(rule=rule, state=ReminderState.PLANNED, due_at__lte=clock.Now())
    locked = due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:BATCH]
    return list(
        locked.prefetch_related("inspection__property__agent", "inspection__seeker", "inspection__inspector")
    )


def _becomes(reminder: Reminder, now: datetime) -> ReminderState:
    inspection = reminder.inspection
    if not _stands(inspection) or inspection.revision != reminder.revision:
        return ReminderState.CANCELLED
    if reminder.useful_until <= now:
        return ReminderState.MISSED
    part = {person.pk for person, _role in recipients.of(inspection)}
    return ReminderState.QUEUED if reminder.recipient_id in part else ReminderState.CANCELLED


def _notice(rule: ReminderRule, reminder: Reminder) -> Notice:
    inspection = reminder.inspection
    person, role = next(
        (person, role) for person, role in recipients.of(inspection) if person.pk == reminder.recipient_id
    )
    return Notice(
        kind="reminder",
        account=person,
        key=key("reminder", reminder.pk),
        arguments={
            "reminder": reminder.pk,
            "inspection": inspection.pk,
            "revision": inspection.revision,
            "role": str(role),
        },
        channels=rule.channels,
        expires_at=reminder.useful_until,
        because=f"reminder rule {rule.name}, due {reminder.due_at:%d %b %H:%M} UTC",
    )


def _report_missed(rule: ReminderRule, missed: int) -> None:
    if missed:
        incidents.report(
            "reminders_missed",
            key=str(rule.pk),
            sentence=f"{missed} reminders of rule {rule.pk} were not sent in time to be of use.",
        )


# --- planning's steps -------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """One row as it should be."""

    rule: int
    inspection: int
    recipient: int
    starts_at: datetime
    revision: int
    due_at: datetime
    useful_until: datetime


def _plan(inspections: Sequence[Inspection], rules: Sequence[ReminderRule], *, now: datetime) -> None:
    wanted = [
        row for inspection in inspections if _stands(inspection) for row in _wanted(inspection, rules, now)
    ]
    keep = _write(wanted, now)
    about = Q(inspection__in=[inspection.pk for inspection in inspections])
    _stop(about & Q(rule__in=[rule.pk for rule in rules]) & ~Q(pk__in=keep), now=now)


def _stands(inspection: Inspection) -> bool:
    return inspection.state == InspectionState.CONFIRMED and not inspection.clash


def _wanted(inspection: Inspection, rules: Iterable[ReminderRule], now: datetime) -> list[_Wanted]:
    if inspection.starts_at <= now:
        return []
    return [
        _Wanted(
            rule=rule.pk,
            inspection=inspection.pk,
            recipient=person.pk,
            starts_at=inspection.starts_at,
            revision=inspection.revision,
            due_at=inspection.starts_at - timedelta(minutes=rule.minutes_before),
            useful_until=inspection.starts_at - timedelta(minutes=rule.useful_until),
        )
        for rule in rules
        for person, _role in recipients.of(inspection, [Role(role) for role in rule.roles])
    ]


# What was sent stays sent. What is due this very moment, its tick still to come, is not taken for too late.
_UPSERT = """
INSERT INTO notifications_reminder AS own
    (rule_id, inspection_id, recipient_id, scheduled_for, revision, due_at, useful_until, state)
SELECT wanted.*, CASE WHEN wanted.due_at <= %s THEN 'skipped' ELSE 'planned' END
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::int[], %s::timestamptz[],
            %s::timestamptz[])
    AS wanted (rule, inspection, recipient, starts_at, revision, due_at, useful_until)
ON CONFLICT (inspection_id, recipient_id, rule_id, scheduled_for) DO UPDATE SET
    revision = EXCLUDED.revision, due_at = EXCLUDED.due_at, useful_until = EXCLUDED.useful_until,
    state = CASE
        WHEN own.state = 'queued' THEN 'queued'
        WHEN EXCLUDED.state = 'planned' THEN 'planned'
        WHEN own.state = 'planned' AND own.due_at = EXCLUDED.due_at THEN 'planned'
        WHEN own.state = 'missed' THEN 'missed'
        ELSE 'skipped' END
RETURNING id
"""


def _write(wanted: Sequence[_Wanted], now: datetime) -> list[int]:
    """Make the rows so, in one statement; their ids."""
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _UPSERT,
            [
                now,
                [row.rule for row in wanted],
                [row.inspection for row in wanted],
                [row.recipient for row in wanted],
                [row.starts_at for row in wanted],
                [row.revision for row in wanted],
                [row.due_at for row in wanted],
                [row.useful_until for row in wanted],
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _stop(which: Q, *, now: datetime) -> None:
    """Cancel reminders, and their messages that have not left; what is past keeps its state."""
    over = Q(state__in=(ReminderState.CANCELLED, ReminderState.MISSED))
    rows = Reminder.objects.filter(which & ~over, scheduled_for__gt=now)
    # Locked first: a tick that holds one of them has written its message when this goes on.
    gone = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if gone:
        Reminder.objects.filter(pk__in=gone).update(state=ReminderState.CANCELLED)
        outbox.withhold(Q(key__in=_keys(gone)), why="the inspection has changed since it was planned")


def _keys(reminders: Collection[int]) -> list[str]:
    return [f"{key('reminder', pk)}:{channel}" for pk in reminders for channel in CHANNELS]

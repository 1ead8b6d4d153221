"""Reminders: planned with what they remind of, sent when due. Time lives in rows, judged by the one clock.

Whoever plans holds the inspection's row; a tick holds the reminders it has claimed and waits for nobody. So a
change either finds a reminder planned, and the tick passes it by, or finds it queued, and stops its message.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Prefetch, Q
from django.utils.timezone import localtime

from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, Role, User
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.prepared import Prepared
from inspector_whatsapp.words import Reader
from notifications import attendance, recipients
from notifications.due import due
from notifications.kind import key, zone_of
from notifications.models import Reminder, ReminderRule, ReminderState
from notifications.recipients import CHANNELS, Notice

BATCH = 500  # rows per transaction


def plan(inspection: Inspection, *, now: datetime) -> None:
    """Plan the reminders of an inspection as it now is, and stop those of what it was.

    Called in the transaction that changed the inspection. What would be due already is skipped.
    """
    plan_all([inspection], now=now)


def plan_all(inspections: Sequence[Inspection], *, now: datetime) -> None:
    """The same, of many inspections; each is there once."""
    _plan(inspections, _RULES.of(), now=now)


_RULES = Prepared(lambda: ReminderRule.objects.all())


def cancel(inspection: Inspection, *, now: datetime) -> None:
    """Stop every reminder of an inspection that has not been sent."""
    _stop(Q(inspection=inspection), now=now)


def replan_rule(rule: ReminderRule) -> None:
    """Plan anew what a rule says of the inspections to come; after its time or its people have changed."""
    _replan(Q(), [rule])


def replan_person(account: User) -> None:
    """Plan anew what hangs on somebody's clock; after their time zone has changed."""
    part = Q(seeker=account) | Q(inspector=account) | Q(property__agent=account)
    _replan(part, list(ReminderRule.objects.filter(at_time__isnull=False)))


def replan_property(property: Property) -> None:
    """Plan anew the inspections of a property; after what is on offer has changed."""
    _replan(Q(property=property), _RULES.of())


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
            claimed = _claim(rule)
            states = {reminder.pk: _becomes(rule, reminder, now) for reminder in claimed}
            going = [reminder for reminder in claimed if states[reminder.pk] == ReminderState.QUEUED]
            _free_keys(going)
            where = attendance.elsewhere(rule, going) if rule.unanswered_only else {}
            notices = (_notice(rule, each, where.get(each.pk, rule.channels)) for each in going)
            outbox.add_all(recipients.outgoing(notices), now=now)
            for state in set(states.values()):
                rows = [pk for pk, became in states.items() if became == state]
                Reminder.objects.filter(pk__in=rows).update(state=state)
            if going:
                crash_point("reminders_queued")
            _report_missed(rule, sum(state == ReminderState.MISSED for state in states.values()))
        queued += len(going)
        if len(claimed) < BATCH:
            return queued


# --- a tick's steps ---------------------------------------------------------------------------------------
def _claim(rule: ReminderRule) -> list[Reminder]:
    """Due ones that no other tick holds, locked. Their inspections are read once the lock is there."""
    planned = Reminder.objects.filter(rule=rule, state=ReminderState.PLANNED, due_at__lte=clock.Now())
    locked = planned.select_for_update(skip_locked=True).order_by("due_at", "pk")[:BATCH]
    found = list(locked.values_list("pk", flat=True))
    return list(_JUDGED.filter(pk__in=found).order_by("due_at", "pk")) if found else []


# Of many at once no more is read than is judged: most of the time of a tick goes into making objects.
_person = User.objects.only("pk")
_JUDGED = (
    Reminder.objects.select_related("inspection__property")
    .only(
        *("rule_id", "recipient_id", "revision", "due_at", "useful_until"),
        *(
            f"inspection__{name}"
            for name in ("state", "clash", "revision", "seeker_id", "inspector_id", "coming_at")
        ),
        *(f"inspection__property__{name}" for name in ("listing_type", "agent_id")),
    )
    .prefetch_related(
        *(Prefetch(f"inspection__{person}", _person) for person in ("seeker", "inspector", "property__agent"))
    )
)


def _becomes(rule: ReminderRule, reminder: Reminder, now: datetime) -> ReminderState:
    inspection = reminder.inspection
    stands = _stands(inspection) and inspection.revision == reminder.revision
    answered = rule.unanswered_only and inspection.coming_at is not None
    if not stands or answered or not rule.is_for(inspection):
        return ReminderState.CANCELLED
    if reminder.useful_until <= now:
        return ReminderState.MISSED
    part = {person.pk for person, _role in recipients.of(inspection)}
    return ReminderState.QUEUED if reminder.recipient_id in part else ReminderState.CANCELLED


def _free_keys(going: Sequence[Reminder]) -> None:
    """A message that was stopped before it left stands in nobody's way: an inspection may be moved back."""
    if going:
        keys = _keys([reminder.pk for reminder in going])
        OutboxMessage.objects.filter(key__in=keys, status=Status.WITHHELD).update(key=None)


def _notice(rule: ReminderRule, reminder: Reminder, channels: Collection[str]) -> Notice:
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
        }
        | ({"again": True} if rule.unanswered_only else {}),
        channels=channels,
        expires_at=reminder.useful_until,
        because=f"reminder rule {rule.name}, due {localtime(reminder.due_at):%d %b %H:%M}",
    )


def _report_missed(rule: ReminderRule, missed: int) -> None:
    if missed:
        incidents.report(
            "reminders_missed",
            key=str(rule.pk),
            sentence=f"{missed} reminders of rule {rule.pk} were not sent in time to be of use.",
        )


# --- planning's steps -------------------------------------------------------------------------------------
def _replan(which: Q, rules: Sequence[ReminderRule]) -> None:
    now = clock.now()
    after = 0
    while rules:
        with transaction.atomic():
            coming = Inspection.objects.filter(
                which, pk__gt=after, state=InspectionState.CONFIRMED, starts_at__gt=now
            )
            batch = list(coming.select_for_update(no_key=True, of=("self",)).order_by("pk")[:BATCH])
            if not batch:
                return
            # Read once they are locked: nobody moves them until this is written.
            whole = Inspection.objects.select_related("property__agent", "seeker", "inspector")
            _plan(list(whole.filter(pk__in=[one.pk for one in batch])), rules, now=now)
        after = batch[-1].pk


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
    standing = [one for one in inspections if _stands(one) and one.starts_at > now]
    zones = _zones(standing, rules)
    wanted = [row for one in standing for row in _wanted(one, rules, zones)]
    keep = _write(wanted, now)
    about = Q(inspection__in=[inspection.pk for inspection in inspections])
    _stop(about & Q(rule__in=[rule.pk for rule in rules]) & ~Q(pk__in=keep), now=now)


def _stands(inspection: Inspection) -> bool:
    return inspection.state == InspectionState.CONFIRMED and not inspection.clash


def _wanted(
    inspection: Inspection, rules: Iterable[ReminderRule], zones: Mapping[int, ZoneInfo]
) -> Iterator[_Wanted]:
    for rule in rules:
        if not rule.is_for(inspection):
            continue
        for person, _role in recipients.of(inspection, [Role(role) for role in rule.roles]):
            when = due(rule, starts_at=inspection.starts_at, zone=zones[person.pk])
            if when is None:
                continue
            yield _Wanted(
                rule=rule.pk,
                inspection=inspection.pk,
                recipient=person.pk,
                starts_at=inspection.starts_at,
                revision=inspection.revision,
                due_at=when.at,
                useful_until=when.until,
            )


def _zones(inspections: Iterable[Inspection], rules: Iterable[ReminderRule]) -> dict[int, ZoneInfo]:
    """By whose clock each person is reminded; their chats are asked only where a rule goes by it."""
    people = {person.pk: person for one in inspections for person, _role in recipients.of(one)}
    by_clock = any(rule.at_time is not None for rule in rules)
    contacts = recipients.contacts_of(people) if by_clock else {}
    return {pk: Reader(zone=zone_of(person, contacts.get(pk))).tz for pk, person in people.items()}


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

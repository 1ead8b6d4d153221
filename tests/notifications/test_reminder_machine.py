"""Whatever happens in whatever order, reminders do what a few lines of plain Python say."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inspector_whatsapp import changes, clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import ClockOffset, Inspection, OutboxMessage, Slot
from inspector_whatsapp.models.outbox import Status
from notifications import reminders, rules
from notifications.models import Reminder, ReminderRule
from notifications.schedules import When
from tests.at_once import at_once
from tests.factories import SeekerFactory
from tests.notifications import scenes

ZONES = ("Africa/Lagos", "Europe/London", "America/New_York")
# Around clocks that go forward, clocks that go back, a leap day and the turn of a year.
DATES = (date(2027, 3, 12), date(2027, 3, 26), date(2027, 10, 29), date(2027, 12, 30), date(2028, 2, 27))
MINUTE = timedelta(minutes=1)
Key = tuple[int, int, datetime]  # inspection, rule, when it starts


class Crash(Exception):
    """A worker dies in the middle of a tick."""


@dataclass
class Expected:
    """One reminder, as it should be."""

    due: datetime
    until: datetime
    state: str
    left: bool = False  # a message of it is on its way


@dataclass
class Visit:
    """One inspection, as it should be."""

    row: Inspection
    zone: str
    live: bool = True
    comes: bool = False  # they have said so, at the time that it has
    slots: list[Slot] = field(default_factory=list)


def first_shown(day: date, at: time, zone: str) -> datetime:
    """When a clock that is looked at every minute first shows this time of this day, or a later one."""
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=UTC) - timedelta(hours=14)
    while moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wanted:
        moment += MINUTE
    return moment


class Reminders(RuleBasedStateMachine):
    """Visits are booked, moved and called off, rules change, time goes by, and ticks come as they like."""

    @initialize(day=st.sampled_from(DATES), hours=st.lists(st.integers(3, 60), min_size=2, max_size=2))
    def begin(self, day: date, hours: list[int]) -> None:
        # Twenty seconds past a minute: nothing is ever due between two looks at the clock.
        wanted = datetime.combine(day, time(9, 0, 20), UTC)
        clock.move(wanted - clock.now())
        self.visits: list[Visit] = []
        self.expected: dict[Key, Expected] = {}
        self.offset = scenes.rule("offset", minutes_before=120, useful_until=10)
        self.evening = scenes.rule(
            "evening",
            minutes_before=None,
            useful_until=None,
            at_time=time(1, 30),
            days_before=1,
            not_after=time(20),
        )
        self.again = scenes.rule(
            "again", minutes_before=90, channels=["whatsapp", "email"], unanswered_only=True
        )
        self.enabled = {one.pk: True for one in self.all}
        for each, zone in zip(hours, ZONES[1:], strict=True):
            self.book(each, zone)

    # --- what happens -------------------------------------------------------------------------------------
    @precondition(lambda self: len(self.visits) < 4)
    @rule(hours=st.integers(1, 80), zone=st.sampled_from(ZONES))
    def somebody_books(self, hours: int, zone: str) -> None:
        self.book(hours, zone)

    def book(self, hours: int, zone: str) -> None:
        row = scenes.book(hours=hours, seeker=SeekerFactory(time_zone=zone))
        assert row.slot is not None
        self.visits.append(Visit(row, zone, slots=[row.slot]))
        self.plan(self.visits[-1:], self.all)

    @rule(which=st.integers(0, 3), hours=st.integers(1, 80))
    def move(self, which: int, hours: int) -> None:
        if visit := self.to_come(which):
            self.moves(visit, scenes.slot(hours=hours, property=visit.row.property))

    @rule(which=st.integers(0, 3))
    def move_back(self, which: int) -> None:
        visit = self.to_come(which)
        if visit and len(visit.slots) > 1 and visit.slots[-2].starts_at > clock.now():
            self.moves(visit, visit.slots[-2])

    @rule(which=st.integers(0, 3))
    def call_off(self, which: int) -> None:
        if visit := self.to_come(which):
            inspections.cancel(inspection=visit.row, actor=None, origin=Origin.API)
            visit.live = False
            self.plan([visit], self.all)

    @rule(which=st.integers(0, 3))
    def say_that_they_come(self, which: int) -> None:
        coming = [visit for visit in self.visits if self.to_come(self.visits.index(visit))]
        for visit in coming[which % 2 :: 2]:
            inspections.come(inspection=visit.row, actor=visit.row.seeker, origin=Origin.API)
            visit.comes = True

    @rule(which=st.integers(0, 3), zone=st.sampled_from(ZONES))
    def live_elsewhere(self, which: int, zone: str) -> None:
        if which >= len(self.visits):
            return
        visit = self.visits[which]
        seeker = visit.row.seeker
        visit.zone = seeker.time_zone = zone
        seeker.save()
        changes.record("account_changed", seeker, actor=None, origin=Origin.SYNC, fields=["time_zone"])
        self.plan([visit], [self.evening], only_live=True)

    @rule(minutes=st.sampled_from((30, 90, 120, 600)))
    def another_offset(self, minutes: int) -> None:
        self.offset.minutes_before = minutes
        self.save(self.offset, enabled=self.enabled[self.offset.pk])

    @rule(hour=st.sampled_from((1, 2, 8, 18)), days=st.integers(0, 2))
    def another_time_of_day(self, hour: int, days: int) -> None:
        self.evening.at_time, self.evening.days_before = time(hour, 30), days
        self.save(self.evening, enabled=self.enabled[self.evening.pk])

    @rule(which=st.integers(0, 2))
    def switch(self, which: int) -> None:
        one = self.all[which]
        self.save(one, enabled=not self.enabled[one.pk])

    @rule(minutes=st.sampled_from((1, 10, 60, 180, 600)))
    def time_goes_by(self, minutes: int) -> None:
        clock.move(minutes * MINUTE)

    @rule(late=st.sampled_from((1, 60, 115, 1200)), together=st.integers(1, 3))
    def the_next_comes_due(self, late: int, together: int) -> None:
        now = clock.now()
        coming = [row.due for row in self.expected.values() if row.state == "planned" and row.due > now]
        if coming:
            clock.move(min(coming).replace(second=20) - now.replace(second=20, microsecond=0) + late * MINUTE)
        self.tick(together)

    @rule()
    def letters_leave(self) -> None:
        OutboxMessage.objects.filter(kind="reminder", status=Status.PENDING).update(status=Status.ACCEPTED)
        for row in self.expected.values():
            row.left = row.left or row.state == "queued"

    @rule(together=st.integers(1, 3))
    def somebody_ticks(self, together: int) -> None:
        self.tick(together)

    def tick(self, together: int) -> None:
        for one in self.all:
            call: Callable[[], int] = partial(reminders.tick, one.pk)
            queued = sum(at_once(*[call] * together)) if together > 1 else call()
            assert queued == self.ticked(one)

    @rule()
    def crash_in_a_tick(self) -> None:
        for one in self.all:
            with suppress(Crash), transaction.atomic():
                reminders.tick(one.pk)
                raise Crash

    # --- what should come of it ---------------------------------------------------------------------------
    @property
    def all(self) -> list[ReminderRule]:
        return [self.offset, self.evening, self.again]

    def to_come(self, which: int) -> Visit | None:
        visit = self.visits[which] if which < len(self.visits) else None
        return visit if visit and visit.live and visit.row.starts_at > clock.now() else None

    def moves(self, visit: Visit, slot: Slot) -> None:
        visit.row = inspections.move(inspection=visit.row, slot=slot, actor=None, origin=Origin.API)
        visit.slots.append(slot)
        visit.comes = False
        self.plan([visit], self.all)

    def save(self, one: ReminderRule, *, enabled: bool) -> None:
        rules.save(one, enabled=enabled, when=When(every=10))
        self.plan(self.visits, [one], only_live=True)
        if enabled and not self.enabled[one.pk]:
            now = clock.now()
            for (_visit, of, _start), row in self.expected.items():
                if of == one.pk and row.state == "planned" and row.until <= now:
                    row.state = "cancelled"
        self.enabled[one.pk] = enabled

    def times(self, one: ReminderRule, visit: Visit) -> tuple[datetime, datetime] | None:
        start = visit.row.starts_at
        if one.minutes_before is not None:
            return start - one.minutes_before * MINUTE, start - (one.useful_until or 0) * MINUTE
        assert one.at_time is not None
        assert one.not_after is not None
        day = start.astimezone(ZoneInfo(visit.zone)).date() - timedelta(days=one.days_before or 0)
        due = first_shown(day, one.at_time, visit.zone)
        until = min(start, max(first_shown(day, one.not_after, visit.zone), due + 5 * MINUTE))
        return (due, until) if due + 5 * MINUTE <= start else None

    def plan(self, visits: list[Visit], these: list[ReminderRule], *, only_live: bool = False) -> None:
        now = clock.now()
        for visit in visits:
            if only_live and not (visit.live and visit.row.starts_at > now):
                continue
            kept = set()
            for one in these:
                when = self.times(one, visit) if visit.live and visit.row.starts_at > now else None
                if when is None:
                    continue
                key = (visit.row.pk, one.pk, visit.row.starts_at)
                kept.add(key)
                self.expected[key] = self.planned(self.expected.get(key), *when, now=now)
            for key, row in self.expected.items():
                its = key[0] == visit.row.pk and key[1] in [one.pk for one in these] and key not in kept
                if its and key[2] > now and row.state not in ("cancelled", "missed"):
                    row.state = "cancelled"

    @staticmethod
    def planned(before: Expected | None, due: datetime, until: datetime, *, now: datetime) -> Expected:
        if before is None:
            return Expected(due, until, "skipped" if due <= now else "planned")
        state = "skipped"
        if before.state == "queued":
            state = "queued"
        elif due > now or (before.state == "planned" and before.due == due):
            state = "planned"
        elif before.state == "missed":
            state = "missed"
        return Expected(due, until, state, before.left)

    def ticked(self, one: ReminderRule) -> int:
        now, queued = clock.now(), 0
        come = {visit.row.pk for visit in self.visits if visit.comes}
        for (which, of, _start), row in self.expected.items():
            if of == one.pk and self.enabled[of] and row.state == "planned" and row.due <= now:
                row.state = "missed" if row.until <= now else "queued"
                if one.unanswered_only and which in come:
                    row.state = "cancelled"
                queued += row.state == "queued"
        return queued

    # --- what is never otherwise --------------------------------------------------------------------------
    @invariant()
    def every_reminder_is_as_expected(self) -> None:
        names = ("inspection", "rule", "scheduled_for", "due_at", "useful_until", "state")
        found = {row[:3]: row[3:] for row in Reminder.objects.filter(rule__in=self.all).values_list(*names)}
        assert found == {key: (row.due, row.until, row.state) for key, row in self.expected.items()}

    @invariant()
    def nobody_hears_twice_or_too_late_and_nothing_due_is_lost(self) -> None:
        standing: dict[int, list[OutboxMessage]] = {}
        for message in OutboxMessage.objects.filter(kind="reminder").exclude(status=Status.WITHHELD):
            standing.setdefault(message.arguments["reminder"], []).append(message)
        for reminder in Reminder.objects.filter(rule__in=self.all):
            row = self.expected[reminder.inspection_id, reminder.rule_id, reminder.scheduled_for]
            messages = standing.pop(reminder.pk, [])
            assert len(messages) == (row.left or row.state == "queued"), row
            assert all(message.expires_at and message.created_at < message.expires_at for message in messages)
        assert standing == {}

    def teardown(self) -> None:
        """The tables empty, the clock right."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE inspector_whatsapp_user, inspector_whatsapp_outboxmessage CASCADE")
        for one in ReminderRule.objects.select_related("schedule"):
            rules.delete(one)
        ClockOffset.objects.update(offset=timedelta())


@pytest.mark.hypothesis
@pytest.mark.django_db(transaction=True)
def test_reminders_do_what_the_plain_model_says() -> None:
    longer = hypothesis_settings.default
    assert longer is not None
    how = hypothesis_settings(
        max_examples=longer.max_examples // 5,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Reminders, settings=how)

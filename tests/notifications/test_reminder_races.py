"""Several at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage
from inspector_whatsapp.models.outbox import Status
from notifications import reminders
from notifications.models import Reminder, ReminderRule
from notifications.tasks import tick_reminders
from tests.at_once import at_once
from tests.notifications import scenes
from tests.notifications.scenes import HOUR

pytestmark = pytest.mark.django_db(transaction=True)


def sendable() -> set[int]:
    """Inspections of which a reminder still waits to leave."""
    left = OutboxMessage.objects.filter(kind="reminder", status=Status.PENDING)
    return {message.arguments["inspection"] for message in left}


def test_three_tickers_send_each_reminder_once(hours_before: ReminderRule) -> None:
    for _ in range(30):
        scenes.book(hours=3)
    clock.move(HOUR + timedelta(seconds=1))
    counts = at_once(*[partial(reminders.tick, hours_before.pk)] * 3)
    assert sum(map(int, map(str, counts))) == 30
    assert OutboxMessage.objects.filter(kind="reminder").count() == 30
    assert scenes.states() == ["queued"] * 30


def test_the_task_may_run_twice(hours_before: ReminderRule) -> None:
    scenes.book(hours=3)
    clock.move(HOUR + timedelta(seconds=1))
    at_once(*[partial(tick_reminders, rule=hours_before.pk)] * 2)
    assert OutboxMessage.objects.filter(kind="reminder").count() == 1


def test_an_inspection_moved_while_its_reminder_is_claimed_is_reminded_of_at_its_new_time(
    hours_before: ReminderRule,
) -> None:
    booked = [scenes.book(hours=3) for _ in range(12)]
    clock.move(HOUR + timedelta(seconds=1))
    slots = [scenes.slot(hours=30, property=one.property, inspector=one.inspector) for one in booked]
    at_once(
        partial(reminders.tick, hours_before.pk),
        *(
            partial(inspections.move, inspection=one, slot=free, actor=None, origin=Origin.API)
            for one, free in zip(booked, slots, strict=True)
        ),
    )
    assert sendable() == set()
    planned = Reminder.objects.filter(state="planned").values_list("inspection", "revision")
    assert sorted(planned) == sorted((one.pk, 2) for one in booked)


def test_an_inspection_cancelled_while_its_reminder_is_claimed_is_not_reminded_of(
    hours_before: ReminderRule,
) -> None:
    booked = [scenes.book(hours=3) for _ in range(12)]
    clock.move(HOUR + timedelta(seconds=1))
    at_once(
        partial(reminders.tick, hours_before.pk),
        *(partial(scenes.cancel, inspection=one) for one in booked),
    )
    assert sendable() == set()
    assert set(scenes.states()) == {"cancelled"}


def test_a_tick_waits_for_nobody_who_is_changing_an_inspection(hours_before: ReminderRule) -> None:
    busy, free = scenes.book(hours=3), scenes.book(hours=3)
    clock.move(HOUR + timedelta(seconds=1))
    with transaction.atomic():
        scenes.cancel(inspection=busy)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(ticked, hours_before.pk).result(timeout=30) == 1
    assert sendable() == {free.pk}


def test_a_rule_changed_while_inspections_move_leaves_one_plan_for_each(hours_before: ReminderRule) -> None:
    booked = [scenes.book(hours=30) for _ in range(10)]
    slots = [scenes.slot(hours=50, property=one.property, inspector=one.inspector) for one in booked]
    at_once(
        partial(reminders.replan_rule, hours_before),
        *(
            partial(inspections.move, inspection=one, slot=free, actor=None, origin=Origin.API)
            for one, free in zip(booked, slots, strict=True)
        ),
    )
    planned = Reminder.objects.filter(state="planned").values_list("inspection", "scheduled_for")
    assert sorted(planned) == sorted(Inspection.objects.values_list("pk", "starts_at"))


def ticked(rule: int) -> int:
    try:
        return reminders.tick(rule)
    finally:
        connection.close()

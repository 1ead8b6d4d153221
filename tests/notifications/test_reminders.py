"""Planned with the inspection, sent when due, stopped when it changes."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Incident, Inspection, OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Withheld
from notifications import reminders, rules
from notifications.models import Reminder, ReminderRule
from notifications.schedules import When
from tests.factories import InspectionFactory, PropertyFactory, SeekerFactory, SlotFactory
from tests.notifications import scenes
from tests.notifications.scenes import HOUR

pytestmark = pytest.mark.django_db


def reminded() -> list[tuple[str, str, str]]:
    return scenes.written(kind="reminder")


def test_a_reminder_goes_when_it_is_due_and_not_before(day_before: ReminderRule) -> None:
    scenes.book(hours=30)
    clock.move(6 * HOUR - timedelta(seconds=1))
    assert reminders.tick(day_before.pk) == 0
    clock.move(timedelta(seconds=2))
    assert reminders.tick(day_before.pk) == 1
    assert reminded() == [("reminder", "Ada Obi", "email")]
    assert reminders.tick(day_before.pk) == 0
    assert len(reminded()) == 1


def test_a_thousand_due_at_once_go_in_one_tick(hours_before: ReminderRule) -> None:
    home, starts_at = PropertyFactory(), clock.now() + 3 * HOUR
    shared = SlotFactory(
        property=home, capacity=1000, taken=1000, starts_at=starts_at, ends_at=starts_at + HOUR
    )
    seekers = SeekerFactory.create_batch(1000)
    Inspection.objects.bulk_create(
        InspectionFactory.build(
            seeker=s,
            slot=shared,
            property=home,
            inspector=shared.inspector,
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
        )
        for s in seekers
    )
    reminders.replan_rule(hours_before)
    clock.move(HOUR + timedelta(seconds=1))
    assert reminders.tick(hours_before.pk) == 1000
    assert OutboxMessage.objects.filter(kind="reminder").values("account").distinct().count() == 1000


@pytest.mark.parametrize(
    ("away", "went"),
    [
        (timedelta(minutes=10), True),
        (timedelta(hours=3), True),
        (timedelta(hours=20, minutes=59), True),
        (timedelta(hours=21, minutes=1), False),
        (timedelta(hours=26), False),
    ],
)
def test_after_nobody_ticked_for_a_while_what_is_still_of_use_goes(
    day_before: ReminderRule, away: timedelta, went: bool
) -> None:
    scenes.book(hours=25)
    clock.move(HOUR + away)
    assert reminders.tick(day_before.pk) == (1 if went else 0)
    assert scenes.states() == ["queued" if went else "missed"]
    assert Incident.objects.filter(kind="reminders_missed").exists() is not went


def test_a_late_reminder_says_the_time_really_left(day_before: ReminderRule) -> None:
    scenes.book(hours=25)
    clock.move(21 * HOUR)
    reminders.tick(day_before.pk)
    assert "in 4 hours" in scenes.letter(OutboxMessage.objects.get(kind="reminder"))


def test_what_is_late_expires_with_its_use(day_before: ReminderRule) -> None:
    inspection = scenes.book(hours=25)
    clock.move(2 * HOUR)
    reminders.tick(day_before.pk)
    message = OutboxMessage.objects.get(kind="reminder")
    assert message.expires_at == inspection.starts_at - 3 * HOUR


def test_an_inspection_booked_inside_the_lead_time_is_not_reminded_late(
    day_before: ReminderRule, hours_before: ReminderRule
) -> None:
    scenes.book(hours=5)
    assert scenes.states(rule=day_before) == ["skipped"]
    assert scenes.states(rule=hours_before) == ["planned"]
    assert reminders.tick(day_before.pk) == 0


def test_moving_an_inspection_plans_its_reminders_anew(day_before: ReminderRule) -> None:
    inspection = scenes.move(scenes.book(hours=30), hours=60)
    assert scenes.states() == ["cancelled", "planned"]
    planned = Reminder.objects.get(state="planned")
    assert (planned.revision, planned.scheduled_for) == (2, inspection.starts_at)
    clock.move(7 * HOUR)
    assert reminders.tick(day_before.pk) == 0


def test_moving_it_back_brings_the_old_reminder_back(day_before: ReminderRule) -> None:
    inspection = scenes.book(hours=30)
    first = inspection.slot
    assert first is not None
    moved = scenes.move(inspection, hours=60)
    reminders_before = Reminder.objects.count()
    inspections.move(inspection=moved, slot=first, actor=None, origin=Origin.API)
    assert scenes.states() == ["planned", "cancelled"]
    assert Reminder.objects.count() == reminders_before


@pytest.mark.parametrize("left", [False, True])
def test_moved_back_it_is_reminded_of_at_a_later_time_unless_the_first_one_had_left(
    hours_before: ReminderRule, left: bool
) -> None:
    inspection = scenes.book(hours=3)
    first = inspection.slot
    assert first is not None
    clock.move(HOUR + timedelta(seconds=1))
    assert reminders.tick(hours_before.pk) == 1
    if left:
        OutboxMessage.objects.filter(kind="reminder").update(status=Status.SENT)
    moved = scenes.move(inspection, hours=60)
    hours_before.minutes_before = 60
    rules.save(hours_before, enabled=True, when=When(every=10))
    inspections.move(inspection=moved, slot=first, actor=None, origin=Origin.API)
    clock.move(HOUR)
    reminders.tick(hours_before.pk)
    statuses = OutboxMessage.objects.filter(kind="reminder").order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ([Status.SENT] if left else [Status.WITHHELD, Status.PENDING])


def test_a_reminder_in_the_outbox_is_stopped_when_the_inspection_moves(day_before: ReminderRule) -> None:
    inspection = scenes.book(hours=30)
    clock.move(7 * HOUR)
    reminders.tick(day_before.pk)
    scenes.move(inspection, hours=40)
    message = OutboxMessage.objects.get(kind="reminder")
    assert (message.status, message.reason) == (
        Status.WITHHELD,
        "the inspection has changed since it was planned",
    )


def test_a_reminder_claimed_for_sending_is_withheld_when_the_inspection_moves(
    day_before: ReminderRule,
) -> None:
    inspection = scenes.book(hours=30)
    clock.move(7 * HOUR)
    reminders.tick(day_before.pk)
    message = OutboxMessage.objects.get(kind="reminder")
    scenes.move(inspection, hours=40)
    with pytest.raises(Withheld, match="moved meanwhile"):
        scenes.said(message)


def test_an_inspection_cancelled_just_before_is_not_reminded_of(hours_before: ReminderRule) -> None:
    inspection = scenes.book(hours=4)
    clock.move(2 * HOUR - timedelta(seconds=1))
    scenes.cancel(inspection=inspection)
    clock.move(timedelta(seconds=2))
    assert reminders.tick(hours_before.pk) == 0
    assert scenes.states() == ["cancelled"]
    assert reminded() == []


def test_a_tick_asks_the_inspection_itself_whatever_was_planned(hours_before: ReminderRule) -> None:
    inspection = scenes.book(hours=3)
    Inspection.objects.filter(pk=inspection.pk).update(state="completed")
    clock.move(HOUR + timedelta(seconds=1))
    assert reminders.tick(hours_before.pk) == 0
    assert scenes.states() == ["cancelled"]


def test_a_tick_passes_by_what_was_planned_of_another_version(hours_before: ReminderRule) -> None:
    """As another process would see it that claimed the reminder while the inspection was being changed."""
    inspection = scenes.book(hours=30)
    Inspection.objects.filter(pk=inspection.pk).update(revision=inspection.revision + 1)
    clock.move(28 * HOUR)
    assert reminders.tick(hours_before.pk) == 0
    assert scenes.states() == ["cancelled"]


def test_another_slot_at_the_same_time_leaves_a_sent_reminder_standing(hours_before: ReminderRule) -> None:
    inspection = scenes.book(hours=3)
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(hours_before.pk)
    other = SlotFactory(
        property=inspection.property, starts_at=inspection.starts_at, ends_at=inspection.ends_at
    )
    inspections.move(inspection=inspection, slot=other, actor=None, origin=Origin.API)
    assert scenes.states() == ["queued"]
    message = OutboxMessage.objects.get(kind="reminder")
    assert message.status == Status.PENDING
    assert "in 2 hours" in scenes.text(message)


def test_a_rule_switched_off_sends_nothing_and_misses_nothing(hours_before: ReminderRule) -> None:
    scenes.book(hours=3)
    rules.save(hours_before, enabled=False, when=When(every=10))
    clock.move(HOUR + timedelta(seconds=1))
    assert reminders.tick(hours_before.pk) == 0
    clock.move(2 * HOUR)
    rules.save(hours_before, enabled=True, when=When(every=10))
    assert reminders.tick(hours_before.pk) == 0
    assert scenes.states() == ["cancelled"]
    assert not Incident.objects.exists()


def test_another_offset_plans_what_is_to_come_anew(hours_before: ReminderRule) -> None:
    inspection = scenes.book(hours=10)
    hours_before.minutes_before = 240
    rules.save(hours_before, enabled=True, when=When(every=10))
    assert Reminder.objects.get().due_at == inspection.starts_at - 4 * HOUR
    clock.move(6 * HOUR + timedelta(seconds=1))
    assert reminders.tick(hours_before.pk) == 1


def test_an_offset_that_is_past_already_is_not_fired_late(hours_before: ReminderRule) -> None:
    scenes.book(hours=3)
    hours_before.minutes_before = 240
    rules.save(hours_before, enabled=True, when=When(every=10))
    assert scenes.states() == ["skipped"]


def test_what_is_due_this_moment_survives_a_change_of_its_rule(hours_before: ReminderRule) -> None:
    scenes.book(hours=3)
    clock.move(HOUR + timedelta(seconds=1))
    hours_before.roles = ["seeker", "inspector"]
    rules.save(hours_before, enabled=True, when=When(every=10))
    assert sorted(scenes.states()) == ["planned", "skipped"]
    assert reminders.tick(hours_before.pk) == 1


def test_people_a_rule_no_longer_names_are_not_reminded() -> None:
    rule = scenes.rule(roles=["seeker", "inspector"])
    scenes.book(hours=10)
    assert scenes.states() == ["planned", "planned"]
    rule.roles = ["inspector"]
    rules.save(rule, enabled=True, when=When(every=10))
    assert sorted(scenes.states()) == ["cancelled", "planned"]
    clock.move(8 * HOUR + timedelta(seconds=1))
    reminders.tick(rule.pk)
    assert reminded() == [("reminder", "Chidi Eze", "email")]


def test_a_deleted_rule_takes_its_entry_and_its_messages_along(hours_before: ReminderRule) -> None:
    scenes.book(hours=3)
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(hours_before.pk)
    entry = hours_before.schedule
    message = OutboxMessage.objects.get(kind="reminder")
    rules.delete(hours_before)
    assert not type(entry).objects.filter(name="two hours before").exists()
    with pytest.raises(Withheld):
        scenes.said(message)


def test_a_clash_is_not_reminded_of_until_a_person_has_decided(hours_before: ReminderRule) -> None:
    inspection = InspectionFactory(clash=True)
    reminders.plan(inspection, now=clock.now())
    assert scenes.states() == []


def test_reminders_reach_every_channel_of_the_rule() -> None:
    rule = scenes.rule(roles=["seeker", "agent", "inspector"], channels=["whatsapp", "email"])
    inspection = scenes.book(hours=3, seeker=scenes.linked(SeekerFactory(name="Ada Obi")))
    inspection.property.agent.name = "Bola Adeyemi"
    inspection.property.agent.save()
    clock.move(HOUR + timedelta(seconds=1))
    reminders.tick(rule.pk)
    assert sorted(reminded()) == [
        ("reminder", "Ada Obi", "email"),
        ("reminder", "Ada Obi", "whatsapp"),
        ("reminder", "Bola Adeyemi", "email"),
        ("reminder", "Chidi Eze", "email"),
    ]

"""What an admin may do with rules and schedules."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import in_short
from inspector_whatsapp.models import User
from notifications import schedules
from notifications.models import Reminder, ReminderRule
from notifications.schedules import When
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
RULE = {
    "name": "an hour before",
    "minutes_before": 60,
    "useful_until": 10,
    "roles": ["seeker"],
    "channels": ["email"],
    "enabled": "on",
    "every": 10,
    "times": "",
}


CLOCK = {
    "minutes_before": "",
    "useful_until": "",
    "at_time": "18:00",
    "days_before": 1,
    "not_after": "20:00",
}


@pytest.fixture
def admin() -> Client:
    """Logged in, with the second factor that the console asks for."""
    client, root = Client(), User.objects.create_superuser("root@example.com")
    device = StaticDevice.objects.create(user=root, name="backup codes", confirmed=True)
    client.force_login(root)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


@pytest.fixture
def sweep() -> PeriodicTask:
    every, _ = IntervalSchedule.objects.get_or_create(every=5, period="seconds")
    entry, _ = PeriodicTask.objects.get_or_create(
        name="Sweep: outbox", defaults={"task": "inspector_whatsapp.tasks.drain_outbox", "interval": every}
    )
    return entry


def change(client: Client, row: Any, **values: Any) -> int:
    """Post the row's page; 302 when it was saved, 200 when it was refused."""
    page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    assert client.get(page).status_code == 200
    return client.post(page, values).status_code


def test_a_new_rule_gets_its_entry(admin: Client) -> None:
    inspection = scenes.book(hours=5)
    assert admin.post(reverse("admin:notifications_reminderrule_add"), RULE).status_code == 302
    rule = ReminderRule.objects.select_related("schedule").get()
    assert rule.schedule.name == "an hour before"
    assert rule.schedule.kwargs == f'{{"rule": {rule.pk}}}'
    assert rule.schedule.task == "notifications.tasks.tick_reminders"
    assert schedules.of(rule.schedule) == When(every=10)
    assert Reminder.objects.get().due_at == inspection.starts_at - timedelta(hours=1)


def test_a_rules_page_changes_the_rule_and_its_entry(admin: Client, hours_before: ReminderRule) -> None:
    inspection = scenes.book(hours=5)
    values = RULE | {"minutes_before": 90, "every": "", "times": "*/5 8-20 * * *"}
    del values["enabled"]
    assert change(admin, hours_before, **values) == 302
    rule = ReminderRule.objects.select_related("schedule__crontab").get()
    assert (rule.name, rule.schedule.name) == ("an hour before", "an hour before")
    assert not rule.schedule.enabled
    assert schedules.of(rule.schedule) == When(crontab="*/5 8-20 * * *")
    assert Reminder.objects.get().due_at == inspection.starts_at - timedelta(minutes=90)


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "", "times": ""},
        {"every": 10, "times": "* * * * *"},
        {"every": "", "times": "99 * * * *"},
        {"every": "", "times": "soon"},
        {"useful_until": 60},
        {"minutes_before": 2},
        {"minutes_before": -5},
        {"minutes_before": 43_201},
        {"minutes_before": 10**12},
        {"minutes_before": ""},
        {"useful_until": ""},
        {"at_time": "18:00"},
        CLOCK | {"at_time": ""},
        CLOCK | {"at_time": "25:00"},
        CLOCK | {"days_before": ""},
        CLOCK | {"days_before": 31},
        CLOCK | {"days_before": -1},
        CLOCK | {"not_after": ""},
        CLOCK | {"not_after": "18:00"},
        CLOCK | {"useful_until": 10},
        {"listing_types": ["castle"]},
        {"roles": ["admin"]},
        {"roles": ["seeker", "agent"], "unanswered_only": "on"},
        {"channels": ["fax"]},
        {"channels": []},
        {"name": "Sweep: mine"},
        {"name": "Sweep: outbox"},
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(
    admin: Client, sweep: PeriodicTask, wrong: dict[str, Any]
) -> None:
    answer = admin.post(reverse("admin:notifications_reminderrule_add"), RULE | wrong)
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert not ReminderRule.objects.exists()


def test_a_rule_by_the_clock_is_read_back_in_words(admin: Client) -> None:
    inspection = scenes.book(hours=72)
    page = reverse("admin:notifications_reminderrule_add")
    answer = admin.post(page, RULE | CLOCK | {"listing_types": ["rent", "sale"]}, follow=True)
    sentence = (
        "To seekers, by e-mail, at 18:00 the day before; not after 20:00. Only homes for rent and for sale."
    )
    assert sentence in answer.content.decode()
    rule = ReminderRule.objects.get()
    assert (
        sentence
        in admin.get(reverse("admin:notifications_reminderrule_change", args=[rule.pk])).content.decode()
    )
    due = Reminder.objects.get().due_at.astimezone(ZoneInfo("Africa/Lagos"))
    assert (due.hour, due.minute) == (18, 0)
    assert due.date() == inspection.starts_at.astimezone(due.tzinfo).date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minutes_before": 3}, "5 minutes to 30 days"),
        ({"minutes_before": 50_000}, "5 minutes to 30 days"),
        ({"minutes_before": "", "useful_until": ""}, "Fill in either the minutes"),
        (CLOCK | {"days_before": 45}, "30 days before the start at most"),
        (CLOCK | {"not_after": "17:00"}, "until a later time of that day"),
        ({"useful_until": 90}, "until fewer minutes before the start"),
    ],
)
def test_a_refused_rule_says_what_is_allowed(admin: Client, wrong: dict[str, Any], sentence: str) -> None:
    answer = admin.post(reverse("admin:notifications_reminderrule_add"), RULE | wrong)
    assert sentence in answer.content.decode()


def test_deleting_a_rule_deletes_its_entry(admin: Client, hours_before: ReminderRule) -> None:
    scenes.book(hours=5)
    other = scenes.rule("another")
    for row in (hours_before, other):
        assert PeriodicTask.objects.filter(pk=row.schedule_id).exists()
    page = reverse("admin:notifications_reminderrule_delete", args=[hours_before.pk])
    assert admin.post(page, {"post": "yes"}).status_code == 302
    action = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert admin.post(reverse("admin:notifications_reminderrule_changelist"), action).status_code == 302
    assert not ReminderRule.objects.exists()
    assert not PeriodicTask.objects.filter(
        task=schedules.TICK, name__in=("two hours before", "another")
    ).exists()


def test_reminders_can_only_be_read(admin: Client, hours_before: ReminderRule) -> None:
    scenes.book(hours=5)
    reminder = Reminder.objects.get()
    assert admin.get(reverse("admin:notifications_reminder_changelist")).status_code == 200
    assert change(admin, reminder, state="queued") == 403
    assert admin.get(reverse("admin:notifications_reminder_add")).status_code == 403
    assert admin.post(reverse("admin:notifications_reminder_delete", args=[reminder.pk])).status_code == 403


@pytest.mark.parametrize(
    ("values", "saved"),
    [
        ({"enabled": "on", "every": 30}, True),
        ({"enabled": "on", "every": 60}, True),
        ({"enabled": "on", "every": 61}, False),
        ({"enabled": "on", "times": "0 3 * * *"}, False),
        ({"every": 5}, False),
    ],
)
def test_a_sweep_may_be_slowed_and_not_stopped(
    admin: Client, sweep: PeriodicTask, values: dict[str, Any], saved: bool
) -> None:
    assert change(admin, sweep, **values) == (302 if saved else 200)
    sweep.refresh_from_db()
    assert sweep.enabled
    assert schedules.of(sweep) == When(every=values["every"] if saved else 5)


def test_a_sweep_can_neither_be_deleted_nor_renamed_nor_given_another_task(
    admin: Client, sweep: PeriodicTask
) -> None:
    before = (sweep.name, sweep.task, sweep.kwargs)
    page = reverse("admin:django_celery_beat_periodictask_delete", args=[sweep.pk])
    assert admin.post(page, {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [sweep.pk], "post": "yes"}
    admin.post(reverse("admin:django_celery_beat_periodictask_changelist"), action)
    wish = {"name": "x", "task": "notifications.tasks.tick_reminders", "kwargs": '{"rule": 1}'}
    change(admin, sweep, **wish, enabled="on", every=5)
    sweep.refresh_from_db()
    assert (sweep.name, sweep.task, sweep.kwargs) == before


def test_slowing_one_sweep_leaves_the_others_as_they_are(admin: Client, sweep: PeriodicTask) -> None:
    other, _ = PeriodicTask.objects.get_or_create(
        name="Sweep: inbox", defaults={"task": "bot.tasks.drain_inbox", "interval": sweep.interval}
    )
    assert change(admin, sweep, enabled="on", every=60) == 302
    assert schedules.of(PeriodicTask.objects.get(pk=other.pk)) == When(every=5)


@pytest.mark.parametrize(
    ("values", "saved"),
    [
        ({"task": "inspector_whatsapp.tasks.drain_outbox"}, True),
        ({"task": "os.system"}, False),
        ({"task": "celery.backend_cleanup"}, False),
        ({"task": "notifications.tasks.tick_reminders"}, False),
        ({"task": "inspector_whatsapp.tasks.drain_outbox", "name": "Sweep: another"}, False),
    ],
)
def test_an_entry_names_one_of_our_tasks_and_has_no_arguments(
    admin: Client, values: dict[str, Any], saved: bool
) -> None:
    wish = {"name": "extra", "enabled": "on", "every": 600, "kwargs": '{"x": 1}', "args": "[1]"} | values
    page = reverse("admin:django_celery_beat_periodictask_add")
    assert admin.get(page).status_code == 200
    assert admin.post(page, wish).status_code == (302 if saved else 200)
    entries = PeriodicTask.objects.filter(name=wish["name"])
    assert [(entry.args, entry.kwargs) for entry in entries] == ([("[]", "{}")] if saved else [])


def test_switching_a_rule_on_from_the_schedules_forgets_what_is_past(
    admin: Client, hours_before: ReminderRule
) -> None:
    scenes.book(hours=3)
    entry = hours_before.schedule
    assert change(admin, entry, every=10) == 302
    assert not PeriodicTask.objects.get(pk=entry.pk).enabled
    clock.move(timedelta(hours=2, minutes=55))
    assert change(admin, entry, enabled="on", every=10) == 302
    assert scenes.states() == ["cancelled"]


def test_rows_of_times_have_no_page_of_their_own(admin: Client, sweep: PeriodicTask) -> None:
    for path in ("intervalschedule", "crontabschedule", "solarschedule", "clockedschedule"):
        assert admin.get(f"/admin/django_celery_beat/{path}/").status_code == 404
    assert admin.get(reverse("admin:django_celery_beat_periodictask_changelist")).status_code == 200
    assert admin.get(reverse("admin:notifications_reminderrule_changelist")).status_code == 200


# --- what is sent when, as it is shown ----------------------------------------------------------------------


def test_a_rules_page_says_what_it_plans_next_and_leads_to_all_of_them(
    admin: Client, hours_before: ReminderRule
) -> None:
    page = reverse("admin:notifications_reminderrule_change", args=[hours_before.pk])
    assert "None is planned" in admin.get(page).content.decode()
    later, sooner = scenes.book(hours=50), scenes.book(hours=30)
    shown = admin.get(page).content.decode()
    first = Reminder.objects.filter(rule=hours_before, inspection=sooner).earliest("due_at")
    assert f"{in_short(first.due_at)}, of {sooner.ref}" in shown
    path = f"{reverse('admin:notifications_reminder_changelist')}?rule__id__exact={hours_before.pk}"
    listed = admin.get(f"{path}&state__exact=planned").content.decode()
    assert later.ref in listed


def test_the_schedules_are_called_so_everywhere(admin: Client, sweep: PeriodicTask) -> None:
    for page in (
        reverse("admin:django_celery_beat_periodictask_changelist"),
        reverse("admin:django_celery_beat_periodictask_change", args=[sweep.pk]),
        reverse("admin:django_celery_beat_periodictask_add"),
    ):
        shown = admin.get(page).content.decode()
        assert "schedule" in shown.lower()
        assert "periodic task" not in shown.lower()


def test_whoever_deletes_what_belongs_to_the_service_is_told_that_it_stays(
    admin: Client, sweep: PeriodicTask
) -> None:
    added = PeriodicTask.objects.create(
        name="Mine",
        task="inspector_whatsapp.tasks.sweep",
        interval=sweep.interval,
        headers=json.dumps(schedules.ADDED),
    )
    page = reverse("admin:django_celery_beat_periodictask_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [sweep.pk, added.pk], "post": "yes"}
    shown = admin.post(page, chosen, follow=True).content.decode()
    assert "These belong to the service and stay: Sweep: outbox." in shown
    assert "permission" not in shown.partition("<main")[2]
    assert PeriodicTask.objects.filter(pk__in=[sweep.pk, added.pk]).count() == 2
    admin.post(page, chosen | {"_selected_action": [added.pk]})
    assert not PeriodicTask.objects.filter(pk=added.pk).exists()
    assert PeriodicTask.objects.filter(pk=sweep.pk).exists()

"""What the schedules say of themselves, what an admin may do with an entry, and what is caught up on."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
from celery import Celery, current_app
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from bot.tasks import sweep_inbox
from inspector_whatsapp.models import Incident, User
from notifications import catching_up, runs, schedules
from notifications.models import ReminderRule, ScheduleRun
from notifications.runs import HEADER
from notifications.schedules import When
from tests.admin.conftest import log_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DIGESTS = "notifications.tasks.send_digests"
QUEUE = "ticks"


def sent(*rows: Any) -> list[tuple[str, Any, str]]:
    """(task, arguments, entry) of what was sent for these entries, and waits for a worker."""
    found = []
    with redis.Redis.from_url(project.REDIS_URL) as broker:
        for raw in reversed(broker.lrange(QUEUE, 0, -1)):
            headers = json.loads(raw)["headers"]
            if headers.get(HEADER) in [row.name for row in rows]:
                broker.lrem(QUEUE, 1, raw)
                found.append((headers["task"], headers["kwargsrepr"], headers[HEADER]))
    return found


def entry(name: str = "", *, times: str = "0 8 * * *", every: int | None = None, **fields: Any) -> Any:
    """An entry of the service's own, of a name that nobody else has: several test runs share a queue."""
    made = PeriodicTask(**{"name": name or f"digest {uuid4().hex[:8]}", "task": DIGESTS} | fields)
    (When(every=every) if every else When(crontab=times)).apply(made)
    made.save()
    return made


def seen(row: Any, *, ago: timedelta) -> Any:
    """The entry, as if nobody had looked at it since."""
    at = timezone.now() - ago
    PeriodicTask.objects.filter(pk=row.pk).update(last_run_at=at, date_changed=at)
    return PeriodicTask.objects.get(pk=row.pk)


def daily(*, ago: timedelta) -> str:
    """A crontab whose time of day was so long ago."""
    due = timezone.localtime(timezone.now() - ago)
    return f"{due.minute} {due.hour} * * *"


# --- times ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ("0 0 31 2 *", "It would never run"),
        ("0 0 30,31 2 *", "It would never run"),
        ("0 0 31 4,6,9,11 1", "It would never run"),
        ("0 0 * * 7", "Sunday is 0"),
        ("0 0 0 * *", "not in 1-31"),
        ("*/0 * * * *", "divided by zero"),
        ("60 * * * *", "60"),
        ("5-1 * * * *", "Bad range"),
        ("1,,2 * * * *", "No enumeration"),
        ("* * * *", "five fields"),
        ("@daily", "five fields"),
    ],
)
def test_times_that_never_come_are_refused_in_words(times: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        When(crontab=times).check()


@pytest.mark.parametrize("times", ["0 0 29 2 *", "0 0 29 2 1", "0 0 31 * *", "*/5 8-20 * * mon-fri"])
def test_times_that_come_seldom_are_taken(times: str) -> None:
    When(crontab=times).check()
    row = entry(times=times)
    assert schedules.following(row, timezone.now()) > timezone.now()
    assert schedules.next_run(row)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (When(every=1), "every second"),
        (When(every=10), "every 10 seconds"),
        (When(crontab="0 8 * * *"), "at 08:00"),
        (When(crontab="*/5 8-20 * * *"), "every 5 minutes, between 08:00 and 20:59"),
        (When(crontab="30 18 * * 1-5"), "at 18:30, monday through friday"),
    ],
)
def test_an_entry_says_in_words_when_it_runs(when: When, words: str) -> None:
    assert schedules.in_words(entry(times=when.crontab, every=when.every)) == words


@pytest.mark.parametrize(
    ("when", "seconds"),
    [
        (When(every=1), 10),
        (When(every=30), 30),
        (When(every=86_400), 3600),
        (When(crontab="*/2 * * * *"), 120),
        (When(crontab="0 8 * * *"), 3600),
    ],
)
def test_a_run_waits_for_a_worker_until_the_next_one_comes(when: When, seconds: int) -> None:
    assert entry(times=when.crontab, every=when.every).expire_seconds == seconds


# --- what came of it --------------------------------------------------------------------------------------
def fail() -> runs.Did:
    raise RuntimeError("a secret")


def test_a_run_leaves_what_it_did() -> None:
    row = entry()
    assert runs.in_words(None) == "It has not run yet."
    runs.recorded(row.name, lambda: {"reminders queued": 3, "letters": 0})
    assert runs.in_words(ScheduleRun.objects.get(entry=row)).endswith(": 3 reminders queued.")
    runs.recorded(row.name, lambda: {"reminders queued": 0})
    assert runs.in_words(ScheduleRun.objects.get(entry=row)).endswith(": nothing to do.")


def test_while_it_runs_it_says_so() -> None:
    row, said = entry(), []

    def work() -> None:
        said.append(runs.in_words(ScheduleRun.objects.get(entry=row)))

    runs.recorded(row.name, dict)
    runs.recorded(row.name, work)
    assert said[0].startswith("Running since ")


def test_an_entry_that_fails_twice_in_a_row_is_an_incident_until_it_succeeds() -> None:
    row = entry()
    with pytest.raises(RuntimeError):
        runs.recorded(row.name, fail)
    assert not Incident.objects.exists()
    with pytest.raises(RuntimeError):
        runs.recorded(row.name, fail)
    incident = Incident.objects.get(kind="schedule_failing", key=str(row.pk), closed_at=None)
    assert row.name in incident.sentence
    assert "secret" not in incident.sentence
    assert runs.in_words(ScheduleRun.objects.get()).endswith(": failed (RuntimeError), 2 times in a row.")
    runs.recorded(row.name, lambda: None)
    incident.refresh_from_db()
    assert incident.closed_at is not None
    with pytest.raises(RuntimeError):
        runs.recorded(row.name, fail)
    assert not Incident.objects.filter(closed_at=None).exists()


def test_the_run_of_an_entry_that_is_gone_does_its_work_all_the_same() -> None:
    assert runs.recorded("renamed", lambda: {"things": 1}) == {"things": 1}
    assert not ScheduleRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_task_is_recorded_when_the_schedules_started_it_and_not_when_the_doorbell_did() -> None:
    row = entry(task="bot.tasks.sweep_inbox")
    sweep_inbox.apply()
    assert not ScheduleRun.objects.exists()
    sweep_inbox.apply(headers={HEADER: row.name})
    assert ScheduleRun.objects.get(entry=row).outcome == "done"


def test_every_task_that_an_entry_of_ours_names_is_there() -> None:
    named = set(PeriodicTask.objects.exclude(name__startswith="celery.").values_list("task", flat=True))
    assert {task for task in named if not schedules.is_ours(task)} == set()


# --- the console ------------------------------------------------------------------------------------------
@pytest.fixture
def root() -> User:
    return UserFactory(email="root@example.com", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(root: User) -> Client:
    return log_in(Client(), root)


def may(*rights: str) -> Client:
    """Staff with these rights over entries, and no others."""
    user = UserFactory(is_staff=True)
    names = [f"{right}_periodictask" for right in rights]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return log_in(Client(), user)


def page(row: Any, name: str = "change") -> str:
    return reverse(f"admin:django_celery_beat_periodictask_{name}", args=[row.pk] if row else [])


def press(client: Client, *rows: Any) -> str:
    wish = {"action": "run_now", "_selected_action": [row.pk for row in rows]}
    return client.post(page(None, "changelist"), wish, follow=True).content.decode()


def test_run_now_sends_the_entrys_own_task_with_its_own_arguments(
    staff: Client, root: User, hours_before: ReminderRule
) -> None:
    digest, ticks = entry(), hours_before.schedule
    PeriodicTask.objects.filter(pk=ticks.pk).update(name=f"ticks {uuid4().hex[:8]}")
    ticks.refresh_from_db()
    assert f"Started: {digest.name}, {ticks.name}." in press(staff, digest, ticks)
    assert sent(digest, ticks) == [
        (DIGESTS, "{}", digest.name),
        (schedules.TICK, f"{{'rule': {hours_before.pk}}}", ticks.name),
    ]
    log = LogEntry.objects.filter(user=root).values_list("object_id", "change_message")
    assert set(log) == {(str(row.pk), "Run now.") for row in (digest, ticks)}


def test_the_button_on_its_page_saves_and_runs(staff: Client) -> None:
    row = entry()
    assert "Save and run now" in staff.get(page(row)).content.decode()
    wish = {"enabled": "on", "times": "0 9 * * *", "_run_now": "1"}
    assert f"Started: {row.name}." in staff.post(page(row), wish, follow=True).content.decode()
    assert sent(row) == [(DIGESTS, "{}", row.name)]
    assert schedules.of(PeriodicTask.objects.get(pk=row.pk)) == When(crontab="0 9 * * *")


def test_who_may_only_look_runs_nothing() -> None:
    row, visitor = entry(), may("view")
    press(visitor, row)
    assert "Save and run now" not in visitor.get(page(row)).content.decode()
    assert visitor.post(page(row), {"enabled": "on", "every": 5, "_run_now": "1"}).status_code == 403
    assert press(may(), row)
    assert sent(row) == []
    assert "Started" in press(may("view", "change"), row)
    assert len(sent(row)) == 1


def test_without_redis_it_says_that_nobody_can_be_told(staff: Client) -> None:
    row, ours = entry(), current_app._get_current_object()  # type: ignore[attr-defined]
    away = Celery("away", broker="redis://127.0.0.1:9/0", task_cls="notifications.runs:OurTask")
    away.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
    away.set_current()
    try:
        assert "Redis does not answer" in press(staff, row)
    finally:
        ours.set_current()
    assert not LogEntry.objects.exists()


def test_a_task_nobody_knows_is_not_run(staff: Client) -> None:
    row = entry(task="os.system")
    assert "No program here knows its task." in press(staff, row)
    assert sent(row) == []


def test_entries_of_the_service_stay_and_added_ones_go(staff: Client) -> None:
    own = entry()
    name = own.name
    wish = {"name": "extra", "task": DIGESTS, "enabled": "on", "times": "0 12 * * *"}
    assert staff.post(page(None, "add"), wish).status_code == 302
    added = PeriodicTask.objects.get(name="extra")
    assert staff.post(page(own), {"name": "x", "enabled": "on", "times": "0 9 * * *"}).status_code == 302
    assert staff.post(page(own, "delete"), {"post": "yes"}).status_code == 403
    both = {"action": "delete_selected", "_selected_action": [own.pk, added.pk], "post": "yes"}
    staff.post(page(None, "changelist"), both)
    own.refresh_from_db()
    assert own.name == name
    runs.recorded("extra", dict)
    assert staff.post(page(added, "delete"), {"post": "yes"}).status_code == 302
    assert not PeriodicTask.objects.filter(name="extra").exists()


def test_the_list_says_when_each_runs_and_what_came_of_it(staff: Client) -> None:
    row = entry()
    runs.recorded(row.name, lambda: {"digests written": 7})
    shown = staff.get(page(None, "changelist")).content.decode()
    assert "at 08:00" in shown
    assert "7 digests written." in shown
    assert "7 digests written." in staff.get(page(row)).content.decode()


@pytest.mark.parametrize(
    ("task", "slowest"),
    [
        ("inspector_whatsapp.tasks.sweep", 10),
        ("bot.tasks.drain_inbox", 60),
        ("inspector_whatsapp.tasks.chase_requests", 600),
        ("bot.tasks.sweep_drafts", 86_400),
    ],
)
def test_every_sweep_has_its_own_bound(staff: Client, task: str, slowest: int) -> None:
    row = entry("Sweep: mine", every=5, task=task)
    assert staff.post(page(row), {"enabled": "on", "every": slowest}).status_code == 302
    answer = staff.post(page(row), {"enabled": "on", "every": slowest + 1})
    assert answer.status_code == 200
    assert schedules.of(PeriodicTask.objects.get(pk=row.pk)) == When(every=slowest)


@pytest.mark.django_db(transaction=True)
def test_what_was_edited_or_switched_off_stays_so_after_an_update_and_a_new_beat() -> None:
    every, _made = IntervalSchedule.objects.get_or_create(every=37, period="seconds")
    for name in ("Retention", "Sweep: outbox"):
        defaults = {"task": DIGESTS, "interval": every}
        PeriodicTask.objects.get_or_create(name=name, defaults=defaults)
    PeriodicTask.objects.filter(name="Sweep: outbox").update(interval=every)
    PeriodicTask.objects.filter(name="Retention").update(enabled=False, crontab=None, interval=every)
    before = list(PeriodicTask.objects.order_by("pk").values("name", "enabled", "interval", "crontab"))
    call_command("migrate", verbosity=0)
    DatabaseScheduler(app=current_app)
    assert (
        list(PeriodicTask.objects.order_by("pk").values("name", "enabled", "interval", "crontab")) == before
    )


# --- what was missed --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due_ago", "seen_ago", "runs_now"),
    [
        (timedelta(minutes=10), timedelta(hours=25), True),
        (timedelta(hours=3), timedelta(hours=26), True),
        (timedelta(hours=3), timedelta(hours=2), False),  # it has run since
        (timedelta(hours=2), timedelta(hours=26), True),
        (timedelta(hours=2), timedelta(days=40), True),
        (timedelta(minutes=2), timedelta(hours=24), False),  # somebody is about to run it
        (timedelta(hours=23, minutes=30), timedelta(hours=25), False),  # it comes by itself within the hour
    ],
)
def test_a_daily_run_that_nobody_looked_at_is_made_up_for_once(
    due_ago: timedelta, seen_ago: timedelta, runs_now: bool
) -> None:
    row = seen(entry(times=daily(ago=due_ago)), ago=seen_ago)
    assert catching_up.catch_up() == runs_now
    assert sent(row) == [(DIGESTS, "{}", row.name)] * runs_now
    assert catching_up.catch_up() == 0
    assert sent(row) == []


def test_what_ran_without_its_beat_knowing_is_not_run_again() -> None:
    row = seen(entry(times=daily(ago=timedelta(hours=3))), ago=timedelta(hours=26))
    runs.recorded(row.name, dict)
    assert catching_up.catch_up() == 0


def switched_off(row: Any) -> None:
    PeriodicTask.objects.filter(pk=row.pk).update(enabled=False)


def of_nobody(row: Any) -> None:
    PeriodicTask.objects.filter(pk=row.pk).update(task="os.system")


def by_interval(row: Any) -> None:
    every, _made = IntervalSchedule.objects.get_or_create(every=5, period="seconds")
    PeriodicTask.objects.filter(pk=row.pk).update(crontab=None, interval=every)


@pytest.mark.parametrize("but", [switched_off, of_nobody, by_interval])
def test_nothing_else_is_made_up_for(but: Callable[[Any], None]) -> None:
    row = seen(entry(times=daily(ago=timedelta(hours=3))), ago=timedelta(hours=26))
    but(row)
    assert catching_up.catch_up() == 0
    assert sent(row) == []


def test_switched_on_again_it_waits_for_its_next_time(staff: Client) -> None:
    row = seen(entry(times=daily(ago=timedelta(hours=3)), enabled=False), ago=timedelta(days=5))
    ScheduleRun.objects.create(entry=row, started_at=timezone.now() - timedelta(days=6))
    wish = {"enabled": "on", "times": daily(ago=timedelta(hours=3))}
    assert staff.post(page(row), wish).status_code == 302
    assert catching_up.catch_up() == 0

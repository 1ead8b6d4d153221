"""Work on many rows: batch by batch, each once, whoever is killed or cancels."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from inspector_whatsapp import clock, jobs, retention
from inspector_whatsapp.jobs import Work, running
from inspector_whatsapp.jobs.messages import CANCEL
from inspector_whatsapp.models import AuditEntry, Job, LeftOut, OutboxMessage, User
from inspector_whatsapp.models.jobs import JobState
from tests.at_once import at_once, environment
from tests.factories import UserFactory
from tests.outbox.witness import MANAGE, until

pytestmark = pytest.mark.django_db

# Not yet: a worker of the tests that looks meanwhile takes none of them.
HELD = """
INSERT INTO inspector_whatsapp_outboxmessage
    (kind, channel, lane, category, priority, arguments, text, status, reason, story, created_at,
     not_before, attempts, put_off, if_uncertain, price_category, counted)
SELECT 'reply', 'whatsapp', 'bulk:' || n, 'service', 2, '{}', 'hello', 'held', '', '[]', clock_now(),
       clock_now() + interval '9 days', 0, 0, 'resend', '', false
FROM generate_series(1, %s) AS n RETURNING id
"""


@pytest.fixture
def admin() -> User:
    return UserFactory(is_staff=True, is_superuser=True)


def held(count: int) -> list[int]:
    """So many messages that have not left."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [count])
        return [row[0] for row in cursor.fetchall()]


def begun(admin: User, rows: list[int], work: Work = CANCEL) -> Job:
    return jobs.begin(work=work, rows=rows, actor=admin, token=uuid4())


def counts(job: Job) -> tuple[str, int, int, int, int]:
    job.refresh_from_db()
    return job.state, job.place, job.done, job.skipped, job.failed


def test_a_job_does_it_to_every_row_and_says_what_it_left_out_and_why(admin: User) -> None:
    rows = held(7)
    OutboxMessage.objects.filter(pk=rows[0]).update(status="sent")
    OutboxMessage.objects.filter(pk=rows[1]).delete()
    job = begun(admin, rows)
    assert jobs.work() == 7
    assert counts(job) == (JobState.DONE, 7, 5, 2, 0)
    assert job.finished_at is not None
    left = list(LeftOut.objects.order_by("row").values_list("row", "why"))
    assert left == [
        (rows[0], "It has left, or came to its end otherwise."),
        (rows[1], "It is there no more."),
    ]
    assert set(OutboxMessage.objects.filter(pk__in=rows[2:]).values_list("status", flat=True)) == {"withheld"}
    entry = LogEntry.objects.get(object_id=str(rows[2]))
    assert (entry.user, entry.change_message) == (admin, f"Stopped before it left. (job {job.pk})")


def test_the_audit_has_its_beginning_and_its_end(admin: User) -> None:
    job = begun(admin, held(3))
    jobs.work()
    entries = AuditEntry.objects.filter(page="inspector_whatsapp.job", object_id=str(job.pk)).order_by("pk")
    assert [entry.says for entry in entries] == ["began a job: messages.cancel", "the job ended: done"]
    assert {entry.actor for entry in entries} == {admin}
    assert entries[1].details == {
        "work": "messages.cancel",
        "of": 3,
        "done": 3,
        "skipped": 0,
        "failed": 0,
    }


def test_a_form_that_is_sent_twice_begins_one_job(admin: User) -> None:
    rows, token = held(3), uuid4()
    first, second = (jobs.begin(work=CANCEL, rows=rows, actor=admin, token=token) for _ in range(2))
    assert first == second
    assert Job.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_once_begins_one_job(admin: User) -> None:
    rows, token = held(3), uuid4()
    begin = lambda: jobs.begin(work=CANCEL, rows=rows, actor=admin, token=token).pk  # noqa: E731
    assert len(set(at_once(begin, begin, begin, begin))) == 1
    assert Job.objects.count() == AuditEntry.objects.count() == 1


def test_the_rows_do_not_grow_once_it_has_begun(admin: User) -> None:
    job = begun(admin, held(2))
    late = held(1)
    jobs.work()
    assert counts(job)[:2] == (JobState.DONE, 2)
    assert OutboxMessage.objects.get(pk=late[0]).status == "held"


def test_more_rows_than_a_job_takes_are_refused(admin: User) -> None:
    with pytest.raises(jobs.TooMany):
        begun(admin, list(range(jobs.MOST + 1)))
    assert not Job.objects.exists()


def test_fifty_thousand_rows_stopped_half_way_leave_counts_that_agree(admin: User) -> None:
    rows = held(50_000)
    job = begun(admin, rows)
    while running.batch(job.pk) and counts(job)[1] < 2_000:
        pass
    assert jobs.cancel(job, actor=admin)
    assert not jobs.cancel(job, actor=admin), "it was told so before"
    jobs.work()
    state, place, done, skipped, failed = counts(job)
    assert state == JobState.CANCELLED
    assert 2_000 <= place < 50_000
    assert (done, skipped, failed) == (place, 0, 0)
    assert OutboxMessage.objects.filter(status="withheld").count() == done
    assert OutboxMessage.objects.filter(status="held").count() == 50_000 - done
    assert LogEntry.objects.filter(user=admin).count() == done
    says = list(AuditEntry.objects.order_by("pk").values_list("says", flat=True))
    assert says == ["began a job: messages.cancel", "asked to stop it", "the job ended: cancelled"]


@pytest.mark.django_db(transaction=True)
def test_while_a_batch_is_under_way_a_cancel_waits_for_nobody_and_no_batch_follows(
    admin: User, slow: "Slow"
) -> None:
    job = begun(admin, held(running.BATCH + 5), slow.work)
    worker = threading.Thread(target=slow.batch, args=(job.pk,))
    worker.start()
    assert slow.is_at_it.wait(30)
    assert running.batch(job.pk) == 0, "somebody else is at it"
    assert jobs.cancel(job, actor=admin)
    assert counts(job)[0] == JobState.WAITING, "the batch under way is not cut off"
    slow.may_go_on.set()
    worker.join(30)
    assert running.batch(job.pk) == 0
    state, place, done, *_rest = counts(job)
    assert state == JobState.CANCELLED
    assert place == done <= running.BATCH


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_half_way_leaves_nothing_half_done(admin: User) -> None:
    """The batch ends with its connection, and so does the lock: the next worker goes on there at once."""
    rows = held(1_500)
    job = begun(admin, rows)
    command = [sys.executable, str(MANAGE), "drain", "--forever"]
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
    try:
        until(lambda: counts(job)[1] > 0)
    finally:
        process.kill()
        process.wait(30)
    _state, place, done, *_rest = counts(job)
    assert place == done
    assert OutboxMessage.objects.filter(status="withheld").count() == done
    until(lambda: running.batch(job.pk) or counts(job)[0] == JobState.DONE)
    while counts(job)[0] != JobState.DONE:
        running.batch(job.pk)
    assert counts(job) == (JobState.DONE, 1_500, 1_500, 0, 0)
    assert LogEntry.objects.filter(user=admin).count() == 1_500


def test_what_breaks_on_one_row_leaves_the_others_be(admin: User, settings: Settings) -> None:
    rows = held(3)
    settings.JOBS = (__name__,)
    job = begun(admin, rows, FRAGILE)
    OutboxMessage.objects.filter(pk=rows[1]).update(text="break")
    jobs.work()
    assert counts(job) == (JobState.DONE, 3, 2, 0, 1)
    assert LeftOut.objects.get().why == "ZeroDivisionError"
    assert OutboxMessage.objects.get(pk=rows[1]).reason == "", "what it had done to that row is undone"
    assert OutboxMessage.objects.get(pk=rows[2]).reason == "touched"


def test_whoever_may_do_it_no_more_has_it_done_no_more(admin: User) -> None:
    helper = UserFactory(is_staff=True)
    right = Permission.objects.get(codename="change_outboxmessage")
    helper.user_permissions.add(right)
    job = begun(helper, held(2))
    helper.user_permissions.remove(right)
    jobs.work()
    assert counts(job) == (JobState.FAILED, 0, 0, 0, 0)
    assert job.reason == "Whoever began it may do this no more."


def test_work_that_this_release_does_not_know_is_given_up(admin: User) -> None:
    job = begun(admin, held(2))
    Job.objects.update(work="of.another")
    jobs.work()
    assert counts(job)[:2] == (JobState.FAILED, 0)


def test_the_database_keeps_counts_that_do_not_agree_out(admin: User) -> None:
    job = begun(admin, held(2))
    for wrong in ({"done": 1}, {"place": 3, "done": 3}, {"total": 3}, {"state": "done"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**wrong)


def test_old_jobs_go_and_open_ones_stay(admin: User, settings: Settings) -> None:
    settings.RETENTION = ("inspector_whatsapp.retention.rules",)
    over, still = begun(admin, held(1)), begun(admin, held(1))
    running.batch(over.pk)
    Job.objects.update(created_at=clock.now() - timedelta(days=91))
    retention.run()
    assert list(Job.objects.values_list("pk", flat=True)) == [still.pk]


def fragile(message: OutboxMessage, *, actor: User) -> str:
    OutboxMessage.objects.filter(pk=message.pk).update(reason="touched")
    if message.text == "break":
        raise ZeroDivisionError
    return "touched"


FRAGILE = Work(
    name="tests.fragile",
    model=OutboxMessage,
    title="Touch",
    permission="inspector_whatsapp.change_outboxmessage",
    do=fragile,
    told=str,
)


class Slow:
    """Work that stops at its first row until it may go on."""

    def __init__(self) -> None:
        self.is_at_it, self.may_go_on = threading.Event(), threading.Event()
        self.work = Work(
            name="tests.slow",
            model=OutboxMessage,
            title="Slow",
            permission="inspector_whatsapp.change_outboxmessage",
            do=self._do,
            told=str,
        )

    def _do(self, message: OutboxMessage, /, *, actor: User) -> str:
        self.is_at_it.set()
        assert self.may_go_on.wait(30)
        return "done"

    def batch(self, pk: int) -> None:
        try:
            running.batch(pk)
        finally:
            connection.close()


SLOW = Slow()
SLOW_WORK = SLOW.work


@pytest.fixture
def slow(settings: Settings) -> Iterator[Slow]:
    settings.JOBS = (__name__,)
    yield SLOW
    SLOW.may_go_on.set()

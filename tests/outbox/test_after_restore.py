"""After a backup was restored nobody knows what has left since it was taken: `manage.py after_restore`."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from inspector_whatsapp import clock, jobs, outbox, restoring
from inspector_whatsapp.jobs.messages import CANCEL
from inspector_whatsapp.models import Incident, OutboxMessage
from inspector_whatsapp.models.jobs import JobState
from inspector_whatsapp.models.outbox import IfUncertain, Status
from inspector_whatsapp.outbox import Outgoing, statuses
from tests.factories import InspectionFactory, UserFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


@pytest.fixture(autouse=True)
def _numbers_go_on_as_they_were() -> Iterator[None]:
    """No rollback takes them back, and other tests would see numbers of eight digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value, start_value FROM pg_sequences")
        before = cursor.fetchall()
    yield
    with connection.cursor() as cursor:
        for name, last, first in before:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, last or first, last is not None])


def restored() -> str:
    """Run the command; what it says."""
    said = StringIO()
    call_command("after_restore", stdout=said)
    return said.getvalue()


def standing(message: OutboxMessage) -> Status:
    message.refresh_from_db()
    return Status(message.status)


def test_what_was_due_may_have_left_and_follows_its_kind(meta: Meta) -> None:
    due = scenes.told(meta)
    going, later, left_to_a_person = (scenes.reply(scenes.listener(meta), each) for each in "abc")
    OutboxMessage.objects.filter(pk=left_to_a_person.pk).update(if_uncertain=IfUncertain.HOLD)
    OutboxMessage.objects.filter(pk=later.pk).update(not_before=clock.now() + timedelta(hours=1))
    OutboxMessage.objects.filter(pk=going.pk).update(
        status=Status.SENDING, lease_until=clock.now(), lease_token="7" * 32
    )
    outbox.add(Outgoing(kind="event", channel="webhook", key="event:1"))
    known_again = OutboxMessage.objects.get(key="event:1")

    assert "3 messages may have left since the backup" in restored()
    assert [standing(each) for each in (due, going, left_to_a_person)] == [Status.UNCERTAIN] * 3
    assert (due.reason, due.story[-1]["says"]) == (restoring.REASON, restoring.REASON)
    assert (going.lease_until, going.lease_token) == (None, None)
    assert [standing(each) for each in (later, known_again)] == [Status.PENDING] * 2
    assert "0 messages may have left" in restored()
    outbox.drain()
    assert meta.requests() == []

    scenes.passes(minutes=10, seconds=1)
    outbox.sweep()
    outbox.drain()
    assert [standing(each) for each in (due, going, left_to_a_person)] == [Status.FAILED] * 3
    assert [each.repeated_by.get().status for each in (due, going)] == [Status.ACCEPTED] * 2
    assert Incident.objects.filter(kind="message_uncertain", key=str(left_to_a_person.pk)).exists()


def test_a_status_of_what_had_left_before_the_restore_settles_it() -> None:
    message = scenes.told()
    restored()
    news = statuses.News(status="delivered", at=clock.now())
    assert statuses.moved(news, id=message.pk, provider_id="wamid.before")
    scenes.passes(minutes=10, seconds=1)
    outbox.sweep()
    assert standing(message) == Status.DELIVERED
    assert not message.repeated_by.exists()


def test_a_job_that_was_open_ends_for_nobody_knows_how_far_it_had_come() -> None:
    job = jobs.begin(
        work=CANCEL, rows=[7], actor=UserFactory(is_staff=True, is_superuser=True), token=uuid4()
    )
    restored()
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.CANCELLED, restoring.JOB_REASON)
    assert jobs.work() == 0


def test_numbers_given_out_since_the_backup_are_given_to_nothing_else() -> None:
    before = InspectionFactory()
    restored()
    after = InspectionFactory()
    assert after.pk > before.pk + restoring.NUMBERS
    first, second = (int(each.ref.removeprefix("IN-")) for each in (before, after))
    assert first + restoring.REFS < second < first + 2 * restoring.REFS

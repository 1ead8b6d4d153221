"""What has to be said to a database that was restored from a backup, before anything runs on it."""

from typing import Final

from django.conf import settings
from django.db import connection, transaction

from inspector_whatsapp import clock
from inspector_whatsapp.models import Change, Job, OutboxMessage
from inspector_whatsapp.models.jobs import OPEN_STATES, JobState
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.outbox.channel import by_name
from inspector_whatsapp.outbox.story import Step, told

REASON: Final = "the database was restored: it may have left since the backup was taken"
JOB_REASON: Final = "the database was restored: it may have gone on since the backup was taken"
# More numbers, and more refs of properties and inspections, than are given out between two backups.
NUMBERS, REFS = 10_000_000, 10_000

_NOT_AGAIN: Final = """
SELECT count(setval(
    format('%%I.%%I', schemaname, sequencename)::regclass,
    COALESCE(last_value, 1) + CASE WHEN sequencename LIKE '%%\\_ref' THEN %(refs)s ELSE %(numbers)s END))
FROM pg_sequences WHERE schemaname = current_schema() AND data_type = 'bigint'::regtype
"""


def begin() -> tuple[int, int]:
    """How many changes, and how many messages of which nobody can say whether they left since.

    Those follow their kind as any message of unknown fate does: said once more, by e-mail, or left to a
    person. What the other side would know again is sent again. Numbers given out since the backup are given
    to nothing else: Meta's statuses, buttons in people's chats and Inspector still name them. Jobs that were
    open end: what they have done since nobody knows. May be repeated until something runs.
    """
    once = [name for name in settings.CHANNELS if not by_name(name).knows_repeats]
    now = clock.now()
    with transaction.atomic():
        # Transactions are numbered anew in another server: the feed takes all of these for ended.
        changes = Change.objects.exclude(xid=0).update(xid=0)
        with connection.cursor() as cursor:
            cursor.execute(_NOT_AGAIN, {"numbers": NUMBERS, "refs": REFS})
        Job.objects.filter(state__in=OPEN_STATES).update(
            state=JobState.CANCELLED, reason=JOB_REASON, cancel_asked_at=now, finished_at=now
        )
        due = OutboxMessage.objects.filter(
            status__in=(*WAITING_STATES, Status.SENDING), channel__in=once, not_before__lte=now
        )
        messages = due.update(
            status=Status.UNCERTAIN,
            uncertain_at=now,
            reason=REASON,
            story=told([Step("uncertain", REASON)], at=now),
            lease_until=None,
            lease_token=None,
        )
    return changes, messages

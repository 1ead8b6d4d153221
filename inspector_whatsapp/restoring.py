"""What has to be said to a database that was restored from a backup, before anything runs on it."""

from django.conf import settings
from django.db import transaction

from inspector_whatsapp import clock
from inspector_whatsapp.models import Change, OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.outbox.channel import by_name
from inspector_whatsapp.outbox.story import Step, told

REASON = "the database was restored: it may have left since the backup was taken"


def begin() -> tuple[int, int]:
    """How many changes, and how many messages of which nobody can say whether they left since.

    Those follow their kind as any message of unknown fate does: said once more, by e-mail, or left to a
    person. What the other side would know again is sent again. May be repeated until something runs.
    """
    once = [name for name in settings.CHANNELS if not by_name(name).knows_repeats]
    now = clock.now()
    with transaction.atomic():
        # Transactions are numbered anew in another server: the feed takes all of these for ended.
        changes = Change.objects.exclude(xid=0).update(xid=0)
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

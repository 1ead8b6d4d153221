"""What Inspector did not take, once more."""

from inspector_whatsapp import clock, doorbell, incidents
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Step
from inspector_whatsapp.outbox.story import told

DEAD = (Status.FAILED, Status.EXPIRED)
# A refused booking or change has been undone here: to send it again would do what nobody wants any more.
REPLAYABLE = ("webhook", "report", "property", "photo")


def replay(message: OutboxMessage) -> bool:
    """Send it again under its own id, with all its attempts; False where it is not dead, or was undone."""
    now = clock.now()
    put_back = OutboxMessage.objects.filter(pk=message.pk, status__in=DEAD, kind__in=REPLAYABLE).update(
        status=Status.PENDING,
        attempts=0,
        not_before=now,
        expires_at=None,
        failed_at=None,
        reason="",
        error_code=None,
        story=told([Step("replay", "sent once more by hand")], at=now),
    )
    if not put_back:
        return False
    if not OutboxMessage.objects.filter(kind="webhook", status__in=DEAD).exists():
        incidents.close("webhook_dead", key="webhook")
    doorbell.ring_on_commit(doorbell.OUTBOX)
    return True

"""What was held over night for one person is told together in the morning, in one message."""

from collections.abc import Sequence
from datetime import datetime

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Category, Priority, Status
from inspector_whatsapp.outbox import Outgoing, Step, Withheld
from notifications.kind import key, reader_of
from notifications.recipients import WHATSAPP

KIND = "morning_digest"
TOGETHER = "told together with others, in one message in the morning"


def join(message: OutboxMessage, *, now: datetime, steps: Sequence[Step] = ()) -> None:
    """Raises Withheld for a message that was held and has company: one message for all is written instead.

    Each of them is withheld by itself, when its turn comes; the key of what is written for all is the same.
    Offers go alone: Meta counts a message that has one in it as an offer.
    """
    was_held = any(step["step"] == "quiet hours" and "held" in step["says"] for step in message.story)
    if not was_held or message.category == Category.MARKETING or message.account is None:
        return
    day = now.astimezone(reader_of(message, markup=True).tz).date()
    name = key(KIND, message.contact_id, message.account_id, day)
    if OutboxMessage.objects.filter(key=f"{name}:{WHATSAPP}").exists():
        raise Withheld(TOGETHER, steps=steps)
    others = _company(message, now)
    if not others:
        return
    digest = Outgoing(
        kind=KIND,
        channel=WHATSAPP,
        contact=message.contact,
        account=message.account,
        arguments={"messages": [message.pk, *(other.pk for other in others)]},
        key=f"{name}:{WHATSAPP}",
        expires_at=max((one.expires_at for one in (message, *others) if one.expires_at), default=None),
        category=Category.UTILITY,
        priority=Priority.SOON,
    )
    raise Withheld(TOGETHER, steps=steps, instead=[digest])


def _company(message: OutboxMessage, now: datetime) -> list[OutboxMessage]:
    """The others that were held for this person, and are as due."""
    held = OutboxMessage.objects.filter(
        contact=message.contact_id,
        account=message.account_id,
        channel=WHATSAPP,
        status=Status.HELD,
        not_before__lte=now,
    )
    return list(held.exclude(category=Category.MARKETING).exclude(expires_at__lte=now).order_by("pk"))

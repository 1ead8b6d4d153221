"""What was held over night for one person is told together in the morning, in one message."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import Q

from inspector_whatsapp import outbox
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Category, Priority, Status
from inspector_whatsapp.outbox import Outgoing, Step, Withheld
from notifications.kind import every, key
from notifications.recipients import WHATSAPP

KIND = "morning_digest"
TOGETHER = "told together with others, in one message in the morning"


def join(message: OutboxMessage, *, now: datetime, steps: Sequence[Step] = ()) -> None:
    """Raises Withheld for a message that may leave, was held, and has company: one for all is written.

    The others are withheld with it, in one transaction. Offers go alone: Meta counts a message that has one
    in it as an offer; and so does what has to be answered at once.
    """
    was_held = any(step["step"] == "quiet hours" and "held" in step["says"] for step in message.story)
    if not was_held or message.kind in (KIND, *_alone()) or message.category == Category.MARKETING:
        return
    others = _company(message, now)
    if not others:
        return
    together = [message, *others]
    last = max(
        (one.expires_at for one in together if one.expires_at is not None),
        default=None,
    )
    digest = Outgoing(
        kind=KIND,
        channel=WHATSAPP,
        contact=message.contact,
        account=message.account,
        arguments={"messages": [one.pk for one in together]},
        key=f"{key(KIND, message.pk)}:{WHATSAPP}",
        expires_at=None if any(one.expires_at is None for one in together) else last,
        category=Category.UTILITY,
        priority=Priority.SOON,
    )
    which = Q(pk__in=[other.pk for other in others])
    raise Withheld(
        TOGETHER, steps=steps, instead=[digest], then=partial(outbox.withhold, which, why=TOGETHER)
    )


def told_in(digest: OutboxMessage) -> list[OutboxMessage]:
    """The messages that a digest tells."""
    rows = OutboxMessage.objects.select_related("account", "contact", "cause")
    return list(rows.filter(pk__in=digest.arguments["messages"]).order_by("pk"))


def _company(message: OutboxMessage, now: datetime) -> list[OutboxMessage]:
    """The others that were held for this person, and are as due."""
    held = OutboxMessage.objects.filter(
        contact=message.contact_id,
        account=message.account_id,
        channel=WHATSAPP,
        status=Status.HELD,
        not_before__lte=now,
    )
    held = held.exclude(category=Category.MARKETING).exclude(kind__in=_alone())
    return list(held.exclude(expires_at__lte=now).order_by("pk"))


def _alone() -> list[str]:
    return [kind.name for kind in every() if kind.alone]

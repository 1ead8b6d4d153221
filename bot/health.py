"""Whether the inbox is worked off."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db.models.functions import Now

from bot import inbox
from bot.models import Conversation
from inspector_whatsapp import clock

LATE = timedelta(seconds=60)


def checks() -> Iterable[tuple[str, Callable[[], str]]]:
    return (("inbox", _inbox), ("conversations", _conversations))


def _inbox() -> str:
    oldest = inbox.waiting().values_list("received_at", flat=True).first()
    late = oldest is not None and oldest < clock.now() - LATE
    return "webhooks wait for more than a minute" if late else ""


def _conversations() -> str:
    late = Conversation.objects.filter(pending_since__lt=clock.now() - LATE)
    # The oldest: asked for any, PostgreSQL may read the table and not the index of what waits.
    oldest = late.exclude(lease_until__gt=Now()).order_by("pending_since").only("pk").first()
    return "messages wait for more than a minute" if oldest is not None else ""

"""Whether the inbox is worked off."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db.models.functions import Now

from bot.models import BodyState, Conversation, WebhookBody
from inspector_whatsapp import clock

LATE = timedelta(seconds=60)


def checks() -> Iterable[tuple[str, Callable[[], str]]]:
    return (("inbox", _inbox), ("conversations", _conversations))


def _inbox() -> str:
    late = WebhookBody.objects.filter(state=BodyState.NEW, received_at__lt=clock.now() - LATE)
    return "webhooks wait for more than a minute" if late.exists() else ""


def _conversations() -> str:
    late = Conversation.objects.filter(pending_since__lt=clock.now() - LATE)
    return "messages wait for more than a minute" if late.exclude(lease_until__gt=Now()).exists() else ""

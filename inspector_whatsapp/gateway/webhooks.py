"""The channel that tells Inspector's backend what happened here, by signed webhooks (Standard Webhooks)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from standardwebhooks.webhooks import Webhook

from inspector_whatsapp import incidents
from inspector_whatsapp.changes import Happened, Origin
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.gateway import events, http
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority
from inspector_whatsapp.outbox import (
    CannotSend,
    Channel,
    NotAllowed,
    Outgoing,
    Receipt,
    Sending,
    TryLater,
    Withheld,
)

CHANNEL = "webhook"
HOUR = 3600
DEAD = "webhook_dead"  # the incident: an event that was not taken in three days


def of(happened: Happened) -> list[Outgoing]:
    """The webhook for a change; none for what came from Inspector itself."""
    if not settings.INSPECTOR_WEBHOOK_URL or happened.origin == Origin.SYNC:
        return []
    if happened.kind not in events.EVENTS:
        return []
    return [
        Outgoing(
            kind="webhook",
            channel=CHANNEL,
            lane=f"{CHANNEL}:{happened.row.subject}",
            key=f"{CHANNEL}:{happened.row.pk}",
            priority=Priority.SOON,
            cause=happened.row,
        )
    ]


class Webhooks(Channel):
    """Each event is tried for three days; while nobody is there at all, one finds out and the others wait."""

    back_off = (5, 300, 1800, 2 * HOUR, 5 * HOUR, *([10 * HOUR] * 7))
    knows_repeats = True

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        """Its words are those of the first attempt, whatever has become of it since."""
        if not settings.INSPECTOR_WEBHOOK_URL:
            raise Withheld("INSPECTOR_WEBHOOK_URL is not set any more")
        if message.cause is None:
            raise Withheld("the change is not kept any more")
        body: dict[str, Any] = message.body or events.shown_as([message.cause])[0]
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Sending(
            send=partial(
                _post,
                settings.INSPECTOR_WEBHOOK_URL,
                tuple(settings.INSPECTOR_WEBHOOK_SECRETS),
                events.webhook_id(message.cause),
                payload,
                f"{CHANNEL}:{message.pk}",
            ),
            body=body,
            text=f"{message.cause.kind} {message.cause.subject}",
        )

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        sentence = f"Webhook {message.pk} was not taken; it can be replayed. Last: {error}"
        incidents.report(DEAD, key=CHANNEL, sentence=sentence)
        return ()

    def uploaded(self, files: dict[str, str]) -> None:
        """There are none."""


def _post(url: str, secrets: Sequence[str], id: str, payload: str, provider_id: str) -> Receipt:
    """Once. By the real time: whoever gets it compares it with their own."""
    at = datetime.now(UTC)
    try:
        signatures = " ".join(Webhook(secret).sign(id, at, payload) for secret in secrets)
    except (ValueError, RuntimeError) as error:
        raise NotAllowed(f"INSPECTOR_WEBHOOK_SECRET can't be used: {type(error).__name__}") from None
    answer = http.call(
        "POST",
        url,
        headers={
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signatures,
        },
        body=payload.encode(),
    )
    crash_point("inspector_answered")
    if answer.taken:
        return Receipt(provider_id=provider_id)
    if answer.status == 410:
        raise NotAllowed("Inspector's webhook address says that it is gone for good", 410)
    raise TryLater("Inspector did not take it", answer.status, answer.after, scope="message")

"""An answer as rows of the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from bot.models import Conversation, InboundEvent
from bot.screens import Reply
from inspector_whatsapp import outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact

SETTLE = timedelta(seconds=3)  # photos of an album come one after the other


def rows(talk: Conversation, event: InboundEvent, reply: Reply, now: datetime) -> list[outbox.Outgoing]:
    """The messages of an answer, in their order. One that settles waits for what may follow."""
    key = f"reply:{event.pk}"
    if reply.settles:
        talk.settling = key
    # An answer to what was said long ago shows what it answers.
    quotes = {"quotes": event.provider_id} if reply.quotes else {}
    return written(
        talk.contact,
        reply.messages,
        key=key,
        arguments=quotes,
        not_before=now + SETTLE if reply.settles else None,
    )


def written(
    contact: Contact,
    messages: Sequence[cloud.Message],
    *,
    key: str | None = None,
    arguments: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> list[outbox.Outgoing]:
    """Messages of a chat as rows, in their order."""
    found = []
    for place, message in enumerate(messages):
        body = cloud.payload(message)
        found.append(
            outbox.Outgoing(
                kind="reply",
                channel="whatsapp",
                contact=contact,
                arguments=arguments or {},
                body=body,
                text=cloud.plain(body),
                key=f"{key}:{place}" if key and place else key,
                not_before=not_before,
            )
        )
    return found


def unsettled(talk: Conversation, outgoing: Sequence[outbox.Outgoing]) -> list[outbox.Outgoing]:
    """Those not written yet, without an answer that is still to leave and has become out of date."""
    key, talk.settling = talk.settling, ""
    if not key:
        return list(outgoing)
    outbox.withhold(Q(key=key), why="said together with what followed")
    return [message for message in outgoing if message.key != key]

"""For how long a claimed message is its process's own: as long as that lives, and half a minute longer."""

import time
from collections.abc import Collection

from django.db import connection

from inspector_whatsapp.models import OutboxMessage

# A person whose message was on its way when its process died waits for so long: what comes after it in the
# chat must not pass it by. A photo's upload and two tries take longer; the drain renews while it waits.
LEASE = 30  # seconds
EVERY = 8.0  # seconds


def renew(messages: Collection[OutboxMessage]) -> None:
    """They are on their way still. One that somebody else has given up on meanwhile is left as it is."""
    if not messages:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE inspector_whatsapp_outboxmessage message
            SET lease_until = now() + interval '{LEASE} seconds'
            FROM unnest(%s::bigint[], %s::uuid[]) AS ours (id, token)
            WHERE message.id = ours.id AND message.lease_token = ours.token
            """,  # noqa: S608 - a constant of ours
            [[message.pk for message in messages], [message.lease_token for message in messages]],
        )


class Renewal:
    """What a drain does now and then, in the middle of its work."""

    def __init__(self) -> None:
        self._due = time.monotonic() + EVERY

    def look(self, messages: Collection[OutboxMessage]) -> None:
        """Renew, once it is time to."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY
            renew(messages)

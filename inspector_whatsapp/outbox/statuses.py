"""What Meta says of a message afterwards: in any order, twice, or before our own call has returned."""

from django.db import connection

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.errors import CloudError, WindowClosed, from_code
from inspector_whatsapp.cloud_api.events import StatusChanged
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import IfUncertain, Status
from inspector_whatsapp.outbox.adding import Outgoing, add

# A message only ever moves up the ladder.
_HEARD = """
UPDATE inspector_whatsapp_outboxmessage m SET
    status = CASE
        WHEN %(status)s = 'failed' AND m.status NOT IN ('delivered', 'read') THEN 'failed'
        WHEN rank.forward THEN %(status)s
        ELSE m.status END,
    provider_id = COALESCE(m.provider_id, %(wamid)s),
    sent_at = CASE WHEN %(status)s = 'sent' THEN COALESCE(m.sent_at, %(at)s) ELSE m.sent_at END,
    delivered_at = CASE WHEN %(status)s = 'delivered' THEN COALESCE(m.delivered_at, %(at)s)
                        ELSE m.delivered_at END,
    read_at = CASE WHEN %(status)s = 'read' THEN COALESCE(m.read_at, %(at)s) ELSE m.read_at END,
    failed_at = CASE WHEN %(status)s = 'failed' THEN COALESCE(m.failed_at, %(at)s) ELSE m.failed_at END,
    reason = CASE WHEN %(status)s = 'failed' AND m.status NOT IN ('delivered', 'read') THEN %(reason)s
                  WHEN rank.forward THEN ''
                  ELSE m.reason END,
    error_code = CASE WHEN %(status)s = 'failed' THEN %(code)s ELSE m.error_code END
FROM (
    SELECT own.id,
           -- A late `sent` does not undo `failed`; having been delivered does.
           COALESCE(array_position(ladder, %(status)s), 0)
             > CASE own.status WHEN 'failed' THEN 2
               ELSE COALESCE(array_position(ladder, own.status::text), 0) END
           AS forward
    FROM inspector_whatsapp_outboxmessage own,
         (VALUES (ARRAY['accepted', 'sent', 'delivered', 'read'])) AS known (ladder)
    WHERE own.id = %(id)s OR (%(id)s::bigint IS NULL AND own.provider_id = %(wamid)s)
    FOR UPDATE OF own
) AS rank
WHERE m.id = rank.id
RETURNING m.id, m.status
"""


def heard(status: StatusChanged) -> bool:
    """A status came back: move its message forward. False when it is no message of ours.

    Found by the key that travelled with it, so a status may come before our own call has returned.
    """
    word = "read" if status.status == "played" else status.status
    with connection.cursor() as cursor:
        cursor.execute(
            _HEARD,
            {
                "id": _id_of(status.callback),
                "wamid": status.wamid,
                "status": word,
                "at": status.at or clock.now(),
                "reason": status.details[:500],
                "code": status.code,
            },
        )
        found = cursor.fetchone()
    if found is None:
        return False
    if found[1] == Status.FAILED and status.code is not None:
        _after_all(found[0], from_code(status.code, status.details))
    return True


def _after_all(id: int, error: CloudError) -> None:
    """Meta took a message and then found the window closed: its template goes out in its place, once."""
    if not isinstance(error, WindowClosed):
        return
    message = OutboxMessage.objects.select_related("contact", "account").get(pk=id)
    if message.kind == "reply" or message.arguments.get("window_closed"):
        return
    outgoing = Outgoing(
        kind=message.kind,
        channel=message.channel,
        contact=message.contact,
        account=message.account,
        arguments=message.arguments | {"window_closed": True},
        key=f"outbox:{id}:template",
        expires_at=message.expires_at,
        if_uncertain=IfUncertain(message.if_uncertain),
    )
    add(outgoing)


def callback(message: OutboxMessage) -> str:
    """Our key, which travels with a message to Meta and comes back with its statuses."""
    return f"outbox:{message.pk}.{message.attempts}"


def _id_of(callback: str | None) -> int | None:
    word, _, rest = (callback or "").partition(":")
    number, _, _ = rest.partition(".")
    return (
        int(number)
        if word == "outbox" and number.isascii() and number.isdigit() and len(number) < 19
        else None
    )

"""The channel that asks Inspector's backend: it says yes, or no, or nothing for a while."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from inspector_whatsapp.gateway import answers, http
from inspector_whatsapp.gateway.commands import CANCEL, PHOTO
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import (
    CannotSend,
    Channel,
    NotAllowed,
    Outgoing,
    Receipt,
    Refused,
    Sending,
    Withheld,
)

HOUR = 3600
UNKNOWN = (404, 410)  # what is to be cancelled is not there


class Backend(Channel):
    """A command is tried until it is of no use any more, or for three days: its key makes that safe."""

    back_off = (5, 15, 60, 300, 900, *([HOUR] * 72))
    knows_repeats = True
    in_order = True
    minds_expiry = True

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        if "settled" in message.arguments:
            raise Withheld(message.arguments["settled"])
        if not settings.INSPECTOR_API_URL:  # nobody decides any more: then it counts, as it would have
            then = partial(answers.taken, message.pk, {})
            raise Withheld("INSPECTOR_API_URL is not set any more", then=then)
        return Sending(
            send=partial(
                _send,
                message.pk,
                message.kind,
                f"{settings.INSPECTOR_API_URL}{message.arguments['path']}",
                settings.INSPECTOR_API_TOKEN,
                message.arguments,
                message.body or {},
            ),
            body=message.body or {},
            text=message.text,
        )

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        if not settings.INSPECTOR_API_URL and not isinstance(error, Refused):
            answers.taken(message.pk, {})  # nobody decides any more, and nobody had said no
            return ()
        return answers.refused(message, error)

    def uploaded(self, files: dict[str, str]) -> None:
        """There are none."""


def _send(
    id: int, kind: str, url: str, token: str, arguments: Mapping[str, Any], body: Mapping[str, Any]
) -> Receipt:
    """Once. Says what follows from the answer, or raises why there is none."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": arguments["key"],
        "X-Request-ID": str(uuid.uuid4()),
        "Accept": "application/json",
    }
    if kind == PHOTO:
        answer = _send_photo(url, headers, arguments["image"], body)
    else:
        headers["Content-Type"] = "application/json"
        answer = http.call(arguments["method"], url, headers=headers, body=json.dumps(body).encode())
    if answer.taken or (kind == CANCEL and answer.status in UNKNOWN):
        return Receipt(
            provider_id=f"command:{id}", then=partial(answers.taken, id, answer.body if answer.taken else {})
        )
    if answer.status in (401, 403):
        raise NotAllowed("Inspector's backend does not let us in", answer.status)
    if answer.status < 400:
        raise NotAllowed("Inspector's backend leads somewhere else: check INSPECTOR_API_URL", answer.status)
    raise Refused(answer.says, answer.status)


def _send_photo(url: str, headers: Mapping[str, str], image: str, body: Mapping[str, Any]) -> http.Answer:
    try:
        with default_storage.open(image) as file:
            content = file.read()
    except FileNotFoundError:
        raise Refused("the photo is not kept any more") from None
    name = image.rpartition("/")[2]
    mime = "image/png" if name.endswith(".png") else "image/jpeg"
    fields = {name: str(value) for name, value in body.items()}
    return http.call("POST", url, headers=headers, files={"photo": (name, content, mime)}, fields=fields)

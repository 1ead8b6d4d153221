"""Codes of mails and of the website are not kept: what counts as one, and how it is taken out."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.models import InboundEvent, WebhookBody
from bot.said import holds_code
from inspector_whatsapp.cloud_api import events
from linking import challenges, intents

CODE = "[code]"  # stands where a secret was
LINK = f"LINK {CODE}"  # and where the message was one that the website had written


def holds_secret(text: str) -> bool:
    """Whether there may be a code in it, of a mail or of the website; for what nobody reads any more."""
    return challenges.may_hold(text) or intents.names_token(text)


def is_secret(event: InboundEvent, *, linked: bool, now: datetime) -> bool:
    """Whether what a person wrote must not be kept: what the website writes into a chat to connect it, and
    whatever may be a code of a mail.

    While a code is awaited that is all that has six digits together. Else six digits are one, unless they are
    a sum: from somebody who is not linked at any time, from others soon after they asked for one. In a
    corrected message or under a picture too, whose words are read by nobody.
    """
    if intents.names_token(event.text):
        return True
    if not challenges.may_hold(event.text):
        return False
    asked = challenges.last_asked(event.contact, now=now) if event.contact else "never"
    return asked == "open" or (holds_code(event.text) and (asked == "lately" or not linked))


def redact(event: InboundEvent) -> None:
    """Take a secret out of what is kept: the row's words, and the raw body it came in.

    The body is replaced by its events without the secret; its digest stays, so that a repetition is still
    known. In the caller's transaction.
    """
    clean(event)
    InboundEvent.objects.filter(pk=event.pk).update(text=event.text, content=event.content)
    if event.body_id is not None:
        keep_only_events(event.body_id)


def clean(event: InboundEvent) -> None:
    """The row's words without the secret; written by the caller."""
    clean: dict[str, object] = {}
    words = LINK if intents.names_token(event.text) else CODE
    with suppress(ValueError):  # what cannot be read, such as an older release's, is dropped whole
        received = events.from_json(event.content)
        assert isinstance(received, events.MessageReceived)
        clean = events.to_json(replace(received, content=events.TextSaid(words)))
    event.text, event.content = words, clean


def keep_only_events(body: int) -> None:
    """A raw body becomes the events of it that are kept; its digest stays."""
    kept = InboundEvent.objects.filter(body=body).values_list("content", flat=True)
    WebhookBody.objects.filter(pk=body).update(body=json.dumps({"events": list(kept)}).encode())

"""Telling somebody something in Inspector's own words."""

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import User
from notifications import recipients
from notifications.kind import key
from notifications.recipients import Notice

LONGEST = 900  # characters: it has to fit into a template beside our own words


class NotAMessage(ValueError):
    """The text cannot be sent; the words say why."""


def tell(*, account: User, text: str, name: str) -> str:
    """Send `text` to an account on WhatsApp and by e-mail. The same `name` a second time changes nothing.

    Returns the key that names it on all channels together. Raises NotAMessage for an empty text or one of
    more than 900 characters.
    """
    text = text.strip()
    if not text:
        raise NotAMessage("A message needs a text.")
    if len(text) > LONGEST:
        raise NotAMessage(f"A message has at most {LONGEST} characters; this one has {len(text)}.")
    notice = Notice(
        kind="inspector_message",
        account=account,
        key=key("inspector_message", name, account.pk),
        arguments={"text": text},
    )
    outbox.add_all(recipients.outgoing([notice], now=clock.now()))
    return notice.key

"""A conversation as both sides saw it: what came in and what left, in the order in which we had it."""

import re
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bot.models import Conversation, InboundEvent, InboundState
from inspector_whatsapp.admin.marks import visible
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status

MOST = 100  # entries on a page
LATE = 60  # seconds between Meta's time of a message and ours from which both are shown

TICKS = {
    Status.ACCEPTED: "✓",
    Status.SENT: "✓",
    Status.DELIVERED: "✓✓",
    Status.READ: "✓✓",
    Status.UNCERTAIN: "?",
    Status.FAILED: "✗",
    Status.EXPIRED: "✗",
    Status.WITHHELD: "✗",
}
WAITING = "…"
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One message. `at` puts it in its place: for theirs it is when we received it.

    words, because: text and reason as they are stored, for programs.
    """

    page: str
    ours: bool
    at: datetime
    said_at: datetime | None
    text: SafeString | None
    kind: str
    state: str
    label: str
    words: str
    because: str
    ticks: str = ""
    reason: SafeString | None = None


@dataclass(frozen=True)
class Transcript:
    """A page of entries, oldest first. `earlier` is where the page before it ends; None on the first."""

    entries: list[Entry]
    earlier: datetime | None


def of(conversation: Conversation, *, until: datetime | None = None) -> Transcript:
    """The newest entries, or those before `until`. Two queries, whatever the length."""
    inbound = InboundEvent.objects.filter(contact=conversation.contact_id, kind="message")
    outbound = OutboxMessage.objects.filter(contact=conversation.contact_id, channel="whatsapp")
    if until is not None:
        inbound, outbound = inbound.filter(received_at__lt=until), outbound.filter(created_at__lt=until)
    theirs = [_theirs(event) for event in inbound.order_by("-received_at", "-said_at", "-pk")[: MOST + 1]]
    ours = [_ours(message) for message in outbound.order_by("-created_at", "-pk")[: MOST + 1]]
    # Stable: what came in at the very moment at which something left came before it.
    entries = sorted([*reversed(theirs), *reversed(ours)], key=attrgetter("at"))
    if len(entries) <= MOST:
        return Transcript(entries, None)
    page = entries[-MOST:]
    # Those of one moment stay together, so that none falls between two pages.
    page = [*(entry for entry in entries[:-MOST] if entry.at == page[0].at), *page]
    return Transcript(page, page[0].at)


def _theirs(event: InboundEvent) -> Entry:
    late = abs((event.received_at - event.said_at).total_seconds()) >= LATE
    return Entry(
        page=reverse("admin:bot_inboundevent_change", args=[event.pk]),
        ours=False,
        at=event.received_at,
        said_at=event.said_at if late else None,
        text=visible(event.text) if event.text else None,
        words=event.text,
        kind=_kind(event.content),
        state=event.state,
        label="" if event.state == InboundState.DONE else str(event.get_state_display()),
        reason=visible(event.error) if event.error else None,
        because=event.error,
    )


def _kind(content: object) -> str:
    """What sort of message it was, as the stored event names it: `text said`, `media sent`."""
    match content:
        case {"content": {"is": str(kind)}}:
            return _CAPITAL.sub(" ", kind).lower()
    return ""


def _ours(message: OutboxMessage) -> Entry:
    label = str(message.get_status_display())
    if message.error_code is not None:
        label = _("%(status)s, error %(code)s") % {"status": label, "code": message.error_code}
    return Entry(
        page=reverse("admin:inspector_whatsapp_outboxmessage_change", args=[message.pk]),
        ours=True,
        at=message.created_at,
        said_at=None,
        text=visible(message.text) if message.text else None,
        words=message.text,
        kind=message.kind,
        state=message.status,
        label=label,
        ticks=TICKS.get(Status(message.status), WAITING),
        reason=visible(message.reason) if message.reason else None,
        because=message.reason,
    )

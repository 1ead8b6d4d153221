"""What mail services say became of letters: the door for django-anymail's webhooks.

django-anymail knows each service's form and checks the secret; here its events become ours.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from inspector_whatsapp import clock, mailboxes
from inspector_whatsapp.cloud_api.errors import CloudError, Refused, Unreachable
from inspector_whatsapp.models.mailboxes import Trouble
from inspector_whatsapp.outbox.statuses import News, moved

# Says something of the mailbox, not of the letter; SendGrid gives no reason for what came back.
GONE = (RejectReason.BOUNCED, RejectReason.INVALID, None)
# What services call a bounce that may not happen to the next letter: a full mailbox, a server that is away.
SOFT = frozenset(
    {"soft_bounce", "softbounce", "transient", "temporary", "undetermined", "dnserror", "blocked", "expired"}
)
KINDS = ("event", "Type", "type", "severity", "bounceType")  # where they say it
SOFT_CLASSES = frozenset({"20", "21", "22", "23", "24", "40", "70"})  # SparkPost's


def on_tracking(sender: object, *, event: AnymailTrackingEvent, **more: object) -> None:
    """Listens to django-anymail: the letter moves on, and a mailbox that takes nothing is marked."""
    at = event.timestamp or clock.now()
    details = str(event.mta_response or event.description or event.reject_reason or event.event_type)
    match event.event_type:
        case EventType.DELIVERED:
            _move(event, News(status="delivered", at=at))
        case EventType.COMPLAINED:
            _mark(event, Trouble.COMPLAINED, details, at)
        case EventType.BOUNCED | EventType.REJECTED if event.reject_reason in GONE and not _soft(event):
            bounced = event.event_type == EventType.BOUNCED
            _mark(event, Trouble.BOUNCED if bounced else Trouble.REJECTED, details, at)
            _fail(event, Unreachable(details), at)
        case EventType.REJECTED if event.reject_reason == RejectReason.SPAM:  # they complained before
            _mark(event, Trouble.COMPLAINED, details, at)
            _fail(event, Unreachable(details), at)
        case EventType.BOUNCED | EventType.REJECTED | EventType.FAILED:
            _fail(event, Refused(details), at)


def _soft(event: AnymailTrackingEvent) -> bool:
    """Whether the next letter may well arrive; each service has a word of its own for it."""
    said = dict(_all(event.esp_event))
    if any(str(said.get(name, "")).lower() in SOFT for name in KINDS):
        return True
    return said.get("hard_bounce") is False or str(said.get("bounce_class")) in SOFT_CLASSES


def _all(said: object) -> Iterator[tuple[str, object]]:
    """What an event says, however deep it says it."""
    if not isinstance(said, Mapping):
        return
    for name, value in said.items():
        yield str(name), value
        yield from _all(value)


def _mark(event: AnymailTrackingEvent, why: Trouble, details: str, at: datetime) -> None:
    if event.recipient:
        mailboxes.mark(event.recipient, why, details=details, at=at)


def _fail(event: AnymailTrackingEvent, error: CloudError, at: datetime) -> None:
    _move(event, News(status="failed", at=at, error=error))


def _move(event: AnymailTrackingEvent, news: News) -> None:
    if event.message_id:
        moved(news, id=None, provider_id=event.message_id)

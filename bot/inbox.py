"""The inbox: stored bodies are taken apart in order of arrival, every event once."""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from structlog.contextvars import bound_contextvars

from bot import redacting
from bot.models import BodyState, Conversation, InboundEvent, InboundState, WebhookBody
from inspector_whatsapp import changes, clock, contacts, deadlocks, incidents, outbox, stopping
from inspector_whatsapp.alone import INBOX, OneAtATime, alone
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.metrics import Tally, tally
from inspector_whatsapp.models import Contact, OutboxMessage
from inspector_whatsapp.privacy import graves
from notifications import consent, registry

logger = logging.getLogger(__name__)

MOST_BODIES = 50  # taken apart in one transaction
# Of taking a body apart; one that kills its worker is set aside. Not soon: what else its workers did may have
# killed them, and it was the next in turn each time.
MOST_ATTEMPTS = 6
TOO_OLD = timedelta(days=8)  # Meta repeats for seven days: whatever is older and new to us is a replay


@OneAtATime
def drain() -> int:
    """Take apart what has come in; how many bodies. Whoever finds somebody else at it leaves it to them."""
    taken = 0
    # Looked at again once the lock is let go: whoever came with a body just before that has gone away.
    while not stopping.is_told() and waiting().only("pk").first() is not None:
        with alone(INBOX) as free:  # one at a time keeps their order
            if not free:
                break
            while not stopping.is_told() and (batch := _next_bodies()):
                crash_point("body_counted")
                _try(batch)
                crash_point("bodies_parsed")
                taken += len(batch)
    return taken


def waiting() -> QuerySet[WebhookBody]:
    """What is not taken apart yet. In order: asked for any, PostgreSQL reads the table and not the index."""
    return WebhookBody.objects.filter(state=BodyState.NEW).order_by("pk")


def _try(batch: Sequence[WebhookBody]) -> None:
    """Take bodies apart. What fails is tried again, one at a time, and set aside in the end."""
    try:
        deadlocks.retried(lambda: _take_apart(batch))
    except (OperationalError, InterfaceError):
        with suppress(OperationalError, InterfaceError):  # PostgreSQL's trouble is no failure of the bodies'
            WebhookBody.objects.filter(pk__in=[body.pk for body in batch]).update(attempts=F("attempts") - 1)
        raise
    except Exception as error:
        numbers = [body.pk for body in batch]
        logger.error("bodies %s could not be taken apart", numbers, exc_info=error)


def _next_bodies() -> list[WebhookBody]:
    """The next bodies, their attempt counted and committed first: one that kills its worker is found out."""
    bodies = list(waiting()[:MOST_BODIES])
    if any(body.attempts for body in bodies):
        bodies = bodies[:1]  # one of them may have killed its worker: it must not take others along
    WebhookBody.objects.filter(pk__in=[body.pk for body in bodies]).update(attempts=F("attempts") + 1)
    poisoned = [body for body in bodies if body.attempts >= MOST_ATTEMPTS]
    for body in poisoned:
        _set_aside(body, "taking it apart failed again and again")
    return [body for body in bodies if body not in poisoned] or (_next_bodies() if poisoned else [])


def _set_aside(body: WebhookBody, why: str) -> None:
    WebhookBody.objects.filter(pk=body.pk).update(state=BodyState.UNPARSEABLE)
    _report("webhook_unparseable", str(body.pk), f"Webhook body {body.pk}: {why}.")


def _report(kind: str, key: str, sentence: str) -> None:
    incidents.report(kind[:48], key=key, sentence=sentence)


@dataclass
class _Batch:
    """Rows to be written together."""

    rows: list[InboundEvent] = field(default_factory=list)
    repeated: list[tuple[WebhookBody, events.Event]] = field(default_factory=list)
    senders: dict[events.Sender, Contact] = field(default_factory=dict)
    spoken: dict[int, datetime] = field(default_factory=dict)  # contact → latest of their messages
    # Bodies that hold what must not be kept: of somebody who was erased, or a code that nobody will read.
    forgotten: set[int] = field(default_factory=set)


def _take_apart(bodies: Sequence[WebhookBody]) -> None:
    """Every event of these bodies becomes a row, once. In the caller's transaction."""
    found: list[tuple[WebhookBody, events.Event]] = []
    for body in bodies:
        try:
            found += [(body, event) for event in events.parse(bytes(body.body))]
        except events.Unparseable as why:
            _set_aside(body, str(why))
    keys = [event.key for _body, event in found]
    seen = set(InboundEvent.objects.filter(key__in=keys).values_list("key", flat=True))
    forgotten = graves.buried(_grave(event) for _, event in found)
    batch = _Batch(senders=_known([event for _, event in found]))
    for body, event in found:
        if _grave(event) in forgotten:  # somebody's who was erased: it is not heard, and not kept
            batch.forgotten.add(body.pk)
            continue
        if event.key in seen:  # what it brought about has been; the person may have moved on since
            batch.repeated.append((body, event))
            continue
        seen.add(event.key)
        with bound_contextvars(webhook=body.pk):
            _sort(batch, body, event)
    _write(batch)
    tally.add(Tally.EVENT_REPEATED, len(batch.repeated))
    _forget_repeated_codes(batch)
    for number in batch.forgotten:
        redacting.keep_only_events(number)
    WebhookBody.objects.filter(pk__in=[body.pk for body in bodies], state=BodyState.NEW).update(
        state=BodyState.PARSED
    )
    crash_point("events_written")


def _known(found: Sequence[events.Event]) -> dict[events.Sender, Contact]:
    """Whoever is known and stays who they are; nobody where Meta says that somebody is another now."""
    if any(isinstance(event, events.UserIdUpdated) for event in found):
        return {}
    messages = [event for event in found if isinstance(event, events.MessageReceived)]
    return contacts.known({event.sender for event in messages if _is_talk(event)})


def _is_talk(event: events.MessageReceived) -> bool:
    """Whether it is said to our number, by somebody to us alone."""
    return event.phone_number_id == settings.WHATSAPP_PHONE_NUMBER_ID and event.group_id is None


def _grave(event: events.Event) -> str:
    """By what a tombstone would know it: the message that it is or is about, else its own key."""
    match event:
        case events.MessageReceived(wamid=wamid) | events.StatusChanged(wamid=wamid):
            return wamid
    return event.key


def _sort(batch: _Batch, body: WebhookBody, event: events.Event) -> None:
    """Decide what becomes of one event."""
    match event:
        case events.MessageReceived():
            row = _message(batch, body, event)
            if row.state != InboundState.PENDING and redacting.holds_secret(row.text):
                redacting.clean(row)  # no turn comes that would do it
                batch.forgotten.add(body.pk)
            batch.rows.append(row)
        case events.StatusChanged():
            ours = event.phone_number_id == settings.WHATSAPP_PHONE_NUMBER_ID
            if not ours:
                state = InboundState.FOREIGN
            elif outbox.heard(event):
                state = InboundState.DONE
            else:
                state = InboundState.PARKED
            batch.rows.append(_row(body, event, "status", state, provider_id=event.wamid, at=event.at))
        case events.AccountEvent():
            if not registry.heard(event):
                sentence = f"Meta reports {event.field}; see webhook body {body.pk}."
                _report(f"meta_{event.field}", event.key, sentence)
            batch.rows.append(_row(body, event, "account", InboundState.DONE))
        case events.ErrorsReported():
            _report("meta_errors", event.key, f"Meta reports errors; see webhook body {body.pk}.")
            batch.rows.append(_row(body, event, "errors", InboundState.DONE))
        case events.PreferenceChanged():
            _preference(event)
            batch.rows.append(_row(body, event, "preference", InboundState.DONE, at=event.at))
        case events.UserIdUpdated():
            _changed_user_id(event.previous, event.current)
            batch.rows.append(_row(body, event, "user_id", InboundState.DONE))
        case events.Unknown():
            _report("webhook_item_unknown", event.key, f"Webhook body {body.pk}: {event.why[:200]}.")
            batch.rows.append(_row(body, event, "unknown", InboundState.QUARANTINED))


def _message(batch: _Batch, body: WebhookBody, event: events.MessageReceived) -> InboundEvent:
    row = _row(body, event, "message", InboundState.PENDING, provider_id=event.wamid, at=event.sent_at)
    row.text = words_of(event.content)
    if event.phone_number_id != settings.WHATSAPP_PHONE_NUMBER_ID:
        row.state = InboundState.FOREIGN
        number = event.phone_number_id
        _report("webhook_foreign", number, f"Messages for number id {number} arrive here.")
        return row
    if event.group_id is not None:
        row.state = InboundState.IGNORED
        return row
    contact = batch.senders.get(event.sender) or contacts.identify(event.sender)
    batch.senders[event.sender] = contact
    row.contact = contact
    if body.received_at - row.said_at > TOO_OLD:
        row.state = InboundState.QUARANTINED
        _report("webhook_replayed", event.key, f"Webhook body {body.pk} is older than Meta repeats.")
        return row
    if contact.pk not in batch.spoken and contacts.was_silent(contact, until=row.said_at):
        changes.record("identity_changed", contact, actor=None, origin=changes.Origin.CHAT, why="silent")
    batch.spoken[contact.pk] = max(row.said_at, batch.spoken.get(contact.pk, row.said_at))
    match event.content:
        case events.Reacted() | events.Revoked():
            row.state = InboundState.IGNORED  # nobody expects an answer to these
        case events.NumberChanged() | events.UserIdChanged():
            row.state = InboundState.DONE
            _changed_identity(contact)
    return row


def _row(
    body: WebhookBody,
    event: events.Event,
    kind: str,
    state: InboundState,
    *,
    provider_id: str = "",
    at: datetime | None = None,
) -> InboundEvent:
    return InboundEvent(
        key=event.key,
        body=body,
        kind=kind,
        content=events.to_json(event),
        provider_id=provider_id,
        said_at=min(at, body.received_at) if at else body.received_at,
        received_at=body.received_at,
        state=state,
    )


def words_of(content: events.Content) -> str:
    """What a message says, as the transcript shows it."""
    match content:
        case events.TextSaid(body):
            return body
        case events.Tapped(_, title):
            return title
        case events.MediaSent(kind=kind, caption=caption):
            return f"[{kind}] {caption or ''}".strip()
        case events.LocationSent():
            return f"[location] {content.name or ''}".strip()
        case events.Edited(_, text):
            return f"[edited] {text or ''}".strip()
    return f"[{type(content).__name__}]"


_SPOKEN = """
UPDATE inspector_whatsapp_contact contact
SET last_inbound_at = greatest(contact.last_inbound_at, spoken.at), blocked_reason = ''
FROM unnest(%s::bigint[], %s::timestamptz[]) spoken (id, at) WHERE contact.id = spoken.id
"""


def _write(batch: _Batch) -> None:
    """Write the rows of a batch, and mark the conversations that have work."""
    if not batch.rows:
        return
    _follow_merged(batch)
    pending = [
        (row, row.contact.pk) for row in batch.rows if row.state == InboundState.PENDING and row.contact
    ]
    talking = {contact for _, contact in pending}
    Conversation.objects.bulk_create(
        [Conversation(contact_id=contact) for contact in talking], ignore_conflicts=True
    )
    of_contact = dict(Conversation.objects.filter(contact__in=talking).values_list("contact", "pk"))
    for row, contact in pending:
        row.conversation_id = of_contact[contact]
    InboundEvent.objects.bulk_create(batch.rows)
    fresh = set(of_contact.values())
    # Without a condition, so that it waits for a turn that is about to say that nothing is pending any more;
    # in the order in which turns lock.
    locked = Conversation.objects.select_for_update(no_key=True).filter(pk__in=fresh).order_by("pk")
    Conversation.objects.filter(pk__in=[talk.pk for talk in locked]).update(
        pending_since=Coalesce("pending_since", clock.Now())
    )
    with connection.cursor() as cursor:
        cursor.execute(_SPOKEN, [list(batch.spoken), list(batch.spoken.values())])


def _forget_repeated_codes(batch: _Batch) -> None:
    """A code that came before, in another batch, is redacted there: it is not kept here."""
    bodies = {
        body.pk
        for body, event in batch.repeated
        if isinstance(event, events.MessageReceived) and redacting.holds_secret(words_of(event.content))
    }
    for body in bodies:
        others = [row.content for row in batch.rows if row.body_id == body]
        WebhookBody.objects.filter(pk=body).update(body=json.dumps({"events": others}).encode())


def _follow_merged(batch: _Batch) -> None:
    """A later message of the batch may have shown that the sender of an earlier one is somebody we knew."""
    named = {contact.pk for contact in batch.senders.values() if contact.pk}
    there = set(Contact.objects.filter(pk__in=named).values_list("pk", flat=True))
    if named == there:
        return
    for sender, contact in batch.senders.items():
        if contact.pk in there:
            continue
        known = contacts.identify(sender)
        for row in batch.rows:
            if row.contact is contact:
                row.contact = known
        if at := batch.spoken.pop(contact.pk, None):
            batch.spoken[known.pk] = max(at, batch.spoken.get(known.pk, at))


def _preference(event: events.PreferenceChanged) -> None:
    """They stopped or resumed offers in WhatsApp itself: it holds at once, and goes by Meta's time of it."""
    whose = Q(phone=event.phone, phone__isnull=False) | Q(user_id=event.user_id, user_id__isnull=False)
    for contact in Contact.objects.select_for_update(no_key=True).filter(whose).order_by("pk"):
        change = consent.resume_offers if event.wants_marketing else consent.stop_offers
        change(contact=contact, how="user_preferences", evidence=event.key, at=event.at or clock.now())


def _changed_identity(contact: Contact) -> None:
    """Somebody has another number or another BSUID now: they prove themselves again."""
    changes.record("identity_changed", contact, actor=None, origin=changes.Origin.CHAT, why="Meta reports it")


def _changed_user_id(previous: str, current: str) -> None:
    contact = Contact.objects.filter(user_id=previous).first()
    if contact is not None and not Contact.objects.filter(user_id=current).exists():
        Contact.objects.filter(pk=contact.pk).update(user_id=current)
        changes.record(
            "identity_changed", contact, actor=None, origin=changes.Origin.CHAT, why="another BSUID"
        )


def on_change(happened: changes.Happened) -> None:
    """Two contacts were one: what the other said, and its conversation, are theirs now."""
    if happened.kind != "contact_merged":
        return
    shell, into = happened.data["merged"], happened.subject.pk
    InboundEvent.objects.filter(contact=shell).update(contact=into)
    kept = Conversation.objects.filter(contact=into).first()
    if kept is None:
        Conversation.objects.filter(contact=shell).update(contact=into)
        return
    InboundEvent.objects.filter(conversation__contact=shell).update(conversation=kept)
    if kept.inbound.filter(state=InboundState.PENDING).exists():
        Conversation.objects.filter(pk=kept.pk, pending_since=None).update(pending_since=clock.Now())


def join_parked() -> None:
    """Statuses that came before their message was known: try them again for a day."""
    since = clock.now() - timedelta(days=1)
    ours = OutboxMessage.objects.filter(provider_id=OuterRef("provider_id"))
    parked = InboundEvent.objects.filter(Exists(ours), state=InboundState.PARKED, received_at__gt=since)
    for row in parked[:500]:
        event = events.from_json(row.content)
        if isinstance(event, events.StatusChanged) and outbox.heard(event):
            InboundEvent.objects.filter(pk=row.pk).update(state=InboundState.DONE, done_at=clock.now())

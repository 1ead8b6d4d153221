"""A webhook's bytes taken apart: every message, status and notice an event of its own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from . import reading
from .content import content
from .kinds import (
    AccountEvent,
    ErrorsReported,
    Event,
    MessageReceived,
    PreferenceChanged,
    Sender,
    StatusChanged,
    Unknown,
    UserIdUpdated,
)
from .reading import digest, identifier, integer, items, moment, part, phone, user_id, word

STATUSES: Final = ("sent", "delivered", "read", "played", "failed")
ACCOUNT_FIELDS: Final = frozenset(
    (
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "template_category_update",
    )
)
_RAW: Final = 4000


@dataclass(frozen=True)
class _Change:
    """One change of a webhook and what its items need to know of it."""

    field: str
    value: Mapping[str, object]
    business_account_id: str
    phone_number_id: str
    time: object


def parse(raw: bytes) -> list[Event]:
    """The events in a webhook's body, messages before statuses. Raises only `Unparseable`.

    An item that can't be read becomes `Unknown` and never spoils its neighbours.
    """
    body = reading.load(raw)
    entries = items(body, "entry")
    if body.get("object") != "whatsapp_business_account" or not entries:
        return [_unknown("not about a WhatsApp business account", body)]
    events = [event for entry in entries for event in _of_entry(entry)]
    return sorted(events, key=lambda event: isinstance(event, StatusChanged))  # stable: else as they came


def _of_entry(entry: object) -> Iterator[Event]:
    changes = items(entry, "changes")
    if not changes:
        yield _unknown("an entry without changes", entry)
    for item in changes:
        value = part(item, "value")
        if not value:
            yield _unknown("a change without a value", item)
            continue
        change = _Change(
            field=word(item, "field") or "",
            value=value,
            business_account_id=identifier(entry, "id") or "",
            phone_number_id=identifier(part(value, "metadata"), "phone_number_id") or "",
            time=entry.get("time") if isinstance(entry, Mapping) else None,
        )
        yield from _of_change(change)


def _of_change(change: _Change) -> Iterator[Event]:
    match change.field:
        case "messages":
            yield from _of_messages(change)
        case "user_preferences":
            for item in items(change.value, "user_preferences"):
                yield _preference(change, item)
        case "user_id_update":
            yield _user_id_update(change)
        case field if field in ACCOUNT_FIELDS:
            # The time is part of the key: a template may be paused, released and paused again.
            key = "a:" + digest(field, change.business_account_id, change.time, change.value)
            value = reading.cleaned(change.value)
            assert isinstance(value, dict)
            yield AccountEvent(
                key, field, change.business_account_id, value, moment({"time": change.time}, "time")
            )
        case field:
            yield _unknown(f"field {field[:60]}", [field, change.value])


def _of_messages(change: _Change) -> Iterator[Event]:
    messages, statuses = items(change.value, "messages"), items(change.value, "statuses")
    errors = items(change.value, "errors")
    for message in messages:
        yield _message(change, message)
    if errors:
        pairs = tuple((integer(error, "code"), _details(error)) for error in errors)
        yield ErrorsReported("e:" + digest(change.phone_number_id, errors), change.phone_number_id, pairs)
    for status in statuses:
        yield _status(change, status)
    if not messages and not statuses and not errors:
        yield _unknown("neither messages nor statuses", change.value)


def _message(change: _Change, message: object) -> Event:
    if not isinstance(message, Mapping):
        return _unknown("a message that is no object", message)
    wamid = identifier(message, "id")
    if wamid is None:
        return _unknown("a message without an id", message)
    sender = _sender(message, items(change.value, "contacts"))
    if sender.phone is None and sender.user_id is None:
        return _unknown("a message without a sender", message)
    return MessageReceived(
        key=f"m:{wamid}",
        phone_number_id=change.phone_number_id,
        business_account_id=change.business_account_id,
        sender=sender,
        wamid=wamid,
        sent_at=moment(message, "timestamp"),
        group_id=identifier(message, "group_id"),
        reply_to=identifier(part(message, "context"), "id"),
        content=content(message),
    )


def _sender(message: Mapping[str, object], contacts: list[object]) -> Sender:
    """Who wrote, joined with `contacts` by id: its order means nothing, and it may not be there."""
    sender = Sender(
        phone=phone(message, "from"),
        user_id=user_id(message, "from_user_id") or user_id(message, "from"),
    )
    for contact in contacts:
        contact_phone, contact_user = phone(contact, "wa_id"), user_id(contact, "user_id")
        same_user = sender.user_id is not None and contact_user == sender.user_id
        same_phone = sender.phone is not None and contact_phone == sender.phone
        # Two ids that contradict each other are two people.
        if sender.user_id and contact_user and not same_user:
            continue
        if same_user or same_phone:
            return replace(
                sender,
                phone=sender.phone or contact_phone,
                user_id=sender.user_id or contact_user,
                username=word(part(contact, "profile"), "username"),
                name=word(part(contact, "profile"), "name"),
            )
    return sender


def _status(change: _Change, item: object) -> Event:
    wamid, status = identifier(item, "id"), word(item, "status")
    if wamid is None or status not in STATUSES:
        return _unknown("a status without an id or of an unknown kind", item)
    recipient = phone(item, "recipient_id")
    recipient_user = user_id(item, "recipient_user_id") or user_id(item, "recipient_id")
    key = f"s:{wamid}:{status}"
    if word(item, "recipient_type") == "group":  # one status per member
        recipient = phone(item, "recipient_participant_id")
        recipient_user = user_id(item, "recipient_participant_user_id")
        key += f":{recipient or recipient_user or ''}"
    error = next(iter(items(item, "errors")), None)
    pricing = part(item, "pricing")
    billable = pricing.get("billable")
    return StatusChanged(
        key=key,
        phone_number_id=change.phone_number_id,
        wamid=wamid,
        status=status,
        at=moment(item, "timestamp"),
        callback=identifier(item, "biz_opaque_callback_data", 512),
        phone=recipient,
        user_id=recipient_user,
        code=integer(error, "code"),
        details=_details(error),
        category=word(pricing, "category"),
        billable=billable if isinstance(billable, bool) else None,
    )


def _preference(change: _Change, item: object) -> Event:
    wants = {"stop": False, "resume": True}.get(word(item, "value") or "")
    person = phone(item, "wa_id"), user_id(item, "user_id")
    if wants is None or not any(person) or word(item, "category") not in (None, "marketing_messages"):
        return _unknown("a preference of an unknown kind", item)
    key = "p:" + digest(change.phone_number_id, item)
    return PreferenceChanged(key, *person, wants_marketing=wants, at=moment(item, "timestamp"))


def _user_id_update(change: _Change) -> Event:
    """The pair of ids, in the value itself or in an item of it: Meta's own pages differ."""
    lists = [inner for inner in change.value.values() if isinstance(inner, list)]
    candidates = [change.value, *change.value.values(), *(item for inner in lists for item in inner)]
    for candidate in [*candidates, *(part(candidate, "user_id") for candidate in candidates)]:
        previous, current = user_id(candidate, "previous"), user_id(candidate, "current")
        if previous and current:
            return UserIdUpdated("i:" + digest(previous, current, change.time), previous, current)
    return _unknown("a user id update without both ids", change.value)


def _details(error: object) -> str:
    return (
        word(part(error, "error_data"), "details", 500)
        or word(error, "message", 500)
        or word(error, "title", 500)
        or ""
    )


def _unknown(why: str, item: object) -> Unknown:
    return Unknown("u:" + digest(item), why, json.dumps(item)[:_RAW])

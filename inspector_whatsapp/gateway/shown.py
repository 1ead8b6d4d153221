"""Our objects as Inspector reads them: in the feed, in webhooks, in commands.

`id` is Inspector's own of each, null until it has told us; `ref` or `key` is ours. People are named by
Inspector's id of their account. No telephone numbers, no codes; of words only those that belong to
Inspector's own rows.
"""

from datetime import UTC, datetime
from typing import Any

from inspector_whatsapp.models import (
    Feedback,
    Inspection,
    Interest,
    Link,
    ProblemReport,
    Property,
    SavedSearch,
    Slot,
    TimeOff,
    User,
)

Json = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """In UTC, as programs read it."""
    return at.astimezone(UTC).isoformat() if at is not None else None


def person(account: User | None) -> str | None:
    return account.platform_id if account is not None else None


def named(property: Property) -> Json:
    return {"ref": property.ref, "id": property.platform_id}


def inspection(row: Inspection) -> Json:
    return {
        "ref": row.ref,
        "id": row.platform_id,
        "version": row.version,
        "revision": row.revision,
        "state": row.state,
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
        "property": named(row.property),
        "slot": {"key": row.slot.pk, "id": row.slot.platform_id} if row.slot else None,
        "seeker": person(row.seeker),
        "inspector": person(row.inspector),
        "waits_for_agent": row.asked_at is not None,
        "clash": row.clash,
        "outcome": row.outcome,
        "notes": row.notes,
        "why": row.why,
        "accepted_at": moment(row.accepted_at),
        "coming_at": moment(row.coming_at),
        "reported_at": moment(row.reported_at),
    }


def slot(row: Slot) -> Json:
    return {
        "key": row.pk,
        "id": row.platform_id,
        "version": row.version,
        "property": named(row.property),
        "inspector": person(row.inspector),
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
        "capacity": row.capacity,
        "taken": row.taken,
        "state": row.state,
    }


def property(row: Property) -> Json:
    return {
        **named(row),
        "version": row.version,
        "agent": person(row.agent),
        "status": row.status,
        "booking_rule": row.booking_rule,
        "give_away_hours": row.give_away_hours,
        "title": row.title,
        "kind": row.kind,
        "listing_type": row.listing_type,
        "bedrooms": row.bedrooms,
        "bathrooms": row.bathrooms,
        "price": str(row.price),
        "currency": row.currency,
        "period": row.period,
        "area": row.area,
        "city": row.city,
        "state": row.state,
        "address": row.address,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "amenities": row.amenities,
        "description": row.description,
        "published_at": moment(row.published_at),
    }


def interest(row: Interest) -> Json:
    return {
        "key": row.pk,
        "id": row.platform_id,
        "seeker": person(row.seeker),
        "property": named(row.property),
        "created_at": moment(row.created_at),
        "removed_at": moment(row.removed_at),
    }


def time_off(row: TimeOff) -> Json:
    return {
        "key": row.pk,
        "id": row.platform_id,
        "inspector": person(row.inspector),
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
    }


def search(row: SavedSearch) -> Json:
    return {
        "key": row.pk,
        "id": row.platform_id,
        "seeker": person(row.seeker),
        "criteria": row.criteria,
        "frequency": row.frequency,
        "is_active": row.is_active,
    }


def feedback(row: Feedback) -> Json:
    return {
        "key": row.pk,
        "id": row.platform_id,
        "inspection": row.inspection.ref,
        "seeker": person(row.inspection.seeker),
        "as_listed": row.as_listed,
        "interested": row.interested,
    }


def problem(row: ProblemReport) -> Json:
    return {
        "key": row.pk,
        "id": row.platform_id,
        "reporter": person(row.reporter),
        "property": named(row.property),
        "inspection": row.inspection.ref if row.inspection else None,
        "problem": row.problem,
        "closed_at": moment(row.closed_at),
    }


def account(row: User) -> Json:
    return {
        "id": row.platform_id,
        "role": row.role,
        "language": row.language,
        "time_zone": row.time_zone,
        "is_active": row.is_active,
    }


def link(row: Link) -> Json:
    return {"key": row.pk, "account": person(row.account), "state": row.state, "current": row.current}

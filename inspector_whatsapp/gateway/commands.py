"""What is asked of Inspector's backend: a command for a change, written in the transaction that makes it.

A command that has not been answered *is* the pending change: there is no other record of it. The commands
about one thing leave in their order, each once the one before it is answered.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet

from inspector_whatsapp import clock
from inspector_whatsapp.changes import Happened, Origin
from inspector_whatsapp.gateway import shown
from inspector_whatsapp.models import Change, Inspection, OutboxMessage, Property, PropertyPhoto, Slot, User
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.outbox import Outgoing

CHANNEL = "inspector"
RESERVE, MOVE, CANCEL, REPORT = "reserve", "move", "cancel", "report"
AVAILABILITY, PROPERTY, PHOTO = "availability", "property", "photo"
UNFINISHED = (*WAITING_STATES, Status.SENDING)
AT_LEAST = timedelta(hours=1)  # before the start: the seeker needs the time to go somewhere else

Subject = Inspection | Property
Json = dict[str, Any]


def decides(origin: Origin) -> bool:
    """Whether Inspector's backend has the last word on what is done now; not on what it did itself."""
    return bool(settings.INSPECTOR_API_URL) and origin != Origin.SYNC


def pending(subject: Subject) -> bool:
    """Whether a change of this inspection's time, or of this property, waits for Inspector's answer."""
    return unfinished(subject, RESERVE, MOVE, AVAILABILITY, PROPERTY).exists()


def unfinished(subject: Subject, *kinds: str) -> QuerySet[OutboxMessage, OutboxMessage]:
    """Commands about it that have not been answered, oldest first; of these kinds, where some are named."""
    rows = OutboxMessage.objects.filter(lane=lane(subject), status__in=UNFINISHED)
    rows = rows.exclude(arguments__has_key="settled").order_by("pk")
    return rows.filter(kind__in=kinds) if kinds else rows


def of(happened: Happened) -> list[Outgoing]:
    """The commands for a change; none for what came from Inspector, or where nobody decides there."""
    if not decides(happened.origin):
        return []
    match happened.subject:
        case Inspection() as inspection:
            ask = _OF_INSPECTIONS.get(happened.kind)
            return [ask(happened, inspection)] if ask is not None else []
        case Property() as property if happened.kind == "availability_changed":
            return [_availability(happened, property)]
        case Property() as property if happened.kind == "property_submitted":
            return [_property(happened, property), *_photos(happened, property)]
    return []


def reserve_anew(inspection: Inspection) -> Outgoing:
    """Ask for it again where it is now: what was asked before was refused, and it has been moved since."""
    key = f"{inspection.ref}:{RESERVE}:{inspection.revision}"
    return _reserve(inspection, key=key, actor=inspection.seeker, cause=None)


def call_off(inspection: Inspection) -> Outgoing:
    """Take back what was asked for: Inspector said yes to what had given way to a row of its own."""
    key = f"{inspection.ref}:{CANCEL}:{inspection.revision}"
    return _call_off(inspection, because="inspection_declined", key=key)


# --- of inspections ---------------------------------------------------------------------------------------
def _asked_or_moved(happened: Happened, inspection: Inspection) -> Outgoing:
    if "from" in happened.data:
        return _move(happened, inspection)
    return _reserve(inspection, key=inspection.ref, actor=happened.actor, cause=happened.row)


def _reserve(inspection: Inspection, *, key: str, actor: User | None, cause: Change | None) -> Outgoing:
    now = cause.at if cause is not None else clock.now()
    return _command(
        RESERVE,
        inspection,
        "POST",
        "/inspections",
        body=_whole(inspection, actor),
        key=key,
        actor=actor,
        cause=cause,
        expires_at=_useful_until(inspection.starts_at, now),
        inspection=inspection.pk,
        slot=inspection.slot_id,
    )


def _move(happened: Happened, inspection: Inspection) -> Outgoing:
    """undo: where it was, for the case that the new time is refused; none where that cannot be had again."""
    data = happened.data
    before = datetime.fromisoformat(data["from"])
    undo = data.get("was")
    return _command(
        MOVE,
        inspection,
        "PATCH",
        f"/inspections/{_key(inspection)}",
        body=_whole(inspection, happened.actor) | {"from": data["from"]},
        key=f"{inspection.ref}:{MOVE}:{happened.row.pk}",
        actor=happened.actor,
        cause=happened.row,
        expires_at=_useful_until(min(before, inspection.starts_at), happened.row.at) if undo else None,
        inspection=inspection.pk,
        slot=inspection.slot_id,
        undo=undo,
        moved={name: data[name] for name in ("from", "to", "inspector_before") if name in data},
    )


def _cancel(happened: Happened, inspection: Inspection) -> Outgoing:
    return _call_off(
        inspection,
        because=happened.kind,
        key=f"{inspection.ref}:{CANCEL}:{happened.row.pk}",
        actor=happened.actor,
        cause=happened.row,
        undo=happened.data.get("was"),
    )


def _call_off(
    inspection: Inspection,
    *,
    because: str,
    key: str,
    actor: User | None = None,
    cause: Change | None = None,
    undo: Json | None = None,
) -> Outgoing:
    return _command(
        CANCEL,
        inspection,
        "POST",
        f"/inspections/{_key(inspection)}/cancel",
        body={
            "ref": inspection.ref,
            "id": inspection.platform_id,
            "why": inspection.why,
            "because": because,
            "actor": _account(actor),
        },
        key=key,
        actor=actor,
        cause=cause,
        inspection=inspection.pk,
        undo=undo,
    )


def _report(happened: Happened, inspection: Inspection) -> Outgoing:
    return _command(
        REPORT,
        inspection,
        "POST",
        f"/inspections/{_key(inspection)}/report",
        body={
            "ref": inspection.ref,
            "id": inspection.platform_id,
            "outcome": inspection.outcome,
            "notes": inspection.notes,
            "corrected": happened.data["corrected"],
            "reported_at": shown.moment(inspection.reported_at),
            "actor": _account(happened.actor),
        },
        key=f"{inspection.ref}:{REPORT}:{happened.row.pk}",
        actor=happened.actor,
        cause=happened.row,
        inspection=inspection.pk,
    )


_OF_INSPECTIONS: Mapping[str, Callable[[Happened, Inspection], Outgoing]] = {
    "inspection_booked": _asked_or_moved,
    "inspection_requested": _asked_or_moved,
    "inspection_pending": _asked_or_moved,
    "inspection_moved": _move,
    "inspection_kept": _move,
    "inspection_cancelled": _cancel,
    "inspection_declined": _cancel,
    "place_given_away": _cancel,
    "inspection_released": _cancel,
    "inspection_refused": _cancel,
    "inspection_reported": _report,
}


# --- of properties ----------------------------------------------------------------------------------------
def _availability(happened: Happened, property: Property) -> Outgoing:
    before, after = happened.data["before"], happened.data["after"]
    return _command(
        AVAILABILITY,
        property,
        "PATCH",
        f"/properties/{_key(property)}",
        body={**shown.named(property), "status": after, "before": before, "actor": _account(happened.actor)},
        key=f"{property.ref}:{AVAILABILITY}:{happened.row.pk}",
        actor=happened.actor,
        cause=happened.row,
        property=property.pk,
        before=before,
        after=after,
    )


def _property(happened: Happened, property: Property) -> Outgoing:
    return _command(
        PROPERTY,
        property,
        "POST",
        "/properties",
        body=shown.property(property)
        | {"agent": _account(property.agent), "photos": happened.data["photos"]},
        key=property.ref,
        actor=happened.actor,
        cause=happened.row,
        property=property.pk,
    )


def _photos(happened: Happened, property: Property) -> list[Outgoing]:
    return [
        _command(
            PHOTO,
            property,
            "POST",
            f"/properties/{_key(property)}/photos",
            body={"position": photo.position, "digest": photo.digest},
            key=f"{property.ref}:{PHOTO}:{photo.pk}",
            actor=happened.actor,
            cause=happened.row,
            photo=photo.pk,
            image=photo.image.name,
        )
        for photo in PropertyPhoto.objects.filter(property=property)
    ]


# --- the steps --------------------------------------------------------------------------------------------
def _command(
    kind: str,
    subject: Subject,
    method: str,
    path: str,
    *,
    body: Json,
    key: str,
    actor: User | None,
    cause: Change | None,
    expires_at: datetime | None = None,
    **arguments: Any,
) -> Outgoing:
    return Outgoing(
        kind=kind,
        channel=CHANNEL,
        lane=lane(subject),
        account=actor,
        key=f"{CHANNEL}:{key}",
        arguments={"method": method, "path": path, "key": key, **arguments},
        body=body,
        text=f"{kind} {subject.ref}",
        expires_at=expires_at,
        cause=cause,
    )


def lane(subject: Subject) -> str:
    """Whose commands leave in order."""
    return f"{CHANNEL}:{subject.ref}"


def _key(subject: Subject) -> str:
    """As an address names it: Inspector's id, or our ref until that is known."""
    return quote(subject.platform_id or subject.ref, safe="")


def _useful_until(start: datetime, now: datetime) -> datetime:
    """An hour before the start; of what is less than two hours ahead, once half of the time is gone."""
    return max(start - AT_LEAST, now + (start - now) / 2)


def _whole(inspection: Inspection, actor: User | None) -> Json:
    # Read anew: the place that it takes was counted by a statement.
    slots = Slot.objects.select_related("property", "inspector").filter(inspections=inspection)
    return shown.inspection(inspection) | {
        "slot": next((shown.slot(slot) for slot in slots), None),
        "seeker": _account(inspection.seeker),
        "inspector": _account(inspection.inspector),
        "actor": _account(actor),
    }


def _account(account: User | None) -> Json | None:
    """With the e-mail address, by which Inspector knows an account whose id we have not been told."""
    return {"id": account.platform_id, "email": account.email} if account is not None else None

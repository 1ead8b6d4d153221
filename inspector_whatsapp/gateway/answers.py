"""What follows from the backend's answer to a command: Inspector is right."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from inspector_whatsapp import changes, incidents, inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.gateway.commands import (
    AVAILABILITY,
    CANCEL,
    MOVE,
    PHOTO,
    RESERVE,
    call_off,
    reserve_anew,
    unfinished,
)
from inspector_whatsapp.inspections.locks import lock_inspection, lock_property
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, PropertyPhoto
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.outbox import CannotSend, Outgoing, Refused, add, withhold

NO = 409  # as things are there it cannot be: an answer like any other
LONGEST, LARGEST = 64, 2**63  # of an id, and below it of a version


def taken(id: int, body: Mapping[str, Any]) -> None:
    """It said yes. Called in the transaction that records it."""
    message = OutboxMessage.objects.get(pk=id)
    subject = _subject(message)
    if subject is None:
        return
    if isinstance(subject, Inspection):
        subject = lock_inspection(subject)
    gave_way = message.kind == RESERVE and isinstance(subject, Inspection) and _gave_way(message, subject)
    _remember(subject, body)
    if gave_way and isinstance(subject, Inspection):
        add(call_off(subject))
        return
    if not isinstance(subject, Inspection) or "settled" in message.arguments:
        return
    if message.kind in (RESERVE, MOVE) and not _followed(message, subject):
        undo = message.arguments.get("undo") or {}
        told_as_move = undo.get("stood") and not undo.get("asks")
        inspections.agree(
            inspection=subject,
            slot=message.arguments["slot"],
            moved=message.arguments["moved"] if told_as_move else None,
        )


def refused(message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
    """It said no, or nothing until it was too late. Called in the transaction that records it."""
    late = _is_late(error)
    subject = _subject(message)
    if subject is None:
        return ()
    if error.code != NO or late:
        what = "got no answer in time" if late else f"was refused ({error.code or 'no photo'})"
        ref = subject.property.ref if isinstance(subject, PropertyPhoto) else subject.ref
        incidents.report(
            "command_unanswered" if late else "command_refused",
            key=f"{message.kind} {ref}",
            sentence=f"Inspector's backend: {message.kind} of {ref} {what} (message {message.pk}).",
        )
    if "settled" in message.arguments:
        return ()
    match message.kind, subject:
        case "reserve", Inspection():
            return _not_reserved(message, lock_inspection(subject), error)
        case "move", Inspection():
            _not_moved(message, lock_inspection(subject), late=late)
        case "cancel", Inspection() if not late:
            inspections.reinstate(inspection=subject, undo=message.arguments.get("undo"))
        case "availability", Property() if not late:
            _not_changed(message, subject)
        case "property", Property() if not late:
            _not_wanted(subject, str(error.details))
    return ()


# --- no ---------------------------------------------------------------------------------------------------
def _not_reserved(message: OutboxMessage, inspection: Inspection, error: CannotSend) -> Sequence[Outgoing]:
    """What was asked for after it hangs in the air; if it has been moved since, that time is asked for."""
    late = _is_late(error)
    rest = list(unfinished(inspection, MOVE, CANCEL).exclude(pk=message.pk))
    if inspection.state not in LIVE_STATES:
        if not late:  # there is nothing to cancel
            withhold(_these(rest), why="it was never booked there")
        return ()
    if inspection.slot_id != message.arguments["slot"]:
        withhold(_these(rest), why="asked for anew, at the time that it has now")
        return [reserve_anew(inspection)]
    inspections.refuse(
        inspection=inspection,
        close=error.code == NO,
        # Where nobody knows whether it was booked there, it is cancelled there as well.
        origin=Origin.SERVICE if late else Origin.SYNC,
    )
    return ()


def _not_moved(message: OutboxMessage, inspection: Inspection, *, late: bool) -> None:
    undo = message.arguments.get("undo")
    following = unfinished(inspection, MOVE).exclude(pk=message.pk).first()
    if following is not None:
        following.arguments["undo"] = undo
        following.save(update_fields=["arguments"])
        return
    if inspection.state not in LIVE_STATES or inspection.slot_id != message.arguments["slot"]:
        return
    if not inspections.put_back(inspection=inspection, undo=undo, origin=_said_by(late=late)):
        sentence = f"{inspection.ref} could not be moved, and its old time is gone: it was called off."
        incidents.report("command_refused", key=f"move {inspection.ref}", sentence=sentence)


def _not_changed(message: OutboxMessage, property: Property) -> None:
    before, after = message.arguments["before"], message.arguments["after"]
    property = lock_property(property.pk)
    if property.status != after or unfinished(property, AVAILABILITY).exclude(pk=message.pk).exists():
        return
    listings.set_availability(
        property=property, status=PropertyStatus(before), actor=None, origin=Origin.SYNC
    )
    changes.record("change_undone", property, actor=None, origin=Origin.SYNC)


def _not_wanted(property: Property, why: str) -> None:
    """Its photos are not wanted either."""
    withhold(_these(unfinished(property, PHOTO)), why="the property was refused")
    with translation.override(property.agent.language):
        listings.reject(
            property=property, why=why or _("Inspector did not take it."), actor=None, origin=Origin.SYNC
        )


# --- the steps --------------------------------------------------------------------------------------------
def _said_by(*, late: bool) -> Origin:
    """Inspector said no; or nobody did, and then Inspector is to hear what we make of that."""
    return Origin.SERVICE if late else Origin.SYNC


def _is_late(error: CannotSend) -> bool:
    """Whether nothing was said at all: then nobody knows what has become of it there."""
    return not isinstance(error, Refused)


def _gave_way(message: OutboxMessage, inspection: Inspection) -> bool:
    """Whether a row of Inspector's took its place here while the question was on its way there."""
    ours_alone = inspection.platform_id is None and inspection.state == InspectionState.DECLINED
    return ours_alone and not _followed(message, inspection)


def _followed(message: OutboxMessage, inspection: Inspection) -> bool:
    """Whether more has been asked for since, which is still to be answered."""
    return unfinished(inspection, RESERVE, MOVE, CANCEL).exclude(pk=message.pk).exists()


def _these(rows: Iterable[OutboxMessage]) -> Q:
    return Q(pk__in=[row.pk for row in rows])


def _subject(message: OutboxMessage) -> Inspection | Property | PropertyPhoto | None:
    arguments = message.arguments
    if "inspection" in arguments:
        return Inspection.objects.filter(pk=arguments["inspection"]).first()
    if "property" in arguments:
        return Property.objects.select_related("agent").filter(pk=arguments["property"]).first()
    return PropertyPhoto.objects.select_related("property").filter(pk=arguments["photo"]).first()


def _is_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable()


def _remember(subject: Inspection | Property | PropertyPhoto, body: Mapping[str, Any]) -> None:
    """Inspector's id and version of it, where the answer says them; an id belongs to one row."""
    id, version = body.get("id"), body.get("version")
    fields: dict[str, Any] = {}
    if type(id) in (str, int) and _is_id(str(id)) and subject.platform_id is None:
        fields["platform_id"] = str(id)
    if type(version) is int and subject.version < version < LARGEST:
        fields["version"] = version
    if not fields:
        return
    try:
        with transaction.atomic():
            type(subject)._default_manager.filter(pk=subject.pk).update(**fields)
    except IntegrityError:
        incidents.report(
            "command_conflict",
            key=f"{subject._meta.model_name} {subject.pk}",
            sentence=f"The id of {subject._meta.model_name} {subject.pk} belongs to another row here.",
        )
        return
    for name, value in fields.items():
        setattr(subject, name, value)

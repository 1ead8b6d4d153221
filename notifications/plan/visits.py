"""Who is told of what became of an inspection."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Change, Inspection, Role, User
from inspector_whatsapp.models.inspections import InspectionState
from notifications import recipients
from notifications.kind import by_name, key
from notifications.recipients import EMAIL, ROLES, WHATSAPP, Notice, channels

# What puts an inspection into people's calendars.
_CERTAIN = ("inspection_booked", "inspection_confirmed", "inspection_moved")


def booked(happened: Happened) -> list[Notice]:
    """The seeker, the agent and the inspector."""
    return _tell(happened)


def moved(happened: Happened) -> list[Notice]:
    """All three, and the inspector who no longer has it."""
    return _tell(happened) + _former(happened, happened.data.get("inspector_before"))


def requested(happened: Happened) -> list[Notice]:
    """The agent, who is asked, and the seeker; the inspector if it stood before and has another time now."""
    stood = "from" in happened.data and _stood(_inspection(happened))
    roles = ROLES if stood else (Role.SEEKER, Role.AGENT)
    return _tell(happened, roles, calendar=stood) + _former(happened, happened.data.get("inspector_before"))


def unanswered(happened: Happened) -> list[Notice]:
    """The agent, once more."""
    return _tell(happened, (Role.AGENT,))


def confirmed(happened: Happened) -> list[Notice]:
    """All three: only now it is sure."""
    return _tell(happened)


def refused(happened: Happened) -> list[Notice]:
    """The seeker, with other times; the agent unless they declined it; the inspector if it had stood."""
    stood = _stood(_inspection(happened))
    agent = _inspection(happened).property.agent
    roles = [Role.SEEKER] + ([Role.AGENT] if happened.actor != agent else [])
    roles += [Role.INSPECTOR] if stood else []
    late = max(_inspection(happened).starts_at, happened.row.at + timedelta(days=1))
    return _tell(happened, roles, calendar=stood, expires_at=late)


def cancelled(happened: Happened) -> list[Notice]:
    """Everybody who knew of it: an inspector hears nothing of a request that was never confirmed."""
    stood = _stood(_inspection(happened))
    roles = ROLES if stood else (Role.SEEKER, Role.AGENT)
    return _tell(happened, roles, calendar=stood)


def assigned(happened: Happened) -> list[Notice]:
    """The new inspector, once for the whole visit, and the former one; the seeker whom they will meet.

    The agent too where nobody had it: they were told that somebody is looked for. While the agent has not
    confirmed it nobody else is told: the inspector hears once it is confirmed.
    """
    inspection, before = _inspection(happened), happened.data.get("before")
    if inspection.state != InspectionState.CONFIRMED:
        return _former(happened, before)
    once = [Role.INSPECTOR] + ([Role.AGENT] if before is None else [])
    return [
        *_tell(happened, once, about=_visit(happened)),
        *_tell(happened, [Role.SEEKER]),
        *_former(happened, before),
    ]


def unassigned(happened: Happened) -> list[Notice]:
    """The agent, once for the whole visit; the inspector who had it. Seekers hear when there is another."""
    inspection, before = _inspection(happened), happened.data["inspector"]
    if inspection.state != InspectionState.CONFIRMED:
        return _former(happened, before)
    return [
        *_tell(happened, [Role.AGENT], about=_visit(happened), inspector=before),
        *_former(happened, before),
    ]


def reported(happened: Happened) -> list[Notice]:
    """The seeker and the agent, of every outcome once: a correction that leaves it as it was tells nobody."""
    inspection, before = _inspection(happened), happened.data.get("before", "")
    if before == inspection.outcome:
        return []
    return _tell(
        happened,
        (Role.SEEKER, Role.AGENT),
        letter=False,
        about=(inspection.pk, happened.row.pk),
        outcome=str(inspection.outcome),
        corrected=bool(before),
    )


# --- the steps --------------------------------------------------------------------------------------------
def _tell(
    happened: Happened,
    roles: Collection[str] = ROLES,
    *,
    about: tuple[Any, ...] = (),
    letter: bool = True,
    expires_at: datetime | None = None,
    **arguments: Any,
) -> list[Notice]:
    """A notice to each of these roles. `about`: what is said once; the inspection as it is, unless given."""
    inspection = _inspection(happened)
    if "from" in happened.data:
        arguments["from"] = happened.data["from"]
    until = inspection.starts_at if by_name(happened.kind).useful_for is None else None
    return [
        Notice(
            kind=happened.kind,
            account=person,
            key=key(happened.kind, *(about or (inspection.pk, inspection.revision)), person.pk),
            arguments=arguments
            | {"inspection": inspection.pk, "revision": inspection.revision, "role": str(role)},
            channels=channels(happened, person, letter=letter),
            expires_at=expires_at or until,
        )
        for person, role in recipients.of(inspection, roles)
    ]


def _former(happened: Happened, before: int | None) -> list[Notice]:
    """The inspector who no longer has it: on WhatsApp once for the visit, by a letter for each entry."""
    inspection = _inspection(happened)
    person = User.objects.filter(pk=before).first() if before is not None else None
    if person is None or person.pk == inspection.inspector_id or not _stood(inspection):
        return []
    arguments = {
        "inspection": inspection.pk,
        "revision": inspection.revision,
        "role": str(Role.INSPECTOR),
    }
    every = (inspection.pk, inspection.revision)
    return [
        Notice(
            kind="inspection_off",
            account=person,
            key=key("inspection_off", *about, person.pk),
            arguments=arguments,
            channels=[channel] if channel in channels(happened, person) else [],
            expires_at=inspection.starts_at,
            otherwise=False,
        )
        for channel, about in ((WHATSAPP, _visit(happened)), (EMAIL, every))
    ]


def _visit(happened: Happened) -> tuple[Any, ...]:
    """The whole visit, as this change found it: its inspections change in one transaction, at one time."""
    inspection = _inspection(happened)
    return (f"slot-{inspection.slot_id or inspection.ref}", int(happened.row.at.timestamp() * 1_000_000))


def _stood(inspection: Inspection) -> bool:
    """Whether it was ever certain, and so is in people's calendars; not where it was only asked for."""
    kinds = set(
        Change.objects.filter(subject=inspection.ref, kind__in=(*_CERTAIN, "inspection_requested"))
        .order_by()
        .values_list("kind", flat=True)
    )
    return kinds != {"inspection_requested"}


def _inspection(happened: Happened) -> Inspection:
    assert isinstance(happened.subject, Inspection)
    return happened.subject

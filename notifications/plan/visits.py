"""Who is told of what became of an inspection."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Change, Inspection, Role, User
from inspector_whatsapp.models.inspections import InspectionState
from notifications import recipients
from notifications.kind import by_name, key
from notifications.recipients import EMAIL, ROLES, WHATSAPP, Notice, channels

# What puts an inspection into people's calendars.
_CERTAIN = ("inspection_booked", "inspection_confirmed", "inspection_moved")
_ASKED = ("inspection_requested", "inspection_pending")  # and what does not
SOON = timedelta(minutes=1)  # what was promised "in a moment" should have come by then


@dataclass
class Stood:
    """Which inspections were ever certain, and so are in people's calendars; not those only asked for.

    Read once for all that changed.
    """

    many: Sequence[Happened]

    def at(self, inspection: Inspection) -> bool:
        kinds = self._kinds.get(inspection.ref, set())
        return not kinds or not kinds <= set(_ASKED)

    def asked(self, inspection: Inspection) -> bool:
        """Whether its agent was ever asked for it."""
        return "inspection_requested" in self._kinds.get(inspection.ref, set())

    @cached_property
    def _kinds(self) -> Mapping[str, set[str]]:
        refs = [inspection_of(happened).ref for happened in self.many]
        known = Change.objects.filter(subject__in=refs, kind__in=(*_CERTAIN, *_ASKED))
        found: dict[str, set[str]] = {}
        for ref, kind in known.order_by().values_list("subject", "kind").distinct():
            found.setdefault(ref, set()).add(kind)
        return found


def booked(happened: Happened, stood: Stood) -> list[Notice]:
    """The seeker, the agent and the inspector."""
    return tell(happened)


def moved(happened: Happened, stood: Stood) -> list[Notice]:
    """All three, and the inspector who no longer has it."""
    return tell(happened) + _former(happened, happened.data.get("inspector_before"), stood)


def requested(happened: Happened, stood: Stood) -> list[Notice]:
    """The agent, who is asked, and the seeker; the inspector if it stood before and has another time now."""
    before = "from" in happened.data and stood.at(inspection_of(happened))
    roles = ROLES if before else (Role.SEEKER, Role.AGENT)
    return tell(happened, roles, calendar=before) + _former(
        happened, happened.data.get("inspector_before"), stood
    )


def pending(happened: Happened, stood: Stood) -> list[Notice]:
    """The seeker, if Inspector's backend has not answered soon; the others once it is certain."""
    inspection = inspection_of(happened)
    return [
        Notice(
            kind="still_confirming",
            account=inspection.seeker,
            key=key("still_confirming", inspection.pk, inspection.revision, inspection.seeker_id),
            arguments={
                "inspection": inspection.pk,
                "revision": inspection.revision,
                "role": str(Role.SEEKER),
            },
            channels=[WHATSAPP],
            not_before=happened.row.at + SOON,
            expires_at=inspection.starts_at,
            otherwise=False,
        )
    ]


def impossible(happened: Happened, stood: Stood) -> list[Notice]:
    """The seeker, with other times; the agent where they were asked; all three if it had stood."""
    inspection = inspection_of(happened)
    before = stood.at(inspection)
    roles = ROLES if before else [Role.SEEKER, *([Role.AGENT] if stood.asked(inspection) else [])]
    late = max(inspection.starts_at, happened.row.at + timedelta(days=1))
    return tell(happened, roles, calendar=before, expires_at=late)


def kept(happened: Happened, stood: Stood) -> list[Notice]:
    """The seeker and the agent; the inspector where they heard that another time was asked for."""
    roles = ROLES if happened.data["asks"] else (Role.SEEKER, Role.AGENT)
    return tell(happened, roles)


def unanswered(happened: Happened, stood: Stood) -> list[Notice]:
    """The agent, once more."""
    return tell(happened, (Role.AGENT,))


def confirmed(happened: Happened, stood: Stood) -> list[Notice]:
    """All three: only now it is sure."""
    return tell(happened)


def refused(happened: Happened, stood: Stood) -> list[Notice]:
    """The seeker, with other times; the agent unless they declined it; the inspector if it had stood."""
    before = stood.at(inspection_of(happened))
    agent = inspection_of(happened).property.agent
    roles = [Role.SEEKER] + ([Role.AGENT] if happened.actor != agent else [])
    roles += [Role.INSPECTOR] if before else []
    late = max(inspection_of(happened).starts_at, happened.row.at + timedelta(days=1))
    return tell(happened, roles, calendar=before, expires_at=late)


def cancelled(happened: Happened, stood: Stood) -> list[Notice]:
    """Everybody who knew of it: an inspector hears nothing of a request that was never confirmed."""
    before = stood.at(inspection_of(happened))
    roles = ROLES if before else (Role.SEEKER, Role.AGENT)
    return tell(happened, roles, calendar=before)


def given_away(happened: Happened, stood: Stood) -> list[Notice]:
    """All three: the seeker may yet say that they come."""
    return tell(happened)


def assigned(happened: Happened, stood: Stood) -> list[Notice]:
    """The new inspector, once for the whole visit, and the former one; the seeker whom they will meet.

    The agent too where nobody had it: they were told that somebody is looked for. While the agent has not
    confirmed it nobody else is told: the inspector hears once it is confirmed.
    """
    inspection, before = inspection_of(happened), happened.data.get("before")
    if inspection.state != InspectionState.CONFIRMED:
        return _former(happened, before, stood)
    once = [Role.INSPECTOR] + ([Role.AGENT] if before is None else [])
    return [
        *tell(happened, once, about=_visit(happened)),
        *tell(happened, [Role.SEEKER]),
        *_former(happened, before, stood),
    ]


def unassigned(happened: Happened, stood: Stood) -> list[Notice]:
    """The agent, once for the whole visit; the inspector who had it.

    Seekers hear when there is another; on the day also now: the code that they have opens nothing any more.
    """
    inspection, before = inspection_of(happened), happened.data["inspector"]
    if inspection.state != InspectionState.CONFIRMED:
        return _former(happened, before, stood)
    has_code = inspections.is_near(inspection, now=happened.row.at)
    return [
        *tell(happened, [Role.AGENT], about=_visit(happened), inspector=before),
        *tell(happened, [Role.SEEKER] if has_code else [], inspector=before),
        *_former(happened, before, stood),
    ]


def reported(happened: Happened, stood: Stood) -> list[Notice]:
    """The seeker and the agent, of every outcome once: a correction that leaves it as it was tells nobody."""
    inspection, before = inspection_of(happened), happened.data.get("before", "")
    if before == inspection.outcome:
        return []
    return tell(
        happened,
        (Role.SEEKER, Role.AGENT),
        letter=False,
        about=(inspection.pk, happened.row.pk),
        outcome=str(inspection.outcome),
        corrected=bool(before),
    )


# --- the steps --------------------------------------------------------------------------------------------
def tell(
    happened: Happened,
    roles: Collection[str] = ROLES,
    *,
    about: tuple[Any, ...] = (),
    letter: bool = True,
    expires_at: datetime | None = None,
    **arguments: Any,
) -> list[Notice]:
    """A notice to each of these roles. `about`: what is said once; the inspection as it is, unless given."""
    inspection = inspection_of(happened)
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


def _former(happened: Happened, before: int | None, stood: Stood) -> list[Notice]:
    """The inspector who no longer has it: on WhatsApp once for the visit, by a letter for each entry."""
    inspection = inspection_of(happened)
    if before is None or before == inspection.inspector_id:
        return []
    person = User.objects.filter(pk=before).first()
    if person is None or not stood.at(inspection):
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
    inspection = inspection_of(happened)
    return (f"slot-{inspection.slot_id or inspection.ref}", int(happened.row.at.timestamp() * 1_000_000))


def inspection_of(happened: Happened) -> Inspection:
    assert isinstance(happened.subject, Inspection)
    return happened.subject

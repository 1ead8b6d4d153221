"""Who is told of what became of a property, of interest in it, and of its free times."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Inspection, Interest, Property, Role, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import PropertyStatus
from notifications import alerts
from notifications.kind import key
from notifications.kinds.saved import GONE
from notifications.recipients import EMAIL, Notice, channels

NEWS = timedelta(days=3)  # for how long it is of use to hear of a property


def availability_changed(happened: Happened) -> list[Notice]:
    """Seekers who keep it in view or have an inspection of it; who looks for it, once it can be had again."""
    property = _property(happened)
    told = _who_waits(happened, property)
    if property.status == PropertyStatus.LIVE:
        alerts.note(property, but={notice.account.pk for notice in told})
    return told


def property_changed(happened: Happened) -> list[Notice]:
    """When it goes live for the first time, its agent and who looks for it; else as for its availability.

    At another price: who keeps it in view; if it is cheaper now, who looks for it.
    """
    property, fields = _property(happened), happened.data.get("fields", ())
    if property.status == PropertyStatus.LIVE and "published_at" in fields:
        alerts.note(property)
        return _went_live(happened, property)
    told = availability_changed(happened) if "status" in fields else []
    return told + _price_changed(happened, property)


def property_submitted(happened: Happened) -> list[Notice]:
    """Its agent; and whoever runs Inspector, by e-mail."""
    property = _property(happened)
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(pk=property.agent_id).order_by("pk")
    told = [(property.agent, Role.AGENT, channels(happened, property.agent))]
    told += [(person, Role.ADMIN, (EMAIL,)) for person in staff]
    return [
        Notice(
            kind="property_submitted",
            account=person,
            key=key("property_submitted", property.pk, person.pk),
            arguments={"property": property.pk, "role": str(role)},
            channels=by,
        )
        for person, role, by in told
    ]


def property_rejected(happened: Happened) -> list[Notice]:
    """Its agent, with the reason."""
    property = _property(happened)
    return [
        Notice(
            kind="property_rejected",
            account=property.agent,
            key=key("property_rejected", property.pk, happened.row.pk, property.agent_id),
            arguments={"property": property.pk, "why": happened.data["why"]},
        )
    ]


def interest_shown(happened: Happened) -> list[Notice]:
    """The agent, once for each seeker and property."""
    interest = _interest(happened)
    agent = interest.property.agent
    return [
        Notice(
            kind="interest_shown",
            account=agent,
            key=key("interest_shown", interest.property_id, interest.seeker_id, agent.pk),
            arguments={"interest": interest.pk},
            channels=channels(happened, agent, letter=False),
            expires_at=happened.row.at + NEWS,
        )
    ]


def seeker_invited(happened: Happened) -> list[Notice]:
    """The seeker."""
    interest = _interest(happened)
    return [
        Notice(
            kind="seeker_invited",
            account=interest.seeker,
            key=key("seeker_invited", interest.pk, happened.row.pk, interest.seeker_id),
            arguments={"interest": interest.pk},
            channels=channels(happened, interest.seeker, letter=False),
            expires_at=happened.row.at + NEWS,
        )
    ]


def time_off_taken(happened: Happened) -> list[Notice]:
    """The agents whose free times were closed, each of their own."""
    off = happened.subject
    assert isinstance(off, TimeOff)
    closed = Slot.objects.filter(pk__in=happened.data.get("closed", ())).select_related("property__agent")
    by_agent = groupby(
        closed.order_by("property__agent", "starts_at", "pk"), lambda slot: slot.property.agent
    )
    return [
        Notice(
            kind="free_times_closed",
            account=agent,
            key=key("free_times_closed", off.pk, agent.pk),
            arguments={"time_off": off.pk, "slots": [slot.pk for slot in slots]},
            channels=channels(happened, agent, letter=False),
            expires_at=off.ends_at,
        )
        for agent, slots in by_agent
    ]


# --- the steps --------------------------------------------------------------------------------------------
def _who_waits(happened: Happened, property: Property) -> list[Notice]:
    """Each seeker once: who has an inspection hears of that."""
    status = str(property.status)
    if status != PropertyStatus.LIVE and status not in GONE:
        return []
    told: dict[int, Notice] = {}
    for inspection in _inspected(happened, property).select_related("seeker").order_by("starts_at", "pk"):
        told.setdefault(
            inspection.seeker_id,
            Notice(
                kind="inspected_property_changed",
                account=inspection.seeker,
                key=key("inspected_property_changed", inspection.pk, happened.row.pk, inspection.seeker_id),
                arguments={
                    "inspection": inspection.pk,
                    "revision": inspection.revision,
                    "role": str(Role.SEEKER),
                    "status": status,
                },
                channels=channels(happened, inspection.seeker, letter=False),
                expires_at=inspection.starts_at,
            ),
        )
    kind = "property_available" if status == PropertyStatus.LIVE else "property_gone"
    for interest in _kept(property):
        told.setdefault(
            interest.seeker_id, _of_property(happened, property, kind, interest.seeker, happened.row.pk)
        )
    return list(told.values())


def _went_live(happened: Happened, property: Property) -> list[Notice]:
    return [_of_property(happened, property, "property_live", property.agent)]


def _price_changed(happened: Happened, property: Property) -> list[Notice]:
    """Who keeps it in view, of one price once in an hour; who has an inspection of it knows it already."""
    before = happened.data.get("before", {}).get("price")
    if property.status != PropertyStatus.LIVE or before is None or Decimal(before) == property.price:
        return []
    seekers = [interest.seeker for interest in _kept(property)]
    if property.price < Decimal(before):
        inspecting = set(_inspected(happened, property).values_list("seeker", flat=True))
        alerts.note(property, but=inspecting | {seeker.pk for seeker in seekers})
    price, hour = str(property.price), happened.row.at.strftime("%Y%m%d%H")
    return [
        replace(
            _of_property(happened, property, "price_changed", seeker, price, hour),
            arguments={"property": property.pk, "before": before, "after": price},
        )
        for seeker in seekers
    ]


def _inspected(happened: Happened, property: Property) -> QuerySet[Inspection]:
    """Inspections of it to come."""
    return Inspection.objects.filter(
        property=property, state__in=LIVE_STATES, clash=False, starts_at__gt=happened.row.at
    )


def _kept(property: Property) -> QuerySet[Interest]:
    """Who keeps it in view."""
    kept = Interest.objects.filter(property=property, removed_at=None)
    return kept.select_related("seeker").order_by("pk")


def _of_property(happened: Happened, property: Property, kind: str, person: User, *about: object) -> Notice:
    return Notice(
        kind=kind,
        account=person,
        key=key(kind, property.pk, *about, person.pk),
        arguments={"property": property.pk},
        channels=channels(happened, person, letter=False),
        expires_at=happened.row.at + NEWS,
    )


def _property(happened: Happened) -> Property:
    assert isinstance(happened.subject, Property)
    return happened.subject


def _interest(happened: Happened) -> Interest:
    assert isinstance(happened.subject, Interest)
    return happened.subject

"""Who is told of what became of a property, of interest in it, and of its free times."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Inspection, Interest, Property, Role, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import PropertyStatus
from notifications import alerts
from notifications.kind import key
from notifications.kinds.saved import GONE
from notifications.recipients import EMAIL, Notice, channels

NEWS = timedelta(days=3)  # for how long it is of use to hear of a property


@dataclass
class Around:
    """Who has to do with properties that changed, read once for all of them."""

    many: Sequence[Happened]
    to_note: list[tuple[Property, Collection[int]]] = field(default_factory=list)

    @cached_property
    def kept(self) -> Mapping[int, list[Interest]]:
        """Who keeps each in view."""
        found: dict[int, list[Interest]] = defaultdict(list)
        kept = Interest.objects.filter(property__in=self._keys, removed_at=None)
        for interest in kept.select_related("seeker").order_by("pk"):
            found[interest.property_id].append(interest)
        return found

    @cached_property
    def inspected(self) -> Mapping[int, list[Inspection]]:
        """Inspections of each to come."""
        found: dict[int, list[Inspection]] = defaultdict(list)
        coming = Inspection.objects.filter(
            property__in=self._keys, state__in=LIVE_STATES, clash=False, starts_at__gt=self.many[0].row.at
        )
        for inspection in coming.select_related("seeker").order_by("starts_at", "pk"):
            found[inspection.property_id].append(inspection)
        return found

    def note(self, property: Property, *, but: Collection[int] = ()) -> None:
        """There are to be alerts for who looks for it, but for those who hear in another way."""
        self.to_note.append((property, but))

    def write(self) -> None:
        """Write these alerts."""
        if len(self.to_note) > 1:
            alerts.note_many(self.to_note)
        else:
            for property, but in self.to_note:
                alerts.note(property, but=but)

    @property
    def _keys(self) -> list[int]:
        return [happened.subject.pk for happened in self.many]


def availability_changed(happened: Happened, around: Around) -> list[Notice]:
    """Seekers who keep it in view or have an inspection of it; who looks for it, once it can be had again."""
    property = _property(happened)
    told = _who_waits(happened, property, around)
    if property.status == PropertyStatus.LIVE:
        around.note(property, but={notice.account.pk for notice in told})
    return told


def property_changed(happened: Happened, around: Around) -> list[Notice]:
    """When it goes live for the first time, its agent and who looks for it; else as for its availability.

    At another price: who keeps it in view; if it is cheaper now, who looks for it.
    """
    property, fields = _property(happened), happened.data.get("fields", ())
    if property.status == PropertyStatus.LIVE and "published_at" in fields:
        around.note(property)
        return _went_live(happened, property)
    told = availability_changed(happened, around) if "status" in fields else []
    return told + _price_changed(happened, property, around)


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


def change_undone(happened: Happened) -> list[Notice]:
    """Its agent: what they changed of it was not accepted."""
    property = _property(happened)
    return [
        Notice(
            kind="change_undone",
            account=property.agent,
            key=key("change_undone", property.pk, happened.row.pk, property.agent_id),
            arguments={"property": property.pk},
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
def _who_waits(happened: Happened, property: Property, around: Around) -> list[Notice]:
    """Each seeker once: who has an inspection hears of that."""
    status = str(property.status)
    if status != PropertyStatus.LIVE and status not in GONE:
        return []
    told: dict[int, Notice] = {}
    for inspection in around.inspected.get(property.pk, ()):
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
    for interest in around.kept.get(property.pk, ()):
        told.setdefault(
            interest.seeker_id, _of_property(happened, property, kind, interest.seeker, happened.row.pk)
        )
    return list(told.values())


def _went_live(happened: Happened, property: Property) -> list[Notice]:
    return [_of_property(happened, property, "property_live", property.agent)]


def _price_changed(happened: Happened, property: Property, around: Around) -> list[Notice]:
    """Who keeps it in view, of one price once in an hour; who has an inspection of it knows it already."""
    before = happened.data.get("before", {}).get("price")
    if property.status != PropertyStatus.LIVE or before is None or Decimal(before) == property.price:
        return []
    seekers = [interest.seeker for interest in around.kept.get(property.pk, ())]
    if property.price < Decimal(before):
        inspecting = {inspection.seeker_id for inspection in around.inspected.get(property.pk, ())}
        around.note(property, but=inspecting | {seeker.pk for seeker in seekers})
    price, hour = str(property.price), happened.row.at.strftime("%Y%m%d%H")
    return [
        replace(
            _of_property(happened, property, "price_changed", seeker, price, hour),
            arguments={"property": property.pk, "before": before, "after": price},
        )
        for seeker in seekers
    ]


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

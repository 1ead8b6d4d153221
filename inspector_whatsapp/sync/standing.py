"""Whose place a slot is, and where a seeker is to be: what Inspector says stands, and what is in its way."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from inspector_whatsapp import incidents
from inspector_whatsapp.changes import News
from inspector_whatsapp.inspections.locks import lock_inspections, lock_people, lock_slots
from inspector_whatsapp.inspections.offers import take_back
from inspector_whatsapp.inspections.places import end
from inspector_whatsapp.models import Inspection, Slot
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState

CLASH = "clash"  # the incident: an inspection of Inspector's whose place was taken

_RECOUNT = """
UPDATE inspector_whatsapp_slot slot SET taken = counted.many FROM (
    SELECT slot.id, count(inspection.id) + (
        SELECT count(*) FROM inspector_whatsapp_wait offer
        WHERE offer.offered_id = slot.id AND offer.state = 'offered') AS many
    FROM inspector_whatsapp_slot slot
    LEFT JOIN inspector_whatsapp_inspection inspection ON inspection.slot_id = slot.id
        AND inspection.state = ANY (%s) AND NOT inspection.clash
    WHERE slot.id = ANY (%s) GROUP BY slot.id
) counted
WHERE counted.id = slot.id AND counted.many <> slot.taken
"""


def hold(*, slots: Collection[int], seekers: Collection[int], inspections: Collection[int]) -> None:
    """Lock what these and everything that stands in their way hang on, in the order of locks.

    Whoever books while this waits for the slot is held as well: then it lets go and begins again.
    """
    live = Inspection.objects.filter(Q(slot__in=slots) | Q(seeker__in=seekers), state__in=LIVE_STATES)
    while True:
        with transaction.atomic():
            found = dict(live.values_list("pk", "seeker_id"))
            lock_people(set(seekers) | set(found.values()))
            lock_inspections(set(inspections) | set(found))
            lock_slots(slots)
            if set(live.values_list("pk", flat=True)) <= set(found):
                return
            transaction.set_rollback(True)


def recount(slots: Iterable[int], *, capacities: Mapping[int, int] | None = None) -> None:
    """Count the places that are taken, from what stands in each slot; what is only offered gives way.

    capacities: of slots that are about to have fewer places.
    """
    keys = sorted(set(slots))
    if keys:
        take_back(keys, capacities)
        with connection.cursor() as cursor:
            cursor.execute(_RECOUNT, [[str(state) for state in LIVE_STATES], keys])


def turn(before: datetime, after: datetime) -> tuple[bool, float]:
    """When a row that moves is written among others: of those that move later the last first, and the other
    way round; so that none is put where another still is that goes as well.
    """
    later = after > before
    return later, -after.timestamp() if later else after.timestamp()


def lives(inspection: Inspection) -> bool:
    return inspection.state in LIVE_STATES


def gives_way(inspection: Inspection) -> bool:
    """Whether it is only ours so far: nobody at Inspector has said yes to it."""
    return inspection.platform_id is None and inspection.state == InspectionState.REQUESTED


@dataclass
class Places:
    """Who is where, as Inspector's rows are put in one after the other.

    gone: ours that gave way, each with the one it gave way to. clashes: Inspector's that found their place
    taken, each with what is in the way.
    """

    slots: dict[int, Slot]
    inside: dict[int, list[Inspection]] = field(default_factory=lambda: defaultdict(list))
    by_seeker: dict[int, list[Inspection]] = field(default_factory=lambda: defaultdict(list))
    gone: list[tuple[Inspection, Inspection]] = field(default_factory=list)
    clashes: list[tuple[Inspection, Inspection | None]] = field(default_factory=list)

    @classmethod
    def around(cls, inspections: Sequence[Inspection]) -> "Places":
        """What stands in the slots and the seekers' days of these inspections, they themselves apart."""
        slots = {one.slot_id for one in inspections if one.slot_id is not None}
        found = cls(slots=Slot.objects.in_bulk(slots))
        if not inspections:
            return found
        first, last = min(one.starts_at for one in inspections), max(one.ends_at for one in inspections)
        seekers = {one.seeker_id for one in inspections}
        near = Q(slot__in=slots) | Q(seeker__in=seekers, starts_at__lt=last, ends_at__gt=first)
        there = Inspection.objects.filter(near, state__in=LIVE_STATES, clash=False)
        there = there.exclude(pk__in=[one.pk for one in inspections if not one._state.adding])
        whole = there.select_related("property__agent", "seeker", "inspector", "slot")
        for inspection in whole.order_by("created_at", "pk"):
            found._stand(inspection)
        return found

    def put(self, inspection: Inspection) -> None:
        """Give it its place; where that is taken, ours give way, and otherwise it is a clash."""
        inspection.clash = False
        in_the_way = self._in_the_way(inspection)
        standing = [one for one in in_the_way if not gives_way(one)]
        if standing:
            self.clash(inspection, standing[0])
            return
        for other in in_the_way:
            self.inside[other.slot_id or 0] = [
                one for one in self.inside[other.slot_id or 0] if one is not other
            ]
            self.by_seeker[other.seeker_id].remove(other)
            self.gone.append((other, inspection))
        self._stand(inspection)

    def clash(self, inspection: Inspection, other: Inspection | None) -> None:
        inspection.clash = True
        self.clashes.append((inspection, other))

    def _in_the_way(self, inspection: Inspection) -> list[Inspection]:
        start, finish = inspection.starts_at, inspection.ends_at
        busy = [
            one
            for one in self.by_seeker[inspection.seeker_id]
            if one.starts_at < finish and one.ends_at > start
        ]
        slot = self.slots.get(inspection.slot_id or 0)
        inside = [one for one in self.inside[inspection.slot_id or 0] if one not in busy]
        if slot is None or len(inside) < slot.capacity:
            return busy
        # One place is enough: the newest of those who would give it up, else the newest of all.
        ours = [one for one in inside if gives_way(one)]
        return [*busy, (ours or inside)[-1]]

    def _stand(self, inspection: Inspection) -> None:
        self.by_seeker[inspection.seeker_id].append(inspection)
        if inspection.slot_id is not None:
            self.inside[inspection.slot_id].append(inspection)

    def decline(self) -> list[News]:
        """Write that ours gave way; before the rows for which they did."""
        news = []
        for other, _inspection in self.gone:
            end(other, InspectionState.DECLINED)
            news.append(News(kind="inspection_declined", subject=other, data={"why": ""}))
        return news

    def report(self) -> None:
        """An incident for each that found its place taken; once it has a ref."""
        for ours, inspection in self.gone:
            sentence = f"{ours.ref}, which Inspector had not confirmed, gave way to {inspection.ref}."
            incidents.report(CLASH, key=inspection.ref, sentence=sentence)
        for inspection, other in self.clashes:
            against = other.ref if other is not None else "something else"
            sentence = (
                f"{inspection.ref} is Inspector's; its place was taken by {against}. Somebody must decide."
            )
            incidents.report(CLASH, key=inspection.ref, sentence=sentence)


def coming(inspection: Inspection, now: datetime) -> bool:
    return inspection.starts_at > now

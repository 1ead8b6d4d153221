"""Slots, and the inspections that move with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from inspector_whatsapp.changes import News
from inspector_whatsapp.inspections.places import iso
from inspector_whatsapp.models import Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import LIVE_STATES, SlotState
from inspector_whatsapp.sync import standing
from inspector_whatsapp.sync.fields import make
from inspector_whatsapp.sync.items import Item
from inspector_whatsapp.sync.kind import Kind, Parents, Work, in_order, keys
from inspector_whatsapp.sync.standing import Places

_TIMES = ("starts_at", "ends_at")


class Slots(Kind[Slot]):
    """Slots; one opened in the chat is adopted by its property and its start."""

    name = "slots"
    model = Slot
    fields = {
        "property": make.parent(Property),
        "inspector": make.parent(User, null=True, optional=True),
        "starts_at": make.moment(optional=False),
        "ends_at": make.moment(optional=False),
        "capacity": make.whole(1, 1_000),
        "state": make.word(SlotState),
    }
    deleted = {"state": SlotState.CLOSED}
    whole = ("property", "property__agent")

    def lock(self, items: Sequence[Item]) -> None:
        ids = [item.id for item in items]
        rows = Slot.objects.filter(Q(platform_id__in=ids) | Q(pk__in=keys(items)))
        standing.hold(slots=set(rows.values_list("pk", flat=True)), seekers=(), inspections=())

    def adopt(self, items: Sequence[Item], parents: Parents) -> dict[int, Slot]:
        wanted: dict[tuple[int, datetime], int] = {}
        for item in items:
            property = parents["property"].get(item.values.get("property", ""))
            if property is not None and "starts_at" in item.values:
                wanted.setdefault((property.pk, item.values["starts_at"]), item.index)
        ours = Q(platform_id=None, property__in=[pair[0] for pair in wanted])
        held = self.rows().select_for_update(no_key=True, of=("self",)).filter(ours).order_by("pk")
        pairs = {(row.property_id, row.starts_at): row for row in held}
        return {index: pairs[pair] for pair, index in wanted.items() if pair in pairs}

    def fits(self, values: Mapping[str, Any]) -> None:
        in_order(values.get("starts_at"), values.get("ends_at"))

    def check(self, work: Work[Slot], values: dict[str, Any]) -> None:
        self.fits({name: values.get(name) or getattr(work.row, name) for name in _TIMES})

    def turn(self, work: Work[Slot]) -> Any:
        return standing.turn(work.was["starts_at"], work.row.starts_at)

    def write(self, works: Sequence[Work[Slot]], *, now: datetime, forced: bool) -> list[News]:
        moved = [work for work in works if not work.new and _moved(work)]
        tight = [work for work in works if not work.new and work.row.capacity < work.row.taken]
        inside = _inside([work.row.pk for work in (*moved, *tight)])
        news = self._make_room(tight, inside)
        self.save(works)
        news += [one for work in works for one in self.news(work, now=now)]
        opened: dict[int, list[Slot]] = {}
        for work in works:
            if work.new and work.row.state == SlotState.OPEN and work.row.starts_at > now:
                opened.setdefault(work.row.property_id, []).append(work.row)
        news += [
            News(
                kind="slots_opened",
                subject=slots[0].property,
                data={"count": len(slots), "slots": [slot.pk for slot in slots]},
            )
            for slots in opened.values()
        ]
        return news + self._move_along(moved, inside, now)

    def news(self, work: Work[Slot], *, now: datetime) -> Iterable[News]:
        row, changed = work.row, sorted(work.changed)
        if work.new or not changed:
            return
        if _moved(work):
            data = {"from": iso(work.was["starts_at"]), "to": iso(row.starts_at)}
            yield News(kind="slot_moved", subject=row, data=data)
        if "state" in changed and row.state == SlotState.CLOSED:
            yield News(kind="slot_closed", subject=row, data={"property": row.property.ref})
        elif "state" in changed:
            yield News(kind="slots_opened", subject=row.property, data={"count": 1, "slots": [row.pk]})
        rest = [name for name in changed if name not in (*_TIMES, "state")]
        if rest:
            yield News(kind="slot_changed", subject=row, data={"fields": rest, "property": row.property.ref})

    # --- the people in them -------------------------------------------------------------------------------
    def _make_room(self, tight: Sequence[Work[Slot]], inside: dict[int, list[Inspection]]) -> list[News]:
        """Fewer places than people: ours give way, the newest first; Inspector's are a clash."""
        news: list[News] = []
        for work in tight:
            people = [one for one in inside.get(work.row.pk, []) if not one.clash]
            over = len(people) - work.row.capacity
            newest = sorted(people, key=lambda one: (standing.gives_way(one), one.created_at, one.pk))
            places = Places(slots={})
            for one in newest[::-1][: max(over, 0)]:
                kept = next((other for other in newest if other is not one), None)
                if standing.gives_way(one) and kept is not None:
                    places.gone.append((one, kept))
                else:
                    places.clash(one, kept)
                    one.save(update_fields=["clash"])
            news += places.decline()
            news += [
                News(kind="inspection_changed", subject=one, data={"fields": ["clash"]})
                for one, _kept in places.clashes
            ]
            self.others += [(one, {"state": "requested"}, {"state": one.state}) for one, _kept in places.gone]
            places.report()
            gone = [one for one, _kept in places.gone]
            inside[work.row.pk] = [one for one in inside.get(work.row.pk, []) if one not in gone]
        capacities = {work.row.pk: work.row.capacity for work in tight}
        standing.recount(capacities, capacities=capacities)
        taken = dict(Slot.objects.filter(pk__in=capacities).values_list("pk", "taken"))
        for work in tight:
            work.row.taken = taken[work.row.pk]
        return news

    def _move_along(
        self, moved: Sequence[Work[Slot]], inside: dict[int, list[Inspection]], now: datetime
    ) -> list[News]:
        """Whoever has a place in a slot is met at its new time."""
        news: list[News] = []
        going = [
            (work, one)
            for work in moved
            for one in inside.get(work.row.pk, [])
            if (one.starts_at, one.ends_at) == (work.was["starts_at"], work.was["ends_at"])
        ]
        before = {one.pk: one.starts_at for _work, one in going}
        for work, one in going:
            one.starts_at, one.ends_at = work.row.starts_at, work.row.ends_at
            one.accepted_at = one.coming_at = None
            one.revision += 1
        rows = sorted(
            (one for _work, one in going), key=lambda one: standing.turn(before[one.pk], one.starts_at)
        )
        places = Places.around(rows)
        for one in rows:
            if not one.clash:
                places.put(one)
        news += places.decline()
        fields = ["starts_at", "ends_at", "accepted_at", "coming_at", "revision", "clash"]
        Inspection.objects.bulk_create(
            rows, update_conflicts=True, update_fields=fields, unique_fields=["pk"]
        )
        standing.recount({work.row.pk for work in moved} | {one.slot_id or 0 for one, _other in places.gone})
        places.report()
        for one in rows:
            data = {"from": iso(before[one.pk]), "to": iso(one.starts_at)}
            news.append(
                News(kind="inspection_moved", subject=one, data=data, quiet=not standing.coming(one, now))
            )
        return news


def _moved(work: Work[Slot]) -> bool:
    return any(work.was[name] != getattr(work.row, name) for name in _TIMES)


def _inside(slots: Sequence[int]) -> dict[int, list[Inspection]]:
    live = Inspection.objects.filter(slot__in=slots, state__in=LIVE_STATES)
    found: dict[int, list[Inspection]] = {}
    for one in live.select_related("property__agent", "seeker", "inspector", "slot").order_by(
        "created_at", "pk"
    ):
        if one.slot_id is not None:
            found.setdefault(one.slot_id, []).append(one)
    return found

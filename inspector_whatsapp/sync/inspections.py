"""Inspections. What Inspector has stands, though its place was taken: then it is a clash."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from inspector_whatsapp import incidents
from inspector_whatsapp.changes import News
from inspector_whatsapp.inspections.places import WANTED, iso, stop_looking, visit_key
from inspector_whatsapp.models import Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, Outcome
from inspector_whatsapp.models.listings import BookingRule
from inspector_whatsapp.sync import standing
from inspector_whatsapp.sync.fields import make
from inspector_whatsapp.sync.items import Item, Problem, Refused
from inspector_whatsapp.sync.kind import Kind, Parents, Work, in_order
from inspector_whatsapp.sync.standing import Places

_REPORTED = {
    InspectionState.COMPLETED: Outcome.COMPLETED,
    InspectionState.NO_SHOW: Outcome.SEEKER_ABSENT,
}
_NEWS = timedelta(days=7)  # for how long what came of one is told
_OFF = (InspectionState.CANCELLED, InspectionState.DECLINED)


class Inspections(Kind[Inspection]):
    """Inspections; one made in the chat is named by its ref, or known by its seeker and slot."""

    name = "inspections"
    model = Inspection
    fields = {
        "property": make.parent(Property),
        "seeker": make.parent(User),
        "slot": make.parent(Slot, null=True, optional=True),
        "inspector": make.parent(User, null=True, optional=True),
        "starts_at": make.moment(),
        "ends_at": make.moment(),
        "state": make.word(InspectionState, optional=False),
        "outcome": make.word(Outcome, blank=True),
        "notes": make.text(),
        "why": make.text(300),
        "accepted_at": make.moment(null=True),
        "reported_at": make.moment(null=True),
        "created_at": make.moment(),
    }
    deleted = {"state": InspectionState.CANCELLED}
    whole = ("property__agent", "seeker", "inspector", "slot")
    unsaid = frozenset({"outcome", "reported_at"})  # they follow from the state
    called = "ref"

    def lock(self, items: Sequence[Item]) -> None:
        ids = [item.id for item in items]
        refs = [item.ref for item in items if item.ref]
        rows = Inspection.objects.filter(Q(platform_id__in=ids) | Q(ref__in=refs))
        known: list[tuple[int, int, int | None]] = list(rows.values_list("pk", "seeker_id", "slot_id"))
        named = {name: {item.values.get(name) for item in items} for name in ("seeker", "slot")}
        seekers = User.objects.filter(platform_id__in=named["seeker"] - {None}).values_list("pk", flat=True)
        slots = Slot.objects.filter(platform_id__in=named["slot"] - {None}).values_list("pk", flat=True)
        standing.hold(
            seekers={*seekers, *(seeker for _pk, seeker, _slot in known)},
            slots={*slots, *(slot for _pk, _seeker, slot in known if slot is not None)},
            inspections={pk for pk, _seeker, _slot in known},
        )

    def adopt(self, items: Sequence[Item], parents: Parents) -> dict[int, Inspection]:
        wanted: dict[tuple[int, int], int] = {}
        for item in items:
            if item.deleted or item.values.get("state") in _OFF:
                continue  # it may be another one, of before: only of those that stand there is but one
            seeker = parents["seeker"].get(item.values.get("seeker", ""))
            slot = parents["slot"].get(item.values.get("slot") or "")
            if seeker is not None and slot is not None:
                wanted.setdefault((seeker.pk, slot.pk), item.index)
        ours = Q(platform_id=None, state__in=LIVE_STATES, slot__in=[pair[1] for pair in wanted])
        held = self.rows().select_for_update(no_key=True, of=("self",)).filter(ours).order_by("pk")
        pairs = {(row.seeker_id, row.slot_id): row for row in held}
        return {index: pairs[pair] for pair, index in wanted.items() if pair in pairs}

    def blank(self, now: datetime) -> Inspection:
        return Inspection(created_at=now)

    def fits(self, values: Mapping[str, Any]) -> None:
        in_order(values.get("starts_at"), values.get("ends_at"))

    def check(self, work: Work[Inspection], values: dict[str, Any]) -> None:
        row = work.row
        slot = values.get("slot", None if work.new else row.slot)
        property = values.get("property") or row.property
        if slot is not None and slot.property_id != property.pk:
            raise Refused("invalid", Problem("slot", "It is a slot of another property."))
        moved = slot is not None and (work.new or slot.pk != row.slot_id)
        for name in ("starts_at", "ends_at"):
            if name in values:
                continue
            if moved and slot is not None:
                values[name] = getattr(slot, name)  # at the time of its slot
            elif work.new:
                raise Refused(
                    "invalid", Problem(name, "It is missing, and there is no slot to take it from.")
                )
        self.fits({name: values.get(name) or getattr(row, name) for name in ("starts_at", "ends_at")})

    def finish(self, work: Work[Inspection], *, now: datetime) -> None:
        row, was = work.row, work.was
        state = InspectionState(row.state)
        lived = not work.new and was["state"] in LIVE_STATES
        if state in _REPORTED:
            row.outcome = row.outcome or _REPORTED[state]
            row.reported_at = row.reported_at or (now if lived else min(now, row.ends_at))
        elif state in LIVE_STATES:
            row.outcome, row.reported_at = "", None
        asks = state == InspectionState.REQUESTED and row.property.booking_rule == BookingRule.ASK
        if not asks:
            row.asked_at = row.asked_again_at = None
        elif row.asked_at is None or _moved(work):
            row.asked_at, row.asked_again_at = now, None
        if state not in LIVE_STATES:
            row.clash = False
        if not work.new:
            other_people = was["inspector_id"] != row.inspector_id
            if (_moved(work) or other_people) and "accepted_at" not in work.after:
                row.accepted_at = None
            if _moved(work):
                row.coming_at = None
            confirmed = (was["state"], state) == (InspectionState.REQUESTED, InspectionState.CONFIRMED)
            if _moved(work) or other_people or (was["state"] != state and not confirmed):
                row.revision += 1

    def is_gone(self, row: Inspection) -> bool:
        return row.state not in LIVE_STATES

    def turn(self, work: Work[Inspection]) -> Any:
        return standing.turn(work.was["starts_at"], work.row.starts_at)

    def follows(self) -> Iterable[str]:
        return (
            *("asked_at", "asked_again_at", "accepted_at", "reported_at", "outcome", "revision", "clash"),
            *("starts_at", "ends_at", "coming_at"),
        )

    def write(self, works: Sequence[Work[Inspection]], *, now: datetime, forced: bool) -> list[News]:
        rows = [work.row for work in works]
        places = Places.around(rows)
        for row in rows:
            if not standing.lives(row):
                continue
            if forced:
                places.clash(row, None)
            else:
                places.put(row)
        news = places.decline()
        self.others += [
            (other, {"state": InspectionState.REQUESTED}, {"state": other.state})
            for other, _row in places.gone
        ]
        self.save(works)
        left = [work.was["slot_id"] for work in works if not work.new]
        left += [other.slot_id for other, _row in places.gone]
        standing.recount(slot for slot in (*left, *(row.slot_id for row in rows)) if slot is not None)
        self._incidents(works, places, now)
        return news + [one for work in works for one in self.news(work, now=now)]

    def _incidents(self, works: Sequence[Work[Inspection]], places: Places, now: datetime) -> None:
        places.report()
        for work in works:
            row, was = work.row, work.was
            if work.new:
                continue
            if was["clash"] and not row.clash:
                incidents.close(standing.CLASH, key=row.ref)
            if not standing.lives(row) or row.starts_at <= now:
                if row.inspector_id is None and was["state"] in LIVE_STATES:
                    stop_looking(visit_key(row), row.slot_id)
            elif was["inspector_id"] is None and row.inspector_id is not None:
                incidents.close(WANTED, key=visit_key(row))
            elif was["inspector_id"] is not None and row.inspector_id is None:
                sentence = (
                    f"Nobody carries out {row.ref}: Inspector took inspector {was['inspector_id']} off."
                )
                incidents.report(WANTED, key=visit_key(row), sentence=sentence)

    def news(self, work: Work[Inspection], *, now: datetime) -> Iterable[News]:
        row, was = work.row, work.was
        past = not standing.coming(row, now)
        booked = {"property": row.property.ref, "starts_at": iso(row.starts_at)}
        requested = row.state == InspectionState.REQUESTED
        if work.new or (was["state"] not in LIVE_STATES and standing.lives(row)):
            if not standing.lives(row):
                yield News(kind="inspection_added", subject=row, data=booked, quiet=True)
                return
            kind = "inspection_requested" if requested else "inspection_booked"
            yield News(kind=kind, subject=row, data=booked, quiet=past)
            return
        if row.state in _REPORTED:
            before = was["outcome"]
            if before != row.outcome or was["state"] not in _REPORTED:
                data = {"outcome": str(row.outcome), "corrected": bool(before), "before": before}
                old = row.ends_at < now - _NEWS
                yield News(kind="inspection_reported", subject=row, data=data, quiet=old)
                return
        elif row.state in _OFF:
            if was["state"] not in _OFF:
                kind = (
                    "inspection_cancelled"
                    if row.state == InspectionState.CANCELLED
                    else "inspection_declined"
                )
                yield News(kind=kind, subject=row, data={"why": row.why}, quiet=past)
                return
        elif _moved(work):
            data = {
                "from": iso(was["starts_at"]),
                "to": iso(row.starts_at),
                "inspector_before": was["inspector_id"],
            }
            kind = "inspection_requested" if requested else "inspection_moved"
            yield News(kind=kind, subject=row, data=data, quiet=past)
            return
        else:
            confirmed = was["state"] == InspectionState.REQUESTED and not requested
            if confirmed:
                yield News(kind="inspection_confirmed", subject=row, quiet=past)
            if was["inspector_id"] != row.inspector_id and not confirmed:
                former = was["inspector_id"]
                if row.inspector_id is None:
                    data = {"inspector": former, "why": ""}
                    yield News(kind="inspection_unassigned", subject=row, data=data, quiet=past)
                else:
                    yield News(kind="inspection_assigned", subject=row, data={"before": former}, quiet=past)
                return
            if confirmed:
                return
        changed = sorted(work.changed)
        if was["clash"] != row.clash:
            changed.append("clash")
        if changed:
            yield News(kind="inspection_changed", subject=row, data={"fields": changed})


def _moved(work: Work[Inspection]) -> bool:
    """Whether it is at another time now; another slot at the same time is nothing that people see."""
    was, row = work.was, work.row
    return bool(was) and (was["starts_at"], was["ends_at"]) != (row.starts_at, row.ends_at)

"""Holding rows while they are changed. Always in one order, so that none waits for another in a circle:
people by id, then inspections, then a property, then slots by id.

Deadlocks and lost connections go through to the caller, who runs the whole of its work again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from inspector_whatsapp.models import Inspection, Property, Slot
from inspector_whatsapp.models.inspections import LIVE_STATES

_WHOLE = ("property__agent", "seeker", "inspector")


@dataclass(frozen=True)
class Held:
    """Slots and the live inspections that hang on them, as they are now; nobody else changes them."""

    slots: list[Slot]
    inspections: list[Inspection]


def hold(
    *,
    slots: QuerySet[Slot],
    inspections: QuerySet[Inspection],
    people: Iterable[int | None] = (),
    property: int | None = None,
) -> Held:
    """Lock what both querysets find, with the seekers, `people` and a property; in the caller's transaction.

    What belongs together is known for good only once it is locked, and slots are locked last: should somebody
    have come in between, the locks are let go and it begins again.
    """
    others = {person for person in people if person is not None}
    while True:
        with transaction.atomic():
            found = dict(inspections.order_by("pk").values_list("pk", "seeker_id"))
            places = list(slots.order_by("pk").values_list("pk", flat=True))
            lock_people(others | set(found.values()))
            lock_inspections(found)
            if property is not None:
                lock_property(property)
            locked = lock_slots(places)
            now = list(inspections.select_related(*_WHOLE).order_by("starts_at", "pk"))
            still = set(slots.values_list("pk", flat=True))
            if {one.pk for one in now} <= set(found) and still <= set(places):
                by_key = {slot.pk: slot for slot in locked}
                for inspection in now:
                    inspection.slot = by_key.get(inspection.slot_id or 0, inspection.slot)
                return Held(slots=[slot for slot in locked if slot.pk in still], inspections=now)
            transaction.set_rollback(True)


def hold_visit(inspection: Inspection, *, people: Iterable[int | None] = ()) -> Held:
    """The slot of an inspection and every live inspection in it; only the inspection where it has no slot.

    What is no longer live is not among them.
    """
    slot = Inspection.objects.filter(pk=inspection.pk).values("slot")
    visit = Q(pk=inspection.pk) | Q(slot__in=slot)
    return hold(
        slots=Slot.objects.filter(pk__in=slot),
        inspections=Inspection.objects.filter(visit, state__in=LIVE_STATES),
        people=people,
    )


def hold_slot(slot: Slot, *, people: Iterable[int | None] = ()) -> Held:
    """A slot and every live inspection in it; no slot where it has gone."""
    return hold(
        slots=Slot.objects.filter(pk=slot.pk),
        inspections=Inspection.objects.filter(slot=slot.pk, state__in=LIVE_STATES),
        people=people,
    )


def lock_inspection(inspection: Inspection) -> Inspection:
    """The inspection as it is now, nobody else changing it or its seeker's others."""
    lock_people([inspection.seeker_id])
    locked = Inspection.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related(*_WHOLE).get(pk=inspection.pk)


def lock_people(ids: Iterable[int]) -> None:
    # NO KEY: a plain FOR UPDATE would also hold up everybody who writes a row that only points at them.
    with connection.cursor() as cursor:
        people = "SELECT FROM inspector_whatsapp_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
        cursor.execute(people, [list(ids)])


def lock_inspections(ids: Iterable[int]) -> None:
    rows = Inspection.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk"))


def lock_property(pk: int) -> Property:
    locked = Property.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("agent").get(pk=pk)


def lock_slots(ids: Iterable[int]) -> list[Slot]:
    return list(Slot.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))

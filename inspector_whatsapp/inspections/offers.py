"""Places of a waiting list: a free one is offered to whoever is first in line, and held for them meanwhile.

An offered place counts as taken in its slot, so what keeps a slot from being booked twice keeps it from being
booked around the list. Whatever frees a place offers it in its own transaction (`on_changes`), before anybody
sees it free; a sweep finds what no change told of.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Happened, News, Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.inspections.locks import lock_slots
from inspector_whatsapp.inspections.places import iso
from inspector_whatsapp.models import Inspection, Property, Slot, TimeOff, User, Wait
from inspector_whatsapp.models.inspections import LIVE_STATES, SlotState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.waiting import OPEN_WAITS, WaitState

# What may leave a place free: of an inspection, of a list.
_FREES = {
    *("inspection_moved", "inspection_requested", "inspection_pending", "inspection_cancelled"),
    *("inspection_declined", "inspection_released", "inspection_refused", "inspection_kept"),
    *("inspection_assigned", "inspection_changed", "place_given_away"),
    *("place_declined", "place_passed_on"),
}
_CLOSES = ("slot_closed", "slot_changed")
_ON_OFFER = ("availability_changed", "property_changed", "slots_opened")
_ENDED = (PropertyStatus.LET, PropertyStatus.SOLD)

# A slot that is waited for: by itself, or as one of a day.
MATCHES = """(slot.id = wait.slot_id OR wait.slot_id IS NULL AND slot.property_id = wait.property_id
        AND slot.starts_at >= wait.since AND slot.starts_at < wait.until)"""

# Whoever is somewhere else then is passed over, and stays in line.
FREE_THEN = """NOT EXISTS (
    SELECT FROM inspector_whatsapp_inspection own
    WHERE own.seeker_id = wait.seeker_id AND own.state IN ('requested', 'confirmed') AND NOT own.clash
      AND own.starts_at < slot.ends_at AND own.ends_at > slot.starts_at)
  AND NOT EXISTS (
    SELECT FROM inspector_whatsapp_wait other
    JOIN inspector_whatsapp_slot theirs ON theirs.id = other.offered_id
    WHERE other.seeker_id = wait.seeker_id AND other.state = 'offered'
      AND theirs.starts_at < slot.ends_at AND theirs.ends_at > slot.starts_at)"""
_NEXT = f"""
SELECT slot.id, wait.id, wait.seeker_id, wait.property_id
FROM inspector_whatsapp_wait wait
JOIN inspector_whatsapp_property property ON property.id = wait.property_id AND property.status = 'live'
JOIN inspector_whatsapp_user seeker ON seeker.id = wait.seeker_id AND seeker.is_active
JOIN inspector_whatsapp_slot slot ON slot.property_id = wait.property_id AND {MATCHES}
WHERE wait.state = 'waiting' AND (%(everywhere)s OR wait.property_id = ANY (%(properties)s))
  AND slot.state = 'open' AND slot.taken < slot.capacity AND slot.starts_at > %(from)s
  AND {FREE_THEN}
ORDER BY slot.starts_at, slot.id, wait.created_at, wait.id
"""  # noqa: S608 - constants of ours
_HOLD = """
UPDATE inspector_whatsapp_slot SET taken = taken + 1
WHERE id = %s AND state = 'open' AND taken < capacity AND starts_at > %s
"""
# The slot first, as everywhere; then the one who holds the place.
_TAKE_HELD = """
WITH held AS MATERIALIZED (
    SELECT id FROM inspector_whatsapp_slot
    WHERE id = %(id)s AND state = 'open' AND starts_at > clock_now()
      AND starts_at = %(starts_at)s AND ends_at = %(ends_at)s
      AND inspector_id IS NOT DISTINCT FROM %(inspector)s
    FOR NO KEY UPDATE)
UPDATE inspector_whatsapp_wait wait SET state = 'booked', ended_at = clock_now() FROM held
WHERE wait.offered_id = held.id AND wait.seeker_id = %(seeker)s AND wait.state = 'offered'
  AND (wait.answer_by IS NULL OR wait.answer_by > clock_now())
RETURNING wait.id
"""
# A place of their own in what they wait for.
_HAVE = f"""EXISTS (
    SELECT FROM inspector_whatsapp_inspection own
    JOIN inspector_whatsapp_slot slot ON slot.id = own.slot_id AND {MATCHES}
    WHERE own.seeker_id = wait.seeker_id AND own.state IN ('requested', 'confirmed') AND NOT own.clash)"""
# Nobody waits any more for what has begun, or for what they have.
_DONE_WAITING = f"""
UPDATE inspector_whatsapp_wait wait
SET ended_at = %(now)s, state = CASE WHEN {_HAVE} THEN 'booked' ELSE 'over' END
WHERE wait.state = 'waiting' AND ({_HAVE} OR NOT EXISTS (
    SELECT FROM inspector_whatsapp_slot slot WHERE {MATCHES} AND slot.starts_at > %(now)s))
RETURNING wait.id, wait.state
"""  # noqa: S608 - constants of ours
# More people and offers than places: the offers that were made last are taken back, and wait on as before.
_TAKE_BACK = """
UPDATE inspector_whatsapp_wait wait
SET state = 'waiting', offered_id = NULL, offered_at = NULL, answer_by = NULL
FROM (
    SELECT id, offered_id, row_number() OVER (PARTITION BY offered_id ORDER BY offered_at, id) AS place
    FROM inspector_whatsapp_wait WHERE state = 'offered' AND offered_id = ANY (%(slots)s)
) offer
JOIN inspector_whatsapp_slot slot ON slot.id = offer.offered_id
WHERE wait.id = offer.id
  AND offer.place > COALESCE((%(capacities)s::jsonb ->> slot.id::text)::int, slot.capacity) - (
    SELECT count(*) FROM inspector_whatsapp_inspection inside
    WHERE inside.slot_id = slot.id AND inside.state IN ('requested', 'confirmed') AND NOT inside.clash)
"""


def offer_length() -> timedelta:
    """For how long an offered place is somebody's."""
    return timedelta(minutes=settings.PLACE_OFFER_MINUTES)


def offer(properties: Collection[int]) -> int:
    """Offer the free places of these properties to whoever is next in line; how many.

    Within the caller's transaction: nobody sees such a place free.
    """
    now = clock.now()
    given: list[int] = []
    seekers: set[int] = set()  # one offer at a time to each
    for slot, waiting in groupby(_next_in_line(now, properties), key=itemgetter(0)):
        for _slot, wait, seeker, _property in waiting:
            if seeker in seekers:
                continue
            if not _hold(slot, now):
                break
            first = Wait.objects.filter(pk=wait, state=WaitState.WAITING)
            if first.update(state=WaitState.OFFERED, offered=slot, offered_at=now):
                seekers.add(seeker)
                given.append(wait)
            else:  # they have just left
                _give_back(slot)
    if given:
        waits = _whole(Wait.objects.filter(pk__in=given)).order_by("created_at", "pk")
        changes.record_all(
            [News(kind="place_offered", subject=wait, data=_place(wait)) for wait in waits],
            actor=None,
            origin=Origin.SERVICE,
        )
    return len(given)


def take_held(slot: Slot, seeker: User) -> int | None:
    """The seeker takes the place that is held for them, where one is; the wait that ends by that."""
    values: dict[str, Any] = {
        "id": slot.pk,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "inspector": slot.inspector_id,
        "seeker": seeker.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_HELD, values)
        found = cursor.fetchone()
    return found[0] if found else None


def offer_told(wait: Wait, *, at: datetime) -> None:
    """They have been told of an offer: from then on its time runs, and not past the beginning."""
    assert wait.offered is not None
    by = min(at + offer_length(), wait.offered.starts_at)
    Wait.objects.filter(
        pk=wait.pk, state=WaitState.OFFERED, offered_at=wait.offered_at, answer_by=None
    ).update(answer_by=by)


def pass_on(wait: Wait, *, state: WaitState, actor: User | None, origin: Origin) -> bool:
    """An offer is over, and its place goes to the next in line; False when it was answered meanwhile."""
    with transaction.atomic():
        lock_slots([wait.offered_id or 0])
        held = locked(wait)
        if (held.state, held.offered_at) != (WaitState.OFFERED, wait.offered_at) or held.offered is None:
            return False
        now = clock.now()
        begins = held.offered.starts_at
        if state == WaitState.UNANSWERED and min(held.answer_by or begins, begins) > now:
            return False
        end(held, state, now)
        kind = "place_declined" if state == WaitState.DECLINED else "place_passed_on"
        changes.record(kind, held, actor=actor, origin=origin, **_place(held), why=str(state))
    return True


def tend_waiting() -> int:
    """End what is over, pass on what nobody answered, and offer what is free; how many it touched.

    Several may run at once.
    """
    now = clock.now()
    done = retried(partial(_end_waiting, now))
    has_it = Exists(
        Inspection.objects.filter(
            seeker=OuterRef("seeker"), slot=OuterRef("offered"), state__in=LIVE_STATES, clash=False
        )
    )
    late = Q(answer_by__lte=now) | Q(answer_by=None, offered__starts_at__lte=now)
    over = Wait.objects.filter(state=WaitState.OFFERED).annotate(has_it=has_it).filter(late | Q(has_it=True))
    for wait in over.order_by("pk"):
        state = WaitState.BOOKED if wait.has_it else WaitState.UNANSWERED
        done += retried(partial(pass_on, wait, state=state, actor=None, origin=Origin.SERVICE))
    for property in sorted({row[3] for row in _next_in_line(now)}):
        done += retried(partial(offer, [property]))
    return done


def take_back(slots: Collection[int], capacities: Mapping[int, int] | None = None) -> None:
    """Inspector's own go first: of more people and offers than there are places, the last offers wait on.

    capacities: of slots that are about to have others. Whoever counts the places again does it afterwards.
    """
    values: dict[str, Any] = {"slots": list(slots), "capacities": json.dumps(capacities or {})}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, values)


def make_room(slot: int) -> None:
    """The place that somebody had before goes to them and not to whom it was offered meanwhile."""
    lock_slots([slot])
    offers = Wait.objects.filter(offered=slot, state=WaitState.OFFERED).order_by("-offered_at", "-pk")
    last = offers.select_for_update(no_key=True, of=("self",)).first()
    if last is None or Slot.objects.filter(pk=slot, taken__lt=F("capacity")).exists():
        return
    _wait_on([last])


def end(wait: Wait, state: WaitState, now: datetime) -> None:
    """They wait no longer; a place that was held for them is free. Its slot is locked, and the wait."""
    if wait.state == WaitState.OFFERED and wait.offered_id is not None:
        _give_back(wait.offered_id)
    wait.state, wait.ended_at = state, now
    wait.save(update_fields=["state", "ended_at"])


def locked(wait: Wait) -> Wait:
    """The wait as it is now, held; after its slot, where it has one."""
    return _whole(Wait.objects.select_for_update(no_key=True, of=("self",))).get(pk=wait.pk)


# --- what changes bring about -----------------------------------------------------------------------------
def on_change(happened: Happened) -> None:
    """Listens to `changes.record`, in its transaction: no place is seen free that somebody waits for."""
    on_changes([happened])


def on_changes(happened: Sequence[Happened]) -> None:
    """The same, for many changes at once."""
    touched: set[int] = set()
    gone: set[int] = set()
    closed: list[Slot] = []
    for one in happened:
        match one.subject:
            case Inspection() | Wait() as row if one.kind in _FREES:
                touched.add(row.property_id)
            case Slot() as slot:
                touched.add(slot.property_id)
                closed += [slot] if one.kind in _CLOSES and slot.state == SlotState.CLOSED else []
            case TimeOff() if one.kind == "time_off_taken":
                closed += Slot.objects.filter(pk__in=one.data["closed"])
            case Property() as property if one.kind in _ON_OFFER:
                (gone if property.status in _ENDED else touched).add(property.pk)
    touched |= {slot.property_id for slot in closed}
    waited = _waited(touched | gone)
    if not waited:
        return
    if gone:
        _over(Wait.objects.filter(property__in=gone), why="gone")
    for slot in closed:
        if slot.property_id in waited:
            _closed(slot)
    offer(touched & waited)


def _waited(properties: Collection[int]) -> set[int]:
    """Those of which anybody waits for something."""
    if not properties:
        return set()
    waits = Wait.objects.filter(property__in=properties, state__in=OPEN_WAITS)
    return set(waits.order_by().values_list("property", flat=True).distinct())


def _closed(slot: Slot) -> None:
    """Who waits for it waits no longer; who waits for any of its day does, while there is another one."""
    waits = Wait.objects.filter(property=slot.property_id)
    _over(waits.filter(slot=slot), why="closed")
    _wait_on(waits.filter(offered=slot, state=WaitState.OFFERED))
    of_day = waits.filter(slot=None, since__lte=slot.starts_at, until__gt=slot.starts_at)
    others = Slot.objects.filter(
        property=slot.property_id, state=SlotState.OPEN, starts_at__gte=OuterRef("since")
    ).filter(starts_at__lt=OuterRef("until"), starts_at__gt=clock.now())
    _over(of_day.filter(~Exists(others)), why="closed")


def _over(which: QuerySet[Wait], *, why: str) -> None:
    """They wait no longer, and are told why: the slot was closed, or the property has gone."""
    waits = which.filter(state__in=OPEN_WAITS)
    lock_slots(waits.filter(offered__isnull=False).values_list("offered", flat=True))
    now, news = clock.now(), []
    for wait in _whole(waits.select_for_update(no_key=True, of=("self",))).order_by("pk"):
        end(wait, WaitState.OVER, now)
        news.append(News(kind="waiting_over", subject=wait, data={"why": why}))
    if news:
        changes.record_all(news, actor=None, origin=Origin.SERVICE)


# --- the steps --------------------------------------------------------------------------------------------
def _next_in_line(
    now: datetime, properties: Collection[int] | None = None
) -> list[tuple[int, int, int, int]]:
    """(slot, wait, seeker, property) of each free place and who waits for it, the first in line first."""
    values: dict[str, Any] = {
        "from": now + offer_length(),
        "everywhere": properties is None,
        "properties": list(properties or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        found: list[tuple[int, int, int, int]] = cursor.fetchall()
    return found


def _end_waiting(now: datetime) -> int:
    """Whose time has passed without an offer is told so."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE_WAITING, {"now": now})
        ended = cursor.fetchall()
    passed = [pk for pk, state in ended if state == WaitState.OVER]
    news = [
        News(kind="waiting_over", subject=wait, data={"why": "passed"})
        for wait in _whole(Wait.objects.filter(pk__in=passed)).order_by("pk")
    ]
    if news:
        changes.record_all(news, actor=None, origin=Origin.SERVICE)
    return len(ended)


def _hold(slot: int, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [slot, now + offer_length()])
        return bool(cursor.rowcount)


def _give_back(slot: int) -> None:
    Slot.objects.filter(pk=slot, taken__gt=0).update(taken=F("taken") - 1)


def _wait_on(offers: Iterable[Wait]) -> None:
    """The offers are taken back: who had one waits as before, at the place in line that they had."""
    for wait in offers:
        assert wait.offered_id is not None
        _give_back(wait.offered_id)
        Wait.objects.filter(pk=wait.pk).update(
            state=WaitState.WAITING, offered=None, offered_at=None, answer_by=None
        )


def _whole(waits: QuerySet[Wait]) -> QuerySet[Wait]:
    return waits.select_related("seeker", "property__agent", "slot", "offered", "inspection")


def _place(wait: Wait) -> dict[str, str]:
    assert wait.offered is not None
    return {"property": wait.property.ref, "starts_at": iso(wait.offered.starts_at)}

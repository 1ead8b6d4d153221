"""Inspector's rows meet ours: one function for what is pushed and what is pulled.

A call is one transaction, and as many as it takes where the database refuses an item: the items are halved
until the one that it refuses is by itself. Everything of one kind goes through here one call after the other,
so that no two calls wait for each other in a circle.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import DataError, IntegrityError, connection
from django.utils.module_loading import import_string

from inspector_whatsapp import changes, clock
from inspector_whatsapp.alone import SYNC
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Mirrored
from inspector_whatsapp.sync import items as reading
from inspector_whatsapp.sync.inspections import Inspections
from inspector_whatsapp.sync.interests import Interests
from inspector_whatsapp.sync.items import Item, Problem, Refused, Result
from inspector_whatsapp.sync.kind import Kind, Parents, Work
from inspector_whatsapp.sync.photos import Photos
from inspector_whatsapp.sync.properties import Properties
from inspector_whatsapp.sync.slots import Slots
from inspector_whatsapp.sync.users import Users

# Parents stand before what hangs on them: so they are pulled, and so they are best pushed.
KINDS: Final[dict[str, type[Kind[Any]]]] = {
    kind.name: kind for kind in (Users, Properties, Photos, Slots, Inspections, Interests)
}
_WHY: Final = {
    "slot_inspector_at_one_place": "The inspector has another slot at that time.",
    "interest_one_live_per_seeker_and_property": "The seeker has it in view already, by another id.",
    "user_email_once": "Another account has this e-mail address.",
}


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A newer row of Inspector's that is ours now; `before` and `after` have the fields that it named."""

    subject: Mirrored
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def agrees(self) -> bool:
        """Whether ours said the same already."""
        return all(self.before.get(name) == value for name, value in self.after.items())


def apply(kind: str, raws: Sequence[Any], *, quiet: bool = False) -> list[Result]:
    """Apply items of one of KINDS; what became of each, in their order. Of one row they count in their order.

    raws: objects as in JSON, or rows of a view. quiet: nobody is told, as when everything is loaded for the
    first time; reminders are planned all the same, and links of changed accounts paused.
    """
    known = KINDS[kind].fields
    results: dict[int, Result] = {}
    items: list[Item] = []
    for index, raw in enumerate(raws):
        try:
            items.append(reading.read(raw, index=index, known=known))
        except Refused as why:
            results[index] = reading.refused(raw, index, why)
    for once in _each_row_once(items):
        results |= _apply(kind, once, quiet=quiet)
    return [results[index] for index in range(len(raws))]


def _each_row_once(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items in rounds: a row's second item comes in the second one."""
    rounds: list[list[Item]] = []
    seen: dict[str, int] = {}
    for item in items:
        place = seen[item.id] = seen.get(item.id, -1) + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(item)
    yield from rounds


def _apply(kind: str, items: Sequence[Item], *, quiet: bool, forced: bool = False) -> dict[int, Result]:
    work = KINDS[kind]()
    refused = {index: _refusal(items, index, why) for index, why in work.prepare(items).items()}
    left = [item for item in items if item.index not in refused]
    if not left:
        return refused
    try:
        try:
            return refused | retried(lambda: _batch(work, left, quiet=quiet, forced=forced))
        finally:
            work.forget()
    except (IntegrityError, DataError) as error:
        if len(left) == 1:
            if not forced and work.name == Inspections.name and _constraint(error) not in _KEYS:
                return refused | _apply(kind, left, quiet=quiet, forced=True)
            why = Refused("conflict", Problem("", _sentence(error)))
            return refused | {left[0].index: _refusal(left, left[0].index, why)}
    half = len(left) // 2
    first = _apply(kind, left[:half], quiet=quiet)
    return refused | first | _apply(kind, left[half:], quiet=quiet)


def _batch(kind: Kind[Any], items: Sequence[Item], *, quiet: bool, forced: bool) -> dict[int, Result]:
    """All items in one transaction, the caller's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [SYNC, kind.name])
    now = clock.now()
    kind.others = []
    kind.lock(items)
    parents = parents_of(kind, items)
    rows = kind.find(items)
    named = {row.pk for row in rows.values()}
    adopted = kind.adopt([item for item in items if item.index not in rows], parents)
    # What one item names by its ref is not another's as well.
    rows |= {index: row for index, row in adopted.items() if row.pk is None or row.pk not in named}
    results: dict[int, Result] = {}
    works: list[Work[Any]] = []
    for item in items:
        row = rows.get(item.index)
        try:
            result = _old_news(kind, item, row, parents)
            if result is None:
                works.append(kind.meet(item, row, parents, now=now))
            else:
                results[item.index] = result
        except Refused as why:
            results[item.index] = _refusal([item], item.index, why)
    news = kind.write(works, now=now, forced=forced) if works else []
    if quiet:
        news = [changes.News(kind=one.kind, subject=one.subject, data=one.data, quiet=True) for one in news]
    if news:
        changes.record_all(news, actor=None, origin=Origin.SYNC)
    for work in works:
        results[work.item.index] = Result(
            index=work.item.index,
            id=work.item.id,
            result="created" if work.new else "updated",
            ref=kind.ref(work.row),
        )
    _tell(
        [
            *(
                Applied(subject=work.row, before=work.before, after=work.after)
                for work in works
                if not work.new
            ),
            *(Applied(subject=row, before=before, after=after) for row, before, after in kind.others),
        ]
    )
    return results


def _old_news(kind: Kind[Any], item: Item, row: Any, parents: Parents) -> Result | None:
    """The result of an item that changes nothing; None for one that does. Raises Refused."""
    if row is None:
        if item.deleted:
            return Result(index=item.index, id=item.id, result="unchanged")  # it never was here
        if item.ref:
            raise Refused("unknown_ref", Problem("ref", "There is no row of that ref here."))
        return None
    if row.platform_id is not None and row.platform_id != item.id:
        raise Refused("known_by_another_id", Problem("id", "That row has another id of yours already."))
    if row.platform_id is None or item.version > row.version:
        return None
    same = item.version == row.version and not differing(kind, item, row, parents)
    same = same and (not item.deleted or kind.is_gone(row))
    detail = () if same else (Problem("version", f"Version {row.version} is here already."),)
    return Result(
        index=item.index,
        id=item.id,
        result="unchanged" if same else "stale",
        ref=kind.ref(row),
        errors=detail,
    )


def differing(kind: Kind[Any], item: Item, row: Any, parents: Parents) -> list[str]:
    """The fields in which the row says something else than the item."""
    return [name for name, value in item.values.items() if not _same(kind, name, value, row, parents)]


def _same(kind: Kind[Any], name: str, value: Any, row: Any, parents: Parents) -> bool:
    if name == "content" or not kind.says(name, value):
        return True  # what was sent along is not kept as it was
    if kind.fields[name].parent is None:
        return bool(getattr(row, name) == value)
    parent = parents[name].get(value) if value is not None else None
    if value is not None and parent is None:
        return False
    return bool(getattr(row, f"{name}_id") == (parent.pk if parent is not None else None))


def parents_of(kind: Kind[Any], items: Sequence[Item]) -> dict[str, dict[str, Any]]:
    """The rows that items name as parents: one query for each table, whatever the fields."""
    wanted: dict[type[Any], set[str]] = {}
    for name, one in kind.fields.items():
        if one.parent is not None:
            named = {item.values[name] for item in items if item.values.get(name) is not None}
            wanted[one.parent] = wanted.get(one.parent, set()) | named
    found: dict[type[Any], dict[str, Any]] = {}
    for model, ids in wanted.items():
        along = {"Property": ("agent",), "Slot": ("inspector",)}.get(model.__name__, ())
        rows = model._default_manager.select_related(*along).filter(platform_id__in=ids)
        found[model] = {row.platform_id: row for row in rows}
    return {name: found[one.parent] for name, one in kind.fields.items() if one.parent is not None}


def _refusal(items: Sequence[Item], index: int, why: Refused) -> Result:
    id = next(item.id for item in items if item.index == index)
    return Result(index=index, id=id, result="refused", code=why.code, errors=why.problems)


# What has nothing to do with whose place a slot is.
_KEYS: Final = ("inspection_ends_after_it_starts",)


def _constraint(error: Exception) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")


def _sentence(error: Exception) -> str:
    name = _constraint(error)
    return _WHY.get(name, f"It contradicts what is here already ({name or 'a value does not fit'}).")


def _tell(applied: Sequence[Applied]) -> None:
    if applied:
        for listener in _listeners(settings.SYNC_LISTENERS):
            listener(applied)


@cache
def _listeners(names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(import_string(name) for name in names)

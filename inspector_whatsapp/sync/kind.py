"""What is the same for every kind of row: how its items meet the rows that are here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from inspector_whatsapp.changes import News
from inspector_whatsapp.models import Mirrored
from inspector_whatsapp.sync.fields import Field
from inspector_whatsapp.sync.items import Item, Problem, Refused

M = TypeVar("M", bound=Mirrored)
Parents = Mapping[str, Mapping[str, Model]]  # by field, by Inspector's id


@dataclass(kw_only=True)
class Work(Generic[M]):
    """An item that is being applied, and its row. before, after: what the item names, by field."""

    item: Item
    row: M
    new: bool
    was: Mapping[str, Any] = field(default_factory=dict)  # every column as it was
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> list[str]:
        """The fields that are another now."""
        return [name for name, value in self.after.items() if self.before.get(name) != value]


class Kind(Generic[M]):
    """One kind of row. `deleted`: what its fields become when Inspector no longer has it."""

    name: ClassVar[str]
    model: ClassVar[type[Any]]
    fields: ClassVar[Mapping[str, Field]]
    deleted: ClassVar[Mapping[str, Any]] = {}
    whole: ClassVar[tuple[str, ...]] = ()  # what is read along with a row
    unsaid: ClassVar[frozenset[str]] = frozenset()  # fields of which null, or empty, says nothing
    called: ClassVar[str] = "pk"  # the column that a ref names

    # What else became of other rows, by write(): with their fields as they were and as they are.
    others: list[tuple[Mirrored, dict[str, Any], dict[str, Any]]]

    def __init__(self) -> None:
        self.others = []

    # --- what is here -------------------------------------------------------------------------------------
    def lock(self, items: Sequence[Item]) -> None:
        """Hold what stands before the rows themselves in the order of locks."""

    def rows(self) -> "QuerySet[Any, Any]":
        rows: QuerySet[Any, Any] = self.model._default_manager.select_related(*self.whole)
        return rows

    def find(self, items: Sequence[Item]) -> dict[int, M]:
        """The row of each item, held: by Inspector's id or by our ref; by the item's place."""
        named = Q(platform_id__in=[item.id for item in items])
        refs = [item.ref for item in items if item.ref]
        if refs:
            named |= Q(**{f"{self.called}__in": refs if self.called == "ref" else keys(items)})
        held: list[M] = list(
            self.rows().select_for_update(no_key=True, of=("self",)).filter(named).order_by("pk")
        )
        by_id = {row.platform_id: row for row in held if row.platform_id is not None}
        by_ref = {self.ref(row): row for row in held}
        found = {item.index: by_id[item.id] for item in items if item.id in by_id}
        for item in items:
            if item.ref and item.index not in found and item.ref in by_ref:
                found[item.index] = by_ref[item.ref]
        return found

    def adopt(self, items: Sequence[Item], parents: Parents) -> dict[int, M]:
        """Rows of ours without an id that these items mean, held; by the item's place."""
        return {}

    def is_gone(self, row: M) -> bool:
        """Whether the row is here as one that Inspector no longer has."""
        return all(getattr(row, name) == value for name, value in self.deleted.items())

    def ref(self, row: M) -> str:
        """What an item may call the row by before Inspector's id is known."""
        return str(getattr(row, self.called) or "")

    def prepare(self, items: Sequence[Item]) -> dict[int, Refused]:
        """What is slow and needs no transaction; the items that are refused by it, by their place."""
        return {}

    def forget(self) -> None:
        """Let go of what `prepare` made and nobody needs: called when it is all over, however it ended."""

    # --- one item -----------------------------------------------------------------------------------------
    def meet(self, item: Item, row: M | None, parents: Parents, *, now: datetime) -> Work[M]:
        """Put an item into its row. Raises Refused."""
        was = {} if row is None else dict(vars(row))
        work: Work[M] = Work(item=item, row=row or self.blank(now), new=row is None, was=was)
        values = self._resolved(item, parents)
        if row is None:
            missing = [name for name, one in self.fields.items() if not one.optional and name not in values]
            if missing:
                raise Refused("invalid", *(Problem(name, "It is missing.") for name in missing))
        self.check(work, values)
        for name, value in values.items():
            self.put(work, name, value)
        self.finish(work, now=now)
        work.row.platform_id, work.row.version = item.id, item.version
        return work

    def blank(self, now: datetime) -> M:
        row: Any = self.model()
        return row  # type: ignore[no-any-return]

    def fits(self, values: Mapping[str, Any]) -> None:
        """What can be known of the values with no row at hand, as far as they are there. Raises Refused."""

    def check(self, work: Work[M], values: dict[str, Any]) -> None:
        """What only this kind knows of the values; may add some. Raises Refused."""

    def put(self, work: Work[M], name: str, value: Any) -> None:
        """Set a field of the row, and remember what it was."""
        column = f"{name}_id" if self.fields[name].parent else name
        work.before[name] = None if work.new else getattr(work.row, column)
        setattr(work.row, name, value)
        work.after[name] = getattr(work.row, column)

    def finish(self, work: Work[M], *, now: datetime) -> None:
        """What follows for the row itself."""

    def _resolved(self, item: Item, parents: Parents) -> dict[str, Any]:
        values = {name: value for name, value in item.values.items() if self.says(name, value)}
        unknown = []
        for name, one in self.fields.items():
            if one.parent is None or values.get(name) is None:
                continue
            parent = parents[name].get(values[name])
            if parent is None:
                unknown.append(Problem(name, f"There is no {one.parent._meta.verbose_name} of that id here."))
            values[name] = parent
        if unknown:
            raise Refused("unknown_parent", *unknown)
        return values | (dict(self.deleted) if item.deleted else {})

    def says(self, name: str, value: Any) -> bool:
        """Whether a value is one, and not only what stands where there is none."""
        return name not in self.unsaid or value not in (None, "")

    # --- all of them --------------------------------------------------------------------------------------
    def write(self, works: Sequence[Work[M]], *, now: datetime, forced: bool) -> list[News]:
        """Write the rows; what is to be recorded of them. forced: the rules refused this one before."""
        self.save(works)
        return [news for work in works for news in self.news(work, now=now)]

    def save(self, works: Sequence[Work[M]]) -> None:
        """Every row in two statements: the new ones, and those there are."""
        # What is there first: a row may free what a new one takes.
        old = sorted((work for work in works if not work.new), key=self.turn)
        manager: Any = self.model._default_manager
        if old:
            touched = {"platform_id", "version", *self.follows()}
            touched |= {name for work in old for name in work.after if name in self.fields}
            # All columns are there, so that it is one INSERT which finds its rows: many times as fast as an
            # UPDATE with a CASE for each.
            rows: list[Any] = [work.row for work in old]
            manager.bulk_create(
                rows, update_conflicts=True, update_fields=sorted(touched), unique_fields=["pk"]
            )
        made: list[Any] = [work.row for work in works if work.new]
        if made:
            manager.bulk_create(made)
            if self.called == "ref":  # given by the database
                refs = dict(manager.filter(pk__in=[row.pk for row in made]).values_list("pk", "ref"))
                for row in made:
                    row.ref = refs[row.pk]

    def turn(self, work: Work[M]) -> Any:
        """By what the rows that are there are written one after the other; or as they came."""
        return 0

    def follows(self) -> Iterable[str]:
        """Columns that `finish` may change besides those that an item names."""
        return ()

    def news(self, work: Work[M], *, now: datetime) -> Iterable[News]:
        """What is recorded of one row."""
        return ()


def in_order(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises Refused where something ends before it starts."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise Refused("invalid", Problem("ends_at", "It must be later than starts_at."))


def keys(items: Sequence[Item]) -> list[int]:
    """Our keys that items name as their refs, where a table has no other."""
    refs = {item.ref for item in items}
    return [int(ref) for ref in refs if ref.isascii() and ref.isdecimal() and len(ref) < 18]

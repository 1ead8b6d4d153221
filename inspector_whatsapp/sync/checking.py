"""Whether Inspector's views are as they must be, in words; and which rows differ from ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import psycopg
from django.conf import settings

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import Watermark
from inspector_whatsapp.privacy.inventory import forgotten
from inspector_whatsapp.sync import items as reading
from inspector_whatsapp.sync import views
from inspector_whatsapp.sync.applying import KINDS, differing, parents_of
from inspector_whatsapp.sync.items import Item, Refused
from inspector_whatsapp.sync.pulling import REFUSED

DIFFERS: Final = "sync_differs"
_LATELY: Final = timedelta(minutes=10)  # what changed since is on its way
_NAMED: Final = 5


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Rows of one kind that are not the same on both sides, by Inspector's ids."""

    kind: str
    missing_here: tuple[str, ...] = ()
    missing_there: tuple[str, ...] = ()
    different: tuple[str, ...] = ()  # `PR-7 (price, status)`

    @property
    def rows(self) -> tuple[str, ...]:
        return (*self.missing_here, *self.missing_there, *self.different)

    @property
    def sentence(self) -> str:
        parts = [
            f"{len(rows)} {words} ({', '.join(rows[:_NAMED])}{' …' if len(rows) > _NAMED else ''})"
            for rows, words in (
                (self.missing_here, "missing here"),
                (self.missing_there, "missing at Inspector"),
                (self.different, "different"),
            )
            if rows
        ]
        return f"{self.kind}: {', '.join(parts) or 'no difference'}."


def described() -> str:
    """Every field of every kind, as tables in Markdown."""
    lines: list[str] = []
    for name, kind in KINDS.items():
        lines += [f"### {name.capitalize()}", "", "| field | what it takes |", "|---|---|"]
        for field, one in kind.fields.items():
            lines.append(f"| `{field}`{'' if one.optional else ', needed'} | {one.says} |")
        lines.append("")
    return "\n".join(lines)


def check() -> list[str]:
    """What is missing or wrong, a sentence each; none when all is well."""
    if not settings.INSPECTOR_DATABASE_URL:
        return ["INSPECTOR_DATABASE_URL is not set: there is nothing to read."]
    try:
        with views.connected() as connection:
            return [problem for kind in KINDS for problem in _checked(connection, kind)]
    except psycopg.Error as error:
        return [f"The database cannot be read: {_why(error)}"]


def _checked(connection: views.Connection, kind: str) -> Iterator[str]:
    try:
        yield from _check(connection, kind)
    except psycopg.Error as error:
        if connection.closed:
            raise  # nor can the others be read
        yield f"{views.name_of(kind)}: it cannot be read: {_why(error)}"


def _why(error: psycopg.Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _check(connection: views.Connection, kind: str) -> Iterator[str]:
    view, there = views.name_of(kind), views.columns(connection, kind)
    if not there:
        yield f"{view}: the view is missing, or this user may not read it."
        return
    known, wrong = views.known_columns(kind), False
    for name in views.needed_columns(kind):
        if name not in there:
            wrong = True
            yield f"{view}.{name}: the column is missing."
    for name, type_ in there.items():
        if name not in known:
            yield f"{view}.{name}: there is no such field; it is not read."
        elif type_ not in known[name]:
            wrong = True
            yield f"{view}.{name}: it is {type_}, and must be {_either(known[name])}."
    if not wrong:
        for name in ("id", "changed_at"):
            if views.has_empty(connection, kind, name):
                yield f"{view}.{name}: it is null in some rows, which are never read."
        yield from _try(connection, kind)


def _try(connection: views.Connection, name: str) -> Iterator[str]:
    """The first page of rows, and those that were refused before, as they would be read.

    Each trouble of a field is said once. What these rows refer to is not looked for: before the first reading
    none of it is here. Where the last reading refused a row for such a reason, the incident says more.
    """
    kind, view = KINDS[name](), views.name_of(name)
    mark = Watermark.objects.filter(view=name).first()
    refused = {row["id"]: row for row in views.rows_of(connection, name, mark.refused)} if mark else {}
    rows = [*next(views.rows(connection, name, since=None), []), *refused.values()]
    told: set[tuple[str, str]] = set()
    for index, row in enumerate(rows):
        try:
            item = reading.read(views.item(row), index=index, known=kind.fields)
            if not item.deleted:
                kind.fits(item.values)
        except Refused as why:
            refused.pop(row["id"], None)
            for problem in why.problems:
                if (problem.field, problem.detail) not in told:
                    told.add((problem.field, problem.detail))
                    yield f"{view}.{problem.field}: {problem.detail} (row {row['id']})"
    if refused:
        named = f"{', '.join(list(refused)[:_NAMED])}{' …' if len(refused) > _NAMED else ''}"
        yield f"{view}: the last reading refused {len(refused)} ({named}); see the incident {REFUSED}."


def _either(types: frozenset[str]) -> str:
    named = sorted(types)
    return " or ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]


# --- both sides -------------------------------------------------------------------------------------------
def compare() -> list[Difference]:
    """Every row of every view against ours, but for what changed just now. Raises psycopg.Error."""
    with views.connected() as connection:
        return [_compare(connection, kind) for kind in KINDS]


def compare_and_report() -> dict[str, int]:
    """The same, as an incident for each kind with differences; how many rows differ."""
    found = {}
    for difference in compare() if settings.INSPECTOR_DATABASE_URL else ():
        found[difference.kind] = len(difference.rows)
        if difference.rows:
            incidents.report(DIFFERS, key=difference.kind, sentence=difference.sentence)
        else:
            incidents.close(DIFFERS, key=difference.kind)
    return found


def _compare(connection: views.Connection, name: str) -> Difference:
    kind = KINDS[name]()
    missing: list[str] = []
    different: list[str] = []
    seen: set[str] = set()
    lately = clock.now() - _LATELY
    for page in views.rows(connection, name, since=None):
        read: list[Item] = []
        for index, row in enumerate(page):
            if row["id"] is None:
                continue
            seen.add(row["id"])
            if row["changed_at"] is None or row["changed_at"] < lately:
                try:
                    read.append(reading.read(views.item(row), index=index, known=kind.fields))
                except Refused:
                    missing.append(row["id"])
        ours = {
            row.platform_id: row for row in kind.rows().filter(platform_id__in=[item.id for item in read])
        }
        parents = parents_of(kind, read)
        for item in read:
            there_is = ours.get(item.id)
            if there_is is None:
                missing += [] if item.deleted else [item.id]
                continue
            fields = differing(kind, item, there_is, parents)
            if fields:  # what is empty on purpose is no difference, until Inspector says something new of it
                emptied = forgotten(there_is)
                fields = [name for name in fields if name not in emptied]
            if fields and not item.deleted:
                different.append(f"{item.id} ({', '.join(fields)})")
    known = kind.model._default_manager.exclude(platform_id=None).values_list("platform_id", flat=True)
    gone = [str(id) for id in known.order_by("pk").iterator() if id not in seen]
    return Difference(
        kind=name, missing_here=tuple(missing), missing_there=tuple(gone), different=tuple(different)
    )

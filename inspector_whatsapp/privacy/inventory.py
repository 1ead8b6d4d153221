"""What is kept of people: one declaration for each table, which export, erasure and the documents use.

ERASERS names, for each app, the function that gives its own. A test walks every column of every table: what
can hold words and is neither personal in one of these nor named in `harmless` fails it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from inspector_whatsapp.models import User
from inspector_whatsapp.privacy.people import Person, was_erased


class Fate(StrEnum):
    """What an erasure does."""

    DELETED = "deleted"  # the row goes
    EMPTIED = "emptied"  # the column is made empty, the row stays
    CUT_OFF = "kept without the person"  # the row stays, and no longer says whose it was
    KEPT = "kept"  # for the reason that is said


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one table keeps of people.

    account, contact: lookups that lead from a row to whose it is; rows: the same where no key leads there.
    columns: the personal ones; where the row stays, `values` says what they become, and `stays` why it does.
    record: columns of words that stay as they are, as business records. secret: never handed out, not even to
    the person. kept: for how long, in words. at: when a row came to be, by which a breach asks. files: those
    that name a file of theirs. erase: what is done instead of deleting or emptying rows in batches; it gives
    how many. export: what is handed out instead of the rows' columns.
    """

    model: str
    what: str
    why: str
    kept: str
    fate: Fate
    account: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    rows: Callable[[Person], Q] | None = None
    columns: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    secret: tuple[str, ...] = ()
    at: str = ""
    files: tuple[str, ...] = ()
    stays: str = ""
    erase: Callable[[Person], int] | None = None
    export: Callable[[Person], Iterable[Mapping[str, Any]]] | None = None
    only: Q = field(default_factory=Q)

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def name(self) -> str:
        """`messages` as people call the table."""
        return str(self.table._meta.verbose_name_plural)

    def of(self, person: Person) -> "QuerySet[Any, Any]":
        """The rows that are theirs, oldest first."""
        whose = self.rows(person) if self.rows is not None else Q(pk__in=())
        for lookup in self.account:
            whose |= Q(**{f"{lookup}__in": person.accounts})
        for lookup in self.contact:
            whose |= Q(**{f"{lookup}__in": person.contacts})
        rows: QuerySet[Any, Any] = self.table._default_manager.filter(self.only).filter(whose)
        return (rows.distinct() if any("__" in name for name in self.contact) else rows).order_by("pk")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where people's numbers, addresses and names may stand in rows that are not theirs.

    An erasure replaces them there by `[erased]`; whole: it deletes the row instead.
    """

    model: str
    columns: tuple[str, ...]
    whole: bool = False

    @property
    def is_here(self) -> bool:
        return apps.is_installed(_APPS.get(self.model.partition(".")[0], self.model.partition(".")[0]))

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)


_APPS = {"admin": "django.contrib.admin", "sessions": "django.contrib.sessions"}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What one app keeps of people, in the order in which it is erased, and where they may be mentioned."""

    holdings: tuple[Holding, ...]
    mentions: tuple[Mention, ...] = ()
    # Before anything is erased: nothing new is to be said to them, or begun for them.
    quiet: Callable[[Person], None] | None = None
    # Whatever else is to be looked through for the words that name them; how many rows were changed.
    scrub: Callable[[Sequence[str]], int] | None = None


def everything() -> tuple[Kept, ...]:
    """What each app keeps; those above first, so that what hangs on a row goes before it."""
    return tuple(import_string(name)() for name in settings.ERASERS)


def holdings() -> tuple[Holding, ...]:
    return tuple(one for kept in everything() for one in kept.holdings)


def forgotten(row: Model) -> frozenset[str]:
    """The columns of a row that were emptied, because whose it was is erased."""
    if isinstance(row, User):
        every = {column.name for column in row._meta.fields}
        return frozenset(every if was_erased(row) else ())
    emptied: set[str] = set()
    for one in holdings():
        if one.table is type(row):
            owners = [getattr(row, lookup) for lookup in one.account if "__" not in lookup]
            emptied |= {*one.columns} if any(map(was_erased, filter(None, owners))) else set()
    return frozenset(emptied)


def mentions() -> tuple[Mention, ...]:
    return tuple(one for kept in everything() for one in kept.mentions if one.is_here)

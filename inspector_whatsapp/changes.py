"""Every change of the platform is recorded once, here; listeners follow in the same transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from inspector_whatsapp import clock
from inspector_whatsapp.models.accounts import User
from inspector_whatsapp.models.changes import Change, Origin

__all__ = ["Happened", "News", "Origin", "record", "record_all"]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A change as its listeners see it: the row of the feed, and the object as it now is."""

    kind: str
    subject: models.Model
    actor: User | None
    origin: Origin
    data: dict[str, Any]
    row: Change
    # Nobody is told of it: it is long known, as Inspector's whole data when they are first loaded.
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class News:
    """A change that is to be recorded with others."""

    kind: str
    subject: models.Model
    data: dict[str, Any] = field(default_factory=dict)
    quiet: bool = False


Listener = Callable[[Happened], None]
Listeners = Callable[[Sequence[Happened]], None]


def record(kind: str, subject: models.Model, *, actor: User | None, origin: Origin, **data: Any) -> Change:
    """Record that `kind` happened to `subject`, and tell the listeners of CHANGE_LISTENERS in their order.

    Called in the transaction that makes the change, after it. `data` is plain JSON. A listener that raises
    undoes the change with it.
    """
    (row,) = record_all([News(kind=kind, subject=subject, data=data)], actor=actor, origin=origin)
    return row


def record_all(news: Sequence[News], *, actor: User | None, origin: Origin) -> list[Change]:
    """Record many changes in order, in one statement; each listener hears of all of them before the next.

    A listener whose module has one of the same name with an `s` (`on_changes`) is given them all at once.
    """
    now = clock.now()
    rows = Change.objects.bulk_create(
        Change(
            kind=one.kind,
            subject=str(getattr(one.subject, "ref", one.subject.pk)),
            actor=actor,
            origin=origin,
            data=one.data,
            at=now,
        )
        for one in news
    )
    happened = [
        Happened(
            kind=one.kind,
            subject=one.subject,
            actor=actor,
            origin=origin,
            data=one.data,
            row=row,
            quiet=one.quiet,
        )
        for one, row in zip(news, rows, strict=True)
    ]
    for listener, many in _listeners(settings.CHANGE_LISTENERS):
        if many is not None and len(happened) > 1:
            many(happened)
            continue
        for one_happened in happened:
            listener(one_happened)
    return rows


@cache
def _listeners(names: tuple[str, ...]) -> tuple[tuple[Listener, Listeners | None], ...]:
    return tuple((import_string(name), _of_many(f"{name}s")) for name in names)


def _of_many(name: str) -> Listeners | None:
    module, _, function = name.rpartition(".")
    many: Listeners | None = getattr(import_module(module), function, None)
    return many

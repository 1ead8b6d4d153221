"""Every change of the platform is recorded once, here; listeners follow in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from inspector_whatsapp import clock
from inspector_whatsapp.models.accounts import User
from inspector_whatsapp.models.changes import Change, Origin

__all__ = ["Happened", "Origin", "record"]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A change as its listeners see it: the row of the feed, and the object as it now is."""

    kind: str
    subject: models.Model
    actor: User | None
    origin: Origin
    data: dict[str, Any]
    row: Change


Listener = Callable[[Happened], None]


def record(kind: str, subject: models.Model, *, actor: User | None, origin: Origin, **data: Any) -> Change:
    """Record that `kind` happened to `subject`, and tell the listeners of CHANGE_LISTENERS in their order.

    Called in the transaction that makes the change, after it. `data` is plain JSON. A listener that raises
    undoes the change with it.
    """
    row = Change.objects.create(
        kind=kind,
        subject=str(getattr(subject, "ref", subject.pk)),
        actor=actor,
        origin=origin,
        data=data,
        at=clock.now(),
    )
    happened = Happened(kind=kind, subject=subject, actor=actor, origin=origin, data=data, row=row)
    for listener in _listeners(settings.CHANGE_LISTENERS):
        listener(happened)
    return row


@cache
def _listeners(names: tuple[str, ...]) -> tuple[Listener, ...]:
    return tuple(import_string(name) for name in names)

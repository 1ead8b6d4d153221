"""What a job can do, and where it is found by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.db import models

from inspector_whatsapp.models import Job, User


class NotDone(Exception):
    """It cannot be done to this row; its words say why."""


class Verb(Protocol):
    """Does it to one row, in the caller's transaction; what was done, in a sentence. Raises NotDone."""

    def __call__(self, row: Any, /, *, actor: User) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Work:
    """One kind of work.

    name: kept with jobs, so that it never changes meaning. title: what it is called where it is chosen.
    permission: what whoever asks for it must have, until its last row. told: how many it was done to, in a
    sentence. with_them: what is read along with the rows. room: how many rows may have their turn now, asked
    in each batch's transaction, where they do not all follow each other as fast as can be; with 0 the job
    waits.
    """

    name: str
    model: type[models.Model]
    title: Any
    permission: str
    do: Verb
    told: Callable[[int], str]
    with_them: tuple[str, ...] = ()
    room: Callable[[Job], int] | None = None


def by_name(name: str) -> Work:
    """The work of that name; KeyError when no module of JOBS has it."""
    return _works(tuple(settings.JOBS))[name]


@cache
def _works(modules: tuple[str, ...]) -> dict[str, Work]:
    found: dict[str, Work] = {}
    for module in map(import_module, modules):
        for value in vars(module).values():
            if isinstance(value, Work) and found.setdefault(value.name, value) is not value:
                raise ValueError(f"two kinds of work are named {value.name}")
    return found

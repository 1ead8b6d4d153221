"""Items as they come, read and not yet compared with anything; and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from inspector_whatsapp.sync import fields
from inspector_whatsapp.sync.fields import Field, Wrong

MOST = 1_000  # items a call
_SHOWN = 5  # unknown fields that are named

Became = Literal["created", "updated", "unchanged", "stale", "refused"]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field, in a sentence; with the item as a whole where it names none."""

    field: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of an item. `ref` is ours of it, `code` a word for why it was refused."""

    index: int
    id: str
    result: Became
    ref: str = ""
    code: str = ""
    errors: tuple[Problem, ...] = ()


class Refused(Exception):
    """An item that is not applied."""

    def __init__(self, code: str, *problems: Problem) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row of Inspector's. `values`: by field, as our columns take them; a parent by Inspector's id."""

    index: int
    id: str
    version: int
    ref: str
    deleted: bool
    values: Mapping[str, Any]


def read(raw: Any, *, index: int, known: Mapping[str, Field]) -> Item:
    """An item out of JSON, or of a row of a view. Raises Refused, which names every field that is wrong.

    Of a deleted row it is enough to know which one it is: its fields are not read.
    """
    if not isinstance(raw, Mapping):
        raise Refused("invalid", Problem("", "An item must be an object."))
    wrong: list[Problem] = []

    def value(name: str, reader: fields.Read, default: Any) -> Any:
        if name not in raw:
            if default is ...:
                wrong.append(Problem(name, "It is missing."))
            return default
        try:
            return reader(raw[name])
        except Wrong as error:
            wrong.append(Problem(name, str(error)))
            return default

    id = value("id", fields.key, ...)
    version = value("version", fields.version, ...)
    deleted = value("deleted", fields.yes_no, False)
    ref = value("ref", _ref_of_deleted if deleted else _ref, "")
    values = {
        name: value(name, field.read, None) for name, field in known.items() if name in raw and not deleted
    }
    strange = [name for name in raw if name not in known and name not in ("id", "version", "ref", "deleted")]
    wrong += [Problem(_printable(name), "There is no such field.") for name in strange[:_SHOWN]]
    if wrong:
        raise Refused("invalid", *wrong)
    return Item(index=index, id=id, version=version, ref=ref, deleted=deleted, values=values)


def _ref(value: Any) -> str:
    return "" if value in (None, "") else fields.key(value)


def _ref_of_deleted(value: Any) -> str:
    try:
        return _ref(value)
    except Wrong:
        return ""  # no row's


def refused(raw: Any, index: int, why: Refused) -> Result:
    """The result of an item that could not be read."""
    id = raw.get("id") if isinstance(raw, Mapping) else None
    return Result(
        index=index,
        id=_printable(id)[: fields.ID_MOST] if isinstance(id, str) else "",
        result="refused",
        code=why.code,
        errors=why.problems,
    )


def counts(results: Sequence[Result]) -> dict[str, int]:
    """How many became what."""
    found = dict.fromkeys(("created", "updated", "unchanged", "stale", "refused"), 0)
    for result in results:
        found[result.result] += 1
    return found


def _printable(name: Any) -> str:
    """What a stranger wrote, cut, and without what no JSON can carry back."""
    return str(name)[:64].encode("utf-8", "replace").decode()

"""What people read: sentences with values, put into somebody's language, zone and channel at the last moment.

    say(_("Book {property} on {slot:when}?"), property=property, slot=slot).put(reader)

A value is put by its `label`; a plain string is taken for people's words and made harmless. The spec after
the colon picks a form: `when`, `day`, `time`, `hour`, `price`, `name`, `bold` …
"""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache, singledispatch
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import dateformat, translation
from django.utils.functional import Promise

LazyText = str | Promise


@dataclass(frozen=True)
class Reader:
    """For whom a sentence is put: language, zone, and whether the channel reads WhatsApp's markup."""

    language: str = "en"
    zone: str = "Africa/Lagos"
    markup: bool = True

    @property
    def tz(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):  # an account may name a zone that is none
            return ZoneInfo("Africa/Lagos")


@dataclass(frozen=True)
class Words:
    """A sentence and its values, in no language yet."""

    message: LazyText
    values: Mapping[str, object] = field(default_factory=dict)

    def put(self, reader: Reader) -> str:
        """The sentence as `reader` reads it."""
        with spoken(reader.language):
            pieces = _pieces(str(self.message))
            return "".join(
                text if name is None else text + label(self.values[name], spec, reader)
                for text, name, spec in pieces
            )


@lru_cache(maxsize=4_096)  # sentences and forms of them there are fewer of
def _pieces(sentence: str) -> tuple[tuple[str, str | None, str], ...]:
    """The pieces of a sentence: some text, and the {name:spec} behind it; None at its end.

    A name is all that a sentence can say: attributes and indexes of values are not reachable from it.
    """
    return tuple((text, name, spec or "") for text, name, spec, _ in string.Formatter().parse(sentence))


@dataclass(frozen=True)
class Joined(Words):
    """Several pieces, one after the other."""

    message: LazyText = ""
    pieces: Sequence[Words | LazyText] = ()
    separator: str = "\n"

    def put(self, reader: Reader) -> str:
        return self.separator.join(text for text in (put(piece, reader) for piece in self.pieces) if text)


def say(message: LazyText, **values: object) -> Words:
    """A sentence of ours. `message` is a translatable text; values are put into its {braces}."""
    return Words(message, values)


def join(*pieces: Words | LazyText, separator: str = "\n") -> Words:
    """Pieces of ours in one; empty ones are left out."""
    return Joined(pieces=pieces, separator=separator)


def put(text: Words | LazyText, reader: Reader) -> str:
    """Any text of ours as `reader` reads it."""
    if isinstance(text, Words):
        return text.put(reader)
    with spoken(reader.language):
        return str(text)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Have it spoken. Whoever puts many texts does so once for all: to change takes longer than to put."""
    if translation.get_language() == language:
        yield
        return
    with translation.override(language):
        yield


# WhatsApp has no way to write its markup literally: look-alikes stand in for it in people's words.
_MARKUP = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
# Controls, marks that nobody sees, and those that turn the direction of what follows (bidi controls).
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)


def harmless(text: str, *, markup: bool = True) -> str:
    """People's words on one line, without hidden marks; with `markup`, not read as WhatsApp's."""
    clean = _HIDDEN.sub(" ", text).strip()
    return clean.translate(_MARKUP) if markup else clean


@singledispatch
def label(value: object, spec: str, reader: Reader) -> str:
    """How a value reads in a sentence. Registered per type; a plain string is taken for people's words."""
    return harmless(str(value), markup=reader.markup)


@label.register(Words)
def _(value: Words, spec: str, reader: Reader) -> str:
    return value.put(reader)


@dataclass(frozen=True)
class Address:
    """A web address of ours: put as it is."""

    url: str


@label.register(Address)
def _(value: Address, spec: str, reader: Reader) -> str:
    return value.url


@label.register(Promise)
def _(value: Promise, spec: str, reader: Reader) -> str:
    return str(value)


@label.register(int)
def _(value: int, spec: str, reader: Reader) -> str:
    return f"{value:,}" if spec == "thousands" else str(value)


@label.register(datetime)
def _(value: datetime, spec: str, reader: Reader) -> str:
    local = value.astimezone(reader.tz)
    day = dateformat.format(local, "D j M")
    at = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    match spec:
        case "day":
            return day
        case "time":
            return at
        case "hour":
            return _hour(local.time())
        case "weekday":
            return f"{dateformat.format(local, 'D')} {_hour(local.time())}"
        case "date":
            return f"{dateformat.format(local, 'j M')} {_hour(local.time())}"
    return f"{day}, {at}"


@label.register(time)
def _(value: time, spec: str, reader: Reader) -> str:
    return _hour(value)


def _hour(at: time) -> str:
    """`2 pm`, `2:30 pm`: short, for buttons and lists of times."""
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


@label.register(date)
def _(value: date, spec: str, reader: Reader) -> str:
    return dateformat.format(value, "D j M")

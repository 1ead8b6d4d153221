"""What an item may hold: a field's name, how its value is read, and what a view's column may be of."""

import binascii
import math
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model, TextChoices

ID_MOST: Final = 64  # characters
VERSION_MOST: Final = 2**63 - 1
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_CENT: Final = Decimal("0.01")
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")

# The types that a view's column may be of; every kind of text, and an enum, counts as text.
TEXTS: Final = frozenset({"text"})
KEYS: Final = TEXTS | {"uuid", "integer", "bigint", "smallint"}
WHOLE: Final = frozenset({"integer", "bigint", "smallint"})
NUMBERS: Final = WHOLE | {"numeric", "double precision", "real"}
MOMENTS: Final = frozenset({"timestamp with time zone"})
YES_NO: Final = frozenset({"boolean"})
LISTS: Final = frozenset({"list"})


class Wrong(Exception):
    """A value that a field does not take; in a sentence that the caller may read."""


Read = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of an item.

    read: the value as our column takes it; raises Wrong. parent: the table whose row it names by Inspector's
    id; then `read` gives that id. optional: whether a new row may be without it.
    """

    read: Read
    says: str
    sql: frozenset[str]
    optional: bool = True
    parent: type[Model] | None = None


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("It must be text.")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Wrong("It holds characters that are no text.")
    return value


def key(value: Any) -> str:
    """One of Inspector's ids, or a ref of ours."""
    text = _plain(value)
    if not 0 < len(text) <= ID_MOST or text != text.strip():
        raise Wrong(f"It must be text of 1 to {ID_MOST} characters, without blanks around.")
    return text


def version(value: Any) -> int:
    """A row's version: from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= VERSION_MOST:
        raise Wrong("It must be a whole number from 1 on.")
    return value


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("It must be true or false.")
    return value


def text(most: int | None = None, *, least: int = 0) -> Read:
    """Text of so many characters; null is empty text."""

    def read(value: Any) -> str:
        words = _plain("" if value is None else value)
        if most is not None and len(words) > most:
            raise Wrong(f"It must have no more than {most} characters.")
        if len(words.strip()) < least:
            raise Wrong("It must not be empty.")
        return words

    return read


def _email(value: Any) -> str:
    address = _plain(value).strip().casefold()
    try:
        if len(address) > 254:
            raise Wrong("It is longer than an e-mail address.")
        validate_email(address)
    except ValidationError:
        raise Wrong("It is no e-mail address.") from None
    return address


def _phone(value: Any) -> str:
    number = _plain("" if value is None else value)
    if number and not _E164.fullmatch(number):
        raise Wrong("It must be a number with its country's code, as in +2348030000001, or empty.")
    return number


def _zone(value: Any) -> str:
    name = _plain(value)
    try:
        if not name or len(name) > 64:
            raise ValueError
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Wrong("It must be an IANA time zone, as in Africa/Lagos.") from None
    return name


def _url(most: int) -> Read:
    def read(value: Any) -> str:
        address = _plain("" if value is None else value)
        if len(address) > most:
            raise Wrong(f"It must have no more than {most} characters.")
        if address and not re.fullmatch(r"https?://[!-~]+", address):
            raise Wrong("It must be an address that begins with https://.")
        return address

    return read


def moment(value: Any) -> datetime:
    """A time with its offset; in UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise Wrong("It must be a time as in 2026-12-01T10:00:00+01:00.") from None
    if not isinstance(value, datetime):
        raise Wrong("It must be a time as in 2026-12-01T10:00:00+01:00.")
    if value.utcoffset() is None:
        raise Wrong("It has no offset: write it as in 2026-12-01T10:00:00+01:00.")
    if not _EARLIEST <= value <= _LATEST:
        raise Wrong("It must lie between 1970 and 2200.")
    return value.astimezone(UTC)


def _money(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Wrong("It must be a number.")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise Wrong("It must be a number.")
    if isinstance(value, int) and abs(value) >= 10**20:  # more digits than Python writes out
        raise Wrong("It must be below 1,000,000,000,000.")
    try:
        amount = Decimal(str(value))
        if not amount.is_finite():
            raise Wrong("It must be a number.")
        if not 0 <= amount < 10**12:
            raise Wrong("It must be 0 or more, and below 1,000,000,000,000.")
        rounded = amount.quantize(_CENT)
    except InvalidOperation:
        raise Wrong("It must be a number.") from None
    if rounded >= 10**12:
        raise Wrong("It must be below 1,000,000,000,000.")
    return rounded


def _whole(least: int, most: int) -> Read:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Wrong(f"It must be a whole number from {least} to {most}.")
        return value

    return read


def _degrees(most: float) -> Read:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise Wrong("It must be a number.")
        if isinstance(value, int) and abs(value) > 360:
            raise Wrong(f"It must lie between -{most:g} and {most:g}.")
        degrees = float(value)
        if not math.isfinite(degrees) or abs(degrees) > most:
            raise Wrong(f"It must lie between -{most:g} and {most:g}.")
        return degrees

    return read


def _word(words: type[TextChoices], *, blank: bool) -> Read:
    known = set(words.values)

    def read(value: Any) -> str:
        if blank and value in (None, ""):
            return ""
        if not isinstance(value, str) or value not in known:
            raise Wrong(f"It must be one of: {', '.join(words.values)}.")
        return value

    return read


def _words(known: tuple[str, ...]) -> Read:
    def read(value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or any(not isinstance(word, str) for word in value):
            raise Wrong("It must be a list of words.")
        strange = sorted({word for word in value if word not in known})
        if strange:
            raise Wrong(f"Not known: {', '.join(strange)[:200]}. Known are: {', '.join(known)}.")
        return list(dict.fromkeys(value))

    return read


def _content(most: int) -> Read:
    def read(value: Any) -> bytes:
        encoded = _plain(value)
        if len(encoded) > most * 4 // 3 + 4:
            raise Wrong("It must be no more than 5 MB.")
        try:
            return b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise Wrong("It must be a file in base64.") from None

    return read


def _or_null(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


class _Make:
    """The fields by what they hold; each says in words what it takes, for the documents."""

    def text(self, most: int | None = None, *, least: int = 0, optional: bool = True) -> Field:
        size = f"text up to {most} characters" if most else "text"
        return Field(read=text(most, least=least), says=size, sql=TEXTS, optional=optional)

    def email(self) -> Field:
        return Field(read=_email, says="e-mail address", sql=TEXTS, optional=False)

    def phone(self) -> Field:
        return Field(read=_phone, says="`+2348030000001`, or empty", sql=TEXTS)

    def zone(self) -> Field:
        return Field(read=_zone, says="IANA name, as in `Africa/Lagos`", sql=TEXTS)

    def url(self, most: int) -> Field:
        return Field(read=_url(most), says="address", sql=TEXTS)

    def word(self, words: type[TextChoices], *, blank: bool = False, optional: bool = True) -> Field:
        listed = ", ".join(f"`{value}`" for value in words.values)
        says = f"{listed}{', or empty' if blank else ''}"
        return Field(read=_word(words, blank=blank), says=says, sql=TEXTS, optional=optional)

    def words_of(self, known: tuple[str, ...]) -> Field:
        says = f"list of {', '.join(f'`{word}`' for word in known)}"
        return Field(read=_words(known), says=says, sql=LISTS)

    def moment(self, *, optional: bool = True, null: bool = False) -> Field:
        says = f"time with its offset{', or null' if null else ''}"
        return Field(read=_or_null(moment) if null else moment, says=says, sql=MOMENTS, optional=optional)

    def money(self) -> Field:
        return Field(read=_money, says="number, in `currency`", sql=NUMBERS, optional=False)

    def whole(self, least: int, most: int, *, null: bool = False) -> Field:
        read = _whole(least, most)
        says = f"whole number from {least} to {most}{', or null' if null else ''}"
        return Field(read=_or_null(read) if null else read, says=says, sql=WHOLE)

    def degrees(self, most: float) -> Field:
        return Field(read=_or_null(_degrees(most)), says="degrees, or null", sql=NUMBERS)

    def yes_no(self) -> Field:
        return Field(read=yes_no, says="true or false", sql=YES_NO)

    def content(self, most: int) -> Field:
        return Field(read=_content(most), says="the file in base64, up to 5 MB", sql=frozenset())

    def parent(self, model: type[Model], *, null: bool = False, optional: bool = False) -> Field:
        says = f"your id of the {model._meta.verbose_name}{', or null' if null else ''}"
        read = _or_null(key) if null else key
        return Field(read=read, says=says, sql=KEYS, optional=optional, parent=model)


make: Final = _Make()

"""Reading what others wrote: every function takes any JSON value and never raises."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from .. import limits
from ..text import clean

ID: Final = 200  # wamids are about 60; what is longer is not an id
WORDS: Final = 8192  # twice what Meta lets a person write
NAME: Final = 200
URL: Final = 4000
_DEEPEST: Final = 64
_PHONE: Final = re.compile(r"\+?([1-9][0-9]{4,14})", re.ASCII)
_SECONDS: Final = re.compile(r"[0-9]{1,11}", re.ASCII)
_EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC).timestamp()
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


class Unparseable(ValueError):
    """The bytes are no JSON object we would read: broken, too deep, not a number."""


def load(raw: bytes | str) -> dict[str, object]:
    """The JSON object in these bytes; invalid UTF-8 becomes U+FFFD. Raises only `Unparseable`."""
    text = raw.decode("utf-8-sig", "replace") if isinstance(raw, bytes) else raw
    try:
        value = json.loads(text, parse_constant=_not_a_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Unparseable(type(error).__name__) from None
    if not isinstance(value, dict):
        raise Unparseable("not an object")
    if _is_deeper_than(value, _DEEPEST):
        raise Unparseable("too deep")
    return value


def digest(*parts: object) -> str:
    """A name for something without an id: the same for the same JSON, in whatever order its keys are."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def part(value: object, key: str) -> Mapping[str, object]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def items(value: object, key: str) -> list[object]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def word(value: object, key: str, most: int = NAME) -> str | None:
    """A clean string of at most `most` characters, None when it is missing, empty or no string."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(found, str) or not found:
        return None
    return clean(found[:most])


def identifier(value: object, key: str, most: int = ID) -> str | None:
    """A string that names something; None rather than cut, because a cut one would name another."""
    found = word(value, key, most + 1)
    return found if found and len(found) <= most else None


def integer(value: object, key: str) -> int | None:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if type(found) is int and abs(found) < 2**31 else None


def number(value: object, key: str, bound: float) -> float | None:
    """A number between -bound and bound; Meta's specification has coordinates as strings."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        result = float(found)
    except (ValueError, OverflowError):
        return None
    return result if -bound <= result <= bound else None


def moment(value: object, key: str) -> datetime | None:
    """Unix seconds, as Meta's string or int; None outside 2010 to 2100."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(found, str) and _SECONDS.fullmatch(found):
        found = int(found)
    if type(found) is not int or not _EARLIEST <= found <= _LATEST:
        return None
    return datetime.fromtimestamp(found, UTC)


def phone(value: object, key: str) -> str | None:
    """A WhatsApp id or phone number as "+" and digits."""
    found = word(value, key)
    match = _PHONE.fullmatch(re.sub(r"[ ()./-]", "", found)) if found else None
    return f"+{match[1]}" if match else None


def user_id(value: object, key: str) -> str | None:
    """A business-scoped user id."""
    found = identifier(value, key)
    return found if found and limits.BSUID.fullmatch(found) else None


def cleaned(value: object) -> object:
    """A copy whose strings can be stored, with keys and values cut."""
    match value:
        case str():
            return clean(value[:WORDS])
        case dict():
            return {clean(str(key)[:NAME]): cleaned(inner) for key, inner in value.items()}
        case list():
            return [cleaned(inner) for inner in value]
        case _:
            return value


def _is_deeper_than(value: object, most: int) -> bool:
    level: list[object] = [value]
    for _ in range(most + 1):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        if not inner:
            return False
        level = inner
    return True


def _not_a_number(name: str) -> object:
    raise ValueError(name)


def _finite(text: str) -> float | None:
    result = float(text)
    return result if math.isfinite(result) else None

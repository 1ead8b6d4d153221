"""Phone numbers in what staff read: whole where somebody asked to see them, and else their ends.

So are the codes that people show at the door of a visit: where nobody asked, nothing of them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

_whole: ContextVar[bool] = ContextVar("whole numbers", default=False)

_BETWEEN = r"[ \u00a0().\u2010-\u2015-]{0,2}"
# What stands before and behind it: no letter and no digit, but for what JSON and addresses write as letters.
_BEFORE = r"(?:(?<![^\W_])|(?<=\\[nrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%2B))"
_BEHIND = r"(?![^\W_])"
_NUMBER = re.compile(
    "|".join(
        (
            rf"(?<!\d)\+{_BETWEEN}[1-9](?:{_BETWEEN}\d){{6,14}}(?!\d)",
            rf"{_BEFORE}0(?:{_BETWEEN}\d){{10}}{_BEHIND}",  # as people at home write it
            rf"{_BEFORE}234(?:{_BETWEEN}\d){{10}}{_BEHIND}",
            # As Meta does. Ten digits with a 1 before them are a time: no number begins so.
            rf"{_BEFORE}(?!1\d{{9}}(?!\d))[1-9]\d{{9,14}}{_BEHIND}",
        )
    )
)
# Meta's ids of messages hold the number of the person, as base64.
_WAMID = re.compile(r"wamid\.[A-Za-z0-9+/=_-]*?([A-Za-z0-9+/=_-]{8})(?![A-Za-z0-9+/=_-])")
_LONG_WAMID = 30
# A code for the door: wherever one is said, a key stands before it (`inspections.code_for`).
_CODE = re.compile("(\N{KEY} ?[*`]?)[0-9]{4}(?![0-9])")


@contextmanager
def whole() -> Iterator[None]:
    """Within it numbers are shown as they are. For somebody who may see them, and of whom it is noted."""
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


def are_whole() -> bool:
    return _whole.get()


def masked(phone: str) -> str:
    """`•••0001`: one number, or whole where that was asked for."""
    return phone if are_whole() else _end(phone)


def masked_in(text: str) -> str:
    """A text with every number and code in it masked, or as it is where that was asked for."""
    if are_whole():
        return text
    return _CODE.sub(r"\1••••", _WAMID.sub(_id, _NUMBER.sub(_one, text)))


def left_out_of(text: str) -> str:
    """A text with no part of any number or code in it, for readers outside."""
    return _CODE.sub("[code]", _NUMBER.sub("[number]", text))


def _one(found: "re.Match[str]") -> str:
    digits = re.sub(r"\D", "", found[0])
    return found[0] if digits in _ours() else _end(digits)


def _id(found: "re.Match[str]") -> str:
    return f"wamid.•••{found[1]}" if len(found[0]) >= _LONG_WAMID else found[0]


def _ours() -> tuple[str, ...]:
    """The service's own number, which everybody may know, and Meta's ids of it."""
    own = settings.WHATSAPP_PHONE_NUMBER.removeprefix("+")
    return own, settings.WHATSAPP_PHONE_NUMBER_ID, settings.WHATSAPP_BUSINESS_ACCOUNT_ID


def _end(phone: str) -> str:
    return f"•••{phone[-4:]}"

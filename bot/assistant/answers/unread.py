"""What was said and can't be: a price of nothing, the 31st of February, a place that nobody knows.

It is left out, and that is said.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.assistant import hearing, understanding
from bot.assistant.context import NOTHING
from bot.assistant.reading import places
from inspector_whatsapp.words import Words, say

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    re.compile(rf"\b{_DAY}(?: of)? {_MONTH}\b"),
    re.compile(rf"\b{_MONTH} (?:the )?{_DAY}\b(?! ?(?:am|pm|bed|k\b|m\b))"),
)
# Of eleven digits and more nothing is a price here; a phone number begins with a nought.
_PRICE = re.compile(
    r"\b(?:below|under|less than|up to|for|at|above|over|budget|max(?:imum)?|price)\b(?: (?:of|is|na))?"
    r" ?(?:₦|#|n|ngn)? ?(?:0|[1-9][\d,]{10,})(?![\d.,]*\d|\w| ?(?:bed|am\b|pm\b))"
)


def price(words: str) -> Iterator[Words]:
    """That an amount is no price."""
    if _PRICE.search(matching.folded(words)):
        yield say(_("I can't take that amount as a price, so I left it out."))


def day(words: str) -> Iterator[Words]:
    """That a day is none of the calendar."""
    for pattern in _DATES:
        for found in pattern.finditer(matching.folded(words)):
            number, month = int(found["day"]), _MONTHS.index(found["month"])
            if not 1 <= number <= _LONGEST[month]:
                yield say(_("There is no *{day}* in the calendar."), day=found[0])
                return


def place(words: str, *, now: datetime) -> Iterator[Words]:
    """That a place is none that we know."""
    known = understanding.places()
    heard = hearing.hear(words, now=now, gazetteer=known, context=NOTHING)
    if (name := places.unknown(heard.skeleton, known)) is not None:
        typed = re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE)
        name = typed[0] if typed else name
        yield say(_("I know no place called *{place}*, so I left it out."), place=name)

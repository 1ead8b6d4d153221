"""Per what a price is: a night, a month, a year."""

import re

from bot.amounts import Number
from bot.assistant.reading.items import is_free
from bot.assistant.reading.text import Text

NIGHT, MONTH, YEAR = "night", "month", "year"

_PERIOD = (
    (NIGHT, r"(?:per|a|each|every|/)\s?(?:night|nite|day)\b|/\s?n\b|nightly|daily|p\.?/?n\b"),
    (MONTH, r"(?:per|a|each|every|/)\s?(?:month|mth|mnth)\b|/\s?mo\b|monthly|p\.?c?\.?m\b"),
    (
        YEAR,
        r"(?:per|a|each|every|/)\s?(?:year|yr|anum|annum|annual)\b|/\s?y\b|yearly|annually"
        r"|p\.?\s?/?a\b\.?|annual\b|per ann?\b",
    ),
)
PERIOD_AFTER = tuple(
    (name, re.compile(rf"[\s,]*(?:naira|only|max|tops)?\s*(?:{words})")) for name, words in _PERIOD
)
_PERIOD_ANYWHERE = (
    (NIGHT, re.compile(r"\b(?:per (?:night|nite|day)|nightly|every night|a night)\b")),
    (MONTH, re.compile(r"\b(?:per month|monthly|every month)\b")),
    (YEAR, re.compile(r"\b(?:per (?:annum|anum|year|yr)|yearly|annually|annual(?= rent)|every year)\b")),
)


def per_what(text: Text, words: str, found: list[Number]) -> str | None:
    """What is said right behind an amount, or else anywhere."""
    for number in found:
        for name, pattern in PERIOD_AFTER:
            if (match := pattern.match(words, number.end)) and is_free(text, *match.span()):
                return name
    for name, pattern in _PERIOD_ANYWHERE:
        for match in pattern.finditer(words):
            if is_free(text, *match.span()):
                text.take_match(match, "price")
                return name
    return None

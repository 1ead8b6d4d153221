"""The one way from an utterance to what the model is trained on: as the interpreter reads it."""

import re
from functools import cache

from bot.assistant import gazetteer
from bot.assistant.reading.text import Text
from inspector_whatsapp.listings import gazetteer as known

_WHAT = (
    ("ref", r"pr[ -]?\d{3,5}"),
    ("visit", r"in[ -]?\d{3,5}"),
    ("price", r"[₦#$] ?\d[\d,.]*(?: ?(?:k|m|b|million|mil|thousand))?"),
    ("price", r"\d[\d,.]* ?(?:k|m|million|mil|thousand|naira)|\d{5,}|\d{1,3}(?:,\d{3})+"),
    ("rooms", r"\d ?-?(?:bed ?rooms?|bdrm?|beds?|b/?r)|(?:one|two|three|four|five|six)[ -]bed(?:room)?s?"),
    (
        "kind",
        r"flats?|apartments?|duplex(?:es)?|bungalows?|mini ?flats?|self[ -]?con(?:tain(?:ed)?)?|studios?",
    ),
    ("kind", r"penthouse|land|plots?|shops?|office(?: space)?|warehouse|bq|terrace|room and parlour"),
    ("time", r"\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|o'?clock)"),
    ("date", r"(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:next )?tomorrow|today|weekend"),
    ("date", r"(?:next|this) (?:week|weekend|month)|\d{1,2}(?:st|nd|rd|th)|\d{1,2}/\d{1,2}"),
)


def skeleton(said: str) -> str:
    """The plain words with names in place of slots."""
    text = Text(said)
    for what, pattern in (*_WHAT[:2], ("area", _places()), *_WHAT[2:]):
        for found in list(re.finditer(rf"(?<![\w₦#$])(?:{pattern})(?!\w)", text.words)):
            text.take_match(found, what)
    return text.skeleton


@cache
def _places() -> str:
    names = {known.plain(name) for name in gazetteer.of_platform().names}
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))

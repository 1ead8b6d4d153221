"""Days as people type them."""

import re
from datetime import date, time, timedelta

from rapidfuzz import process

from bot.matching import folded

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def days_named(words: str, *, today: date) -> list[date]:
    """The days that `words` may mean, day before month: `Saturday`, `28 Nov`, `28/11`, `the 28th`."""
    plain = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", folded(words))
    if plain in ("today", "now"):
        return [today]
    if plain in ("tomorrow", "tmrw", "tomoro"):
        return [today + timedelta(days=1)]
    if plain in ("next tomorrow", "day after tomorrow"):
        return [today + timedelta(days=2)]
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain):
        return _dates(int(found[3]), int(found[2]), int(found[1]), today)
    if found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{2,4}))?", plain):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0) if found[3] else None
        return _dates(int(found[1]), int(found[2]), year, today)
    if found := re.search(r"(?<!\d)(\d{1,2}) ?(?:of )?([a-z]{3,9})|([a-z]{3,9}) (\d{1,2})(?!\d)", plain):
        month = _place(found[2] or found[3], _MONTHS)
        if month is not None:
            return _dates(int(found[1] or found[4]), month + 1, None, today)
    for word in plain.split():
        weekday = _place(word, _WEEKDAYS)
        if weekday is not None:
            first = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
            return [first, first + timedelta(days=7), first + timedelta(days=14)][
                : 1 if "next" not in plain else 2
            ]
    if found := re.fullmatch(r"(?:the )?(\d{1,2})", plain):
        return [day for ahead in range(62) if (day := today + timedelta(days=ahead)).day == int(found[1])][:1]
    return []


def times_named(words: str) -> list[time]:
    """The times of day that `words` may mean: `2pm`, `2:30`, `14:00`, `2 o'clock`; without am or pm, both."""
    found = re.search(
        r"(?<![\d:])(\d{1,2})(?:[:.](\d{2}))? ?(a\.?m|p\.?m|o.?clock|noon)?(?![\d:]|\w)", folded(words)
    )
    if found is None or not (found[2] or found[3]):
        return []
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if hour > 23 or minute > 59:
        return []
    if hour > 12 or half == "n":
        return [time(hour, minute)]
    morning, evening = time(hour % 12, minute), time(hour % 12 + 12, minute)
    return {"a": [morning], "p": [evening]}.get(half, [morning, evening])


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """The place of a name that is written short (from three letters) or with a typing error."""
    if len(word) < 3:
        return None
    for place, name in enumerate(names):
        if name.startswith(word):
            return place
    near = process.extractOne(word, names, score_cutoff=80)
    return near[2] if near and len(word) > 4 else None


def _dates(day: int, month: int, year: int | None, today: date) -> list[date]:
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= today:
            return [found]
    return []

"""Days, and times of day, as people type them. Several visits at once are read in times.py."""

import re
from datetime import MAXYEAR, date, time, timedelta

from rapidfuzz.distance import OSA

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
        return dates(int(found[3]), int(found[2]), int(found[1]), today)
    if found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{2,4}))?", plain):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0) if found[3] else None
        return dates(int(found[1]), int(found[2]), year, today)
    if found := re.search(r"(?<!\d)(\d{1,2}) ?(?:of )?([a-z]{3,9})|([a-z]{3,9}) (\d{1,2})(?!\d)", plain):
        month = month_named(found[2] or found[3])
        if month is not None:
            return dates(int(found[1] or found[4]), month, None, today)
    for word in plain.split():
        weekday = weekday_named(word)
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
    return readings(int(found[1]), int(found[2] or 0), (found[3] or "")[:1])


def readings(hour: int, minute: int, half: str = "") -> list[time]:
    """The times that a clock's figures may mean, the morning's first. half: `a`, `p`, `n` (noon) or none."""
    if hour > 23 or minute > 59:
        return []
    if hour > 12 or half == "n":
        return [time(hour, minute)]
    morning, evening = time(hour % 12, minute), time(hour % 12 + 12, minute)
    return {"a": [morning], "p": [evening]}.get(half, [morning, evening])


def weekday_named(word: str) -> int | None:
    """The weekday (Monday is 0) that `word` is the name of: in full, short, or with a typing error."""
    return _place(word, _WEEKDAYS)


def month_named(word: str) -> int | None:
    """The month (1 to 12) that `word` is the name of."""
    place = _place(word, _MONTHS)
    return None if place is None else place + 1


def week_named(words: str, *, today: date) -> list[date]:
    """The days of `this week`, from today on, or of `next week`, from Monday on."""
    plain = folded(words).removeprefix("the ").removeprefix("whole ").removeprefix("all ")
    ahead = {"this week": 0, "rest of the week": 0, "next week": 7, "whole of next week": 7}.get(plain)
    if ahead is None:
        return []
    monday = today + timedelta(days=ahead - today.weekday())
    return [day for place in range(7) if (day := monday + timedelta(days=place)) >= today]


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """The place of a name that is written short (from three letters) or with a typing error."""
    if len(word) < 3:
        return None
    for place, name in enumerate(names):
        if name.startswith(word):
            return place
    # One letter wrong, two in a long name; never the first one: "remember" is no December, "match" no March.
    slips = {
        place: OSA.distance(word, name, score_cutoff=2)
        for place, name in enumerate(names)
        if name[0] == word[0] and len(name) >= 6
    }
    near = min(slips, key=slips.__getitem__, default=None)
    if near is None or len(word) < 5:
        return None
    return near if slips[near] <= (2 if len(names[near]) >= 7 and len(word) >= 6 else 1) else None


def dates(day: int, month: int, year: int | None, today: date) -> list[date]:
    """The day of that date, the next one where no year is said; none when it is over, or in no calendar."""
    # Eight years ahead there is a 29 February again, whatever century ends in between.
    for candidate in (year,) if year else range(today.year, min(today.year + 8, MAXYEAR) + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= today:
            return [found]
    return []

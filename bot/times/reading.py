"""Reading words as times: what they name is taken out of them, piece by piece, until nothing is left."""

import re
from datetime import date

from bot.days import month_named
from bot.matching import folded
from bot.times.dates import by_date, by_name, meant, up_to, within
from bot.times.hours import hours_named, lasting, lengths_named
from bot.times.wanted import Stop, Unread, Wanted, all_days, fits

LONGEST_TEXT = 300  # characters; what is longer names no times


def read(words: str, *, today: date) -> Wanted | Unread:
    """What `words` say of times, day before month. Days are from today to FARTHEST ahead."""
    if len(words) > LONGEST_TEXT:
        return Unread()
    try:
        return _wanted(_plain(words), today)
    except Stop as stop:
        return stop.unread


_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SMALL_ONE = re.compile(
    rf"\b({'|'.join(_SMALL)})\b(?=[ -]*(?:weeks?|wks?|hours?|hrs?|months?|minutes?|mins?))"
)
_PLAIN = (
    (r"[‐-―−~]", "-"),
    (r"\b([ap])\.m\b\.?", r"\1m"),
    (r"(?:\b12 ?)?\b(?:noon|midday)\b", "12:00pm"),
    (r"\bhalf(?: an|-an| )?[ -]?hour(?:ly)?\b", "30 min"),
    (r"\bhour and (?:a )?half\b", "90 min"),
    (r"\bhourly\b|\b(?:every|each|per|an?) hour\b", "every 60 min"),
    (r"(\d)[ -]?(?:in the )?(?:early )?morning\b", r"\1am"),
    (r"(\d)[ -]?(?:in the )?(?:afternoon|evening)\b", r"\1pm"),
    (r"\b(\d{1,2}) ?o.?clock\b", r"\1:00"),
)


def _plain(words: str) -> str:
    """The words for reading: one way to write a dash, noon, half an hour, small numbers."""
    plain = _SMALL_ONE.sub(lambda found: str(_SMALL.index(found[1]) + 1), folded(words))
    for pattern, by in _PLAIN:
        plain = re.sub(pattern, by, plain)
    return plain


def _wanted(rest: str, today: date) -> Wanted:
    lengths, rest = lengths_named(rest)
    weeks, weekly, rest = _weeks(rest)
    dated, until, rest = by_date(rest, today)
    hours, rest = hours_named(rest)
    weekdays, near, repeats, rest = by_name(rest, today)
    _nothing_left(rest)
    days = meant(dated, weekdays, near, weekly=weekly or repeats, today=today)
    if until is not None and days:
        days = up_to(until, days, weekdays=bool(weekdays), weeks=weeks)
        weekly = repeats = False  # it is known when it ends
    minutes, hours = lasting(lengths, hours)
    wanted = Wanted(tuple(days), tuple(hours), minutes, weeks, weekly or repeats)
    if wanted == Wanted():
        raise Stop
    for day in all_days(wanted):
        within(day, today)
    if not fits(wanted):
        raise Stop(Unread("length"))
    return wanted


_WEEKS = re.compile(
    r"\b(?:(?:for|over|in)\s+)?(?:the\s+)?(?:next\s+)?(\d{1,2}|an?)\s*-?\s*(weeks?|wks?|months?)\b"
)
_WEEKLY = re.compile(r"\b(?:every week|each week|weekly)\b")
_NEXT_FEW = re.compile(r"\b(?:next|coming)\s+(\d{1,2})\s+(?=[a-z]{3,9}s\b)")


def _weeks(rest: str) -> tuple[int | None, bool, str]:
    """For how many weeks, and whether it comes back."""
    if re.search(r"\bevery (?:other|second|\d) ?(?:weeks?|wks?)\b|fortnight|\balternate\b", rest):
        raise Stop
    weekly = _WEEKLY.search(rest) is not None
    rest = _WEEKLY.sub(" ; ", rest)
    found = [
        (1 if match[1] in ("a", "an") else int(match[1])) * (4 if match[2].startswith("m") else 1)
        for match in _WEEKS.finditer(rest)
    ] + [int(match[1]) for match in _NEXT_FEW.finditer(rest)]
    if len(found) > 1 or found == [0]:
        raise Stop
    return (found[0] if found else None), weekly, _NEXT_FEW.sub(" ; ", _WEEKS.sub(" ; ", rest))


_STOPPERS = re.compile(
    r"\d|\b(?:except|but|not|no|without|apart|skip|other|alternate|monthly|months?|people|persons?|seekers?)\b"
)


def _nothing_left(rest: str) -> None:
    """Words of no meaning here are let pass; figures, months and exceptions are not."""
    if _STOPPERS.search(rest) or any(
        month_named(word) is not None and len(word) > 3 for word in re.findall(r"[a-z]+", rest)
    ):
        raise Stop

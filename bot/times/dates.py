"""The days that words name: dates, weekdays, and days near today. Each reader takes its words out of them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.days import dates, days_named, month_named, weekday_named
from bot.times.wanted import FARTHEST, Stop, Unread

LATELY = timedelta(days=60)  # a date that is over by less is not next year's
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_UNTIL = r"(?P<until>\b(?:until|till|til|to|-)\s*)?"
_DATES = (
    re.compile(_UNTIL + r"(?<![\d:./-])(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<days>\d{1,2})(?!\d)"),
    re.compile(
        _UNTIL + r"(?<![\d:./])(?P<days>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\d/])"
    ),
    re.compile(
        _UNTIL + r"(?<![\d:./])(?P<days>\d{1,2})[.-](?P<month>\d{1,2})[.-](?P<year>20\d\d|\d\d)(?!\d)"
    ),
    re.compile(
        _UNTIL + rf"(?<![\d:./])(?P<days>{_NTH}(?:\s*(?:,|and|&|-|to)\s*{_NTH})*)\s*(?:of\s+)?"
        r"(?P<month>[a-z]{3,9})\b(?:,?\s+(?P<year>20\d\d)\b(?!:))?"
    ),
    re.compile(
        _UNTIL + rf"\b(?P<month>[a-z]{{3,9}})\s+(?P<days>{_NTH})(?![\d:/])(?!\s*(?:am|pm|-|to\b))"
        r"(?:,?\s+(?P<year>20\d\d)\b(?!:))?"
    ),
)
_ORDINAL = re.compile(r"\b(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)\b")


def by_date(rest: str, today: date) -> tuple[list[date], date | None, str]:
    """The days that are named by their date, and the one until which it goes on."""
    found: list[date] = []
    ends: list[date] = []

    def take(match: re.Match[str]) -> str:
        name = match["month"]
        month = int(name) if name.isdecimal() else month_named(name)
        if month is None:
            return match[0]
        year = int(match["year"]) % 100 + 2000 if match["year"] else None
        numbers, left = _numbers(match["days"])
        days = [_date(day, month, year, today) for day in numbers]
        if left:  # "10 to 2, 28 Nov"
            found.extend(days)
            return match[0][: match.start("days") - match.start()] + left
        if match["until"] and found:
            ends.append(days.pop(0))
        elif match["until"] and len(days) == 1 and not match["until"].startswith("-"):
            ends.append(days.pop())
        found.extend(days)
        return " ; "

    for pattern in _DATES:
        rest = pattern.sub(take, rest)
    for match in _ORDINAL.finditer(rest):
        found.extend(days_named(match[1], today=today))
    if len(ends) > 1:
        raise Stop
    return found, (ends[0] if ends else None), _ORDINAL.sub(" ; ", rest)


def _numbers(text: str) -> tuple[list[int], str]:
    """`28, 29 and 30`, `28-30`; and what of it is none of these, but hours before a day."""
    found: list[int] = []
    for match in re.finditer(r"(\D*)(\d{1,2})", text):
        number, is_range = int(match[2]), "-" in match[1] or "to" in match[1]
        if is_range and found and number <= found[-1]:
            last = re.findall(r"\d{1,2}", text)[-1]
            return [int(last)], text[: text.rindex(last)]
        if is_range and found:
            found.extend(range(found[-1] + 1, number))
        found.append(number)
    return found, ""


def _date(day: int, month: int, year: int | None, today: date) -> date:
    found = dates(day, month, year, today) if 1 <= month <= 12 else []
    try:
        this_year = date(year or today.year, month, day)
    except ValueError:
        this_year = None
    if this_year is not None and this_year < today and (not found or today - this_year < LATELY):
        raise Stop(Unread("over", this_year))
    if not found:
        raise Stop
    return within(found[0], today)


def within(day: date, today: date) -> date:
    if day - today > FARTHEST:
        raise Stop(Unread("far", day))
    return day


_NEAR = (
    (r"\b(?:next tomorrow|day after tomorrow)\b", 2),
    (r"\b(?:tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr|tomoro|2moro)\b", 1),
    (r"\btoday\b", 0),
)
_EVERY_DAY = re.compile(r"\b(?:every ?day|each day|daily)\b")
_FROM_TO = re.compile(r"\b([a-z]{3,10})\s*(?:-|to|till|through)\s*([a-z]{3,10})\b")
_GROUPS = {"weekend": (5, 6), "weekends": (5, 6), "weekday": (0, 1, 2, 3, 4), "weekdays": (0, 1, 2, 3, 4)}


def by_name(rest: str, today: date) -> tuple[list[int], list[date], bool, str]:
    """Weekdays, days near today, and whether every week was said of them."""
    near: list[date] = []
    for pattern, ahead in _NEAR:
        if re.search(pattern, rest):
            near.append(today + timedelta(days=ahead))
            rest = re.sub(pattern, " ; ", rest)
    weekdays: list[int] = []
    weekly = False
    if _EVERY_DAY.search(rest):
        weekdays, weekly, rest = list(range(7)), True, _EVERY_DAY.sub(" ; ", rest)

    def take_range(match: re.Match[str]) -> str:
        first, last = _weekday(match[1]), _weekday(match[2])
        if first is None or last is None:
            return match[0]
        weekdays.extend((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
        return " ; "

    words = _FROM_TO.sub(take_range, rest).split()
    left: list[str] = []
    for place, raw in enumerate(words):
        word = raw.strip(",.;&")
        one = _weekday(word)
        if word in _GROUPS:
            weekdays.extend(_GROUPS[word])
            weekly = weekly or word.endswith("s")
        elif one is not None:
            weekdays.append(one)
            weekly = weekly or (word.endswith("s") and word not in ("tues", "thurs", "weds"))
            if "next" in words[max(0, place - 1) : place]:
                near.append(_next(one, today))
                weekdays.pop()
        else:
            left.append(word)
    weekly = weekly or (bool(weekdays) and any(word in ("every", "each") for word in left))
    return weekdays, near, weekly, " ".join(left)


def _weekday(word: str) -> int | None:
    found = weekday_named(word)
    return weekday_named(word[:-1]) if found is None and word.endswith("s") else found


def _next(weekday: int, today: date) -> date:
    """ "Next Saturday", said on a Wednesday, is not the one of this week."""
    soonest = _soonest(weekday, today + timedelta(days=1))
    same_week = soonest.isocalendar()[:2] == today.isocalendar()[:2]
    return soonest + timedelta(days=7) if same_week else soonest


def _soonest(weekday: int, since: date) -> date:
    return since + timedelta(days=(weekday - since.weekday()) % 7)


def meant(
    dated: Sequence[date], weekdays: Sequence[int], near: Sequence[date], *, weekly: bool, today: date
) -> list[date]:
    """The days meant, each once. A weekday beside a date is its name, or comes back from that date on."""
    fixed = [*dated, *near]
    if not weekdays:
        return sorted(set(fixed))
    if not fixed:
        return sorted({_soonest(weekday, today + timedelta(days=1)) for weekday in weekdays})
    if weekly and len(fixed) == 1:
        return sorted({_soonest(weekday, fixed[0]) for weekday in weekdays})
    wrong = next((day for day in fixed if day.weekday() not in weekdays), None)
    if wrong is not None:
        raise Stop(Unread("weekday", wrong))
    return sorted(set(fixed))


def up_to(until: date, days: Sequence[date], *, weekdays: bool, weeks: int | None) -> list[date]:
    """Up to a day: every week on these weekdays, or every day."""
    if until < days[0] or weeks is not None:
        raise Stop(Unread("backwards"))
    if weekdays:
        found = [
            day + timedelta(weeks=week)
            for day in days
            for week in range((until - days[0]).days // 7 + 1)
            if day + timedelta(weeks=week) <= until
        ]
        return sorted(found)
    if len(days) > 1:
        raise Stop
    return [days[0] + timedelta(days=ahead) for ahead in range((until - days[0]).days + 1)]

"""The days that words name, one expression at a time: each kind is a pattern and what it comes to.

The patterns read `spelt` words: `wd5` is Saturday, `mo12` December, `mq5` May, `3wth` "third".
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.assistant.reading.when import calendar
from bot.assistant.reading.when.calendar import Days
from bot.assistant.reading.when.marks import ALONE

Rule = Callable[[re.Match[str], date], Days | None]

_ND = r"(?:st|nd|rd|th|wth)"
_DAY = rf"\d{{1,2}}{_ND}?"
_WD = r"wd(?P<wd>\d)"
_MONTH = r"m[oq](?P<month>\d{1,2})(?!\d)"
_YEAR = r"(?:,? (?P<year>20\d\d)(?![\d:]))?"
# What a number counts is no date: "in May 2 bedrooms", "3/4 bed", "the 3rd floor".
_THING = (
    r"(?! ?-?(?:bed|bedroom|bdr|br\b|room|bath|toilet|flat|duplex|unit|plot|million|mil\b|m\b|k\b|thousand|"
    r"naira|"
    r"floor|avenue|street|road|close|gate|one|1\b|option|choice|house|property|listing|storey|person|"
    r"people|%|"
    r"night|week|day\b|month|year|hour|minute|sqm|acre|bq|am\b|pm\b|oclock|past\b))"
)
_BEFORE_A_DAY = (
    "on",
    "by",
    "for",
    "to",
    "from",
    "before",
    "after",
    "until",
    "between",
    "be",
    "this",
    "around",
)
# Nothing that belongs to a number stands before, nor a place that is numbered.
_FREE = r"(?<![\w:./,'-])(?<!phase )(?<!mile )(?<!zone )(?<!wuse )(?<!block )(?<!unit )(?<!\bno )"
_AFTER = "(?:" + "|".join(rf"(?<=\b{word} )" for word in _BEFORE_A_DAY) + ")"
_WEEKS_AHEAD = {
    "this": 0,
    "this coming": 0,
    "rest of the": 0,
    "rest of this": 0,
    "later this": 0,
    "the rest of the": 0,
    "next": 1,
    "coming": 1,
    "upcoming": 1,
    "following": 1,
    "the coming": 1,
    "the following": 1,
    "upper": 2,
    "next next": 2,
    "last": -1,
    "past": -1,
    "this past": -1,
    "previous": -1,
}
_WHICH = rf"(?:the )?(?P<which>{'|'.join(sorted(_WEEKS_AHEAD, key=len, reverse=True))})"
_WEEK = rf"(?:{_WHICH} week|(?P<afternext>(?:the )?week after next(?: week)?))(?!end)"
_TO = r"(?:-|to|and|or|until|through|/)"
_PART = (
    r"(?:(?:the )?(?:early|mid|middle|late|beginning|start|sometime|any ?time|any day)[ -](?:of |"
    r"in )?(?:the )?)?"
)
_COUNT = r"(?P<count>\d{1,3}|an?|a couple of|couple of)"
_UNIT = r"(?P<unit>day|week|month)(?:'?s?'?)"
_TIME = r"(?:(?:'?s'?)? time)?"


def _count(found: re.Match[str]) -> int:
    said = found["count"]
    return int(said) if said.isdecimal() else 2 if "couple" in said else 1


def _weeks(found: re.Match[str]) -> int:
    return 2 if found["afternext"] else _WEEKS_AHEAD[found["which"]]


def _moved(today: date, count: int, unit: str) -> Days | None:
    if unit == "month":
        day = calendar.months_ahead(today, count)
        return calendar.one(day) if day else None
    return calendar.ahead(today, count * (7 if unit == "week" else 1))


# --- dates ------------------------------------------------------------------------------------------------
def _iso(found: re.Match[str], today: date) -> Days | None:
    return calendar.day_of_month(today, int(found["day"]), int(found["no"]), int(found["year"]))


def _figures(found: re.Match[str], today: date) -> Days | None:
    year = int(found["year"]) % 100 + 2000 if found["year"] else None
    return calendar.day_of_month(today, int(found["day"]), int(found["no"]), year)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,2}", text)]


def _dated(found: re.Match[str], today: date) -> Days | None:
    """`10 December`, `10th to 14th of December`, `10 and 11 December 2026`."""
    year = int(found["year"]) if found["year"] else None
    read = [calendar.day_of_month(today, day, int(found["month"]), year) for day in _numbers(found["days"])]
    if len(read) == 1:
        return read[0]
    days = [each for each in read if each]
    if len(days) < len(read):
        return None
    first, last = days[0], days[-1]
    if last.first < first.first and year is None:  # it has begun: the one of this year
        first = calendar.day_of_month(today, first.first.day, int(found["month"]), last.first.year) or first
    return Days(min(first.first, last.first), max(first.first, last.first))


def _dated_relative(found: re.Match[str], today: date) -> Days | None:
    """ "The 5th of next month"."""
    month = calendar.month(today, _MONTHS_AHEAD[found["rel"]])
    return month and calendar.day_of_month(
        today, _numbers(found["days"])[0], month.last.month, month.last.year
    )


def _numbered(found: re.Match[str], today: date) -> Days | None:
    numbers = _numbers(found["days"])
    read = [calendar.numbered(today, number) for number in numbers]
    first, last = read[0], read[-1]
    if first is None or last is None:
        return None
    return (
        first
        if len(numbers) == 1
        else Days(first.first, max(first.first, calendar.after(first.first, last).first))
    )


# --- weeks and weekdays -----------------------------------------------------------------------------------
def _weekday_of_week(found: re.Match[str], today: date) -> Days | None:
    first = calendar.weekday_of_week(today, int(found["wd"]), _weeks(found))
    if not found.groupdict().get("wd2"):
        return first
    last = calendar.weekday_of_week(today, int(found["wd2"]), _weeks(found))
    return Days(min(first.first, last.first), max(first.first, last.first))


def _which_weekday(found: re.Match[str], today: date) -> Days | None:
    which, weekday = found["which"].removeprefix("the "), int(found["wd"])
    if which in ("this", "coming", "this coming", "upcoming"):
        return calendar.coming(today, weekday)
    if _WEEKS_AHEAD[which] < 0:
        return calendar.past(today, weekday)
    return calendar.weekday_of_week(today, weekday, _WEEKS_AHEAD[which])


def _weekend(found: re.Match[str], today: date) -> Days | None:
    which = found["which"]
    return calendar.weekend(today, 0 if which in ("coming", "upcoming") else _WEEKS_AHEAD[which])


def _week_of_month(found: re.Match[str], today: date) -> Days | None:
    month = _month(found, today)
    if month is None:
        return None
    first = month.last.replace(day=1)
    if found["nth"].startswith("last"):
        return Days(month.last.replace(day=month.last.day - 6), month.last)
    begin = 7 * (int(found["nth"][0]) - 1) + 1
    return Days(first.replace(day=begin), first.replace(day=min(begin + 6, month.last.day)))


def _weekend_of_month(found: re.Match[str], today: date) -> Days | None:
    month = _month(found, today)
    if month is None:
        return None
    first = month.last.replace(day=1)
    if found["nth"].startswith("last"):
        sunday = month.last - timedelta(days=(month.last.weekday() + 1) % 7)
        return Days(sunday - timedelta(days=1), sunday)
    saturday = first + timedelta(days=(5 - first.weekday()) % 7 + 7 * (int(found["nth"][0]) - 1))
    return Days(saturday, saturday + timedelta(days=1))


# --- months -----------------------------------------------------------------------------------------------
_MONTHS_AHEAD = {"this": 0, "the": 0, "rest of the": 0, "rest of this": 0, "next": 1, "coming": 1, "last": -1}
_RELATIVE = rf"(?P<rel>{'|'.join(sorted(_MONTHS_AHEAD, key=len, reverse=True))}) month"
_ANY_MONTH = rf"(?:{_MONTH}{_YEAR}|(?:the )?{_RELATIVE}|(?P<bare>month))"


def _month(found: re.Match[str], today: date) -> Days | None:
    said = found.groupdict()
    if said.get("month"):
        year = int(said["year"]) if said.get("year") else None
        if said.get("years"):
            year = today.year + (1 if said["years"] == "next" else 0)
        return calendar.month_of(today, int(said["month"]), year)
    return calendar.month(today, _MONTHS_AHEAD[said.get("rel") or "this"])


_NUMBERED = re.compile(rf"\d{_ND}? ?(?:of )?$")


def _month_alone(found: re.Match[str], today: date) -> Days | None:
    """A month of which no day was said: 31 February is no February."""
    if _NUMBERED.search(found.string, max(0, found.start() - 10), found.start()):
        return None
    return _month(found, today)


def _end(found: re.Match[str], today: date) -> Days | None:
    if found.groupdict().get("weekly") is not None:
        return calendar.one(calendar.week(today, 1 if "next" in found["weekly"] else 0).last)
    month = _month(found, today)
    return calendar.one(month.last) if month else None


def _end_of_year(found: re.Match[str], today: date) -> Days | None:
    return calendar.one(date(today.year + (1 if found["next"] else 0), 12, 31))


def _next_year(found: re.Match[str], today: date) -> Days | None:
    return Days(date(today.year + 1, 1, 1), date(today.year + 1, 12, 31))


def _holiday(day: int, month: int) -> Rule:
    return lambda found, today: calendar.day_of_month(today, day, month, None)


def _near(days: int) -> Rule:
    return lambda found, today: calendar.ahead(today, days)


def _counted_from(found: re.Match[str], today: date) -> Days | None:
    """ "A week from today", "two weeks from Friday"."""
    start = {"now": today, "today": today, "tomorrow": today + timedelta(days=1)}.get(found["from"])
    start = start or calendar.weekday_after(today, int(found["wd"]))
    return _moved(start, _count(found), found["unit"])


def _window(found: re.Match[str], today: date) -> Days | None:
    said = found["count"]
    count = int(said) if said.isdecimal() else 3 if said == "few" else 2 if "couple" in said else 1
    last = _moved(today, count, found["unit"])
    return Days(today, last.first) if last else None


# In this order: what is longer, and surer, comes first.
_RULES: Sequence[tuple[str, Rule]] = (
    (rf"{_FREE}(?P<year>20\d\d)[-/](?P<no>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?!\d)", _iso),
    (
        rf"{_FREE}(?!24/7(?!\d))(?P<day>\d{{1,2}})/(?P<no>\d{{1,2}})(?:/(?P<year>20\d\d|"
        rf"\d\d))?(?![\d/]){_THING}",
        _figures,
    ),
    (
        rf"{_FREE}(?P<day>\d{{1,2}})(?P<sep>[.-])(?P<no>\d{{1,2}})(?P=sep)(?P<year>20\d\d|\d\d)(?!\d)",
        _figures,
    ),
    (
        rf"(?:the )?(?P<nth>[1-4]{_ND}|last) week (?:of|in|for)? ?(?:the month of )?{_ANY_MONTH}",
        _week_of_month,
    ),
    (rf"\b{_MONTH},? (?:the )?(?P<nth>[1-4]{_ND}|last) week\b", _week_of_month),
    (
        rf"(?:the )?(?P<nth>[1-4]{_ND}|last) weekend (?:of|in|for)? ?(?:the month of )?{_ANY_MONTH}",
        _weekend_of_month,
    ),
    (rf"(?:\bthe )?\b(?:last day|end(?:ing)?) (?:of )?(?:the month of )?{_ANY_MONTH}", _end),
    (rf"{_ANY_MONTH}[ -]?end(?:ing|s)?\b", _end),
    (r"(?:\bthe )?\bend (?:of )?(?P<weekly>(?:the |this |next )week)(?!end)", _end),
    (
        r"(?:\bthe )?\bend (?:of )?(?:the |this |(?P<next>next ))?year\b|\byear[ -]end\b",
        _end_of_year,
    ),
    (
        rf"{_FREE}(?P<days>{_DAY}(?: ?(?:-|&|to|and|or|until|"
        rf"/) ?(?:the )?{_DAY})*) ?(?:day )?(?:of )?(?:the month of )?{_MONTH}"
        rf"{_YEAR}(?! (?:be|have|not|i)\b)",
        _dated,
    ),
    (
        rf"\b{_MONTH} (?:the )?(?P<days>{_DAY}(?: ?(?:-|&|to|and|or|until) ?{_DAY}(?! ?m[oq]))*)"
        rf"(?!\d|:|[.,]\d| ?-? ?(?:am|pm)\b){_THING}{_YEAR}",
        _dated,
    ),
    (rf"(?:the )?(?P<days>{_DAY}) (?:of )?(?:the )?{_RELATIVE}", _dated_relative),
    (rf"{_MONTH} (?:of )?(?P<years>this|next) year", _month),
    (rf"(?P<years>this|next) year,? {_MONTH}", _month),
    (
        rf"{_WEEK},? (?:on |by |for |(?:from |between )(?=wd\d {_TO} ?wd))?{_WD}(?: ?{_TO} ?wd(?P<wd2>\d))?",
        _weekday_of_week,
    ),
    (
        rf"{_WD}(?: ?{_TO} ?wd(?P<wd2>\d))?,? (?:of |in |on )?{_WEEK}",
        _weekday_of_week,
    ),
    (rf"{_PART}{_WHICH} weekend", _weekend),
    (rf"weekend (?:of )?{_WEEK}", lambda found, today: calendar.weekend(today, _weeks(found))),
    (rf"{_WEEK} weekend", lambda found, today: calendar.weekend(today, _weeks(found))),
    (r"(?:the )?weekend after next", lambda found, today: calendar.weekend(today, 2)),
    (
        r"(?:the )?weekend after(?: that| this)?(?! \w)(?!,? (?:the )?(?:\d|mo\d|mq\d))",
        lambda found, today: calendar.weekend(today, 1),
    ),
    # "The weekend after, 11th to 13th": its days are said.
    (
        r"(?:the )?weekend(?P<which>)?(?! (?:job|home))(?! after(?: that| this)?,? (?:the )?(?:\d|mo\d|"
        r"mq\d))",
        lambda found, today: calendar.weekend(today, 0),
    ),
    (rf"\b{_WHICH} {_WD}", _which_weekday),
    (rf"\b(?P<sep>){_WD},? (?P<which>coming)\b", _which_weekday),
    (rf"\b{_COUNT} {_UNIT} (?:from|after) (?P<from>now|today|tomorrow|wd(?P<wd>\d))\b", _counted_from),
    (r"\bday after tomorrow|\bnext tomorrow|\btomorrow next|\btomorrow tomorrow", _near(2)),
    (r"\bday before yesterday", _near(-2)),
    (r"\btomorrow", _near(1)),
    (r"\byesterday", _near(-1)),
    (r"\btoday(?: today)?", _near(0)),
    (
        rf"\b(?:within|in|over|for|during)? ?(?:the )?(?:next|coming) (?P<count>\d{{1,3}}|couple of|"
        rf"few) {_UNIT}\b",
        _window,
    ),
    (rf"\bwithin (?:the )?{_COUNT} {_UNIT}\b", _window),
    (
        rf"\b(?:in|after) (?!an? day){_COUNT} {_UNIT}{_TIME}\b(?! (?:rent|stay|lease|notice))",
        lambda found, today: _moved(today, _count(found), found["unit"]),
    ),
    (
        rf"\b{_COUNT} {_UNIT} ?(?:'?s?'? ?time)\b",
        lambda found, today: _moved(today, _count(found), found["unit"]),
    ),
    (
        rf"\b{_COUNT} {_UNIT} (?:ago|back)\b",
        lambda found, today: _moved(today, -_count(found), found["unit"]),
    ),
    (rf"\b{_PART}{_WEEK}", lambda found, today: calendar.week(today, _weeks(found))),
    (
        rf"\b{_PART}(?:(?:whole|all|rest) of )?(?:the )?{_RELATIVE}(?<!the month)|"
        rf"\brest of (?P<bare>the month)",
        _month,
    ),
    (rf"\b{_PART}mo(?P<month>\d{{1,2}})(?!\d)(?:,? (?P<year>20\d\d)(?![\d:]))?", _month_alone),
    (
        r"(?:(?<=\bin )|(?<=\bby )|(?<=\bof )|(?<=\bfor )|(?<=\bthis )|(?<=\bnext )|(?<=\bfrom )|"
        r"(?<=\bbefore )"
        r"|(?<=\bafter )|(?<=\buntil )|(?<=\bsince )|"
        r"(?<=\baround ))mq(?P<month>\d)(?: (?P<year>20\d\d)(?![\d:]))?"
        r"(?! (?:be|have|i|we|not))",
        _month,
    ),
    (r"\bmq(?P<month>\d),? (?P<year>20\d\d)(?![\d:])", _month_alone),
    (rf"\b{_WD}(?! (?:market|street|road))", lambda found, today: calendar.coming(today, int(found["wd"]))),
    (r"\bnext year\b", _next_year),
    (r"\bchristmas eve\b", _holiday(24, 12)),
    (r"\bboxing day\b", _holiday(26, 12)),
    (r"(?<!merry )(?<!happy )\bchristmas(?: day)?\b(?! (?:light|decor|bonus))", _holiday(25, 12)),
    (r"\bnew year'?s? eve\b", _holiday(31, 12)),
    (r"(?<!happy )(?<!prosperous )\bnew year(?:'?s)?(?: day)?\b", _holiday(1, 1)),
    # A bare number of a month is told from "the second one" by what stands before it.
    (
        rf"{_AFTER}(?:the )?(?P<days>(?:{_DAY} ?(?:-|to|and|or|until) ?(?:the )?)?\d{{1,2}}{_ND}){ALONE}",
        _numbered,
    ),
    (
        rf"(?:\bthe )?{_FREE}(?P<days>(?:{_DAY} ?(?:-|to|and|or|until) ?(?:the )?)?(?:1[1-9]|2\d|"
        rf"3[01]){_ND}){ALONE}",
        _numbered,
    ),
    (rf"(?<=\bon )the (?P<days>\d{{1,2}}){ALONE}", _numbered),
)


def named(rule: Rule, found: re.Match[str], today: date) -> Days | None:
    """What it comes to; nothing beyond the end of the calendar."""
    try:
        return rule(found, today)
    except (OverflowError, ValueError):
        return None


RULES = [(re.compile(pattern), rule) for pattern, rule in _RULES]

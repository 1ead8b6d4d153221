"""Days in their place: a weekday beside its date, from one day to another, before, by, from or after a day."""

import re
from datetime import date, timedelta

from bot.assistant.reading.when import calendar
from bot.assistant.reading.when.board import Board, Span
from bot.assistant.reading.when.calendar import Days
from bot.assistant.reading.when.days import RULES
from bot.assistant.reading.when.marks import DAY, FILL


def dates(board: Board, today: date) -> None:
    for pattern, rule in RULES:
        for found in list(pattern.finditer(board.text)):
            days = rule(found, today)
            if days is not None and DAY not in found[0]:
                apart = None
                if not days.is_one and re.search(r"\d\w* ?(?:to|until) ?(?:the )?\S*\d", found[0]):
                    apart = calendar.one(days.first), calendar.one(days.last)
                board.put(Span(found.start(), found.end(), days, days.first, days.last, apart))


_D = rf"{DAY}{FILL}*"
_NAMED = re.compile(rf"({_D})(?:,? |, ?|/| ?\()(?:the |on )?({_D})\)?")
_NUMBER_AFTER = re.compile(rf"({_D}) (1[3-9]|2\d|3[01])(?![\d:.,%]| ?(?:bed|room|am|pm|k|m|million)\b)")
_STRETCH = re.compile(
    rf"(?:\b(?P<how>between|from|starting(?: from| on)?) (?:the )?)?(?P<one>{_D}|\bnow|\b\d{{1,2}}(?:st|nd|rd|th)) ?"
    rf"(?P<to>-|to|until|through|and|up to)? ?(?:the )?(?P<other>{_D})"
)
_EITHER = re.compile(rf"({_D})(?: ?(?:,? or|,? and|/|&|,) ?(?:on |the |maybe )?(?={DAY}))({_D})")
_BOUND = re.compile(
    rf"\b(?P<how>before|by|until|up to|not later than|no later than|latest(?: by)?|on or before|after|from|as from"
    rf"|(?:starting|beginning)(?: from| on)?|not before|on or after|any ?time from|any ?time after|any ?time before"
    rf"|between now and|since) (?:the )?(?P<day>{_D})|(?P<since>{_D}) (?:onwards?|upwards?|and (?:above|beyond|after)|or later)\b"
    rf"|(?P<till>{_D}) (?:latest|at the latest|or (?:before|earlier))\b"
)


def bounds(board: Board, today: date) -> None:
    """Weekdays beside their dates, stretches from one day to another, and what is before or after a day."""
    for found in board.matches(_NUMBER_AFTER):
        named, numbered = board.spans[found.start(1)], calendar.numbered(today, int(found[2]))
        if named.days and numbered and named.days.weekday is not None:
            board.put(_of(found, numbered))
    for found in board.matches(_NAMED):
        one, other = board.spans[found.start(1)].days, board.spans[found.start(2)].days
        if one is None or other is None or not (one.is_one and other.is_one):
            continue
        if one.weekday is not None and other.weekday is None:
            board.put(_of(found, other))
        elif other.weekday is not None and one.weekday is None and one.first.weekday() == other.weekday:
            board.put(_of(found, one))
    for found in board.matches(_STRETCH):
        _stretch(found, board, today)
    for found in board.matches(_EITHER):
        one, other = board.spans[found.start(1)], board.spans[found.start(2)]
        if one.days and other.days:
            last = other.days
            if re.search(r"\bnext |\bweek", board.text[max(0, found.start() - 5) : found.start()]):
                last = calendar.after(one.days.first, last)
            days = Days(min(one.days.first, last.first), max(one.days.last, last.last))
            board.put(_of(found, days))
    for found in board.matches(_BOUND):
        span = board.spans[found.start("day") if found["day"] else found.start("since" if found["since"] else "till")]
        if span.days is not None:
            board.put(_bound(found, span, span.days))


def _of(found: "re.Match[str]", days: Days, apart: tuple[Days | None, Days | None] | None = None) -> Span:
    return Span(found.start(), found.end(), days, days.first, days.last, apart)


def _stretch(found: "re.Match[str]", board: Board, today: date) -> None:
    if not found["to"] or (found["to"] == "and" and found["how"] != "between"):
        return
    other = board.spans[found.start("other")].days
    if found["one"] == "now":
        one: Days | None = calendar.one(today)
    elif found["one"][0] == DAY:
        one = board.spans[found.start("one")].days
    elif other is not None:
        number = int(re.sub(r"\D", "", found["one"]))
        one = calendar.day_of_month(today, number, other.first.month, other.first.year)
    if one is None or other is None:
        return
    if one.weekday is not None and other.weekday is None and other.is_one and found["one"][0] == DAY:
        # "Tuesday to Thursday next week": the first is of that week as well.
        same = calendar.weekday_of_week(other.first, one.weekday, 0)
        if today < same.first < other.first and (other.number is None and other.month is None):
            one = same
    last = calendar.after(one.first, other)
    apart = (one, other) if found["to"] in ("to", "until") and found["how"] != "between" else None
    if last.last < one.first:
        if apart is None:
            return
        one, last = last, one
    board.put(_of(found, Days(one.first, last.last), apart))


_BEFORE = ("before", "anytime before", "any time before")
_BY = ("by", "until", "up to", "not later than", "no later than", "latest", "latest by", "on or before")
_AFTER = ("after", "anytime after", "any time after")


def _bound(found: "re.Match[str]", span: Span, days: Days) -> Span:
    """Before, until, after or from a day, or a week, or a month."""
    how, since, until = found["how"] or "", None, None
    own: tuple[Days | None, Days | None] | None = span.apart
    if found["till"] or how in _BY:
        until = days.last
        own = (None, days) if how == "until" else None
    elif how in _BEFORE:
        until = days.first - timedelta(days=1)
    elif how in _AFTER:
        since = days.last + timedelta(days=1)
    elif how == "between now and":
        until = days.last
    else:
        since = days.first
        if own is not None:  # "from 10th to 14th of December" has its end
            until = days.last
        elif how == "from":
            own = days, None
    return Span(found.start(), found.end(), days, since, until, own)

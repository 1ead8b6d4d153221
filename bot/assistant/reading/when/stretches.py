"""Days in their place: a weekday beside its date, from one day to another, before or after one."""

import re
from datetime import date, timedelta

from bot.assistant.reading.when import calendar
from bot.assistant.reading.when.board import Board, Span
from bot.assistant.reading.when.calendar import Days
from bot.assistant.reading.when.days import RULES, named
from bot.assistant.reading.when.marks import A_DAY, DAY


def dates(board: Board, today: date) -> None:
    for pattern, rule in RULES:
        for found in list(pattern.finditer(board.text)):
            days = named(rule, found, today)
            if days is not None and DAY not in found[0]:
                apart = None
                if not days.is_one and re.search(r"\d\w* ?(?:to|until) ?(?:the )?\S*\d", found[0]):
                    apart = calendar.one(days.first), calendar.one(days.last)
                board.put(Span(found.start(), found.end(), days, days.first, days.last, apart))


_NAMED = re.compile(rf"({A_DAY})(?:,? |, ?|/| ?\()(?:the |on )?({A_DAY})\)?")
_NUMBER_AFTER = re.compile(
    rf"({A_DAY}) (1[3-9]|2\d|3[01]|(?:[1-9]|1[0-2])(?=(?:st|nd|rd|th)\b))(?:st|nd|rd|th)?(?![\d:.,%]| "
    f"?(?:bed|room|am|pm|k|m|million)\b)"
)
_STRETCH = re.compile(
    r"(?:\b(?P<how>between|from|starting(?: from| on)?) (?:the )?)?"
    rf"(?P<one>{A_DAY}|\bnow|\b\d{{1,2}}(?:st|nd|rd|th)) ?(?P<to>-|to|until|through|and|up to) ?(?:the )?"
    rf"(?P<other>{A_DAY})"
)
_EITHER = re.compile(
    rf"({A_DAY}) ?(?:,? or|,? and|/|&|,(?= ?{A_DAY},? (?:or|and) )) ?(?:on |the |maybe )?({A_DAY})"
)
_BEFORE = ("before", "anytime before", "any time before")
_BY = ("by", "until", "up to", "not later than", "no later than", "latest", "latest by", "on or before")
_AFTER = ("after", "anytime after", "any time after")
_FROM = (
    *("from", "as from", "starting", "starting from", "starting on", "beginning", "beginning from", "since"),
    *("beginning on", "not before", "on or after", "anytime from", "any time from"),
)
_HOW = "|".join(sorted(("between now and", *_BEFORE, *_BY, *_AFTER, *_FROM), key=len, reverse=True))
_BOUND = re.compile(
    rf"\b(?P<how>{_HOW}) (?:the )?(?P<day>{A_DAY})"
    rf"|(?P<since>{A_DAY}) (?:onwards?|upwards?|and (?:above|beyond|after)|or later)\b"
    rf"|(?P<till>{A_DAY}) (?:latest|at the latest|or (?:before|earlier))\b"
)
_LONG = re.compile(r"\bbeen \w+ing\b|\b(?:don|dey) (?:dey )?(?:find|look|search)")
# When something else happens is no day of a visit: "I'm marrying in January", "my rent expires next month".
_OF_A_REASON = re.compile(
    r"\b(?:marry(?:ing)?|married|wedding|deliver(?:ing|y)?|give birth|birthday|expir(?:es?|ed|ing|y)|"
    r"graduat\w+|"
    r"retir\w+|due|resum(?:es?|ing|ption)|evict\w*|quit notice|(?:rent|lease|tenancy)(?: \w+)? (?:ends?|"
    r"finish(?:es)?|"
    r"is up|is due|due|dey finish|go finish))"
    r"(?: (?!to\b|so\b|and\b|but\b|want\b|need\b|see\b|view\b|find\b|i\b)[a-z']+){0,3}? "
    rf"(?:in|on|by|is|next|this|for|comes? up)? ?(?:the )?(?P<day>{A_DAY})(?! (?:viewing|inspection|visit))"
)
# "The findings from yesterday's inspection" are from no day on.
_OF_A_VISIT = re.compile(r"(?:'?s)? (?:inspection|viewing|visit|job|appointment|tour|booking|assignment)")


def bounds(board: Board, today: date) -> None:
    """Weekdays beside their dates, stretches from one day to another, and what is before or after a day."""
    for found in board.matches(_OF_A_REASON):
        board.put(Span(found.start("day"), found.end("day")))
    for found in board.matches(_NUMBER_AFTER):
        named, numbered = board.spans[found.start(1)].days, calendar.numbered(today, int(found[2]))
        if named and numbered and named.weekday is not None:
            board.put(_of(found, numbered))
    for found in board.matches(_NAMED):
        _named(found, board)
    for found in board.matches(_STRETCH):
        _stretch(found, board, today)
    for found in board.matches(_EITHER):
        _either(found, board)
    for found in board.matches(_BOUND):
        group = next(name for name in ("day", "since", "till") if found[name])
        span = board.spans[found.start(group)]
        if found["how"] == "since" and span.days and (span.days.first > today or _LONG.search(board.text)):
            board.put(Span(found.start(), found.end()))  # it is over, whichever was meant
            continue
        if span.days is not None and not (
            found["how"] == "from" and _OF_A_VISIT.match(board.text, found.end())
        ):
            board.put(_bound(found, span, span.days))


def _named(found: "re.Match[str]", board: Board) -> None:
    """ "Saturday 28 November" is that date, whatever weekday it is."""
    one, other = board.spans[found.start(1)].days, board.spans[found.start(2)].days
    if one is None or other is None or not (one.is_one and other.is_one):
        return
    if one.weekday is not None and other.weekday is None:
        board.put(_of(found, other))
    elif other.weekday is not None and one.weekday is None and one.first.weekday() == other.weekday:
        board.put(_of(found, one))


def _either(found: "re.Match[str]", board: Board) -> None:
    """ "Saturday or Sunday": from one to the other; in "next Friday or Saturday" both are of that week."""
    one, other = board.spans[found.start(1)].days, board.spans[found.start(2)].days
    if one is None or other is None:
        return
    if one.weekday is None and other.weekday is not None:
        other = calendar.after(one.first, other)
    board.put(_of(found, Days(min(one.first, other.first), max(one.last, other.last))))


def _of(found: "re.Match[str]", days: Days, apart: tuple[Days | None, Days | None] | None = None) -> Span:
    return Span(found.start(), found.end(), days, days.first, days.last, apart)


def _stretch(found: "re.Match[str]", board: Board, today: date) -> None:
    if found["to"] == "and" and found["how"] != "between":
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

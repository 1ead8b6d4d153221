"""Reading a text's dates and times: days first, then hours, then what stands together as one expression."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from bot.assistant.commands import Slots
from bot.assistant.reading.text import Text
from bot.assistant.reading.when import calendar, clocks, stretches
from bot.assistant.reading.when.board import Board, Span
from bot.assistant.reading.when.calendar import Days
from bot.assistant.reading.when.hours import Clock, Hours
from bot.assistant.reading.when.spelt import Spelt, spelt


@dataclass(frozen=True)
class Moment:
    """One expression of a text, and where it stands there.

    slots: date_from, date_to, time_of_day, time_from, time_to. ends: of "from Friday to Monday 2pm" both on
    their own, which in a move are two appointments; of "from Friday" the first, of "until Friday" the last.
    ruled_out: "not Friday", "Friday is no good".
    """

    start: int
    end: int
    slots: Slots
    ends: tuple[Slots, Slots] = field(default_factory=lambda: ({}, {}))
    ruled_out: bool = False


def read(text: Text, *, today: date, now: datetime, asked: str = "") -> tuple[Moment, ...]:
    """What a text says of dates and times, in the order in which it stands; it is taken out of the text.

    today, now: of the person's zone. What is in no calendar or on no clock is left where it is. asked: `date`
    or `time` where a question for it waits: then a number alone is one.
    """
    plain = spelt(text.words)
    board = Board(plain.text)
    if asked:
        _answer(board, today, asked)
    stretches.dates(board, today)
    stretches.bounds(board, today)
    clocks.hours(board, now=now)
    moments = [_moment(group, plain) for group in _groups(board)]
    read = _without_ruled_out([moment for moment in moments if moment.slots], text.words)
    for moment in read:
        text.take(
            moment.start, moment.end, "date" if moment.slots.keys() & {"date_from", "date_to"} else "time"
        )
    return read


def together(moments: Iterable[Moment]) -> Slots:
    """All that is said, as one: "Saturday or Sunday" is from one to the other; what is ruled out is not."""
    said = list(moments)
    meant = [moment for moment in said if not moment.ruled_out] or said
    return merged([moment.slots for moment in meant])


_NOT = re.compile(
    r"\b(?:not|instead of|rather than|in place of|except|apart from|no be|but not|can'?t (?:do|make|"
    r"come)(?: it)?|cannot (?:do|make|come)(?: it)?)"
    r" (?:on |for |the |at |by |this |in )*$"
)
_NO_GOOD = re.compile(
    r"(?:'?s)? ?(?:is|go|will|no|does|do|wo|won|doesn|isn|not|never|can)(?:'?t)? (?:be )?(?:not |"
    r"no )?(?:longer )?"
    r"(?:good|work\w*|possible|convenient|fit|go work|dey work|okay|ok|available|again)\b"
)
_REFUSED = re.compile(r"\b(?:no|not|n't|won't|doesn't|isn't|can't|never)\b|n't\b")
_CORRECTED = re.compile(
    r"(?:^|[^a-z])(?:no|sorry|oh|actually|i mean|wait|correction|or rather|no no)[, ]+(?:[a-z']+ ){0,3}$"
)


def _without_ruled_out(moments: Sequence[Moment], words: str) -> tuple[Moment, ...]:
    """The moments, those marked that are not meant, or are put right: "Friday... no, Saturday"."""
    read: list[Moment] = []
    for place, moment in enumerate(moments):
        before = words[moments[place - 1].end if place else 0 : moment.start]
        behind = words[moment.end : moments[place + 1].start if place + 1 < len(moments) else len(words)]
        no_good = _NO_GOOD.match(behind)
        out = (
            _NOT.search(before) is not None
            or (no_good is not None and _REFUSED.search(no_good[0]) is not None)
            or (place + 1 < len(moments) and _CORRECTED.search(behind) is not None)
        )
        read.append(replace(moment, ruled_out=out))
    return tuple(read)


_NUMBER_ALONE = re.compile(
    r"^ ?(?:(?:by|at|on|around|about|the|maybe|say|ok|okay) )*(\d{1,2}) ?(?:please|sharp|o)?[ .!]*$"
)


def _answer(board: Board, today: date, asked: str) -> None:
    """The number that answers a question for a day or a time."""
    found = _NUMBER_ALONE.match(board.text)
    if found is None:
        return
    number = int(found[1])
    if asked == "time":
        if number and Clock(number).times():
            board.put(Span(*found.span(1), hours=Hours(Clock(number))))
    elif (days := calendar.numbered(today, number)) is not None:
        board.put(Span(*found.span(1), days, days.first, days.last))


# --- what stands together ---------------------------------------------------------------------------------
_GAP = re.compile(
    r"[ ,(-]*(?:(?:on|at|by|in|for|around|about|@|the|say|of|like|exactly|precisely|preferably|maybe|"
    r"any ?time|dey|time|"
    r"that|be|is|with)[ ,]+)*"
)


def _groups(board: Board) -> list[list[Span]]:
    """A day, its hours and its part beside one another are one expression."""
    groups: list[list[Span]] = []
    for _place, span in sorted(board.spans.items()):
        if groups and _joins(groups[-1], span) and _GAP.fullmatch(board.text, groups[-1][-1].end, span.start):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _joins(group: Sequence[Span], span: Span) -> bool:
    return not (
        (span.is_date and any(each.is_date for each in group))
        or (span.hours and any(each.hours for each in group))
        or (span.part and any(each.part for each in group))
    )


def _moment(group: Sequence[Span], plain: Spelt) -> Moment:
    slots = _slots(group)
    start, _ = plain.where(group[0].start, group[0].end)
    _, end = plain.where(group[-1].start, group[-1].end)
    return Moment(start, end, slots, _ends(group))


def _slots(group: Sequence[Span]) -> Slots:
    slots: Slots = {}
    part = next((span.part for span in group if span.part), "")
    for span in group:
        if span.since is not None:
            slots["date_from"] = span.since.isoformat()
        if span.until is not None:
            slots["date_to"] = span.until.isoformat()
        if span.hours:
            since, until = span.hours.between(part)
            slots |= _times(since, until)
    if part and not slots.keys() & {"time_from", "time_to"}:
        slots["time_of_day"] = part
    return slots


def _times(since: time | None, until: time | None) -> Slots:
    return {
        name: each.isoformat("minutes") for name, each in (("time_from", since), ("time_to", until)) if each
    }


def _ends(group: Sequence[Span]) -> tuple[Slots, Slots]:
    """Both ends of a stretch; what stands before it goes with the first, what follows with the last."""
    at = next(
        (place for place, span in enumerate(group) if span.apart or (span.hours and span.hours.apart)), None
    )
    if at is None:
        return {}, {}
    span = group[at]
    first, last = _slots(group[:at]), _slots(group[at + 1 :])
    if span.apart:
        one, other = span.apart
        if one is None or other is None:
            alone = _slots(group) | _on(one or other)
            return (alone, {}) if one else ({}, alone)
        return first | _on(one), _on(other) | last
    assert span.hours is not None
    if span.hours.last is None:
        only = span.hours.first.at(next((each.part for each in group if each.part), ""))
        alone = _slots(group) | _times(only, only)
        return (alone, {}) if span.hours.bound == "from" else ({}, alone)
    ends = span.hours.ends()
    if ends is None:
        return {}, {}
    return first | _times(ends[0], ends[0]), _times(ends[1], ends[1]) | last


def _on(days: Days | None) -> Slots:
    return {} if days is None else {"date_from": days.first.isoformat(), "date_to": days.last.isoformat()}


def merged(said: Sequence[Slots]) -> Slots:
    """Several sets of date and time slots as one."""
    slots: Slots = {}
    for kind in ("date", "time"):
        slots |= _hull([each for each in said if f"{kind}_from" in each or f"{kind}_to" in each], kind)
    parts = {each["time_of_day"] for each in said if "time_of_day" in each}
    if len(parts) == 1 and not slots.keys() & {"time_from", "time_to"}:
        slots["time_of_day"] = parts.pop()
    return slots


def _hull(said: Sequence[Slots], kind: str) -> Slots:
    """From the first to the last of them; "after Monday", "before Friday" bound one another."""
    since, until = f"{kind}_from", f"{kind}_to"
    whole = [each for each in said if since in each and until in each]
    bounds = [each for each in said if each not in whole]
    begin = min((each[since] for each in whole or bounds if since in each), default=None)
    end = max((each[until] for each in whole or bounds if until in each), default=None)
    if begin and end and whole:  # "next week, from Tuesday"
        begin = max([begin, *(each[since] for each in bounds if since in each and each[since] <= end)])
        end = min([end, *(each[until] for each in bounds if until in each and each[until] >= begin)])
    if begin and end and begin > end:  # what contradicts itself holds nothing
        return {}
    return {name: each for name, each in ((since, begin), (until, end)) if each}

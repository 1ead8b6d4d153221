"""The hours that words name: from when to when, and how long."""

import re
from collections.abc import Iterable, Sequence
from datetime import time

from bot.days import readings
from bot.times.wanted import LONGEST, SHORTEST, Hours, Stop, Unread, minutes_of

_CLOCK = r"(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m\b)?(?![\d:])"
_RANGES = (
    re.compile(rf"\bbetween\s+{_CLOCK}\s*(?:and|-|to)\s*{_CLOCK}"),
    re.compile(rf"(?:\b(?:from|by|at)\s+)?{_CLOCK}\s*(?:-|to|till|til|until)\s*{_CLOCK}"),
)
_LISTS = re.compile(rf"(\b(?:at|by|from)\s+)?{_CLOCK}(?:\s*(?:,|and|&|\+)\s*{_CLOCK})*")


def hours_named(rest: str) -> tuple[list[Hours], str]:
    """From when to when; single times; `10-2` is in the day, as people work."""
    found: list[Hours] = []

    def take_range(match: re.Match[str]) -> str:
        found.append(_range(match.groups()[:3], match.groups()[3:]))
        return " ; "

    def take_list(match: re.Match[str]) -> str:
        clocks = re.findall(_CLOCK, match[0])
        marked = [figures for figures in clocks if figures[1] or figures[2]]
        if not marked and not match[1]:
            return match[0]
        half = marked[-1][2] if marked else ""
        found.extend(Hours(_single(figures, half, marked)) for figures in clocks)
        return " ; "

    for pattern in _RANGES:
        rest = pattern.sub(take_range, rest)
    rest = _LISTS.sub(take_list, rest)
    return found, rest


Figures = Sequence[str | None]  # the hour, minutes, am or pm


def _read_clock(figures: Figures) -> list[time]:
    hour, minute, half = int(figures[0] or 0), int(figures[1] or 0), (figures[2] or "")[:1]
    if (figures[0] or "").startswith("0") and not half and hour < 24 and minute < 60:
        return [time(hour, minute)]
    found = readings(hour, minute, half)
    if not found:
        raise Stop
    return found


def _range(start: Figures, end: Figures) -> Hours:
    starts, ends = _read_clock(start), _read_clock(end)
    if starts[0].hour > 12 and not start[2] and end[1]:
        ends = [ends[0]] if not end[2] else ends  # by a clock of 24 hours
    if len(starts) > 1 and len(ends) > 1:
        starts = [_in_the_day(starts)]
    if len(starts) > 1:  # "2-4pm": the nearest before the end
        return Hours(_first(reversed([each for each in starts if each < ends[0]])), ends[0])
    return Hours(starts[0], _first(each for each in ends if each > starts[0]))


def _first(times: Iterable[time]) -> time:
    for each in times:
        return each
    raise Stop(Unread("backwards"))


def _single(figures: Figures, half: str, marked: Sequence[Figures]) -> time:
    """A time of a list: in "8 and 9pm" the half of the day that stands last counts for both."""
    found = _read_clock(figures)
    if len(found) > 1 and half and not figures[1]:
        last = _read_clock(marked[-1])[0]
        return next((each for each in reversed(found) if each < last), found[0])
    return _in_the_day(found)


def _in_the_day(found: Sequence[time]) -> time:
    return next((each for each in found if 7 <= each.hour < 19), found[0])


_MINUTES = re.compile(
    r"(?:\b(every|each|per|for)\s+)?(?<![\d:.])(\d{1,2}(?:\.5)?|\d{2,3})\s*-?\s*"
    r"(?:(hours?|hrs?|h)\b(?:\s*(?:and\s+)?(\d{1,2})(?:\s*(?:minutes?|mins?|m))?\b(?!\s*(?:[:-]|[ap]m|to\b)))?"
    r"|(?:minutes?|mins?|m)\b)"
    r"(?:\s+(each|apart|slots?|visits?|long|interval)\b)?"
)


def lengths_named(rest: str) -> tuple[list[tuple[str, int]], str]:
    """Every length of time that is named, in minutes, with the word before it."""
    found: list[tuple[str, int]] = []

    def take(match: re.Match[str]) -> str:
        how, figure, more = match[1] or "", float(match[2]), int(match[4] or 0)
        if how == "for" and more and match[5]:  # "for 3 hours, 30 min each"
            found.extend([(how, int(figure * 60)), ("", more)])
        else:
            found.append((how, int(figure * 60 + more if match[3] else figure)))
        return " ; "

    return found, _MINUTES.sub(take, rest)


def lasting(lengths: Sequence[tuple[str, int]], hours: Sequence[Hours]) -> tuple[int | None, list[Hours]]:
    """How long each visit is; "2pm for 3 hours, 30 min each" says from when to when as well."""
    each, window = list(lengths), [length for length in lengths if length[0] == "for"]
    if len(each) > 1 and window and all(one.end is None for one in hours):
        each.remove(window[0])
        ends = [minutes_of(one.start) + window[0][1] for one in hours]
        if max(ends, default=0) >= 24 * 60:
            raise Stop(Unread("backwards"))
        hours = [Hours(one.start, time(end // 60, end % 60)) for one, end in zip(hours, ends, strict=True)]
    minutes = {length for _how, length in each}
    if len(minutes) > 1:
        raise Stop
    if minutes and not SHORTEST <= min(minutes) <= LONGEST:
        raise Stop(Unread("length"))
    return next(iter(minutes), None), list(hours)

"""The hours of a text whose days were read: times, bare numbers that can be times, parts of the day."""

import re
from datetime import datetime, timedelta

from bot.assistant.reading.when import calendar
from bot.assistant.reading.when.board import Board, Span
from bot.assistant.reading.when.hours import Bound, Clock, Hours
from bot.assistant.reading.when.marks import A_TIME, ALONE, BEHIND_A_DAY, DAY, PART, TIME

_N = r"(?<![\w:./'-])\d{1,2}(?:[:.][0-5]\d)?"
_FREE = r"(?<![\d:/])(?<!\d[.,])"


def hours(board: Board, *, now: datetime) -> None:
    """Put every time of a text, and every part of a day, on the board."""
    _soon(board, now)
    _parts(board, now)
    _surely(board)
    _ranges(board)
    _bounded(board)


# --- parts of the day -------------------------------------------------------------------------------------
_GREETED = re.compile(
    r"^ ?(?:hi|hello|hey)?[ ,]*(?:morning|afternoon|evening)"
    r"(?:[,.!]| (?:sir|ma|madam|o+|all|everyone|bros?|boss|oga|guys|team|dear|please|i|my|can|do|what|is|"
    r"are|how|"
    r"which|who|una|any|you|good|we|there|this is|from here)\b)"
)
_PART = r"(?P<part>morning|afternoon|evening)"
_PARTS = re.compile(
    r"\b(?P<day>tonight|(?:this|(?P<last>last)) (?P<when>morning|afternoon|evening|night))\b"
    r"|\b(?P<work>after (?:work|office|closing|close)(?: hour)?|(?:when|once) i close(?: from work)?|"
    r"(?:by )?close of (?:work|business))\b"
    rf"|(?P<night>\b(?:at|in the|for|by|late|late at) night\b|(?<=[{BEHIND_A_DAY}] )(?:at )?night\b)"
    rf"|(?<=[{BEHIND_A_DAY}] )(?P<half>am|pm)(?= ?(?:$|[.,?!]))"
    rf"|(?<!good )(?<!gud )(?<!gd )(?<!\bg )(?<!happy )\b(?:(?:early|late|mid|first thing)[ -])?(?:in the |"
    rf"for the |for |in )?(?:(?:early|late|mid)[ -])?{_PART}\b(?! (?:sun|breeze)\b)"
)


def _parts(board: Board, now: datetime) -> None:
    greeted = _GREETED.match(board.text)
    for found in list(_PARTS.finditer(board.text, greeted.end() if greeted else 0)):
        if found["day"]:
            today = now.date() - timedelta(days=1 if found["last"] else 0)
            part = "evening" if found["when"] in (None, "night") else found["when"]
            board.put(Span(found.start(), found.end(), calendar.one(today), today, today, part=part))
        else:
            halves = {"am": "morning", "pm": "afternoon"}
            part = found["part"] or halves.get(found["half"], "evening")
            board.put(Span(found.start(), found.end(), part=part))


_SOON = re.compile(
    r"\bin (?:the next )?(?P<count>\d{1,3}|an?|half an?) (?P<unit>hour|minute)\b(?:'?s?'? time)?"
)


def _soon(board: Board, now: datetime) -> None:
    """ "In two hours", "in 30 minutes": a time of today, or of tomorrow."""
    for found in list(_SOON.finditer(board.text)):
        said = found["count"]
        count = float(said) if said.isdecimal() else 0.5 if said.startswith("half") else 1.0
        then = now + timedelta(minutes=count * (60 if found["unit"] == "hour" else 1))
        day = then.date()
        clock = Clock(then.hour, then.minute, "24")
        board.put(Span(found.start(), found.end(), calendar.one(day), day, day, hours=Hours(clock)))


# --- times that can be nothing else -----------------------------------------------------------------------
_HALF = r"(?: ?(?P<half>[ap]m)\b)?"
_SURELY = (
    re.compile(
        rf"\b(?P<before>half|quarter|\d{{1,2}}(?: minute)?) (?P<past>past|after|"
        rf"to) (?P<hour>\d{{1,2}})(?![\d:]){_HALF}(?: oclock)?"
    ),
    re.compile(
        rf"{_FREE}\b(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d)| (?P<minutes>[0-5]\d))? ?(?:ish )?"
        r"(?P<half>[ap]m|oclock(?: ?[ap]m)?|noon|midnight)\b(?! inclusive)"
    ),
    re.compile(rf"{_FREE}\b(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d) ?(?:hour|h)\b"),
    re.compile(rf"{_FREE}\b(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])"),
    re.compile(r"\b(?P<noon>noon|midnight)\b"),
)


def _surely(board: Board) -> None:
    for pattern in _SURELY:
        for found in list(pattern.finditer(board.text)):
            clock = _clock(found)
            if clock is not None and clock.times():
                board.put(Span(found.start(), found.end(), hours=Hours(clock)))


def _clock(found: "re.Match[str]") -> Clock | None:
    said = found.groupdict()
    if said.get("noon"):
        return Clock(12, 0, "n" if said["noon"] == "noon" else "a")
    half = said.get("half") or ""
    half = half.removeprefix("oclock").strip() or ""
    hour, letter = int(said["hour"]), "a" if half == "midnight" else half[:1]
    if (before := said.get("before")) is None:
        return Clock(hour, int(said.get("minute") or said.get("minutes") or 0), letter)
    if before.isdecimal() and said["past"] != "past":
        return None  # "10 to 3" is a stretch
    minutes = {"half": 30, "quarter": 15}.get(before) or int(before.split()[0])
    if minutes > 59 or not 1 <= hour <= 12 or (before == "half" and said["past"] != "past"):
        return None
    if said["past"] != "to":
        return Clock(hour, minutes, letter)
    return Clock(hour - 1 or 12, 60 - minutes, letter)


# --- stretches and bare numbers ---------------------------------------------------------------------------
_RANGE = re.compile(
    rf"(?:\b(?P<how>between|from|by|at|around) )?(?P<one>{A_TIME}|{_N}) ?(?P<to>-|to|until|and|or|/) ?(?:by |"
    rf"at )?"
    rf"(?P<other>{A_TIME}|(?<![\w:./'])\d{{1,2}}(?:[:.][0-5]\d)?(?![\d:.]\d|\w){ALONE})"
)
_PRICED = re.compile(
    r"[₦#$€£]|\b(?:prices?|budget|naira|costs?|reduce|increase|slash|drop|raise|sell|selling|pay|paid|"
    r"afford|amount|"
    r"million|thousand|fees?|worth|k|m|bed|beds|bedrooms?|rooms?|bath|baths|rent)\b"
)
_VISITING = re.compile(
    r"\b(?:come|coming|visit|viewing|view|inspect\w*|see|check|tour|time|free|available|appointment|book|"
    r"meet|around|"
    r"reschedule|shift|move|postpone|slot|slots|schedule)\b"
)
_DAY_BEFORE = re.compile(
    rf"[{BEHIND_A_DAY}][ ,]*(?:(?:any ?time|like|say|maybe|the time|time|preferably|dey|be|is|,) ?)*$"
)
_DAY_AFTER = re.compile(rf",? ?(?:(?:on|for|in|the|oclock|sharp|prompt|this) )*[{DAY}{PART}]")


def _beside_a_day(board: Board, start: int, end: int) -> bool:
    return bool(
        _DAY_BEFORE.search(board.text, max(0, start - 60), start) or _DAY_AFTER.match(board.text, end)
    )


def _can_be_a_time(board: Board, start: int, end: int) -> bool:
    """Whether a time can stand there: beside a day, or among words of a visit and none of money."""
    if _beside_a_day(board, start, end):
        return True
    return bool(_VISITING.search(board.text)) and not _PRICED.search(board.text)


def _ranges(board: Board) -> None:
    for found in board.matches(_RANGE):
        one, other = _end(board, found, "one"), _end(board, found, "other")
        if (
            one is None
            or other is None
            or (
                found["to"] == "and"
                and found["how"] != "between"
                and TIME not in (found["one"][0], found["other"][0])
            )
        ):
            continue
        bare = TIME not in (found["one"][0], found["other"][0])
        asked = found["to"] not in ("or", "/") or found["how"] in ("at", "by", "around")
        if bare and not (asked and _can_be_a_time(board, found.start(), found.end())):
            continue
        if (
            found["to"] == "and"
            and found["how"] != "between"
            and (found["one"][0] != TIME or found["other"][0] != TIME)
        ):
            continue
        apart = found["to"] in ("to", "until") and found["how"] != "between"
        span = Span(found.start(), found.end(), hours=Hours(one, other, apart=apart))
        if span.hours is not None and span.hours.between()[0] is not None:
            board.put(span)


def _end(board: Board, found: "re.Match[str]", group: str) -> Clock | None:
    if found[group][0] == TIME:
        span = board.spans[found.start(group)]
        return span.hours.first if span.hours and span.hours.last is None and not span.is_date else None
    hour, _dot, minute = found[group].replace(".", ":").partition(":")
    clock = Clock(int(hour), int(minute or 0))
    return clock if clock.times() and clock.hour else None


_UNTIL = "before|until|not later than|no later than|latest|on or before|up to"
_SINCE = (
    "after|from|as from|any ?time from|any ?time after|starting(?: from| at)?|beginning(?: from| at)?|"
    "not before|not earlier than|earliest|since"
)
_BOUNDED = re.compile(
    rf"\b(?P<until>(?:any ?time )?(?:{_UNTIL})) (?:the )?(?P<u>{A_TIME}|{_N}(?!\w){ALONE})"
    rf"|\b(?P<since>{_SINCE}) (?:the )?(?P<s>{A_TIME}|{_N}(?!\w){ALONE})"
    rf"|(?:\b|(?=@))(?P<at>(?:by|at|@|around|about|for|like|say|exactly)(?: (?:by|at|about|around|exactly|"
    rf"say|like))?) ?"
    rf"(?P<a>{A_TIME}|(?<!\d )(?<=[ @])\d{{1,2}}(?:[:. ][0-5]\d)?(?:ish)?(?!\w){ALONE})"
    r"|\b(?P<into>(?:move|shift|push|reschedule|bring|postpone)"
    r"(?: it| am| that| me| the (?:time|visit|viewing))?"
    rf"(?: forward| back)? (?:to|until)) (?P<i>{_N}(?!\w){ALONE})"
    rf"|(?P<later>{A_TIME}) ?(?:onwards?|upwards?|going up|and (?:above|later|beyond)|or later)\b"
    rf"|(?P<earlier>{A_TIME}) (?:latest|at the latest|or earlier)\b"
    rf"|(?P<then>(?:(?<=[{BEHIND_A_DAY}] )|(?<=[{BEHIND_A_DAY}], ))(?:1[0-2]|"
    rf"[1-9])(?:[:.][0-5]\d)?(?!\w){ALONE})"
    r"|(?:(?<!\w )|(?<=\bto )|(?<=\bbe )|(?<=\bit )|(?<=\bdo )|(?<=\bam )|(?<=\bfor )|(?<=\bsay ))"
    rf"(?P<before>(?<![\w:./'-])(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?(?= {PART}))"
)
_COUNTED = re.compile(r"\d ?$|\b(?:one|price|reduce|increase) $")


def _bounded(board: Board) -> None:
    """Times with the word before them, and bare numbers that are made times by it."""
    for found in board.matches(_BOUNDED):
        group = next(
            name for name in ("u", "s", "a", "i", "later", "earlier", "then", "before") if found[name]
        )
        bound: Bound = {"u": "until", "earlier": "until", "s": "from", "later": "from"}.get(group, "at")  # type: ignore[assignment]
        if found[group][0] == TIME:
            span = board.spans[found.start(group)]
            read = span.hours
            if read is None or span.is_date:
                continue
            if read.last is None:
                read = Hours(
                    read.first, None, bound, apart=found["since"] == "from" or found["until"] == "until"
                )
        else:
            clock = _bare(found[group])
            if clock is None or not _stands(board, found, group):
                continue
            read = Hours(clock, None, bound)
        start = (
            found.start(group) if group == "i" else found.start()
        )  # "move it to" stays for who reads moves
        board.put(Span(start, found.end(), hours=read))


def _bare(said: str) -> Clock | None:
    hour, _dot, minute = re.sub(r"[. ]", ":", said.removesuffix("ish")).partition(":")
    clock = Clock(int(hour), int(minute or 0))
    return clock if clock.times() and clock.hour else None


def _stands(board: Board, found: "re.Match[str]", group: str) -> bool:
    """Whether a bare number after such a word is a time: "by 3", but not "4 by 4" or "reduce it by 3"."""
    if group in ("then", "before"):
        return True
    if _COUNTED.search(board.text, max(0, found.start() - 12), found.start()):
        return False
    if _beside_a_day(board, found.start(), found.end()):
        return True
    if found["at"] in ("by", "at", "@") or found["into"]:
        return not _PRICED.search(board.text)
    return found["at"] not in ("for", "like", "say") and _can_be_a_time(board, found.start(), found.end())

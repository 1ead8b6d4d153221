"""The least and the most that a single amount sets."""

import re
from decimal import Decimal

from bot.amounts import Number
from bot.assistant.reading.items import before

_AROUND_BY = Decimal("0.2")  # of an amount, to either side

_FILL = (
    r"(?:\s*(?:\b(?:is|na|of|like|just|only|say|at|the|be|dey|a|total|my|price|rent|amount|money|budget"
    r"|to be|not|go)\b|[:=,-]))*\s*$"
)
MAX = re.compile(
    r"(?:\b(?:below|beneath|under|less than|lower than|cheaper than|smaller than"
    r"|(?:not?|no be|nothing|doesn'?t|does not|don'?t|shouldn'?t|should not|must not|no go|no fit|no gree"
    r"|wey no|never|nor)(?: be| dey| go| suppose| cost| get| fit| want| wan| should| to)*"
    r" (?:more than|more|above|over|exceed(?:ing|s)?|pass|passing|cross|beyond|greater than|higher than"
    r"|up|reach|go beyond|go above|up to)(?: than)?"
    r"|max(?:imum)?(?: of| budget| price)?|at most|up ?to|upto|within|capped at|limit(?: of)?|no pass"
    r"|nor pass|from below"
    r"|highest|ceiling(?: of)?|tops?|before|(?:stretch|extend|go up|push|climb|raise|increase|add)"
    r"(?: it| am| e| (?:my |the )?budget| money)?(?: up| small)? (?:to|reach|till))|<=?)" + _FILL
)
MIN = re.compile(
    r"(?:\b(?:above|over|more than|greater than|higher than|at ?least|(?:not?|nothing|no be"
    r"|no go)(?: be)? (?:less|lower|below|under|cheaper)(?: than)?"
    r"|from|starting (?:from|at)|start from|lowest|min(?:imum)?(?: of| price| budget)?|upwards? of|pass"
    r"|exceeding|wey pass|reach|beyond)|>=?)" + _FILL
)
AROUND = re.compile(
    r"(?:\b(?:around|about|approx(?:imately)?\.?|roughly|circa|arnd|abt|more or less|in the (?:region"
    r"|range|neighbou?rhood) of|close to"
    r"|something (?:like|around|about)|like)|~)" + _FILL
)
BUDGET = re.compile(
    r"\b(?:budget(?:ed|s|ing)?|(?:i|we)(?:'ve| have| get| hold| dey hold)(?: got)?|my money|i fit pay"
    r"|can (?:pay|afford|spend|do|go)|afford|spend|pay"
    r"|price(?: range)?|cost(?:ing|s)?|for|with|at|rent|wey be|amount|range|money|holding|capital|bill"
    r"|na|only|buy|what can|using|have|dey|get)" + _FILL
)
BETWEEN = re.compile(r"\b(?:between|from|range(?: of)?|within|in-between|btw|budget(?: of| is| na)?)" + _FILL)
_AFTER = (
    r"\s*(?:naira|only|/?\s*(?:per |a |every |each )?(?:annum|year|yr|month|mth|night|day)(?:ly)?"
    r"|p\.?a\.?|yearly|annually|monthly|nightly|flat)?\s*,?\s*(?:is|na|be|as|at|for)?\s*(?:the |my "
    r"|at )?"
)
_OTHER_BOUND = r"(?!,? ?(?:of |is |na |: ?)?(?:[₦#$n] ?)?\d)"
MAX_AFTER = re.compile(
    _AFTER + rf"(?:max(?:imum)?\b{_OTHER_BOUND}|most|at most{_OTHER_BOUND}|or less|or below|and below"
    r"|and under|or under|(?:and |to )?down(?:wards?)?(?! ?pay)|tops?|ceiling|limit|highest(?! \d)|last"
    r"|no pass"
    r"|(?:i|we) (?:have|get)|(?:is |na )?(?:my|our) budget|budget)\b"
)
MIN_AFTER = re.compile(
    _AFTER + rf"(?:min(?:imum)?\b{_OTHER_BOUND}|least\b|and above|or above|or more|and more|upwards?"
    r"|and up\b|and over|\+|going up)"
)
AROUND_AFTER = re.compile(
    _AFTER + r"(?:there ?abouts?|or so|-?ish\b|there about|plus or minus|give or take|approximately)|ish\b"
)


def bounds(words: str, number: Number) -> tuple[int, int, int | None, int | None]:
    """From where to where a single amount is said, the least and the most."""
    amount, end = number.amount(), number.end
    said_before = before(words, number.start)
    if match := MAX_AFTER.match(words, end):
        return begins(words, number, (MAX, AROUND, BUDGET)), match.end(), None, amount
    if match := MIN_AFTER.match(words, end):
        return begins(words, number, (MIN, AROUND, BUDGET)), match.end(), amount, None
    first = _nearest(said_before)
    if first is AROUND or AROUND_AFTER.match(words, end):
        match = AROUND_AFTER.match(words, end)
        around = re.sub(r"[^a-z]*$", "", said_before)
        # "not more than about 2m" has an end; "my budget is like 2m" is a budget.
        outer = next((p for p in (MAX, MIN) if p.search(_without(said_before, AROUND))), None)
        vague = re.search(r"\blike\W*$", around) and BUDGET.search(_without(said_before, AROUND))
        if outer is None and not (vague and not match):
            start = begins(words, number, (AROUND,))
            return start, match.end() if match else end, *_about(amount)
        first = outer or MAX
    if first is MIN:
        return begins(words, number, (MIN,)), end, amount, None
    return begins(words, number, (MAX, BUDGET)), end, None, amount


def _without(said_before: str, pattern: re.Pattern[str]) -> str:
    match = pattern.search(said_before)
    return said_before[: match.start()] if match else said_before


def _nearest(said_before: str) -> re.Pattern[str] | None:
    """Which bound stands nearest before a number; "not less than" is one, not two."""
    found = [
        (match.start(), rank, pattern)
        for rank, pattern in enumerate((AROUND, MAX, MIN))
        if (match := pattern.search(said_before))
    ]
    if not found:
        return None
    # Patterns end at the number: of "not more than" the longer one, of "max around" the nearer one.
    if len(found) > 1 and found[0][2] is AROUND and any(each[0] < found[0][0] for each in found[1:]):
        return AROUND
    return min(found, key=lambda each: (each[0], each[1]))[2]


def _about(amount: int) -> tuple[int, int]:
    return int(amount * (1 - _AROUND_BY)), int(amount * (1 + _AROUND_BY))


def begins(words: str, number: Number, patterns: tuple[re.Pattern[str], ...]) -> int:
    """Where a number begins, with the cues of `patterns` before it."""
    said_before = before(words, number.start)
    starts = [match.start() for pattern in patterns if (match := pattern.search(said_before))]
    return number.start - len(said_before) + min(starts, default=len(said_before))

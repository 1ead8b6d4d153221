"""Which of a text's numbers are money, and which count something else."""

import re

from bot.amounts import Number
from bot.assistant.reading.items import before
from bot.assistant.reading.prices.bounds import (
    AROUND,
    AROUND_AFTER,
    BUDGET,
    MAX,
    MAX_AFTER,
    MIN,
    MIN_AFTER,
)
from bot.assistant.reading.prices.periods import PERIOD_AFTER
from bot.assistant.reading.text import Text

# What a number counts.
_COUNTED = re.compile(
    r"[\s-]*(?:bed|bdr|br\b|b/r|room|rm\b|bath|toilet|wc\b|plot|acre|hectare|sq|square|m2|meter|metre"
    r"|km\b|kilo|min|hour"
    r"|hr|h\b|day|week|nights?\b|months?\b|years?\b|yrs?\b|people|person|car\b|cars|floor|storey|unit"
    r"|am\b|pm\b|o'?clock"
    r"|%|percent|st\b|nd\b|rd\b|th\b|[:/]\d|flats?\b|houses?\b|apartments?\b|shops?\b|ones?\b|duplex"
    r"|kva|amp|of them"
    r"|options?|propert|listing|place|different|good|nice|times?\b|inspection|viewing|visit|kids"
    r"|children|toilet)"
)
# A bare number counts the noun behind it, whatever it is ("2 cats"): only such words are none.
_NO_NOUN = re.compile(
    r"[\s,.]*(?![a-z\s,.])|\s*(?:or|and|to|till|until|per|a|an|every|each|in|at|for|on|around|near|inside|"
    r"within|with|by|"
    r"from|of|is|na|naira|ngn|dollars?|usd|max\w*|min\w*|most|least|least|only|abeg|pls|please|budget|"
    r"limit|tops?|"
    r"yearly|annual\w*|monthly|nightly|daily|p\.?a|up\w*|down\w*|above|below|plus|thereabouts?|there|ish|"
    r"i|we|my|"
    r"our|but|not|no|the|if|depending|negotiable|flat|cash|last|so|that|wey|dey|side|area|it|am|fit|go|"
    r"must|should|"
    r"would|will|can|any|or so|thanks?|thank|sir|ma|oga|o+|now|then|instead|is my|too|also|as|mil\w*|m|k|"
    r"b|bn|"
    r"thousand|hundred|billion|give|approx\w*|including|inclusive|all|rent|sale|let|lease|less|more|want|"
    r"need|"
    r"show|find|available|ok|okay|hi|hello|before|after|next|this|today|tomorrow|better)\b"
)
_NUMBERED = re.compile(
    r"(?:\b(?:phase|ph|no|number|block|zone|mile|unit|option|page|top|first|last|next|aged?|level"
    r"|section|flat|room|road"
    r"|gate|lagos|estate|plot|the|all|these|those|only|just|show me|send me|see)\.?"
    r"|(?<![a-z])[a-z]{2}-)\s*#?$"
)
_OF_PEOPLE = re.compile(
    r"\b(?:(?:family|household|group|team|party|company) of|we are|we be|us are|are|there are|we dey)(?: "
    r"about)? $"
)
_FEE = re.compile(
    r"\b(?:fees?|charges?|deposit|caution|commission|legal|agreement|inspection|service|transport|levy|dues)"
    r"(?: (?:of|is|na|be|fee|fees|charge))*\s*$"
)
_AWAY = re.compile(r"\s*(?:away|drive|walk|distance|from)\b")


def may_be(words: str, number: Number, *, first: bool = False) -> bool:
    """Whether nothing tells that it counts something else."""
    if not number.currency and not number.unit:
        if not first and (_COUNTED.match(words, number.end) or not _NO_NOUN.match(words, number.end)):
            return False
        if _OF_PEOPLE.search(before(words, number.start)) and number.value < 100:
            return False
        if _NUMBERED.search(before(words, number.start)) and number.value < 1000:
            return False
        written = words[number.start : number.end]
        if written.startswith("0") or (1990 <= number.value <= 2040 and "," not in written):
            return False
    if number.unit == "m" and not number.currency and _AWAY.match(words, number.end):
        return False
    return not _FEE.search(before(words, number.start)) and not words[number.end :].lstrip().startswith("%")


def is_price(words: str, number: Number) -> bool:
    """Whether it is money by itself: a bare number only where a price can stand."""
    if not may_be(words, number):
        return False
    if number.unit or number.currency or number.value >= 10_000:
        return True
    if number.value >= 1000:
        return "," in words[number.start : number.end] or _is_bounded(words, number)
    return _is_bounded(words, number)


# Cues that speak of money, or of more and less, by themselves: "for 5" and "at 4" may be of anything.
_SPEAKS_OF_MONEY = re.compile(
    r"\b(?:below|beneath|under|less|lower|cheaper|max|maximum|most|up ?to|upto|exceed|pass|above|more"
    r"|greater|higher"
    r"|budget|money|afford|spend|pay|price|cost|i have|we have|i get|between|range|rent|amount|capital"
    r"|min|minimum"
    r"|least|limit|holding|upwards?|stretch)|[<>]"
)
_OF_A_HOME = frozenset(("area", "city", "kind", "rooms", "offer", "amenity"))


def ends_a_list(text: Text, words: str, number: Number) -> bool:
    """Whether a bare number stands behind what is sought: "self con Akoka 350"."""
    following = re.match(r"\s*[,/-]?\s*", words[number.end :])
    starts = not words[: number.start].strip(" .,") and number.value >= 100
    if starts and following and any(mark[0] == number.end + following.end() for mark in text.marks):
        return may_be(words, number)
    return ends(words, number) and may_be(words, number) and stands_behind_a_home(text, words, number)


def ends(words: str, number: Number) -> bool:
    """Whether nothing more is said of it."""
    return re.match(r"\s*(?:max|only|abeg|pls|please)?\s*(?:$|[,.?!;])", words[number.end :]) is not None


def stands_behind_a_home(text: Text, words: str, number: Number) -> bool:
    """Whether what was read right before it is what is sought."""
    last = max(
        (mark for mark in text.marks if mark[1] <= number.start), key=lambda mark: mark[1], default=None
    )
    if last is None or last[2] not in _OF_A_HOME:
        return False
    gap = words[last[1] : number.start]
    if not re.fullmatch(r"[\s,/-]*", gap):
        return False
    return "," in gap or number.value >= 10 or number.value % 1 != 0


def _is_bounded(words: str, number: Number) -> bool:
    """Whether a bare number stands where a price can stand."""
    said_before = before(words, number.start)
    cues = [match[0] for pattern in (MAX, MIN, BUDGET, AROUND) if (match := pattern.search(said_before))]
    if any(_SPEAKS_OF_MONEY.search(cue) for cue in cues) or (cues and number.value >= 100):
        return True
    if (number.value >= 10 or number.value % 1) and any(
        pattern.match(words, number.end) for pattern in (MAX_AFTER, MIN_AFTER, AROUND_AFTER)
    ):
        return True
    return bool(
        PERIOD_AFTER[2][1].match(words, number.end) or PERIOD_AFTER[1][1].match(words, number.end)
    ) or bool(re.search(r"\b(?:budget|price|naira)\b", words) and cues)

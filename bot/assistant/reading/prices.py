"""Prices that somebody wants to pay, per what, and in which currency."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.amounts import MOST_OF_A_LISTING, Number, numbers
from bot.assistant.commands import Slots
from bot.assistant.reading.items import before, is_free
from bot.assistant.reading.text import Text

NIGHT, MONTH, YEAR = "night", "month", "year"
_MOST = 40  # numbers that are looked at; who names more names no price
_AROUND_BY = Decimal("0.2")  # of an amount, to either side

# --- what a number counts ---------------------------------------------------------------------------------
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

# --- bounds -----------------------------------------------------------------------------------------------
_FILL = (
    r"(?:\s*(?:\b(?:is|na|of|like|just|only|say|at|the|be|dey|a|total|my|price|rent|amount|money|budget"
    r"|to be|not|go)\b|[:=,-]))*\s*$"
)
_MAX = re.compile(
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
_MIN = re.compile(
    r"(?:\b(?:above|over|more than|greater than|higher than|at ?least|(?:not?|nothing|no be"
    r"|no go)(?: be)? (?:less|lower|below|under|cheaper)(?: than)?"
    r"|from|starting (?:from|at)|start from|lowest|min(?:imum)?(?: of| price| budget)?|upwards? of|pass"
    r"|exceeding|wey pass|reach|beyond)|>=?)" + _FILL
)
_AROUND = re.compile(
    r"(?:\b(?:around|about|approx(?:imately)?\.?|roughly|circa|arnd|abt|more or less|in the (?:region"
    r"|range|neighbou?rhood) of|close to"
    r"|something (?:like|around|about)|like)|~)" + _FILL
)
_BUDGET = re.compile(
    r"\b(?:budget(?:ed|s|ing)?|(?:i|we)(?:'ve| have| get| hold| dey hold)(?: got)?|my money|i fit pay"
    r"|can (?:pay|afford|spend|do|go)|afford|spend|pay"
    r"|price(?: range)?|cost(?:ing|s)?|for|with|at|rent|wey be|amount|range|money|holding|capital|bill"
    r"|na|only|buy|what can|using|have|dey|get)" + _FILL
)
_BETWEEN = re.compile(
    r"\b(?:between|from|range(?: of)?|within|in-between|btw|budget(?: of| is| na)?)" + _FILL
)
_AFTER = (
    r"\s*(?:naira|only|/?\s*(?:per |a |every |each )?(?:annum|year|yr|month|mth|night|day)(?:ly)?"
    r"|p\.?a\.?|yearly|annually|monthly|nightly|flat)?\s*,?\s*(?:is|na|be|as|at|for)?\s*(?:the |my "
    r"|at )?"
)
_OTHER_BOUND = r"(?!,? ?(?:of |is |na |: ?)?(?:[₦#$n] ?)?\d)"
_MAX_AFTER = re.compile(
    _AFTER + rf"(?:max(?:imum)?\b{_OTHER_BOUND}|most|at most{_OTHER_BOUND}|or less|or below|and below"
    r"|and under|or under|(?:and |to )?down(?:wards?)?(?! ?pay)|tops?|ceiling|limit|highest(?! \d)|last"
    r"|no pass"
    r"|(?:i|we) (?:have|get)|(?:is |na )?(?:my|our) budget|budget)\b"
)
_MIN_AFTER = re.compile(
    _AFTER + rf"(?:min(?:imum)?\b{_OTHER_BOUND}|least\b|and above|or above|or more|and more|upwards?"
    r"|and up\b|and over|\+|going up)"
)
_AROUND_AFTER = re.compile(
    _AFTER + r"(?:there ?abouts?|or so|-?ish\b|there about|plus or minus|give or take|approximately)|ish\b"
)
_TO = re.compile(
    r"\s*(?:naira|per annum|yearly|only)?\s*(?P<by>-|to|and|till|until|or|max(?:imum)?"
    r"|,? and max)\s*(?:like |about |at most |not more than |maybe |even )?"
)
_NO_LIMIT = re.compile(
    r"\b(?:(?:no|without|any|whatever|forget|remove|drop|ignore|clear|cancel|never mind|nevermind"
    r"|don'?t mind|scrap|unlimited|open)"
    r"(?: the| my| a| any| about)* (?:budget|price|amount|cost|money|rent)(?: limit| range| cap| filter"
    r"| restriction)?(?! (?:of|is|na|below|under|around|about|for|between)\b)(?! ?[:₦#]?\d)"
    r"|no limit|any price|(?:price|budget|money|cost)(?: limit)? (?:no (?:matter|be (?:problem|issue"
    r"|wahala))|is (?:not|no) (?:a problem|an issue|a concern|important)|does ?n[o']t matter"
    r"|isn'?t (?:a problem|an issue)|no dey worry)"
    r"|no matter (?:the |how much |what )?(?:price|cost|budget|e cost)?)"
)

_PERIOD = (
    (NIGHT, r"(?:per|a|each|every|/)\s?(?:night|nite|day)\b|/\s?n\b|nightly|daily|p\.?/?n\b"),
    (MONTH, r"(?:per|a|each|every|/)\s?(?:month|mth|mnth)\b|/\s?mo\b|monthly|p\.?c?\.?m\b"),
    (
        YEAR,
        r"(?:per|a|each|every|/)\s?(?:year|yr|anum|annum|annual)\b|/\s?y\b|yearly|annually"
        r"|p\.?\s?/?a\b\.?|annual\b|per ann?\b",
    ),
)
_PERIOD_AFTER = tuple(
    (name, re.compile(rf"[\s,]*(?:naira|only|max|tops)?\s*(?:{words})")) for name, words in _PERIOD
)
_PERIOD_ANYWHERE = (
    (NIGHT, re.compile(r"\b(?:per (?:night|nite|day)|nightly|every night|a night)\b")),
    (MONTH, re.compile(r"\b(?:per month|monthly|every month)\b")),
    (YEAR, re.compile(r"\b(?:per (?:annum|anum|year|yr)|yearly|annually|annual(?= rent)|every year)\b")),
)


@dataclass(frozen=True)
class Read:
    """slots: bounds, period, currency. amounts: every amount of money in its order, for whoever sets a price.

    without: the wish for no limit was told.
    """

    slots: Slots
    amounts: tuple[int, ...] = ()
    without: bool = False


def read(text: Text) -> Read:
    """What is said of money. A bare figure is the most."""
    words = text.words
    without = None
    if match := _NO_LIMIT.search(words):
        without = match
        text.take_match(match, "price")
    found = [
        each
        for each in numbers(words)
        if is_free(text, each.start, each.end) and 0 < each.value < MOST_OF_A_LISTING
    ][:_MOST]
    slots: Slots = {}
    prices, taken = _prices(text, words, found)
    period = _period(text, words, [number for price in prices for number in price[0]])
    for start, end in taken:
        if is_free(text, start, end):
            text.take(start, end, "price")
    least = [low for _numbers, low, _high in prices if low is not None]
    most = [high for _numbers, _low, high in prices if high is not None]
    if least:
        slots["price_min"] = min(least)
    if most:
        slots["price_max"] = max(most)
    if period:
        slots["price_period"] = period
        if period == NIGHT:
            slots["listing_type"] = "shortlet"
    if any(number.currency == "USD" for price in prices for number in price[0]):
        slots["currency"] = "USD"
    amounts = tuple(amount for numbers_, low, high in prices for amount in _said(numbers_, low, high))
    return Read(slots, amounts, without is not None)


_Found = tuple[list[Number], int | None, int | None]


def _said(found: list[Number], low: int | None, high: int | None) -> list[int]:
    if len(found) == 1:
        return [found[0].amount()]
    return [each for each in (low, high) if each is not None]


def _prices(text: Text, words: str, found: list[Number]) -> tuple[list[_Found], list[tuple[int, int]]]:
    """The amounts with the bounds they set, and which parts of the text say so."""
    prices: list[_Found] = []
    taken: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        one = found[at]
        other = found[at + 1] if at + 1 < len(found) else None
        if other and (joined := _joined(text, words, one, other)):
            prices.append(([one, other], *joined))
            start = _start(words, one, (_BETWEEN, _AROUND))
            taken.append((start, other.end))
            at += 2
            continue
        if other and _adds(words, one, other):
            other = Number(
                one.value + other.amount() / Decimal(one.amount()) * one.value,
                one.unit,
                one.currency,
                one.start,
                other.end,
            )
            found[at + 1] = other
            at += 1
            continue
        if _is_price(words, one) or _ends_a_list(text, words, one):
            start, end, low, high = _bounds(words, one)
            prices.append(([one], low, high))
            taken.append((start, end))
        at += 1
    return prices, taken


def _adds(words: str, one: Number, other: Number) -> bool:
    """Whether two numbers are one amount: "2m 500k"."""
    return one.unit == "m" and other.unit == "k" and not words[one.end : other.start].strip()


def _joined(text: Text, words: str, one: Number, other: Number) -> tuple[int, int] | None:
    """The bounds of a range."""
    match = _TO.fullmatch(words, one.end, other.start)
    if match is None or not _may_be(words, one, first=True) or not _may_be(words, other):
        return None
    said_before = before(words, one.start)
    by = match["by"]
    if by == "and" and not _BETWEEN.search(said_before):
        return None
    if not (_is_price(words, other) or _is_price(words, one) or _BETWEEN.search(said_before)) and not (
        _ends(words, other) and _stands_behind_a_home(text, words, one)
    ):
        return None
    currency = one.currency if one.currency == "USD" else other.currency
    one = Number(one.value, one.unit, currency, one.start, one.end)
    other = Number(other.value, other.unit, currency, other.start, other.end)
    low, high = _shared(one, other)
    return (low, high) if low < high else None


def _shared(one: Number, other: Number) -> tuple[int, int]:
    """A unit on the right covers both, unless the least would be more than the most."""
    high = other.amount()
    if not other.unit and one.unit and other.value < 1000:
        high = other.amount(one.unit) if other.amount(one.unit) > one.amount() else other.amount()
    if not one.unit and other.unit and one.value < 1000:
        low = one.amount(other.unit)
        return (low, high) if low < high else (one.amount(), high)
    return one.amount(), high


def _may_be(words: str, number: Number, *, first: bool = False) -> bool:
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


def _is_price(words: str, number: Number) -> bool:
    if not _may_be(words, number):
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


def _ends_a_list(text: Text, words: str, number: Number) -> bool:
    """Whether a bare number stands behind what is sought: "self con Akoka 350"."""
    following = re.match(r"\s*[,/-]?\s*", words[number.end :])
    starts = not words[: number.start].strip(" .,") and number.value >= 100
    if starts and following and any(mark[0] == number.end + following.end() for mark in text.marks):
        return _may_be(words, number)
    return _ends(words, number) and _may_be(words, number) and _stands_behind_a_home(text, words, number)


def _ends(words: str, number: Number) -> bool:
    return re.match(r"\s*(?:max|only|abeg|pls|please)?\s*(?:$|[,.?!;])", words[number.end :]) is not None


def _stands_behind_a_home(text: Text, words: str, number: Number) -> bool:
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
    cues = [match[0] for pattern in (_MAX, _MIN, _BUDGET, _AROUND) if (match := pattern.search(said_before))]
    if any(_SPEAKS_OF_MONEY.search(cue) for cue in cues) or (cues and number.value >= 100):
        return True
    if (number.value >= 10 or number.value % 1) and any(
        pattern.match(words, number.end) for pattern in (_MAX_AFTER, _MIN_AFTER, _AROUND_AFTER)
    ):
        return True
    return bool(
        _PERIOD_AFTER[2][1].match(words, number.end) or _PERIOD_AFTER[1][1].match(words, number.end)
    ) or bool(re.search(r"\b(?:budget|price|naira)\b", words) and cues)


def _bounds(words: str, number: Number) -> tuple[int, int, int | None, int | None]:
    """From where to where a single amount is said, the least and the most."""
    amount, end = number.amount(), number.end
    said_before = before(words, number.start)
    if match := _MAX_AFTER.match(words, end):
        return _start(words, number, (_MAX, _AROUND, _BUDGET)), match.end(), None, amount
    if match := _MIN_AFTER.match(words, end):
        return _start(words, number, (_MIN, _AROUND, _BUDGET)), match.end(), amount, None
    first = _nearest(said_before)
    if first is _AROUND or _AROUND_AFTER.match(words, end):
        match = _AROUND_AFTER.match(words, end)
        around = re.sub(r"[^a-z]*$", "", said_before)
        # "not more than about 2m" has an end; "my budget is like 2m" is a budget.
        outer = next((p for p in (_MAX, _MIN) if p.search(_without(said_before, _AROUND))), None)
        vague = re.search(r"\blike\W*$", around) and _BUDGET.search(_without(said_before, _AROUND))
        if outer is None and not (vague and not match):
            start = _start(words, number, (_AROUND,))
            return start, match.end() if match else end, *_about(amount)
        first = outer or _MAX
    if first is _MIN:
        return _start(words, number, (_MIN,)), end, amount, None
    return _start(words, number, (_MAX, _BUDGET)), end, None, amount


def _without(said_before: str, pattern: re.Pattern[str]) -> str:
    match = pattern.search(said_before)
    return said_before[: match.start()] if match else said_before


def _nearest(said_before: str) -> re.Pattern[str] | None:
    """Which bound stands nearest before a number; "not less than" is one, not two."""
    found = [
        (match.start(), rank, pattern)
        for rank, pattern in enumerate((_AROUND, _MAX, _MIN))
        if (match := pattern.search(said_before))
    ]
    if not found:
        return None
    # Patterns end at the number: of "not more than" the longer one, of "max around" the nearer one.
    if len(found) > 1 and found[0][2] is _AROUND and any(each[0] < found[0][0] for each in found[1:]):
        return _AROUND
    return min(found, key=lambda each: (each[0], each[1]))[2]


def _about(amount: int) -> tuple[int, int]:
    return int(amount * (1 - _AROUND_BY)), int(amount * (1 + _AROUND_BY))


def _start(words: str, number: Number, patterns: tuple[re.Pattern[str], ...]) -> int:
    said_before = before(words, number.start)
    starts = [match.start() for pattern in patterns if (match := pattern.search(said_before))]
    return number.start - len(said_before) + min(starts, default=len(said_before))


def _period(text: Text, words: str, found: list[Number]) -> str | None:
    for number in found:
        for name, pattern in _PERIOD_AFTER:
            if (match := pattern.match(words, number.end)) and is_free(text, *match.span()):
                return name
    for name, pattern in _PERIOD_ANYWHERE:
        for match in pattern.finditer(words):
            if is_free(text, *match.span()):
                text.take_match(match, "price")
                return name
    return None

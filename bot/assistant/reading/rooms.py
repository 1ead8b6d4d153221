"""How many bedrooms and bathrooms."""

import re
from dataclasses import dataclass

from bot.assistant.commands import MOST_ROOMS, Slots
from bot.assistant.reading.items import before, is_free
from bot.assistant.reading.text import Text

_BED = (
    r"(?:bed[ -]?rooms?|bed[ -]?rms?|beds?(?! ?spaces?)|bdrms?|bdrs?|brms?|bedrms?|bhk|br|b/r(?:oom)?s?"
    r"|bds?|bedrooom|b/d"
    r"|rooms|(?<=[2-9] )room(?= ?(?:and|&|n) ?(?:a )?parlour)|room(?!s)(?! ?(?:and|&|n|\+|with|self"
    r"|,)? ?(?:a )?(?:parlou?r|self)))(?![a-z])"
)
_BATH = r"(?:bath[ -]?rooms?|baths?|toilets?(?: (?:and|&) bath(?:room)?s?)?|bth|ba|wc)(?![a-z])"
_NUMBER = (
    r"(?<!phase )(?<!zone )(?<!ph )(?<!gate )(?<!block )(?<!section )(?<!mile )"
    r"(?<!family of )(?<!household of )(?<!group of )(?<!we are )(?<!we be )"
    r"(?<![\d.,₦$#])\d{1,2}(?![\d.,]\d)"
)
_TO = r" ?(?:-|to|or|and|&|/|,| ) ?"


def _counts(noun: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:\bbetween )?(?P<n>{_NUMBER})(?:\s*(?P<plus>\+|\b(?:or|and) (?:more|above|up|bigger)\b"
        rf"|plus\b)|(?:{_TO}(?P<m>\d{{1,2}})))?\s*-?\s*{noun}"
        rf"|\b(?:(?:no\.? of |number of ){noun} ?(?:is |[:=] ?)?"
        rf"|{noun}\s*[:=]\s*)(?P<after>\d{{1,2}})(?![\d.,]*[km\d])"
    )


_BEDROOMS, _BATHROOMS = _counts(_BED), _counts(_BATH)
_OF_A_BQ = re.compile(r"\b(\d{1,2}) ?-?(?:bed)?rooms? (?:bq|boys)")
_FILL = r"(?: like| about| a| of| is| be| say| the| just| only)*\s*$"
_AT_LEAST = re.compile(
    r"\b(?:at ?least|minimum(?: of)?|min(?: of)?|not? (?:less|lower|fewer) than|nothing less than"
    r"|nothing below"
    r"|not below|no reach|from|starting from|upwards of|no go less than)" + _FILL
)
_MORE = re.compile(r"(?:\b(?:more than|above|over|greater than|bigger than|pass|larger than)|>)" + _FILL)
_UP_TO = re.compile(
    r"\b(?:up ?to|max(?:imum)?(?: of)?|at most|not? more than|not? (?:above|over|exceeding|bigger than)"
    r"|no pass"
    r"|no go pass|within|not? greater than)" + _FILL
)
_LESS = re.compile(r"\b(?:less than|fewer than|below|under|lower than)" + _FILL)
_NOT = re.compile(r"\b(?:not|no be|except|but not|no want|not a|no)(?: an?| be)?\s*$")
_OF_PRICE = r"(?!,? ?(?:of |is |na |: ?)?(?:[₦#$n] ?)?\d)"
_AND_MORE = re.compile(
    r"(?:,? ?(?:flats?|apartments?|duplex|house|home|place)s?)?,? ?(?:\+|and above|or above|or more"
    r"|and more|upwards?|and up|going up|or bigger"
    rf"|minimum{_OF_PRICE}|min\b{_OF_PRICE}|at ?least{_OF_PRICE}|plus(?! (?:bq|a|1|one)\b))"
)
_AND_LESS = re.compile(
    r"(?:,? ?(?:flats?|apartments?|duplex|house|home|place)s?)?,? ?(?:or less|or below|and below"
    r"|or fewer|downwards?"
    rf"|max(?:imum)?\b{_OF_PRICE}|at most{_OF_PRICE})"
)


@dataclass(frozen=True)
class _Bounds:
    least: int | None
    most: int | None


def read(text: Text, said: str) -> Slots:
    """Bedrooms and bathrooms: "2 rooms" are two bedrooms. said: the text before anything was read."""
    slots: Slots = {}
    for words, bounds in _found(text, _BATHROOMS):
        # No slot holds the most bathrooms; of "2 bathrooms and 3 toilets" the bathrooms count.
        if bounds.least is not None and ("bathrooms_min" not in slots or "toilet" not in words):
            slots["bathrooms_min"] = bounds.least
    beds = [bounds for _match, bounds in _found(text, _BEDROOMS)]
    if len(beds) > 1 and (of_a_bq := _OF_A_BQ.search(said)):  # "5 bedrooms and a 2 room BQ"
        at = int(of_a_bq[1])
        beds = [bounds for bounds in beds if bounds != _Bounds(at, at)] or beds
    if beds:
        least = [bounds.least for bounds in beds]
        most = [bounds.most for bounds in beds]
        # Several that are named apart, "2 bedroom or 3 bedroom", are between the least and the most of them.
        if None not in least:
            slots["bedrooms_min"] = min(each for each in least if each is not None)
        elif len(beds) == 2 and None not in (least[0] or least[1], most[0] or most[1]):
            slots["bedrooms_min"] = least[0] or least[1]
        if None not in most:
            slots["bedrooms_max"] = max(each for each in most if each is not None)
        elif len(beds) == 2 and "bedrooms_min" in slots and None in least:
            slots["bedrooms_max"] = most[0] or most[1]
    return slots


def _found(text: Text, pattern: re.Pattern[str]) -> list[tuple[str, _Bounds]]:
    words = text.words
    found = []
    for match in pattern.finditer(words):
        if not is_free(text, *match.span()):
            continue
        numbers = [int(each) for each in (match["n"], match["m"], match["after"]) if each]
        if not all(0 < number <= MOST_ROOMS for number in numbers):
            continue
        start, end, bounds = _bounds(words, match, numbers)
        text.take(start, end, "rooms")
        if bounds is not None:
            found.append((match[0], bounds))
    return found


def _bounds(words: str, match: "re.Match[str]", numbers: list[int]) -> tuple[int, int, _Bounds | None]:
    """From where to where it is said, and what; no bounds for what is not wanted."""
    start, end = match.span()
    said_before = before(words, start)
    low, high = min(numbers), max(numbers)
    if len(numbers) == 2 and low != high and high - low <= 4:
        return start, end, _Bounds(low, high)
    number = numbers[-1]
    for pattern, bounds in (
        (_UP_TO, _Bounds(None, number)),
        (_AT_LEAST, _Bounds(number, None)),
        (_MORE, _Bounds(number + 1, None)),
        (_LESS, _Bounds(None, max(number - 1, 0))),
    ):
        if found := pattern.search(said_before):
            return start - (len(said_before) - found.start()), end, bounds
    if match["plus"]:
        return start, end, _Bounds(number, None)
    if found := _AND_MORE.match(words, end):
        return start, found.end(), _Bounds(number, None)
    if found := _AND_LESS.match(words, end):
        return start, found.end(), _Bounds(None, number)
    return start, end, None if _NOT.search(said_before) else _Bounds(number, number)

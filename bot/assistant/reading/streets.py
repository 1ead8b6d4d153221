"""A street: lower case, with its house number; no area is inferred from one."""

import re

from bot.assistant.gazetteer import Gazetteer
from bot.assistant.reading.items import before, is_free
from bot.assistant.reading.place_names import Token, tokens
from bot.assistant.reading.text import GONE, Text
from bot.assistant.reading.words import known_words, listed

_STREET_WORDS = (
    {"street": "street", "str": "street", "strt": "street", "st": "street", "road": "road", "rd": "road"}
    | {
        word: word
        for word in (
            "way",
            "avenue",
            "close",
            "crescent",
            "drive",
            "lane",
            "boulevard",
            "expressway",
            "highway",
        )
    }
    | {"ave": "avenue", "cres": "crescent", "crescent": "crescent", "blvd": "boulevard"}
)
_WAYS = ("way", "close", "drive", "lane", "highway", "st")  # ordinary words: a name must stand before them
# What stands before "road" and makes no name of one.
_NO_NAME = listed("roadside")
_AT = re.compile(
    r"\b(?:on|along|off|at|for|in|inside|around|near|behind|opposite|no\.?|number|plot"
    r"|house)\s+(?:no\.? ?|number )?$"
)
_HOUSE_NUMBER = re.compile(r"(?:(?:no\.?|number|plot|house|block)\s*)?(?<![\d.,])(\d{1,4}[a-z]?),?\s+$")
_NOT_A_HOUSE = re.compile(r"(?:in|next|last|about)\s+\d{1,4},?\s+$")
_NUMBERED = re.compile(r"\b\d{1,3}(?:(?:st|nd|rd|th) (?:avenue|street|road|close|lane)| (?:road|avenue))\b")
_BARE = re.compile(r"\b(?:on|along|off)\s+$")
_LONGEST = 4  # words of a name


def read(text: Text, gazetteer: Gazetteer) -> str | None:
    """The first street that is named; None when there is none. A name of the gazetteer is an area."""
    words = text.words
    if (match := _NUMBERED.search(words)) and is_free(text, *match.span()):
        return text.take_match(match, "street")
    said = tokens(words)
    for at, token in enumerate(said):
        if token.word not in _STREET_WORDS or not is_free(text, token.start, token.end):
            continue
        if (street := _named(words, said, at, text, gazetteer)) is not None:
            return street
    return _bare(words, said, text, gazetteer)


def _named(words: str, said: list[Token], at: int, text: Text, gazetteer: Gazetteer) -> str | None:
    """The name before a word for a street."""
    first = at
    while first > 0 and at - first < _LONGEST and _belongs(words, said, first - 1, is_first=first == at):
        first -= 1
    # "Lekki Admiralty Way" stands in Lekki; "Ikorodu Road" needs not lead there.
    names = gazetteer.place_names
    for split in range(at - 1, first, -1):
        if names.exact(tuple(token.word for token in said[first:split])) is not None:
            first = split
            break
    name = tuple(token.word for token in said[first:at])
    if not name or (said[at].word in _WAYS and not _is_name(words, said, first, at)):
        return None
    end = at + 1
    if said[at].word == "express" or (end < len(said) and said[end].word == "expressway"):
        end += 1
    number = _HOUSE_NUMBER.search(before(words, said[first].start, 30))
    if number and (_NOT_A_HOUSE.search(before(words, said[first].start, 30)) or GONE in number[0]):
        number = None
    if number is None and _is_place(name, said[at].word, gazetteer):
        return None
    start = number.start() if number else said[first].start
    text.take(start, said[at].end, "street")
    street = " ".join((*words[said[first].start : said[at].start].split(), _STREET_WORDS[said[at].word]))
    return f"{number[1]} {street}" if number else street


def _belongs(words: str, said: list[Token], at: int, *, is_first: bool) -> bool:
    """Whether a word is part of a street's name, read from its end."""
    token, following = said[at], said[at + 1]
    if words[token.end : following.start].strip(" -'") or not token.word.isalpha() or token.word in _NO_NAME:
        return False
    if is_first:
        return True
    return token.word not in listed("ordinary") and token.word not in listed("known")


def _is_name(words: str, said: list[Token], first: int, at: int) -> bool:
    """ "Close" and "way" are ordinary words: they end a name that no list knows, or one that is gone to."""
    name = said[first:at]
    if name[-1].word in listed("known") or (at + 1 < len(said) and said[at + 1].word == "to"):
        return False
    if said[at].word in ("way", "close", "drive", "lane") and all(
        token.word in listed("ordinary") or token.word in listed("known") for token in name
    ):
        return _AT.search(before(words, name[0].start, 30)) is not None or bool(
            _HOUSE_NUMBER.search(before(words, name[0].start, 30))
        )
    return name[0].word not in ("saint",) and not (said[at].word == "st" and at + 1 < len(said) and not name)


def _is_place(name: tuple[str, ...], word: str, gazetteer: Gazetteer) -> bool:
    exact = gazetteer.place_names.exact
    spelt = _STREET_WORDS[word]
    return any(
        exact((*name[split:], form)) is not None for split in range(len(name)) for form in (word, spelt)
    )


def _bare(words: str, said: list[Token], text: Text, gazetteer: Gazetteer) -> str | None:
    """A name without a word for a street, where only a street can be: "on Adeola Odeku"."""
    names = gazetteer.place_names
    for at, token in enumerate(said):
        if not _BARE.search(before(words, token.start, 12)) or not _may_name(token, names.words):
            continue
        if names.near(token.word) is not None:
            continue
        end = at + 1
        while (
            end < len(said)
            and end - at < 3
            and not words[said[end - 1].end : said[end].start].strip()
            and _may_name(said[end], names.words)
        ):
            end += 1
        if is_free(text, token.start, said[end - 1].end):
            return text.take(token.start, said[end - 1].end, "street")
    return None


def _may_name(token: Token, places: frozenset[str]) -> bool:
    if not token.word.isalpha() or len(token.word) < 4 or token.word in places:
        return False
    return token.word not in known_words() or (
        token.word in listed("names") and token.word not in listed("known") and len(token.word) > 4
    )

"""The names of places as they are looked up: every way of writing one, and what a mistyped one may be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.assistant.reading.words import known_words, listed

Sort = Literal["area", "city", "state"]
_NUMBERS = {
    "1": ("one", "i"),
    "2": ("two", "ii"),
    "3": ("three", "iii"),
    "4": ("four", "iv"),
    "5": ("five", "v"),
}
_SAME = {"phase": ("ph", "phs", "fase", "pase"), "extension": ("ext",), "road": ("rd",)}
_TOKEN = re.compile(r"[a-z](?:[./][a-z])+(?![^\W_])|[^\W\d_]+|\d+")
SHORTEST = 4  # letters of a name that may be mistyped


@dataclass(frozen=True)
class Named:
    """A place by its canonical name."""

    name: str
    sort: Sort


@dataclass(frozen=True)
class Token:
    """A word of a text: "v.i" is one."""

    word: str
    start: int
    end: int


def tokens(words: str) -> list[Token]:
    return [
        Token(re.sub(r"[./]", "", found[0]), found.start(), found.end()) for found in _TOKEN.finditer(words)
    ]


class PlaceNames:
    """What a run of words names, exactly or mistyped."""

    def __init__(self, names: Mapping[str, Named]) -> None:
        self.written: dict[tuple[str, ...], Named] = {}
        for name, named in names.items():
            for way in _ways(tuple(name.split())):
                self.written.setdefault(way, named)
        self.longest = max(map(len, self.written), default=0)
        self.words = frozenset(word for way in self.written for word in way)
        self.squeezed = {"".join(way): named for way, named in self.written.items() if len("".join(way)) >= 3}
        # "lekkki" is a mistyped "Lekki" and no "Lekki II".
        self._mistakable = sorted(
            {"".join(way) for way in self.written if not {"i", "ii", "iii", "iv", "v"} & set(way)}
        )
        self._mistakable = [name for name in self._mistakable if len(name) >= SHORTEST]

    def exact(self, words: tuple[str, ...]) -> Named | None:
        return self.written.get(words)

    def near(self, typed: str, *, by: int | None = None) -> tuple[Named, int] | None:
        """The place that a word, or words without their spaces, may be a mistyped name of; and by how much.

        None when it is none or may be two. by: at most so many letters.
        """
        if named := self.squeezed.get(typed):
            return named, 0
        most = _most_mistakes(len(typed)) if by is None else by
        if not most:
            return None
        found = process.extract(typed, self._mistakable, scorer=OSA.distance, score_cutoff=most, limit=4)
        # A number is no mistyped one: "port 3" is no "Port", and "Wuse 3" is not known.
        found = [
            each
            for each in found
            if (each[0][0] == typed[0] or (len(typed) >= 7 and each[1] == 1))
            and _digits(each[0]) == _digits(typed)
            and (len(typed) >= 7 or _is_a_slip(typed, each[0]))
        ]
        if not found:
            return None
        least = min(distance for _name, distance, _at in found)
        meant = {self.squeezed[name] for name, distance, _at in found if distance == least}
        return (meant.pop(), int(least)) if len(meant) == 1 else None

    def is_known(self, word: str) -> bool:
        """Whether a word is as it should be: a place's, or any other one's."""
        return len(word) <= 2 or word in self.words or word in known_words()

    def is_only_a_place(self, word: str) -> bool:
        """Whether a word is in names of places, and in no list of ordinary ones."""
        return word in self.words and word not in known_words() and not word.isdigit()

    def is_ordinary(self, words: tuple[str, ...]) -> bool:
        """Whether a name is an ordinary word as well, or somebody's."""
        return len(words) == 1 and (words[0] in listed("ordinary") or words[0] in listed("names"))


_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = ("aeiou", "ckq", "sz", "gj", "pbf", "td", "vf", "mn", "yi", "wu")


def _is_a_slip(typed: str, name: str) -> bool:
    """Whether a short name may be mistyped so: "Alaba" is no slip for "Asaba", l and s being far apart."""
    changed = [(one, other) for one, other in zip(typed, name, strict=False) if one != other]
    if len(typed) != len(name) or len(changed) != 1:
        return True  # letters lost, doubled or exchanged
    one, other = changed[0]
    if any(one in sounds and other in sounds for sounds in _ALIKE):
        return True
    where = {letter: (row, place) for row, keys in enumerate(_KEYS) for place, letter in enumerate(keys)}
    if one not in where or other not in where:
        return True
    (row, place), (other_row, other_place) = where[one], where[other]
    return abs(row - other_row) <= 1 and abs(place - other_place) <= 1


def _digits(typed: str) -> str:
    return "".join(c for c in typed if c.isdigit())


def _most_mistakes(length: int) -> int:
    if length < SHORTEST:
        return 0
    return 1 if length < 7 else 2 if length < 13 else 3


def _ways(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A name, its numbers and short words written otherwise, and "Ikeja GRA" as "GRA Ikeja"."""
    ways = {name}
    for at, word in enumerate(name):
        numbers = _NUMBERS.get(word) or next(
            (
                (digit, *(o for o in others if o != word))
                for digit, others in _NUMBERS.items()
                if word in others
            ),
            (),
        )
        # "the island" is no "1 sland", and a name of one letter no number.
        others = (*numbers, *_SAME.get(word, ())) if at else _SAME.get(word, ())
        ways |= {(*way[:at], other, *way[at + 1 :]) for way in set(ways) for other in others}
    for way in set(ways):
        if len(way) > 1 and way[-1] == "gra":
            ways.add(("gra", *way[:-1]))
        if len(way) > 2 and way[-2] in ("phase", "ph"):
            ways.add((*way[-2:], *way[:-2]))
    yield name
    yield from sorted(ways - {name})

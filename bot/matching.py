"""Reading what people type against what they were shown: digits, number words, labels, near misses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

SURE, MAYBE = 86, 68  # rapidfuzz's score of 0 to 100: above the first it is taken, above the second offered

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one first 1st",
            "two second 2nd",
            "three third 3rd",
            "four fourth 4th",
            "five fifth 5th",
            "six sixth 6th",
            "seven seventh 7th",
            "eight eighth 8th",
            "nine ninth 9th",
            "ten tenth 10th",
        ),
        start=1,
    )
    for word in words.split()
}
_FILLERS = re.compile(
    r"^(?:the|number|no|option|press|na|pick|choose|i want|i choose)\s+|\s+(?:one|please|abeg|pls)$"
)


@dataclass(frozen=True)
class Picked:
    """The item meant, by its place in what was shown."""

    index: int


@dataclass(frozen=True)
class Unsure:
    """Items that may have been meant, likeliest first."""

    indexes: tuple[int, ...]


def folded(text: str) -> str:
    """Text for comparing: no accents, case, emoji frames or punctuation at its ends."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "\ufe0f\u20e3")
    return re.sub(r"\s+", " ", plain).strip(" .,!?:;()[]#*\"'")


def number(text: str) -> int | None:
    """`2`, `2.`, `2️⃣`, `two`, `the second one`, `٢` → 2."""
    plain = folded(text)
    for _ in range(2):
        plain = _FILLERS.sub("", plain) if plain not in _NUMBERS else plain
    if plain.isdecimal() and len(plain) <= 3:
        return int(plain)
    return _NUMBERS.get(plain)


def pick(text: str, labels: Sequence[Sequence[str]]) -> Picked | Unsure | None:
    """Which of the shown items `text` means; each item has one or more labels. None: none of them."""
    asked = number(text)
    if asked is not None:
        return Picked(asked - 1) if 1 <= asked <= len(labels) else None
    wanted = folded(text)
    if not wanted:
        return None
    known = [(index, folded(label)) for index, own in enumerate(labels) for label in own if folded(label)]
    same = {index for index, label in known if label == wanted}
    if len(same) == 1:
        return Picked(same.pop())
    if len(wanted) >= 3:
        within = {index for index, label in known if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", label)}
        if len(within) == 1:
            return Picked(within.pop())
        if within:
            return Unsure(tuple(sorted(within))[:3])
        return _near(wanted, known)
    return None


def _near(wanted: str, known: Sequence[tuple[int, str]]) -> Picked | Unsure | None:
    scored = process.extract(wanted, [label for _, label in known], scorer=fuzz.WRatio, limit=6)
    best: dict[int, float] = {}
    for _label, score, place in scored:
        # A short label inside a long sentence scores high with WRatio: a sentence is no typo of a word.
        if len(wanted) <= 2 * len(known[place][1]):
            best[known[place][0]] = max(score, best.get(known[place][0], 0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < MAYBE:
        return None
    if ranked[0][1] >= SURE and (len(ranked) == 1 or ranked[1][1] < ranked[0][1] - 5):
        return Picked(ranked[0][0])
    return Unsure(tuple(index for index, score in ranked if score >= MAYBE)[:3])

"""Reading what people type against what they were shown: digits, number words, labels, near misses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
    r"^(?:the|number|no|option|press|na|pick|choose|i want|i choose)\s+|\s+(?:one|option|please|abeg|pls)$"
)

_FRAMES = "\ufe0f\u20e3" + "".join(map(chr, range(0x1F3FB, 0x1F400)))  # around a digit, and of a skin


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
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in _FRAMES)
    return re.sub(r"\s+", " ", plain).strip(" .,!?:;()[]#*\"'")


# Letters of other alphabets that look like Latin ones: СТОР, typed in Cyrillic, is read as STOP.
_LOOKALIKES = str.maketrans("абвсеһіјкмнопрѕтԛуѵԝхοραεικντυ", "abbcehijkmhonpstqyvwxopaeikvtu")


def latin(folded_text: str) -> str:
    """Folded text as it looks: letters of other alphabets as the Latin ones that they are taken for."""
    return folded_text.translate(_LOOKALIKES)


def number(text: str) -> int | None:
    """`2`, `2.`, `2️⃣`, `two`, `the second one`, `٢` → 2."""
    plain = folded(text)
    for _ in range(2):
        plain = _FILLERS.sub("", plain) if plain not in _NUMBERS else plain
    if plain.isdecimal() and len(plain) <= 3:
        return int(plain)
    return _NUMBERS.get(plain)


def exactly(text: str, labels: Sequence[Sequence[str]]) -> Picked | None:
    """The item that `text` names by its number or one of its labels, with nothing left to guess."""
    asked = number(text)
    if asked is not None:
        return Picked(asked - 1) if 1 <= asked <= len(labels) else None
    wanted = folded(text)
    same = {index for index, label in _known(labels) if label == wanted}
    return Picked(same.pop()) if len(same) == 1 else None


def mentioned(text: str, labels: Sequence[Sequence[str]]) -> Picked | Unsure | None:
    """The items that a sentence speaks of: "abeg I wan book inspection" has the label "book" in it."""
    wanted = folded(text)
    said = [(index, label) for index, label in _known(labels) if len(label) >= 4 and has(wanted, label)]
    # "change or cancel an inspection" speaks of that item, not of "change" or "inspection" as well.
    longest = {
        index for index, label in said if not any(label != other and has(other, label) for _, other in said)
    }
    if len(longest) == 1:
        return Picked(longest.pop())
    return Unsure(tuple(sorted(longest))[:3]) if longest else None


def _known(labels: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    return [(index, plain) for index, own in enumerate(labels) for label in own if (plain := _label(label))]


# A menu's labels are compared with every message; what people type is not kept.
_label = lru_cache(maxsize=4_096)(folded)


def wants_peace(text: str) -> bool:
    """Whether a sentence asks us not to write: "please stop sending me messages", "stopp"."""
    return (
        re.search(
            r"(?<!\bbus )(?<!\bnon[ -])\b(?:sto+p+\w*|unsubscri\w+|leave me alone|no disturb)\b",
            latin(folded(text)),
        )
        is not None
    )


def refuses(text: str) -> bool:
    """Whether there is a no in it: "no book am", "don't save"."""
    return re.search(r"\b(?:no|nope|nah|not|never|don.?t|leave)\b", folded(text)) is not None


def has(text: str, words: str) -> bool:
    """Whether `words` stand in `text`, as whole words."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def pick(text: str, labels: Sequence[Sequence[str]]) -> Picked | Unsure | None:
    """Which of the shown items `text` means; each item has one or more labels. None: none of them."""
    named = exactly(text, labels)
    if named is not None or number(text) is not None:
        return named
    wanted, known = folded(text), _known(labels)
    if len(wanted) >= 3:
        within = {index for index, label in known if has(label, wanted)}
        if len(within) == 1:
            return Picked(within.pop())
        if within:
            return Unsure(tuple(sorted(within))[:3])
    return _near(wanted, known) if len(wanted) >= 4 else None


def is_like(text: str, label: str) -> bool:
    """Whether a text is a label, but for a few letters."""
    return fuzz.ratio(folded(text), folded(label)) >= SURE


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """0 to 100. No part of a word counts: "any" is no "Maryland"."""
    return max(
        fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other), 0.95 * fuzz.token_set_ratio(one, other)
    )


def _near(wanted: str, known: Sequence[tuple[int, str]]) -> Picked | Unsure | None:
    scored = process.extract(wanted, [label for _, label in known], scorer=_likeness, limit=6)
    best: dict[int, float] = {}
    for _label, score, place in scored:
        # A short label inside a long sentence scores high: a sentence is no typo of a word.
        if len(wanted) <= 2 * len(known[place][1]):
            best[known[place][0]] = max(score, best.get(known[place][0], 0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < MAYBE:
        return None
    if ranked[0][1] >= SURE and (len(ranked) == 1 or ranked[1][1] < ranked[0][1] - 5):
        return Picked(ranked[0][0])
    return Unsure(tuple(index for index, score in ranked if score >= MAYBE)[:3])

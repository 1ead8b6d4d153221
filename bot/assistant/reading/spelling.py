"""Words put right before anything is read: typing errors, spaces left out, short forms, spelt-out numbers.

Only words that no list knows are touched, and only towards words of ours, but for short forms, which have a
list; names of places are put right where
places are read. Words of three letters and less stay as they are.
"""

import re
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.assistant.gazetteer import Gazetteer
from bot.assistant.reading.words import known_words, listed, short_forms
from bot.numerals import in_digits

_SMALL = frozenset(
    ("for", "in", "at", "to", "with", "and", "the", "no", "not", "near", "or", "con", "bed", "self")
)
_TOKEN = re.compile(r"(?<![\w'/-])(?:b/w|\d?[a-z]{2,}\d?)(?![\w'/])")
_COUNTED = re.compile(
    r"(?<![\w.])(\d{1,3}(?:\.\d+)?)((?:bed|bdr|bdrm|bth|bath|room|plot|night|toilet|storey|flat|unit"
    r"|acre|month"
    r"|year|week|bedrm|naira)[a-z]*|brm?s?|bds?|days?|yrs?|hrs?|mins?)(?![a-z/])"
)
# Figures and letters that are read aloud: "2day", "want 2 send d report", "house 4 rent". A figure before
# what can be counted counts it.
_CHAT = re.compile(r"(?<![\w.,/-])(?:2(?:day|nite|night|moro|morrow|mrw)|b4)(?![\w/])")
_VERB = (
    r"(?:send|see|rent|buy|book|view|cancel|check|know|get|find|move|change|pay|sell|list|add|report|talk|"
    r"speak|visit|inspect|come|go|do|be|make|ask|confirm|reschedule|shift|post|use|live|stay|submit|put|"
    r"update|remove|delete|meet|complain|have|look|take|give|tell|withdraw|postpone|stop|start)"
)
_A_LETTER = re.compile(
    r"(?<=\w )n(?= (?:[a-z]{2}|\d))|(?<=[a-z] )d(?= [a-z]{3,})(?! duplex)|(?:(?<=lookin )|(?<=looking )|"
    r"(?<=search ))4(?= )"
    rf"|(?<=[a-z] )2(?= {_VERB}\b(?! ?room))|(?<![\w.,/-])2(?= let\b)"
    r"|(?<![\w.,/-])4(?= (?:rent|sale|let|lease|me|us|my|the|your|you|today|tomorrow|tonight)\b)"
)
_LETTERS = {"n": "and", "d": "the", "2": "to", "4": "for"}
_LENGTHENED = re.compile(r"([a-z])\1{2,}")


def corrected(words: str, gazetteer: Gazetteer) -> str:
    """Plain words, put right. What no rule is sure of stays as it came."""
    words = _CHAT.sub(lambda found: short_forms()[found[0]], words)
    words = _A_LETTER.sub(lambda found: _LETTERS[found[0]], words)
    words = _COUNTED.sub(r"\1 \2", words)
    words = _TOKEN.sub(lambda found: _right(found[0], gazetteer), words)
    return in_digits(words)


def _right(word: str, gazetteer: Gazetteer) -> str:
    if (long := short_forms().get(word)) is not None:
        return long
    place_names = gazetteer.place_names
    if len(word) <= 3 or not word.isalpha() or place_names.is_known(word) or word in place_names.squeezed:
        return word
    if (shortened := _shortened(word)) is not None:
        return shortened
    if (parts := _split(word, place_names.words)) is not None:
        return parts
    place = place_names.near(word)
    near = _near(word)
    if near is None or (place is not None and place[1] <= near[1]):
        return word
    return near[0]


def _shortened(word: str) -> str | None:
    """A word without letters that were held down: "pleaseee", "rooom"."""
    if not _LENGTHENED.search(word):
        return None
    for times in (r"\1\1", r"\1"):
        if (short := _LENGTHENED.sub(times, word)) in known_words():
            return short
    return None


def _split(word: str, places: frozenset[str]) -> str | None:
    """Words that were written as one: "forsale", "flatinlekki"."""
    if len(word) < 6:
        return None
    for at in range(len(word) - 3, 1, -1):
        first, rest = word[:at], word[at:]
        if not (first in _SMALL or first in listed("known") or (len(first) >= 4 and first in places)):
            continue
        if (
            rest in listed("known")
            or (len(rest) >= 4 and rest in places)
            or (rest == "con" and first == "self")
        ):
            return f"{first} {rest}"
        if (more := _split(rest, places)) is not None:
            return f"{first} {more}"
    return None


@cache
def _ours() -> list[str]:
    return sorted(word for word in listed("known") if len(word) >= 4)


def _near(word: str) -> tuple[str, int] | None:
    """The word of ours that was meant, and how many letters are wrong; None when none is, or several."""
    most = 1 if len(word) < 6 else 2
    found = [
        (ours, int(distance))
        for ours, distance, _at in process.extract(
            word, _ours(), scorer=OSA.distance, score_cutoff=most, limit=6
        )
        if (ours[0] == word[0] or (distance == 1 and len(word) >= 6))
        and (distance < 2 or len(word) > 6 or _sound(ours) == _sound(word))
    ]
    if not found:
        return None
    if len(word) == 4:  # so short a word is a mistyped one only with two letters exchanged, or one lost
        found = [each for each in found if sorted(each[0]) == sorted(word) or len(each[0]) == 5]
    least = min((distance for _ours, distance in found), default=0)
    best = [ours for ours, distance in found if distance == least]
    # "appartmen" lies as near to the plural: what differs in an s is one word.
    if len({re.sub(r"(?<=x)es$|s$", "", ours) for ours in best}) > 1:
        best = [ours for ours in best if _sound(ours) == _sound(word)]
    if not best:
        return None
    return min(best, key=lambda ours: abs(len(ours) - len(word))), least


def _sound(word: str) -> str:
    """Letters that sound alike made one: "dupleks", "bedrum"."""
    for letters, sound in (
        ("ks", "x"),
        ("oo", "u"),
        ("ph", "f"),
        ("ck", "k"),
        ("c", "k"),
        ("j", "g"),
        ("z", "s"),
    ):
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", word)

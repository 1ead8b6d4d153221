"""The words for reading: one way to write each day, month, number and unit, and the way back to the text.

`wd5` is Saturday, `mo12` December, `mq5` May or March, which may be no months; `3wth` is "third".
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.days import month_named, weekday_named
from bot.numerals import SMALL

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50}
_NTHS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
_OTHER_DAYS = (  # Monday's first: short, or as they are written in Pidgin
    *("monde", "tues tusde tuzday", "weds wensde wensday wesday", "thur thurs tosde tursday"),
    *("fraide fridey", "sato sata satde satday satide", "sonde sonday"),
)
_WAYS = {  # how it is read: how people write it
    "tomorrow": "tomorrow tomorow tommorow tommorrow tomoro tomorro tumoro tumorow tumoru tmoro tmorrow tmrw"
    " tmr tmrow tmw tomm tommorw tomorw tomrw tomrow tomolo 2moro 2morow 2morrow 2mrw 2moz 2mao",
    "today": "today todya todai 2day tday",
    "tonight": "tonight tonite tonyt 2nite 2night",
    "yesterday": "yesterday yestday yesterdy yday",
    "next": "next nxt nex neks",
    "this": "this dis",
    "the": "the di d",
    "week": "week weeks wk wks weak",
    "weekend": "weekend weekends wkend wknd wkd weeknd",
    "month": "month months mth mths mnth",
    "day": "day days",
    "year": "year years yr yrs",
    "hour": "hour hours hr hrs",
    "minute": "minute minutes min mins",
    "night": "night nights nite",
    "morning": "morning mornings mornin mrng morni moring",
    "afternoon": "afternoon afternoons aftanoon afternon aftnoon",
    "evening": "evening evenings evenin evnin eveni evnin",
    "noon": "noon midday",
    "before": "before b4 bfor bifor befor",
    "until": "until till til untill",
    "between": "between btw btwn btween betwen bitwin",
    "from": "from frm",
    "upper": "upper upa uppa",
    "oclock": "oclock",
    "please": "please pls plz abeg",
    "christmas": "christmas xmas chrismas christmass",
}
_KNOWN = {way: word for word, ways in _WAYS.items() for way in ways.split()}
_KNOWN |= {word: str(number) for number, word in enumerate(SMALL)} | {
    "one": "01"
}  # "the Friday one" is no time
_KNOWN |= {word: str(number) for word, number in _TENS.items()}
_KNOWN |= {word: f"{number}wth" for number, word in enumerate(_NTHS)} | {"thirtieth": "30wth"}
_KNOWN |= {word: f"wd{weekday}" for weekday, words in enumerate(_OTHER_DAYS) for word in words.split()}
_KNOWN |= {"may": "mq5", "march": "mq3", "mar": "mq3"}
_KNOWN |= {"sundry": "sundry"}  # one letter from a day
_NEAR = {"tomorrow": 2, "afternoon": 2, "yesterday": 2, "morning": 1, "evening": 1, "weekend": 1}

_UNITS = "|".join((*SMALL[1:10], *_NTHS[1:10]))
_TOKEN = re.compile(
    r"(?P<clock>(?<![a-z])[o0] ?' ?clock\b|\bo clock\b)"
    r"|(?P<half>(?<=\d) ?(?P<letter>[ap])\.? ?m\b\.?(?! ?\d))"
    r"|(?P<both>(?<![\w])(?:2(?:moro|morow|morrow|mrw|moz|mao|day|nite|night)|b4)(?!\w))"
    rf"|\b(?P<tens>{'|'.join(_TENS)})[ -](?P<unit>{_UNITS})\b"
    r"|(?P<word>[a-z]+)"
)
_SUN_OR_SAT = re.compile(r"(?:\b(?:i|we|they|he|she|dem)|mi|ba|\bthe morning|\bunder the|\bin the) $")


@dataclass
class Spelt:
    """text: the words as they are read. What is found in it stands `where` in the words that were given."""

    text: str
    _pieces: list[tuple[int, int, int, int]] = field(default_factory=list)  # begin and end here, and there

    def where(self, start: int, end: int) -> tuple[int, int]:
        """The place, in the given words, of a part of the text."""
        first = self._pieces[max(0, bisect_right(self._pieces, (start, 1 << 30, 0, 0)) - 1)]
        last = self._pieces[max(0, bisect_right(self._pieces, (end - 1, 1 << 30, 0, 0)) - 1)]
        return _there(start, first), _there(end, last, at_end=True)


def _there(place: int, piece: tuple[int, int, int, int], *, at_end: bool = False) -> int:
    begin, end, begins, ends = piece
    if end - begin == ends - begins:
        return begins + place - begin
    return ends if at_end else begins


def spelt(words: str) -> Spelt:
    """Plain words (see `text.plain`) as they are read here."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    at = length = 0
    for found in _TOKEN.finditer(words):
        read = _read(found, words)
        if read is None:
            continue
        before = words[at : found.start()]
        if before:
            pieces.append((length, length + len(before), at, found.start()))
        length += len(before)
        pieces.append((length, length + len(read), found.start(), found.end()))
        length += len(read)
        parts += [before, read]
        at = found.end()
    if at < len(words) or not pieces:
        pieces.append((length, length + len(words) - at, at, len(words)))
        parts.append(words[at:])
    return Spelt("".join(parts), pieces)


def _read(found: re.Match[str], words: str) -> str | None:
    """How a token is read; None: as it stands."""
    if word := found["word"]:
        if word in ("sat", "sun") and _SUN_OR_SAT.search(words, 0, found.start()):
            return None
        return _word(word)
    if found["clock"]:
        return "oclock"
    if found["half"]:
        return found["letter"] + "m"
    if found["both"]:
        return _KNOWN[found["both"]]
    tens, unit = _TENS[found["tens"]], found["unit"]
    return f"{tens + _NTHS.index(unit)}wth" if unit in _NTHS else str(tens + SMALL.index(unit))


@lru_cache(maxsize=4096)
def _word(word: str) -> str | None:
    if (known := _KNOWN.get(word)) is not None:
        return known
    single = word.removesuffix("s")
    if (weekday := weekday_named(single)) is not None:
        return f"wd{weekday}"
    if (month := month_named(word)) is not None:
        return f"mo{month}"
    if len(word) >= 6:
        for name, slips in _NEAR.items():
            if word[0] == name[0] and OSA.distance(word, name, score_cutoff=slips) <= slips:
                return name
    return None

"""What a text refers to: properties and inspections by their refs, what was shown by its place, "it"."""

import re
from dataclasses import dataclass

from bot.assistant.reading.text import Text
from bot.numerals import SMALL, TENS
from inspector_whatsapp import refs

LAST = -1  # as an ordinal


@dataclass(frozen=True)
class Refs:
    """Refs as Inspector writes them, each once, in the order in which they stand.

    ordinal: the place of what was shown, from 1; LAST for the last one. pointing: a word that may point at
    what is spoken of ("it", "am", "there"); surely: one that does ("that one", "the same place"). What they
    come to depends on what was shown. next_inspection: "my next inspection".
    """

    property_refs: tuple[str, ...] = ()
    inspection_refs: tuple[str, ...] = ()
    ordinal: int | None = None
    pointing: bool = False
    surely: bool = False
    next_inspection: bool = False


def read(text: Text, *, shown: int = 0) -> Refs:
    """What a text refers to, where so many were shown.

    Refs, ordinals and "that one" are taken out of it; "it" and the like stay.
    """
    properties = _refs(text, refs.PROPERTY)
    inspections = _refs(text, refs.INSPECTION)
    next_inspection = _next_inspection(text)
    ordinal = _ordinal(text, shown)
    surely = _that_one(text)
    pointing = surely or _POINTING.search(text.words) is not None
    return Refs(properties, inspections, ordinal, pointing, surely, next_inspection)


# --- refs -------------------------------------------------------------------------------------------------
_SPOKEN = {word: str(number) for number, word in enumerate(SMALL)} | {"oh": "0", "o": "0"}
_SPOKEN |= {word: f"{number}0" for number, word in enumerate(TENS, 2)}
_SPOKEN_ONE = rf"(?:{'|'.join(sorted(_SPOKEN, key=len, reverse=True))}|\d)"
_NAMES = {
    refs.PROPERTY: r"(?:property|listing|house|ref|reference)",
    refs.INSPECTION: r"(?:inspection|booking|viewing|visit|appointment)",
}
_COUNTED = (
    r"(?![\d,.]*\d| ?(?:naira|k\b|m\b|mil|thousand|million|people|days?\b|weeks?\b|months?\b|"
    r"years?\b|hours?\b))"
)


def _patterns(prefix: str) -> list[re.Pattern[str]]:
    letters = r"\.? ?".join(prefix.casefold())
    return [
        refs.pattern(prefix),
        re.compile(rf"\b{letters}[ -]+(?P<number>\d{{4,6}})(?!\w)"),
        # A voice note: "p r one zero four two".
        re.compile(
            rf"\b{letters}\b\.?(?: (?:number|dash|"
            rf"hyphen))?[ -]+(?P<spoken>(?:{_SPOKEN_ONE}[ -]){{1,7}}{_SPOKEN_ONE})\b"
        ),
        re.compile(
            rf"\b{_NAMES[prefix]} (?:number |no\.? |code |id |ref |#)?(?P<number>\d{{4,6}})\b{_COUNTED}"
        ),
    ]


_PATTERNS = {prefix: _patterns(prefix) for prefix in (refs.PROPERTY, refs.INSPECTION)}
_CALLED = re.compile(
    r"\b(?:inspection|booking|viewing|visit|appointment|cancel|shift|reschedule|change|postpone|for|of|on|"
    r"about|"
    r"job|assignment|report|my|is|done|completed|finish(?:ed)?|and|submit|file|mark)(?: with)? $"
)


def _refs(text: Text, prefix: str) -> tuple[str, ...]:
    found: dict[str, int] = {}
    *_others, named = _PATTERNS[prefix]  # "inspection 3107": the word is no part of the ref
    for pattern in _PATTERNS[prefix]:
        for match in list(pattern.finditer(text.words)):
            number = match["number"] if "number" in match.groupdict() else _spoken(match["spoken"])
            if number and not (prefix.isalpha() and _is_a_word(match, prefix)):
                found.setdefault(refs.written(prefix, number), match.start())
                what = "ref" if prefix == refs.PROPERTY else "visit"
                text.take_match(match, what, "number" if pattern is named else 0)
    return tuple(sorted(found, key=found.__getitem__))


def _is_a_word(match: "re.Match[str]", prefix: str) -> bool:
    """Whether what looks like a prefix is the word "in": "in 3 days", "in 2027", "in 5,000 naira"."""
    if prefix != refs.INSPECTION or not match[0].startswith("in ") or not match[0][3:].strip()[:1].isalnum():
        return False
    if "number" not in match.groupdict():
        return len(match["spoken"].split()) < 3
    number, before, behind = match["number"], match.string[: match.start()], match.string[match.end() :]
    if (
        len(number) < 4
        or re.match(_COUNTED + r"(?!\w| (?:estate|street|road|close|block|hous))", behind) is None
    ):
        return True
    return 1900 <= int(number) < 2100 and _CALLED.search(before) is None


def _spoken(words: str) -> str:
    """The digits of a number that is spoken one by one, or in pairs: "ten forty two"."""
    digits = ""
    pieces = re.split(r"[ -]", words)
    for place, piece in enumerate(pieces):
        after_tens = place > 0 and pieces[place - 1] in TENS
        if after_tens and piece in SMALL[1:10]:
            digits = digits[:-1] + _SPOKEN[piece]
        else:
            digits += _SPOKEN.get(piece, piece)
    return digits.lstrip("0") if 3 <= len(digits) <= 12 else ""


_NEXT = re.compile(
    r"\b(?:my |the )?(?:very )?(?P<next>next|nearest|upcoming|coming) (?:scheduled |booked )?"
    r"(?:inspection|viewing|visit|appointment|tour|booking|job|assignment)\b(?!s)"
)


def _next_inspection(text: Text) -> bool:
    found = _NEXT.search(text.words)
    if found is None or (found["next"] in ("upcoming", "coming") and not found[0].startswith("my ")):
        return False
    text.take_match(found, "ref", "next")
    return True


# --- what was shown ---------------------------------------------------------------------------------------
_NTH = {
    word: number
    for number, words in enumerate(
        (
            *(
                "first 1st fst",
                "second 2nd secound",
                "third 3rd",
                "fourth 4th forth",
                "fifth 5th",
                "sixth 6th",
            ),
            *("seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th"),
        ),
        start=1,
    )
    for word in words.split()
} | {"last": LAST, "final": LAST, "bottom": LAST, "top": 1}
_COUNT = {word: number for number, word in enumerate(SMALL[:11])}
_ITEM = (
    r"(?:one|wan|1|own|option|choice|result|listing|property|properties|house|home|place|apartment|flat|"
    r"duplex|item|"
    r"card|picture|bungalow|self ?con\w*|in the list|on the list|from the list|on your list)"
)
_OF_NO_KIND = r"(?:one|wan|1|own|option|choice|result|listing|property|properties|item|card)s?"
_STREET = (
    r"(?!,? [a-z]+(?: [a-z]+){0,2} (?:street|str|road|rd|close|avenue|ave|crescent|drive|way|lane|estate)\b)"
    r"(?! ?(?:bed|bath|room|toilet|million|naira|k\b|m\b|%|people|person|night|day|week|month|year|am\b|"
    r"pm\b|parking|car))"
)
_NTHS = "|".join(sorted(_NTH, key=len, reverse=True))
_ORDINALS = (
    re.compile(
        rf"\b(?:the |di |d |that |dat |this )?(?P<nth>{_NTHS}) (?:two|three|2|3|few)\b(?! ?(?:bed|room|"
        rf"bath|week|day|month|hour|night))(?: {_OF_NO_KIND}\b)?"
    ),
    re.compile(
        rf"\b(?:the |di |d |that |dat |this |your |una )?(?P<nth>{_NTHS}) (?:{_OF_NO_KIND}\b|(?={_ITEM}))"
    ),
    re.compile(
        rf"\b(?:number|num|numba|nomba|option|item|choice|result|listing)s? ?#?(?P<number>\d{{1,2}}|"
        rf"{'|'.join(_COUNT)})\b(?![.,]\d)"
        rf"{_STREET}"
    ),
    re.compile(
        rf"^ ?(?:ok(?:ay)? |i (?:want|choose|pick|like|prefer) |na |pick |choose |show me |see |book |"
        rf"view )?no\.? ?(?P<number>\d)\b{_STREET}(?= ?(?:$|[.,?!]|please|abeg))"
    ),
    # "The second", as the whole of what is meant; "on the 2nd" is a day.
    re.compile(
        r"(?<!\bon )(?<!\bby )(?<!\bfor )(?<!\bfrom )(?<!\bto )"
        rf"(?<!\buntil )(?<!\bbefore )(?<!\bafter )\b(?:the |di )(?P<nth>{_NTHS})"
        r"(?= ?(?:$|[.,?!]| (?:please|pls|abeg|and|is|dey|still|then|on |for |tomorrow|today)))"
    ),
    re.compile(rf"^ ?(?P<nth>{_NTHS}) ?[.!]?$"),
)


# "For the third" may be a day; where three were shown, and it is spelt out, it is one of them.
_OF_THOSE_SHOWN = re.compile(
    r"\b(?:for|about|of|more on|details on|info on) (?:the |di )(?P<nth>first|second|third|fourth|fifth|last)"
    r"(?= ?(?:$|[,.?!]| (?:please|pls|abeg|and|on |for |tomorrow|today)))"
)


def _ordinal(text: Text, shown: int) -> int | None:
    """The place that is named first; of "the first two" it is the first."""
    found: list[tuple[int, int]] = []
    if (match := _OF_THOSE_SHOWN.search(text.words)) and _NTH[match["nth"]] <= shown:
        found.append((match.start("nth"), _NTH[match["nth"]]))
        text.take_match(match, "ordinal", "nth")
    for pattern in _ORDINALS:
        for match in list(pattern.finditer(text.words)):
            if match.lastgroup == "nth":
                number = _NTH[match["nth"]]
            else:
                said = match["number"]
                number = int(said) if said.isdecimal() else _COUNT[said]
            if number:
                found.append((match.start(), number))
                text.take_match(match, "ordinal")
    return min(found)[1] if found else None


_THAT_ONE = re.compile(
    r"\b(?:that|dat|this|dis|the same|same) (?:very |particular |same )?(?:one|wan|own|property|house|"
    r"place|listing)\b"
    r"(?! (?:in|at|for) (?!me\b|us\b|today|tomorrow|mon|tue|wed|thu|fri|sat|sun|next|\d))|\bthis 1\b|"
    r"\bthat 1\b"
)
_POINTING = re.compile(
    r"\b(?:it|its|it's|there|them|the (?:place|property|house|listing|apartment|flat|agent|owner|landlord))\b"
    r"|\b(?:book|see|view|inspect|check|cancel|move|shift|reschedule|buy|rent|take|want|get|show|visit|"
    r"change|save|like|pay|"
    r"do|make|carry|sold|sell|rented|hold|reserve|confirm|delete|remove|fit|love|collect|give|tell|call|"
    r"postpone|push|for|with|to|near|about) am\b"
    r"|(?:^|[.,?] ?)e (?:still|never|don|go|get|dey|be|no)\b|\bshey e\b|\be (?:still|never|dey|get)\b|"
    r"\bthis\b(?! (?:week|month|evening|morning|afternoon|year|weekend))"
    r"|\bthat(?=$|[.,?! ]*$| (?:on|by|at|tomorrow|today|for)\b)"
)


def _that_one(text: Text) -> bool:
    found = list(_THAT_ONE.finditer(text.words))
    for match in found:
        text.take_match(match, "that")
    return bool(found)

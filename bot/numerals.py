"""Numbers that are spelt out: "two and a half million", "three hundred k", "twenty-five"."""

import re
from decimal import Decimal

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
LARGEST = 10**18  # from there on a number gets no unit: it is no amount, and too long to be divided exactly
_ONES = {word: number for number, word in enumerate(SMALL) if number} | {"fourty": 40}
_TENS = {word: number for number, word in enumerate(TENS, start=2)}
_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mil": 10**6,
    "mill": 10**6,
    "m": 10**6,
    "billion": 10**9,
}
# What may follow a spelt number that counts; "one" is a number only before one of these.
_COUNTED = (
    r"bed|bedrm|bdrm|bdr|br\b|room|rm\b|bath|toilet|storey|story|floor|unit|plot|acre|night|day|week"
    r"|month|year"
    r"|yr|hour|minute|car\b|cars\b|person|people|bedroom|point|and a half|half|hundred|thousand|million|mil\b"
    r"|mill\b|billion|k\b|m\b|am\b|pm\b|o'?clock|or two|or three|to two|to three|naira|dollar|percent|hall"
)
_NUMBER = "|".join(sorted((*_ONES, *_TENS), key=len, reverse=True))
_WORD = rf"(?:{_NUMBER}|hundred|thousand|million|billion|mill?|[km]|point|zero|oh|and(?: an?)? half)(?![\w'])"
_SPELT = re.compile(
    rf"(?<![\w.'])(?:(?:(?:an? )?half(?: an?)?|(?:an? )?quarter(?: of)?(?: an?)?|an?)"
    r"(?= (?:hundred|thousand|million|billion|mill?)\b)"
    rf"|(?:{_NUMBER}|hundred(?= ?(?:thousand|k|and|million)\b))(?![\w']))"
    rf"(?:[ -]{_WORD}|(?: and)(?: an?)? half\b| and(?= (?:{_NUMBER})(?![\w'])))*"
)
_ORDINAL = re.compile(r"\b(twenty|thirty)[ -](first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_CLOCK = re.compile(r"(?<=\b(?:at|by) )(\d{1,2}) (15|30|45)(?![\d.,]|\s*(?:k|m|thousand|million|bed|room)\b)")
_HUNDREDS = re.compile(r"(?<![\w.,])(\d{1,2}) ?hundred\b")
_POINT = re.compile(r"(?<![\w.,])(\d+) point (\d+)\b")
_AND_HALF = re.compile(r"(?<![\w.,])(\d+) and(?: an?)? half\b")
_ONE_COUNTS = re.compile(rf"[ -]?(?:{_COUNTED})")
_FEW = ("the", "that", "this", "which", "other", "another", "any", "no", "every", "each", "first", "second")


def in_digits(text: str) -> str:
    """Lower-case text with numbers that are spelt out in digits; "that one" stays as it is."""
    text = _HUNDREDS.sub(r"\g<1>00", text)
    text = _AND_HALF.sub(r"\1.5", _ORDINAL.sub(_ordinal, text))
    text = _SPELT.sub(lambda found: _written(found, text), text)
    text = _POINT.sub(r"\1.\2", text)
    return _CLOCK.sub(r"\1:\2", text)


def _ordinal(found: re.Match[str]) -> str:
    last = _ORDINALS.index(found[2]) + 1
    return f"{_TENS[found[1]]}{last}{('th', 'st', 'nd', 'rd')[last] if last < 4 else 'th'}"


def _written(found: re.Match[str], text: str) -> str:
    words = found[0].strip()
    if words == "one" and not _one_counts(found, text):
        return found[0]
    if words in _SCALES:  # "hundred" alone counts nothing that we know
        return found[0]
    return " ".join(_parts(words))


def _one_counts(found: re.Match[str], text: str) -> bool:
    before = text[: found.start()].split()[-1:]
    if before and before[0] in _FEW:
        return re.match(r"[ -]?(?:bed|room|bath)", text[found.end() :]) is not None
    if before and before[0] in ("phase", "number", "no", "option", "ph"):
        return True
    return _ONE_COUNTS.match(text, found.end()) is not None


def _parts(spelt: str) -> list[str]:
    """The numbers of a run of number words: "two three bedroom" are two, "two fifty k" is one."""
    words = spelt.replace("-", " ").split()
    if words[:2] in (["a", "half"], ["a", "quarter"]):
        del words[0]
    done: list[str] = []
    total, group, decimals, last = Decimal(0), Decimal(0), "", ""
    open_, scale_of_total = False, 0

    def flush() -> None:
        nonlocal total, group, decimals, last, open_, scale_of_total
        if open_:
            done.append(_plain(total + group))
        total, group, decimals, last, open_, scale_of_total = Decimal(0), Decimal(0), "", "", False, 0

    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1 :]
        if word == "half" or (word in ("a", "an") and not open_):
            group, open_ = (Decimal("0.5") if word == "half" else Decimal(1)), True
            at += 1 + (word == "half" and following[:1] in (["a"], ["an"]))
            last = "half"
            continue
        if word == "quarter":
            group, open_ = Decimal("0.25"), True
            at += 1
            while words[at : at + 1] and words[at] in ("of", "a", "an"):
                at += 1
            last = "half"
            continue
        if word == "and":
            if "half" in following[:2]:
                group += Decimal("0.5")
                at += 1 + following.index("half") + 1
                last = "half"
                continue
            at += 1
            if _adds(last, following):
                last = "and"
            else:
                flush()
                done.append("and")
            continue
        if word == "point":
            digits = ""
            at += 1
            while at < len(words) and words[at] in (*_ONES, *_TENS, "zero", "oh"):
                digits += str(_ONES.get(words[at], _TENS.get(words[at], 0) * 10))
                at += 1
            group += Decimal(f"0.{digits or 0}")
            last = "point"
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            if not open_:
                group, open_ = Decimal(1), True
            if scale == 100:
                group *= 100
            else:
                # "one million five hundred" is spoken of a million and a half.
                total, group = total + group * scale, Decimal(0)
                scale_of_total = scale
            last = word
            at += 1
            continue
        value = Decimal(_ONES.get(word, 0) or _TENS.get(word, 0) * 10)
        if open_ and not _goes_on(last, value, following):
            flush()
        group, open_, last = group + _joined(group, last, value), True, word
        at += 1
    if scale_of_total == 10**6 and 100 <= group < 1000:
        group *= 1000
    flush()
    return done


def _adds(last: str, following: list[str]) -> bool:
    """Whether "and" goes on with the number: of "five hundred thousand and one million" it does not."""
    scales = [_SCALES[word] for word in _until_and(following) if word in _SCALES and word != "hundred"]
    return last == "hundred" or (last in _SCALES and bool(scales) and max(scales) < _SCALES[last])


def _until_and(words: list[str]) -> list[str]:
    return words[: words.index("and")] if "and" in words else words


def _goes_on(last: str, value: Decimal, following: list[str]) -> bool:
    """Whether a number word belongs to the number before it."""
    if last in _SCALES or last == "and":
        return True
    if last in _TENS:
        return value < 10
    # "two fifty thousand", "one fifty k"
    return last in _ONES and _ONES[last] < 10 and value in range(20, 100) and bool(set(following) & _KS)


_KS = {"k", "thousand"}


def _joined(group: Decimal, last: str, value: Decimal) -> Decimal:
    if last in _ONES and group and value >= 20:
        return group * 99 + value
    return value


def _plain(number: Decimal) -> str:
    """A number as people write it, with the unit that makes it short."""
    for scale, unit in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if scale <= number < LARGEST and not (number * 1000 / scale) % 1:
            return f"{(number / scale).normalize():f} {unit}"
    return f"{number.normalize():f}"

"""Areas, cities and states that are wanted: by any of their names, mistyped or not.

A name that is an ordinary word as well ("challenge") counts only where a place can stand. A place that
somebody moves from, or merely is in, is taken out of the text and is no slot.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.assistant.gazetteer import Gazetteer
from bot.assistant.reading.items import Item, before, is_free
from bot.assistant.reading.place_names import Named, PlaceNames, Token, tokens
from bot.assistant.reading.text import GONE, Text, plain
from bot.assistant.reading.words import known_words, listed

SLOTS = {"area": "areas", "city": "cities", "state": "states"}
LEFT = "left"  # the slot of a place that counts nothing: somebody comes from there

_BETWEEN = re.compile(r"[ \-./']*|,? ?")
_COUNTING = re.compile(
    r"\s*[-+]?\s*(?:bed|bdr|br\b|b/r|rooms?\b(?! ?(?:and|&|n|self))|rm\b|bath|toilet|k\b|m\b|mil|thousand"
    r"|billion|plot|acre|day|week|month|year|yr"
    r"|night|hour|am\b|pm\b|unit|people|car|flats?\b|-\s?\d|(?:to|or) \d+ ?-?(?:bed|bdr|br\b|room|bath)"
    r"|[,.:/]\d|st\b|nd\b|rd\b|th\b|%|naira)"
)
_ANOTHER_COUNT = re.compile(r"\s*,?\s*\d{1,2}\s*-?\s*(?:bed|bdr|br\b|b/r|room|bath)")
_PLACE_CAN_STAND = re.compile(
    r"(?:\b(?:in|at|for|around|near|within|inside|on|off|along|towards?|about|dey|na|side|except"
    r"|not|no be|nor|but|excluding|avoid|skip|like"
    r"|say|try|see|to|close to|opposite|behind|any|also|add|or|and|outside)|[,/&@])\s+(?:the |main )?$"
)
_NO_PLACE = re.compile(
    r"\b(?:an?|my|your|his|her|our|their|this|that|these|those|some|no|every|kitchen|big|real|huge)\s+$"
)
_TITLE = re.compile(
    r"\b(?:mr|mrs|miss|ms|dr|engr|barr|chief|alhaji|alhaja|mallam|pastor|prince|princess|madam|oga"
    r"|aunty|uncle|sister|brother"
    r"|agent|landlord|inspector|owner|name is|called|named|tell|ask|call|with|from agent|i'?m|i am|bro"
    r"|sir|brother)\.?\s+$"
)
_AS_A_PLACE = re.compile(
    r"\s*(?:area|axis|side|environs?|village|estate|junction|extension|bus ?stop|roundabout|lagos"
    rf"|abuja)\b|\s*(?:$|[,.?!/&{GONE}]|(?:or|and)\b)"
)
_DROPPED_BEFORE = re.compile(rf"(?:^|[{GONE},.?!/&])\s*$")

# --- where somebody comes from or is ----------------------------------------------------------------------
_WISHES = (
    r"(?:to|wan|wan to|want|want to|fit|can|could|will|go|would|should|must|like|i'?ll|gonna|if|where"
    r"|plan|who|get|have|any|see|find|need|looking|for)"
)
_FROM = re.compile(
    r"\b(?:(?:mov\w*|relocat\w*|com(?:e|es|ing)|transfer\w*|posted|commut\w*|travel\w*|shift\w*|pack\w*"
    r"|dr[io]v\w*|flying|fly"
    r"|leav\w*|left|comot|call\w*|writ\w*|messag\w*|text\w*|chat\w*|i'?m|i am|we are|i be|we be|am|just"
    r"|japa\w*|return\w*"
    r"|back)(?: \w+){0,2}? (?:from|out of)|(?:leaving|left|i comot|comot)(?: from| for)?|away from"
    r"|far from|evicted from"
    r"|from (?:my|our) (?:\w+ )?(?:place|house|flat|apartment|room|home)(?: (?:in|at|for|"
    r"inside))?)\s+(?:the )?$"
)
_NEAR_IT = re.compile(r"\b(?:not|no|n't)(?: too| so| very| dey)* (?:far|away) from\s+$")
_MERELY_IN = re.compile(
    r"\b(?:i|we|me|family|husband|wife|people|parents?|uncle|aunty|sister|brother|friends?|children"
    r"|kids|who|he|she|they)(?:'m|'re| am| are| is)?"
    rf"(?: (?!{_WISHES}\b)\w+){{0,2}}? (?:stays?|staying|lives?|living|reside\w*|residing|works?"
    r"|working|based|school(?:ing)?"
    r"|squat\w*|currently|presently|dey(?: stay| live| work| currently)?|grew up)(?: now| currently"
    r"| presently)?"
    r"(?: (?:in|at|for|around|inside|on|here in|with \w+ in|with \w+ at|as a \w+ in))\s+(?:the )?$"
)
_WISHES_TO = re.compile(rf"\b{_WISHES}\s+(?:\w+\s+)?(?:stay|live|work|living|staying|dey|reside)\b[^,.]*$")
_MY_WORK = re.compile(
    r"\b(?:my|our|his|her|the kids'?|my children'?s?)(?: new| main| wife'?s?| husband'?s?| children'?s?"
    r"| kids?'?)*"
    r" (?:office|work|workplace|place of work|job|school|church|mosque|business|(?:current|present|old"
    r"|former) (?:house|place|flat|apartment|home|office))"
    r"(?: (?:is|are|dey|wey dey|na|located|situated))*(?: (?:in|at|for|around|inside|on|dey))\s+(?:the )?$"
)
# An inspector's: "just finished my job in Ketu".
_JOB_DONE = re.compile(
    r"\b(?:finish\w*|done|complet\w*|reports?|submit\w*|mark|start\w*|file|close|next|assigned)\b(?: "
    r"\w+){0,3} job\b"
)
_I_AM_IN = re.compile(
    r"\b(?:i'?m|i am|am|we are|we'?re|i dey|we dey)(?: \w+ly| now| still| just| here)? (?:in|at|for"
    r"|inside|based in|around)\s+(?:the )?$"
    r"|\b(?:i|we) (?:dey|dy) (?:now |currently |still )?$"
    r"|\b(?:currently|presently|now|still)(?: (?:living|staying|residing|stay|live|based|working"
    r"|renting|squatting))? (?:in|at|for|inside)\s+$"
)
_OR = re.compile(r"\s*(?:and|or|&|/|,)\s*")
_LIST = re.compile(r"\s*(?:,|/|&|and|or)\s*(?:in |at |for )?(?:the )?")


@dataclass(frozen=True)
class _Found:
    named: Named
    start: int
    end: int


# "Upper week I go dey Lagos": that counts where nothing else is named.
_I_SHALL_BE_IN = re.compile(
    r"\b(?:i|we) (?:go|will|shall|am going to|dey come|dey enter|enter|land|arrive|am coming to|am "
    r"visiting|dey visit)"
    r"(?: dey| be| come| land| enter| arrive)?(?: in| at| for| inside)?\s+$|\bi'?ll be (?:in|at|around)\s+$"
)


def read(text: Text, gazetteer: Gazetteer) -> list[Item]:
    """The places that are named; those that count nothing have the slot LEFT."""
    words = text.words
    names = gazetteer.place_names
    items: list[Item] = []
    for found in _all(text, words, names):
        slot = SLOTS[found.named.sort]
        if _is_left(words, found, items):
            slot = LEFT
        items.append(Item(found.start, found.end, slot, found.named.name))
        text.take(found.start, found.end, "area" if found.named.sort == "area" else "city")
    wanted = [item for item in items if item.slot != LEFT]
    visited = [item for item in wanted if _I_SHALL_BE_IN.search(before(words, item.start))]
    if len(visited) < len(wanted):
        items = [replace(item, slot=LEFT) if item in visited else item for item in items]
    return items


_LOOKED_FOR_IN = re.compile(r"\b(?:in|at|around) (?!dollars|pounds|euros|naira)(?P<name>[^\W\d_]{3,})\b")


def unknown(rest: str, gazetteer: Gazetteer) -> str | None:
    """A name that stands where a place does, and is none that we know. rest: what no reader has taken."""
    names = gazetteer.place_names
    ordinary = known_words() - listed("elsewhere")
    for found in _LOOKED_FOR_IN.finditer(rest):
        name = found["name"]
        if name not in ordinary and name not in names.words and names.near(name) is None:
            return name
    return None


def _all(text: Text, words: str, names: PlaceNames) -> list[_Found]:
    said = tokens(words)
    found: list[_Found] = []
    at = 0
    while at < len(said):
        match = _exact(words, said, at, names, found) or _mistyped(words, said, at, names)
        if match is None or not is_free(text, match[0].start, match[0].end):
            at += 1
            continue
        found.append(match[0])
        at += match[1]
    return found


def _exact(
    words: str, said: list[Token], at: int, names: PlaceNames, found: list[_Found]
) -> tuple[_Found, int] | None:
    if said[at].word not in names.words:
        return None
    if found and (again := _of_the_last(words, said, at, names, found[-1])) is not None:
        return again
    for many in range(min(names.longest, len(said) - at), 0, -1):
        run = said[at : at + many]
        if not _hang_together(words, run):
            continue
        key = tuple(token.word for token in run)
        named = names.exact(key)
        if named is None or (key[-1].isdigit() and _counts(words, run[-1])):
            continue
        place = _Found(named, run[0].start, run[-1].end)
        if names.is_ordinary(key) and not _can_stand(words, place, found):
            continue
        return place, many
    if said[at].word == "gra":
        return _gra_of(said, at, names)
    return None


def _of_the_last(
    words: str, said: list[Token], at: int, names: PlaceNames, last: _Found
) -> tuple[_Found, int] | None:
    """Another part of the place before: "Lekki, but not phase 2", "Wuse 1 or 2"."""
    name = tuple(token.word for token in tokens(words[last.start : last.end]))
    run = said[at : at + 2]
    if len(run) == 2 and run[0].word in ("phase", "ph"):
        key = (
            *tuple(token.word for token in tokens(plain(last.named.name)) if not token.word.isdigit()),
            run[1].word,
        )
        key = (*(word for word in key[:-1] if word != "phase"), "phase", key[-1])
    elif run[0].word.isdigit() and name[-1].isdigit() and _OR.fullmatch(words, last.end, run[0].start):
        run = run[:1]
        key = (*name[:-1], run[0].word)
    else:
        return None
    named = names.exact(key)
    if named is None or named == last.named or _counts(words, run[-1]) or not _hang_together(words, run):
        return None
    return _Found(named, run[0].start, run[-1].end), len(run)


def _gra_of(said: list[Token], at: int, names: PlaceNames) -> tuple[_Found, int] | None:
    """ "GRA in Ikeja" is its GRA."""
    if at + 2 < len(said) and said[at + 1].word in ("in", "for", "at", "inside", "of"):
        for many in (2, 1):
            key = ("gra", *(token.word for token in said[at + 2 : at + 2 + many]))
            named = names.exact(key)
            if named is not None and len(key) == many + 1:
                return _Found(named, said[at].start, said[at + 1 + many].end), many + 2
    return None


def _hang_together(words: str, run: list[Token]) -> bool:
    for one, other in pairwise(run):
        gap = words[one.end : other.start]
        if not _BETWEEN.fullmatch(gap) or ("," in gap and other.word.isdigit()):
            return False
    return True


def _counts(words: str, number: Token) -> bool:
    """Whether the number that ends a name counts what follows: "Wuse, 2 bedrooms"."""
    return _COUNTING.match(words, number.end) is not None and not _ANOTHER_COUNT.match(words, number.end)


def _mistyped(words: str, said: list[Token], at: int, names: PlaceNames) -> tuple[_Found, int] | None:
    best: tuple[float, _Found, int] | None = None
    for many in (3, 2, 1):
        run = said[at : at + many]
        if len(run) < many or not _hang_together(words, run):
            continue
        typed = "".join(token.word for token in run)
        unknown = [token for token in run if not names.is_known(token.word)]
        exact = names.squeezed.get(typed)
        if (exact is None and len(typed) < 4) or (run[-1].word.isdigit() and _counts(words, run[-1])):
            continue
        # "ebute meta": no word is unknown, but one of them is nothing but a place's.
        if (
            exact is None
            and not unknown
            and not (
                many > 1
                and len(typed) >= 8
                and any(names.is_only_a_place(token.word) for token in run)
                and not all(token.word in names.words for token in run)
            )
        ):
            continue
        if exact is not None and len(typed) < 5 and not unknown:
            continue  # "i b" and "l a g" are no names
        # Every other word of a mistyped name is a place's: "port harcout", and no "in suruler".
        others = [token for token in run if token not in unknown and token.word not in names.words]
        if unknown and others and exact is None:
            continue
        near = (exact, 0) if exact is not None else names.near(typed, by=None if unknown else 1)
        if near is None or _TITLE.search(before(words, run[0].start)):
            continue
        if exact is not None and many == 1 and names.is_known(typed):
            continue
        named, wrong = near
        place = _Found(named, run[0].start, run[-1].end)
        if wrong and len(typed) < 6 and not _is_sought(words, place):
            continue
        rank = wrong / len(typed)
        if best is None or rank < best[0]:
            best = (rank, place, many)
    return (best[1], best[2]) if best else None


def _is_sought(words: str, place: _Found) -> bool:
    """Whether a short unknown word stands where a place does."""
    said_before = before(words, place.start)
    return (
        _PLACE_CAN_STAND.search(said_before) is not None
        or _DROPPED_BEFORE.search(said_before) is not None
        or re.search(
            r"\b(?:flats?|apartments?|duplex|bed|bedrooms?|house|contain(?:ed)?|con|land|shop|office"
            r"|rent|sale)\s+$",
            said_before,
        )
        is not None
    )


_IN = re.compile(r"\b(?:in|at|for|around|near|inside|on|within|dey)\s+(?:the )?$")
_GOES_ON = re.compile(r"\s*(?:me|you|am|them|it|'s|number|of)\b")
_SOUGHT = re.compile(
    r"\b(?:flats?|apartments?|duplex(?:es)?|bed|bedrooms?|house|contain(?:ed)?|con|land|shop|office"
    r"|studio|rent|sale|bungalow|shortlet"
    r"|self|terrace|terraced|warehouse|bq|budget|\d+[km]?)\s+$"
)


def _can_stand(words: str, place: _Found, found: list[_Found]) -> bool:
    """Whether an ordinary word is a place's name here."""
    said_before = before(words, place.start)
    following = words[place.end :]
    if _NO_PLACE.search(said_before) or _TITLE.search(said_before):
        return False
    if re.match(r"\s*(?:area|axis|side|environs?|village|estate|junction|extension)\b", following):
        return True
    if _PLACE_CAN_STAND.search(said_before):
        # "to challenge you", "for port number", "a plot and challenge them"
        if _AS_A_PLACE.match(following) is not None:
            return True
        return _IN.search(said_before) is not None and _GOES_ON.match(following) is None
    whole = re.sub(r"[^a-z]+", "", words.replace(GONE, ""))
    if whole == re.sub(r"[^a-z]+", "", words[place.start : place.end]):
        return True
    if found and re.fullmatch(r"[\s,/&]*", words[found[-1].end : place.start]):
        return True
    if _SOUGHT.search(said_before):
        return True
    return (
        _DROPPED_BEFORE.search(said_before) is not None
        and re.match(
            r"\s*(?:,|$|\d{1,2} ?-?(?:bed|bdr|br\b|room)|(?:only|not|no be|or|and|but|except|side)\b)",
            following,
        )
        is not None
    )


def _is_left(words: str, place: _Found, items: list[Item]) -> bool:
    """Whether somebody comes from there, or is there, and does not look there."""
    said_before = before(words, place.start, 90)
    if items and items[-1].slot == LEFT and _LIST.fullmatch(words[items[-1].end : place.start]):
        gap = words[items[-1].end : place.start]
        return "," not in gap
    if _NEAR_IT.search(said_before):
        return False
    at_work = _MY_WORK.search(said_before) and not _JOB_DONE.search(said_before)
    if _FROM.search(said_before) or at_work or _I_AM_IN.search(said_before):
        return True
    return _MERELY_IN.search(said_before) is not None and not _WISHES_TO.search(said_before)

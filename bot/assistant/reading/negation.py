"""What is not wanted: not, except, no be, skip, neither … nor, and the like, over lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.assistant.reading.items import Item

EXCLUDED = {
    "areas": "areas_excluded",
    "property_types": "property_types_excluded",
    "amenities": "amenities_excluded",
}
_NEGATABLE = {*EXCLUDED, "cities", "states", "left"}
NOWHERE = ""  # the slot of what is neither wanted nor excluded

_WANT = (
    r"(?:wan(?:t|na)?|like|need|fit (?:stay|live)|go (?:stay|live)|do|dey (?:look|find)|prefer|consider"
    r"|accept|interested|(?:carry|take|show|bring) (?:me|us) (?:go|to)|go)"
)
_SHOW = r"(?:show|send|give|put|carry|include|suggest|bring|add|count|list)"
# Over lists with commas, to their end.
_STRONG = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|exclud(?:e|es|ing)|apart from|aside(?: from)?|other than"
    r"|avoid(?:ing)?|skip(?:ping)?|neither|nor"
    r"|without|minus|leave out|remove|anything but|anywhere but|everywhere but|anyone but|all but"
    r"|far from|outside|less|bar)\b"
)
# To the next comma, unless the list goes on with "or" or "and".
_WEAK = re.compile(
    r"\b(?:(?:i |we |abeg |please )?(?:do(?:n'?t| not)|does(?:n'?t| not)|did(?:n'?t| not)|no|nor|never"
    r"|not)(?: really| even)? "
    rf"(?:{_WANT}|{_SHOW}|have|get|has|come with|dey|looking|interested)(?: me| us)?"
    r"(?: anything| any ?where| something| to (?:see|stay|live|get))?"
    r"|(?:not|no be|no bi|nor be|isn'?t|no|nor|never|nothing|nowhere|none)|hate|can'?t stand)\b"
)
_DROP = re.compile(
    r"\b(?:instead of|rather than|in place of|(?:do(?:n'?t| not)|no|does(?:n'?t| not)) (?:need|mind"
    r"|care (?:about|for)|matter)"
    r"|whether|with or without|no need(?: for| of)?|if possible|(?:must |do )?not necessarily(?: be)?"
    r"|(?:do(?:es)?(?:n'?t| not)|no) (?:have|need) to be)\b"
)
_FILL = (
    r"(?:\s|\b(?:in|at|for|on|to|the|an?|any|anything|anywhere|any where|something|around|inside|within"
    r"|near|from|with|be|dey|of|those|that|it|am"
    r"|side|area|axis|house|houses|place|places|property|properties|wey|is|are|have|get|having|too"
    r"|ones?|which|as|own|me|near|close|if|it'?s)\b)*"
)
_GAP = re.compile(_FILL)
_COMMA = re.compile(rf"\s*(?:area |axis |side |ones? )?,\s*(?:(?:or|and|nor|neither|not|no)\b)?{_FILL}")
_AND = re.compile(rf"\s*(?:area |axis |side |ones? )?,?\s*(?:\b(?:or|and|nor|n|neither|plus)\b|[/&]){_FILL}")
_EXCLUDED_AFTER = re.compile(
    r"\s*(?:area |axis |side )?(?:(?:is |are |should be |must be |to be |dey )*(?:excluded|not included"
    r"|ruled out|out of (?:it|the list|the question)"
    r"|not an option|no option|is out|are out)|,? ?no (?:dey inside|dey (?:the )?list|follow|join"
    r"|dey among|work for me)|no be option"
    r"|,? ?(?:i|me|we) (?:no (?:want|wan|like|dey (?:find|look))|do(?:n'?t| not) (?:want|like)))\b"
)
_ANY_AFTER = re.compile(
    r"\s*(?:(?:is|are|be|dey|it'?s|it is|that'?s|na|no|not|isn'?t|aren'?t|does|do|would be|but"
    r"|though)\s+)*(?:not |no be |n't |no )?"
    r"(?:compulsory|a must|must|mandatory|necessary|needed|required|by force|important|n[o']t matter"
    r"|matter|essential)\b"
    r"|\s*(?:is |are |,|\()?\s*(?:optional|a bonus|a plus|an? added advantage)\b"
)
_NEGATED = re.compile(
    r"\b(?:not|no|n't|isn'?t|aren'?t|don'?t|doesn'?t|dont|doesnt|optional|bonus|plus|advantage|isnt)\b|n't"
)
_NOT_A_CUE = re.compile(r"^(?:not|no|nor)(?: only| just| sure| later| more| less| above| below)\b")


@dataclass(frozen=True)
class _Cue:
    start: int
    end: int
    is_strong: bool
    slot: str | None  # what its items become; None: excluded


def settle(words: str, items: Sequence[Item]) -> list[Item]:
    """The items, with those that are not wanted in the slots of what is excluded, or in none.

    words: the text as it was when the items stood in it.
    """
    ordered = sorted(items, key=lambda item: item.start)
    changed: dict[Item, str] = {}
    for cue in _cues(words, ordered):
        for item in _reached(words, ordered, cue):
            if item not in changed:
                changed[item] = cue.slot if cue.slot is not None else EXCLUDED.get(item.slot, NOWHERE)
    for at, item in enumerate(ordered):
        if (
            item.slot in _NEGATABLE
            and (after := _ANY_AFTER.match(words, item.end))
            and _NEGATED.search(after[0])
        ):
            for each in (item, *_joined_before(words, ordered, at)):
                changed[each] = NOWHERE
        elif item.slot in _NEGATABLE and _EXCLUDED_AFTER.match(words, item.end):
            for each in (item, *_joined_before(words, ordered, at)):
                changed[each] = EXCLUDED.get(each.slot, NOWHERE)
    return [replace(item, slot=changed.get(item, item.slot)) for item in ordered]


def _cues(words: str, ordered: Sequence[Item]) -> list[_Cue]:
    cues = []
    for pattern, is_strong, slot in ((_DROP, False, NOWHERE), (_STRONG, True, None), (_WEAK, False, None)):
        for match in pattern.finditer(words):
            if any(item.start <= match.start() < item.end for item in ordered):
                continue  # "no flood" is what is wanted
            if not _NOT_A_CUE.match(words[match.start() :]):
                cues.append(_Cue(match.start(), match.end(), is_strong, slot))
    return cues


def _reached(words: str, ordered: Sequence[Item], cue: _Cue) -> list[Item]:
    """The items that a cue speaks of."""
    at = next((n for n, item in enumerate(ordered) if item.start >= cue.end), None)
    if at is None or ordered[at].slot not in _NEGATABLE:
        return []
    first = ordered[at]
    if not _GAP.fullmatch(words, cue.end, first.start):
        return []
    chain, joined_at = [first], 0
    for item in ordered[at + 1 :]:
        if item.slot not in _NEGATABLE or item.slot != first.slot:
            break
        last = chain[-1]
        if _AND.fullmatch(words, last.end, item.start):
            joined_at = len(chain)
        elif not _COMMA.fullmatch(words, last.end, item.start):
            break
        chain.append(item)
    if cue.is_strong:
        return chain
    return chain[: joined_at + 1]


def _joined_before(words: str, ordered: Sequence[Item], at: int) -> list[Item]:
    found: list[Item] = []
    for before in range(at - 1, -1, -1):
        one, other = ordered[before], ordered[before + 1]
        if one.slot != other.slot or not re.fullmatch(
            r"\s*(?:and|or|nor|&|/)\s*(?:the )?", words[one.end : other.start]
        ):
            break
        found.append(one)
    return found

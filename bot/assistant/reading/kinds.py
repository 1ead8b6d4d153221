"""Property types. Of a compound name only the most specific counts; "house", "place" and "home" are none."""

import re

from bot.assistant.reading.items import Item, before, is_free
from bot.assistant.reading.text import Text
from inspector_whatsapp.models.listings import Kind

SLOT = "property_types"
_HOME = r"(?:[ -](?:apartments?|apts?|flats?|houses?|homes?|rooms?|spaces?|buildings?))?"
_SELF = r"self[ -]?(?:con(?:tain(?:ed|s|er|ment|ted)?|t)?\b|compact\b)"
_DETACHED = r"[ -]?detach(?:ed|e|d)?"
_HOUSE = r"(?:[ -](?:duplex(?:es)?|houses?|homes?|buildings?|apartments?))?"

# In this order: what is read first is taken out of the text.
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.MINI_FLAT,
        r"mini[ -]?flats?"
        + _HOME
        + r"|(?:(?:1|a|single) )?(?<![2-9] )\brooms?(?: ?(?:and|&|n|with|plus|\+|,) ?(?:a |1 )?| )"
        rf"(?:parlou?rs?|sitting room|living room)(?:[ -]*(?:and |with )?{_SELF}" + _HOME + ")?",
    ),
    (
        Kind.SELF_CONTAIN,
        rf"(?:(?:1|a|single)[ -])?(?:rooms? (?:with |and )?)?{_SELF}{_HOME}|\bs/c\b|(?:(?:1|a"
        r"|single)[ -])?rooms?[ -]self\b(?! con)",
    ),
    (
        Kind.SINGLE_ROOM,
        r"face[ -]?me[ -]?(?:i[ -]?|and |, ?)?(?:i )?face[ -]?you(?: rooms?| houses?| apartments?)?"
        r"|single[ -]rooms?(?: apartments?| flats?)?"
        r"|(?<!all )(?<!another )\ba room(?: apartments?)?(?! (?:and|&|n|with|in a|in the) (?:parlour|self))"
        r"|(?<!\d )\brooms?(?= (?:for|to) (?:rent|let)\b)",
    ),
    (Kind.STUDIO, r"studios?" + _HOME),
    (Kind.PENTHOUSE, r"pent ?houses?(?: apartments?| flats?)?"),
    (Kind.MAISONETTE, r"mais+on+et+es?"),
    (Kind.BLOCK_OF_FLATS, r"blocks? of (?:\d+ )?(?:\d+ bed(?:room)?s? )?(?:mini )?(?:flats?|apartments?)"),
    (
        Kind.SEMI_DETACHED_DUPLEX,
        rf"semi{_DETACHED}(?! (?:\d bed(?:room)? )?bungalows?){_HOUSE}|\bsemi[ -]?d duplex",
    ),
    (
        Kind.DETACHED_DUPLEX,
        r"(?:fully[ -]"
        rf"|full[ -])?(?<!semi)(?<!semi[ -])\bdetached(?! (?:\d bed(?:room)? )?bungalows?){_HOUSE}",
    ),
    (Kind.TERRACED_DUPLEX, r"(?<!roof )(?<!rooftop )\bterrac(?:e|ed|es)\b" + _HOUSE),
    (Kind.BUNGALOW, r"(?:(?:fully |semi[ -]?)?detached )?bungalows?"),
    (Kind.DUPLEX, r"duplex(?:es)?"),
    (Kind.WAREHOUSE, r"ware ?houses?(?: space)?"),
    (
        Kind.LAND,
        r"(?:(?:plots?|parcels?|acres?|hectares?)(?: of (?:dry )?lands?)?(?! ?(?:no\.? ?)?\d)"
        r"|(?:dry )?lands?)\b(?![ -]?(?:lord|mark|line)|lord)",
    ),
    (Kind.BQ, r"b\.?q'?s?\b|b/q|boys?'?s?[ -]?quarters?"),
    (Kind.SHOP, r"(?:lock[ -]?up )?shops?(?: spaces?)?\b|stores?\b(?! ?rooms?| keeper)|retail spaces?"),
    (Kind.OFFICE, r"offices?(?: spaces?| apartments?)?\b"),
    (
        Kind.APARTMENT,
        r"(?:(?<![a-z] )\b|\b)(?:apartments?|apts?|flats?)\b(?! ?(?:rate|screen|fee|tyre|tire|rates))",
    ),
)
_PATTERNS = tuple((kind, re.compile(rf"(?<![\w])(?:{pattern})(?!\w)")) for kind, pattern in _KINDS)

# Somebody who seeks a room, and nothing else, seeks a single one.
_ROOM = re.compile(
    r"\b(?:any|find|finding|need|want|wan|get|for|cheap|affordable|small|good|fine|nice|decent|rent|see"
    r"|self|me)"
    r" (room)\b(?! (?:for (?:negotiation|improvement|error)|service|and|mate|number))"
)
_OUR_OFFICE = re.compile(
    r"\b(?:my|your|ur|una|our|their|his|her|the|head|post|close to|near|agent's|of)(?: \w+)? $"
)
# "The report don land": it has come.
_ARRIVES = re.compile(
    r"\b(?:(?:don|has|have|just|never|did|didn'?t|will|yet to)(?: just| finally)?|(?:once|when|as|if) "
    r"(?:i|e|it|we)) $"
)
_WITH_BQ = re.compile(
    r"(?:\b(?:with|and|plus|has|get|gets|have|having|including|includes?|without|no|wit|attached"
    r"|is there|there)"
    r"|[+&,])\s*(?:its |own |a |an |the |1 |any |room |attached )*$"
)
_SEEKS = re.compile(r"\b(?:you|u|una|we|i|they)(?: dey| wan| want to)? (?:get|have)\b(?: any| a)*\s*$")
_JOINED = re.compile(r"\b(?:or|and|nor|not|plus|also)\b|[,/&;.?]")
_GENERAL = {
    Kind.APARTMENT: (Kind.STUDIO, Kind.MINI_FLAT, Kind.SELF_CONTAIN, Kind.PENTHOUSE, Kind.MAISONETTE),
    Kind.DUPLEX: (
        *(Kind.TERRACED_DUPLEX, Kind.SEMI_DETACHED_DUPLEX, Kind.DETACHED_DUPLEX),
        *(Kind.PENTHOUSE, Kind.MAISONETTE),
    ),
    Kind.DETACHED_DUPLEX: (Kind.BUNGALOW,),
    Kind.SINGLE_ROOM: (Kind.SELF_CONTAIN, Kind.MINI_FLAT),
}


def read(text: Text) -> list[Item]:
    """The types that are named, wanted or not. Whether a BQ is one is told by what else is sought."""
    words = text.words
    found: list[Item] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            if not is_free(text, *match.span()) or _is_false_friend(kind, words, match):
                continue
            text.take_match(match, "kind")
            found.append(Item(match.start(), match.end(), SLOT, kind.value))
    if not found and (room := _ROOM.search(words)) and is_free(text, *room.span(1)):
        text.take_match(room, "kind", 1)
        found.append(Item(room.start(1), room.end(1), SLOT, Kind.SINGLE_ROOM.value))
    found.sort(key=lambda item: item.start)
    specific = [item for item in found if not _is_named_better(item, found, words)]
    return [_as_amenity(item, specific, words) for item in specific]


def _is_false_friend(kind: Kind, words: str, match: "re.Match[str]") -> bool:
    if kind is Kind.OFFICE:
        return "space" not in match[0] and _OUR_OFFICE.search(before(words, match.start())) is not None
    if kind is Kind.LAND:  # "a bungalow on half a plot"
        if match[0] == "land" and _ARRIVES.search(before(words, match.start())):
            return True
        return re.search(
            r"\bon (?:an? |one |1 |half |full |\d+ )*$", before(words, match.start())
        ) is not None and ("land" not in match[0])
    return False


def _is_named_better(item: Item, found: list[Item], words: str) -> bool:
    """Whether a narrower type is said of the same thing: "a detached 4 bedroom duplex"."""
    narrower = _GENERAL.get(Kind(item.value), ())
    for other in found:
        if other.value in narrower:
            gap = words[min(item.end, other.end) : max(item.start, other.start)]
            if len(gap) <= 25 and not _JOINED.search(gap):
                return True
    return False


def _as_amenity(item: Item, found: list[Item], words: str) -> Item:
    """A BQ that comes with something else is one of its amenities."""
    if item.value != Kind.BQ:
        return item
    said_before = before(words, item.start)
    with_it = _WITH_BQ.search(said_before) is not None and not _SEEKS.search(said_before)
    others = any(other.value != Kind.BQ and other.start < item.start for other in found)
    rooms = re.search(r"\d\s*-?\s*(?:bed|bdr|br\b|b/r)[a-z]*\s+(?:\w+\s+)+$", words[: item.start]) is not None
    if (
        words[item.end :].startswith(" attached")
        or with_it
        or ((others or rooms) and not re.search(r"\bor (?:a )?$", said_before))
    ):
        return Item(item.start, item.end, "amenities", "bq")
    return item

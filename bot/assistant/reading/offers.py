"""What is on offer (rent, sale, shortlet), and the order in which results are wished for."""

import re

from bot.assistant.reading.items import before, is_free
from bot.assistant.reading.text import Text
from inspector_whatsapp.models.listings import ListingType

_SHORTLET = re.compile(
    r"\b(?:for (?:a )?)?(?:short[ -]?(?:let(?:ting|s)?|stays?|term|rentals?|lease)|air ?bnb"
    r"|holiday (?:home|let|rental|apartment)s?"
    r"|vacation (?:home|rental|apartment)s?)\b"
)
_STAY = re.compile(
    r"\bfor(?: about| like| just| only| around| at least)? (?:an? |the |some |few |a few |a couple of "
    r"|couple of |\d{1,2}[ -]?)"
    r"(?:or \d )?(?:to \d )?(?:nights?|days?|weeks?|weekend)\b(?! (?:ago|time|now))"
    r"|\b\d{1,2}[ -](?:nights?|days?|weeks?)(?:'s?)? stay\b|\bstay (?:of )?(?:for )?(?:an? "
    r"|\d{1,2} )?(?:nights?|days?|weeks?)\b"
    r"|\b(?:sleep|lodge|stay|crash)(?: over)? (?:for )?(?:just |only )?(?:\d{1,2}|a|one|few) (?:nights?"
    r"|days?|weeks?)\b"
)
_RENT_TAKEN = re.compile(r"\b(?:(?:for|to|on) (?:rent|let|lease|letting|hire)|to rent out|rentals?)\b")
_SALE_TAKEN = re.compile(
    r"\b(?:(?:for|on) sales?|for (?:outright )?(?:purchase|buying)|outright(?: (?:sale|purchase))?)\b"
)
_RENT = re.compile(
    r"\b(?:rent(?:ing|s|age)?|leas(?:e|ing)|to let|letting(?= (?:out|my|the|a|agent|it))|let(?= (?:out"
    r"|my|the (?:flat|house|place)))(?! my (?:wife|friend|people))|tenancy)\b"
)
_SALE = re.compile(
    r"\b(?:buy(?:ing|er)?s?|purchas(?:e|ing)|sell(?:ing)?|sales?|acquire|own(?= (?:a|my own) (?:house"
    r"|home|land)))\b"
)
_DROPPED = re.compile(
    r"\b(?:not|no be|no|nor|never)(?: looking| trying| for| to| want| wan| planning| be| a)* $"
)
_CHEAP = re.compile(
    r"\b(?:(?:very |really |most |more )?(?:cheap(?:er|est|o|ly)?(?: cheap)?|affordable|inexpensive"
    r"|economical|low[ -]?(?:cost|budget|price[ds]?)"
    r"|budget[ -]friendly|pocket[ -]friendly|moderate price|reasonabl[ey] (?:price[ds]?|rents?|amount|"
    r"costs?|rates?)"
    r"|(?:price|rent|cost|amount|rate)s? (?:(?:is|must|should|to|be|dey|at|that|wey) )*reasonable)"
    r"|(?:not|no|isn'?t|no be|no dey|never)(?: be| too| so| very| dey| go| that| is)*[ -](?:costly"
    r"|expensive|cost|pricey|dear|high)(?! of| pass| reach| more| above)"
    r"|(?:less|least)[ -](?:expensive|costly)|lowest(?: price[ds]?)?(?: first)?"
    r"|low(?:est)? to high(?:est)?|price (?:low|ascending)|cheapest first)\b"
)
_DEAR = re.compile(
    r"\b(?:most expensive|most costly|costliest|high(?:est)? to low(?:est)?"
    r"|highest(?: price[ds]?)(?: first)?|expensive (?:ones? )?first|price descending|priciest"
    r"|from the highest)\b"
)
_NEWEST = re.compile(
    r"\b(?:newest|latest|most recent(?:ly)?|recently (?:listed|added|posted|uploaded)|recent(?: ones?"
    r"| listings?| posts?)"
    r"|(?:just|newly) (?:listed|posted(?! (?:to|me|us|my|him|her))|added|uploaded)|new(?:ly)? (?:listings|"
    r"ones? (?:first|wey just)"
    r"|arrivals?|posts?)|fresh (?:listings?|ones?))\b"
)


# "My rent expires": that somebody rents now names no offer.
_RUNS_OUT = re.compile(
    r" (?:(?:will|go|don|has|is|dey|about to|going to) )*(?:expir\w+|ends?|ended|ending|finish\w*|due|up)\b"
)


def read_listing_type(text: Text, words: str) -> str | None:
    """What is on offer, if it is said; None when it is left open, or several are named.

    words: the text before a search was read in it: "rent is 600k" is a price and names an offer.
    """
    named: set[str] = set()
    for kind, pattern, is_taken in (
        (ListingType.SHORTLET, _SHORTLET, True),
        (ListingType.RENT, _RENT_TAKEN, True),
        (ListingType.SALE, _SALE_TAKEN, True),
        (ListingType.SHORTLET, _STAY, False),
        (ListingType.RENT, _RENT, False),
        (ListingType.SALE, _SALE, False),
    ):
        for match in pattern.finditer(words):
            said_before = before(words, match.start())
            if not _DROPPED.search(said_before) and not (not is_taken and _is_past(words, match)):
                named.add(kind.value)
            # A verb tells intents apart, and stays: who sells isn't who buys.
            if is_taken and is_free(text, *match.span()):
                text.take_match(match, "offer")
    if ListingType.SHORTLET in named:
        return ListingType.SHORTLET.value
    return named.pop() if len(named) == 1 else None


def _is_past(words: str, match: "re.Match[str]") -> bool:
    """Whether it is told that something is gone: "dem don sell am" names no offer."""
    if match[0] in ("rent", "lease", "tenancy") and _RUNS_OUT.match(words, match.end()):
        return True
    return re.search(
        r"\b(?:don|has been|have been|already)(?: \w+)? $", before(words, match.start())
    ) is not None or (
        match[0].startswith("leas") and words[max(0, match.start() - 3) : match.start()] == "at "
    )


def read_sort(text: Text) -> str | None:
    """The order that is wished for."""
    sort = None
    for name, pattern in (("price_desc", _DEAR), ("price_asc", _CHEAP), ("newest", _NEWEST)):
        for match in pattern.finditer(text.words):
            if is_free(text, *match.span()):
                text.take_match(match, "sort")
                sort = sort or name
    return sort

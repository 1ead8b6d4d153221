"""Which slots of what was heard belong to an intent, and by which names."""

import re
from datetime import date, timedelta

from bot.assistant.commands import NEXT, PRICE_SLOTS, WHEN_SLOTS, Intent, Slots, only
from bot.assistant.heard import Heard

_NEGATED = r"(?:not|no longer|no|no dey|never|isn'?t|no more|ceased to be)"
_STATUSES = (
    ("available", r"(?:not|never)(?: yet)?(?: been)? (?:sold|rented|taken|gone)"),
    (
        "unavailable",
        rf"{_NEGATED}(?: \w+)? (?:available|for (?:rent|sale)|on offer|open|vacant)|un-?available|"
        r"not selling|not renting|no longer (?:selling|renting)|no more renting",
    ),
    (
        "available",
        r"(?:available|vacant|free|empty|open|back|live|active|dey) (?:again|now|back)|"
        r"back (?:on|to|in|up)|re-?list\w*|re-?publish\w*|re-?activat\w*|un-?hide|resume|(?:put|"
        r"bring|get) (?:it |am |pr-\d+ )?back|"
        r"(?:tenants?|occupant|they|he|she|client|buyer|deal|dem)(?: \w+){0,3} "
        r"(?:moved? out|pack(?:ed)? (?:out|comm?ot)|left|fell through|failed|backed out|comm?ot)|"
        r"(?:as|is|to|now|still|become|status|dey) (?:still |now )?(?:available|vacant)|"
        r"(?:make|mark|set|put|show|list|turn|switch) (?:it |am |pr-\d+ )?(?:as )?"
        r"(?:available|vacant|active|live)",
    ),
    (
        "rented",
        r"rented(?: out)?|let(?:ted)? out|leased(?: out)?|(?:don|has been|is|been|was|already|"
        r"as) (?:rent|let)|"
        r"rent (?:am|out)|given out|occupied|got a tenant|(?:found|get|don get|has|"
        r"have) (?:a )?(?:new )?tenant|"
        r"(?:tenants?|someone|somebody|client)(?: \w+){0,3} "
        r"(?:moved? in|pack(?:ed)? (?:in|enter)|pay(?:ed)?|paid|taken|took|enter)|"
        r"don (?:carry|collect) (?:am|the (?:key|place|house))",
    ),
    (
        "sold",
        r"sold(?: out)?|(?:don|has been|is|been|was|already|as) sell|sell (?:am|off)|don buy|bought|"
        r"buyer (?:don |has )?(?:paid|pay)",
    ),
    (
        "unavailable",
        r"off (?:the )?(?:market|list|site|app|platform)|"
        r"(?:take|bring|pull|put) (?:it |am |that |this |the listing |my listing |pr-\d+ )?(?:down|off)|"
        r"un-?list\w*|un-?publish\w*|de-?list\w*|hid(?:e|den)|paus(?:e|ed)|on hold|hold on|in-?active|"
        r"de-?activat\w*|disable\w*|suspend\w*|remove\w*|delete\w*|withdraw\w*|withdrawn|comm?ot\b|"
        r"stop showing|taken|no more|archive",
    ),
)
_STATUS = tuple((status, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for status, words in _STATUSES)
_OFFERED = re.compile(
    r"\b(?:for|to|on|4) (?:rent|sale|sell|let|lease|shortlet|short let)\b|\bto (?:buy|rent|let|"
    r"lease)\b|\bforsale\b|\bforrent\b|\bshort ?-?lets?\b"
)
# "Drop it by 200k" names no price.
_BY_SO_MUCH = re.compile(
    r"\b(?:drop|reduce|increase|raise|slash|cut|lower|add|up|hike|remove)\b(?!.*\bto\b).*\b(?:by|"
    r"with) [₦n#]?\d"
)
_FROM_TO = re.compile(r"\bfrom\b.*\d.*\bto\b.*\d")
# What is told there has happened: "the inspection on Monday" was the last Monday's.
_TOLD = frozenset((Intent.REPORT_PROBLEM, Intent.INSPECTION_REPORT, Intent.SUBMIT_REPORT))
_WEEKDAY = re.compile(r"\b(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|satur|sun)(?:day|nesday|sday)?\b")
_AHEAD = re.compile(r"\b(?:next|coming|upcoming|this)\b")
_OFFER = re.compile(r"\b(?:rent|let)\b(?! me)|\b(?:sell(?:ing)?|sale)\b")
# Intents where money that is named is no price of a search.
_NO_PRICES = frozenset(
    (
        Intent.REPORT_PROBLEM,
        Intent.CONTACT_AGENT,
        Intent.CANCEL_INSPECTION,
        Intent.SUBMIT_REPORT,
        Intent.INSPECTION_REPORT,
        Intent.RESCHEDULE_INSPECTION,
        Intent.MY_INSPECTIONS,
    )
)
# Where "water" and "just finished" tell of something else than of what a property has.
_NO_AMENITIES = frozenset((Intent.SUBMIT_REPORT, Intent.REPORT_PROBLEM, Intent.CONTACT_AGENT))
_SORTED = frozenset((Intent.SEARCH_PROPERTIES, Intent.CREATE_ALERT))
# Where "rented" and "sold" say what became of a property, and not what it is offered for.
_NOT_OFFERS = frozenset(
    (Intent.CHECK_AVAILABILITY, Intent.UPDATE_LISTING, Intent.REPORT_PROBLEM, Intent.MY_LISTINGS)
)


def placed(intent: Intent, heard: Heard) -> Slots:
    """The slots of a command, as far as the text itself names them."""
    slots: Slots = dict(heard.search)
    slots |= heard.moves if intent == Intent.RESCHEDULE_INSPECTION else heard.when
    if heard.property_ref:
        slots["property_ref"] = heard.property_ref
    if heard.inspection_ref and not (heard.inspection_ref == NEXT and heard.property_ref):
        slots["inspection_ref"] = heard.inspection_ref
    if intent not in _SORTED:
        slots.pop("sort", None)
    if intent in (Intent.ADD_LISTING, Intent.UPDATE_LISTING):
        slots = _priced(slots)
    if intent == Intent.UPDATE_LISTING and len(heard.amounts) > 1 and _FROM_TO.search(heard.words):
        slots["new_price"] = heard.amounts[-1]
    if intent in _TOLD:
        slots |= _past(slots, heard)
    if intent == Intent.ADD_LISTING and (found := _OFFER.search(heard.words)):
        slots.setdefault("listing_type", "rent" if found[0] in ("rent", "let") else "sale")
    if intent == Intent.UPDATE_LISTING:
        if status := status_in(heard.words):
            slots["new_status"] = status
            slots.pop("listing_type", None)
        if _BY_SO_MUCH.search(heard.words):
            slots.pop("new_price", None)
        if "new_price" in slots and not _says_status(heard.words):
            slots.pop("new_status", None)
        slots = {name: value for name, value in slots.items() if name not in WHEN_SLOTS}
    if intent in _NO_AMENITIES:
        slots.pop("amenities", None)
        slots.pop("amenities_excluded", None)
    if intent in _NO_PRICES:
        slots = {name: value for name, value in slots.items() if name not in PRICE_SLOTS}
    if intent in _NOT_OFFERS and not _OFFERED.search(heard.words):
        slots.pop("listing_type", None)
    return only(intent, slots)


def _past(slots: Slots, heard: Heard) -> Slots:
    """The last such weekday, where the next one was read."""
    day = slots.get("date_from")
    if day is None or day != slots.get("date_to") or heard.today is None:
        return {}
    ahead = (date.fromisoformat(day) - heard.today).days
    if not 0 < ahead <= 7 or not _WEEKDAY.search(heard.words) or _AHEAD.search(heard.words):
        return {}
    back = (date.fromisoformat(day) - timedelta(days=14 if ahead == 7 else 7)).isoformat()
    return {"date_from": back, "date_to": back}


def _priced(slots: Slots) -> Slots:
    """Prices by the name that they have where a listing is described."""
    price = slots.get("price_max", slots.get("price_min"))
    if slots.get("price_min") is not None and slots.get("price_max") is not None:
        # "around 80m" was read as bounds: the price lies in the middle of them.
        price = (slots["price_min"] + slots["price_max"]) // 2
    kept = {name: value for name, value in slots.items() if name not in ("price_min", "price_max")}
    return kept | ({"new_price": price} if price is not None else {})


def status_in(words: str) -> str | None:
    """What a listing is said to be from now on."""
    return next((status for status, pattern in _STATUS if pattern.search(words)), None)


def _says_status(words: str) -> bool:
    return re.search(r"\b(?:mark|status|available|rented|sold|market|unlist|relist)\b", words) is not None

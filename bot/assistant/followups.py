"""What is carried over from what was understood before: a part of a wish stands for the rest of it."""

import re

from bot.assistant.commands import (
    NEW_WHEN_SLOTS,
    PLACE_SLOTS,
    PRICE_SLOTS,
    SEARCH_SLOTS,
    WHEN_SLOTS,
    Intent,
    Slots,
    only,
)
from bot.assistant.context import Context
from bot.assistant.heard import Heard

SEARCHES = frozenset((Intent.SEARCH_PROPERTIES, Intent.CREATE_ALERT, Intent.MORE_RESULTS))
OF_A_PROPERTY = frozenset(
    (Intent.PROPERTY_DETAILS, Intent.CHECK_AVAILABILITY, Intent.LIST_SLOTS, Intent.BOOK_INSPECTION)
)
OF_AN_INSPECTION = frozenset(
    (
        Intent.RESCHEDULE_INSPECTION,
        Intent.CANCEL_INSPECTION,
        Intent.INSPECTION_REPORT,
        Intent.SUBMIT_REPORT,
    )
)

_OF_ONES_OWN = frozenset((Intent.UPDATE_LISTING, Intent.REPORT_PROBLEM, Intent.MY_LISTINGS))

_OVER = re.compile(
    r"\b(?:start(?:ing)? (?:over|afresh|again|all over|fresh|from scratch)|from scratch|new search|"
    r"fresh search|another search|different search|search afresh|"
    r"reset(?! (?:my|the) (?!search|filters?|budget|wish))|begin again|"
    r"forget (?:all|everything|that|those|the (?:previous|last|other|first) (?:one|search|ones)|"
    r"what i said)|clear (?:the |my )?(?:search|filters?|all|everything)|scrap that|"
    r"never ?mind (?:that|those))\b"
)
_ALSO = re.compile(
    r"\b(?:also|too|as well|add|plus|include|including|or|join|in addition|together with|with the|"
    r"along with|follow|put)\b|^(?:and|or|plus|&)\b(?! (?:what|how|if|for))"
)
_IN_PLACE = re.compile(
    r"\b(?:instead|only|change (?:it |am |the \w+ )?to|rather|make (?:it|am)|not|replace|switch)\b"
)
NO_LIMIT = re.compile(
    r"\b(?:(?:no|without|remove|forget|drop|ignore|lift|scrap|any|comot|clear|leave|cancel|"
    r"never mind|don'?t mind|never mind)(?: \w+){0,3} (?:budget|price|limit|prices?|amount|cost|"
    r"money)(?: limit| cap| range)?|(?:budget|price|money|cost|"
    r"amount)(?: \w+){0,3} (?:no be (?:problem|issue|wahala)|is (?:no|not an?) (?:problem|issue|"
    r"limit|object|concern)|doesn'?t matter|does not matter|not (?:a |an )?(?:problem|issue)|"
    r"no matter|no get limit|open|flexible|unlimited)|no limit|unlimited budget|at any price|"
    r"whatever (?:the )?(?:price|cost))\b"
)
_ASKING = re.compile(
    r"\b(?:find|show|get|gimme|give|look(?:ing)? for|looking|search(?:ing)?|need|want|wan|buy|rent|"
    r"dey find|is there|are there|do you have|do (?:you|una) get|(?:you|una) (?:get|have)|"
    r"interested in|in search of|seeking|hunting|any|list|wetin|what|which|help me|i dey (?:find|"
    r"look)|wants)\b"
)
_NOT_WANTED = re.compile(
    r"\b(?:do ?n'?o?t|dont|no|not|never|nor) (?:again )?(?:want|wan|need|like|looking)\b"
)
_PART = re.compile(
    r"\b(?:ones?|instead|too|also|as well|make (?:it|am|dem|e)|what about|how about|what of|how of|"
    r"what if|nko|same|them|those|change|add|rather|only|this time|now with|for that)\b|^(?:and|or|"
    r"but|with|without|in|ok|okay|under|below|just)\b"
)

# "For Christians only" says who shall live there, and "only" nothing of the last search.
_FOR_WHOM = re.compile(
    r"\b(?:only )?for (?:(?!me\b|the\b)[^\W\d_]+ ){1,2}?only\b|\bonly for (?!me\b)[^\W\d_]+"
)
_A_HOME = re.compile(r"\b(?:house|home|property|accommodation)\b")


def is_start_over(words: str) -> bool:
    return _OVER.search(words) is not None


def is_complete(heard: Heard) -> bool:
    """Whether a search is asked for so fully that nothing of the last one is meant."""
    if is_start_over(heard.words):
        return True
    has_kind = bool({"property_types", "bedrooms_min", "bedrooms_max"} & heard.search.keys())
    has_place = bool((PLACE_SLOTS - {"areas_excluded"}) & heard.search.keys())
    more = heard.search.keys() - PLACE_SLOTS - {"property_types", "bedrooms_min", "bedrooms_max"}
    said = _FOR_WHOM.sub(" ", heard.words)
    if _PART.search(said) and not (has_kind and has_place and more):
        return False
    if _ASKING.search(_NOT_WANTED.sub(" ", said)):
        return has_kind or (has_place and _A_HOME.search(said) is not None)
    return has_kind and has_place and bool(more)


def carried(intent: Intent, own: Slots, heard: Heard, context: Context) -> Slots:
    """The slots of a command, with what it takes over from before."""
    if intent == Intent.SEARCH_PROPERTIES and context.last_intent in SEARCHES:
        if not is_complete(heard):
            return only(intent, merged(context.last_slots, own, heard.words, heard.hints))
    elif intent == Intent.CREATE_ALERT and context.last_intent in SEARCHES:
        if not (own.keys() & SEARCH_SLOTS) or (not is_complete(heard) and not heard.describes):
            return only(intent, merged(context.last_slots, own, heard.words, heard.hints))
        if re.search(r"\b(?:this|that|dis|dat|my) search\b|\blike (?:this|that|these|those)\b", heard.words):
            return only(intent, merged(context.last_slots, own, heard.words, heard.hints))
    elif intent == context.last_intent and is_part_of_last(heard, context):
        return only(intent, merged(_without_other(context.last_slots, own), own, heard.words, heard.hints))
    elif (
        intent == Intent.RESCHEDULE_INSPECTION
        and context.last_intent == Intent.BOOK_INSPECTION
        and not context.focus_inspection
        and not (own.keys() - NEW_WHEN_SLOTS - WHEN_SLOTS)
        and context.last_slots.get("property_ref")
    ):
        return own | {"property_ref": context.last_slots["property_ref"]}
    return _pointed(intent, own, heard, context)


def is_part_of_last(heard: Heard, context: Context) -> bool:
    """Whether a text that is no search goes on with what was understood last: "and on Sunday?"."""
    if context.last_intent is None or is_start_over(heard.words) or len(heard.bare.split()) > 8:
        return False
    return bool(heard.when or heard.property_ref or heard.search) and not _ASKING.search(heard.words)


def _without_other(last: Slots, own: Slots) -> Slots:
    """What was understood last, without the property or inspection that another takes the place of."""
    kept = dict(last)
    if "property_ref" in own:
        kept = {name: value for name, value in kept.items() if name in WHEN_SLOTS or name == "amenities"}
    elif "inspection_ref" in own:
        kept = {name: value for name, value in kept.items() if name in NEW_WHEN_SLOTS}
    elif PLACE_SLOTS & own.keys() or "property_types" in own:
        kept.pop("property_ref", None)
    return kept


def _pointed(intent: Intent, own: Slots, heard: Heard, context: Context) -> Slots:
    """The property or inspection that is talked of, where none is named."""
    named = {"property_ref", "inspection_ref"} & own.keys() or heard.describes
    if named:
        return own
    of_inspection = intent in OF_AN_INSPECTION or (intent == Intent.MY_INSPECTIONS and heard.points)
    if of_inspection and context.focus_inspection and (heard.points or not WHEN_SLOTS & own.keys()):
        return only(intent, own | {"inspection_ref": context.focus_inspection})
    if intent in OF_AN_INSPECTION and intent != Intent.INSPECTION_REPORT:
        return own
    if intent in OF_A_PROPERTY or intent in (Intent.CONTACT_AGENT, Intent.INSPECTION_REPORT):
        if context.focus_property:
            return only(intent, own | {"property_ref": context.focus_property})
        if intent == Intent.CONTACT_AGENT and context.focus_inspection:
            return only(intent, own | {"inspection_ref": context.focus_inspection})
    if heard.points and context.focus_property and intent in _OF_ONES_OWN:
        return only(intent, own | {"property_ref": context.focus_property})
    return own


def merged(last: Slots, own: Slots, words: str, hints: frozenset[str] = frozenset()) -> Slots:
    """What was said now, over what was said before: lists of amenities grow, everything else is replaced."""
    kept = dict(last)
    if (NO_LIMIT.search(words) or "no_price" in hints) and not ({"price_min", "price_max"} & own.keys()):
        kept = {name: value for name, value in kept.items() if name not in PRICE_SLOTS}
    if "cities" in own or "areas" in own or "states" in own:
        kept = _placed_anew(kept, own, words)
    for group in (("price_min", "price_max"), ("bedrooms_min", "bedrooms_max")):
        kept = _bounds_anew(kept, own, *group)
    for prefix in ("", "new_"):
        kept = _when_anew(kept, own, prefix)
    both = {**kept, **own}
    if "property_types" in own and "property_types" in last and _adds(words):
        both["property_types"] = _once(last["property_types"], own["property_types"])
    for name, other in (("amenities", "amenities_excluded"), ("amenities_excluded", "amenities")):
        if name in own:
            both[name] = _once(last.get(name, ()), own[name])
            both[other] = [
                value
                for value in both.get(other, ())
                if value not in own[name] or value in own.get(other, ())
            ]
    if "furnished" in own.get("amenities", ()) and "unfurnished" in last.get("amenities", ()):
        both["amenities"].remove("unfurnished")
    if "unfurnished" in own.get("amenities", ()) and "furnished" in last.get("amenities", ()):
        both["amenities"].remove("furnished")
    for name, other in (("areas_excluded", "areas"), ("property_types_excluded", "property_types")):
        if name in own:
            both[name] = _once(last.get(name, ()), own[name])
            both[other] = [value for value in both.get(other, ()) if value not in own[name]]
    return {name: value for name, value in both.items() if value not in (None, [], "")}


def _adds(words: str) -> bool:
    return _ALSO.search(words) is not None and not _IN_PLACE.search(words)


def _placed_anew(kept: Slots, own: Slots, words: str) -> Slots:
    """Areas take the place of areas, unless they are added; a city that of every place."""
    if "areas" in own and _adds_to(words):
        own["areas"] = _once(kept.get("areas", ()), own["areas"])
        return kept
    gone = {"areas", "street"} | ({"cities", "states"} if {"cities", "states"} & own.keys() else set())
    kept = {name: value for name, value in kept.items() if name not in gone}
    if "areas" in own and kept.get("areas_excluded"):
        kept["areas_excluded"] = [area for area in kept["areas_excluded"] if area not in own["areas"]]
    return kept


def _adds_to(words: str) -> bool:
    """Whether areas are added: an "or" adds where it comes first, and not between two of them."""
    return bool(
        re.search(
            r"\b(?:also|too|as well|add|plus|include|including|in addition|join|along with)\b|"
            r"^(?:and|or|&)\b(?! if\b)",
            words,
        )
    ) and not re.search(r"^(?:and|or)? ?(?:what|how) (?:about|of)\b(?!.*\b(?:too|also|as well)\b)", words)


def _bounds_anew(kept: Slots, own: Slots, least: str, most: str) -> Slots:
    """One bound keeps the other, unless they would cross."""
    if least in own and most in own:
        return kept
    if least in own and kept.get(most) is not None and kept[most] <= own[least]:
        return {name: value for name, value in kept.items() if name != most}
    if most in own and kept.get(least) is not None and kept[least] >= own[most]:
        return {name: value for name, value in kept.items() if name != least}
    return kept


def _when_anew(kept: Slots, own: Slots, prefix: str) -> Slots:
    """Days take the place of days and a time that of any time."""
    days = {f"{prefix}date_from", f"{prefix}date_to"}
    times = {f"{prefix}time_of_day", f"{prefix}time_from", f"{prefix}time_to"}
    gone = (days if days & own.keys() else set()) | (times if times & own.keys() else set())
    return {name: value for name, value in kept.items() if name not in gone}


def _once(*lists: object) -> list[str]:
    return list(dict.fromkeys(value for values in lists for value in values))  # type: ignore[attr-defined]

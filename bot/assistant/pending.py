"""What is said to a question that waits: yes, no, an answer, or a correction of what was understood."""

import re
from collections.abc import Mapping
from decimal import Decimal

from bot.amounts import numbers
from bot.assistant.commands import (
    MOST_ROOMS,
    NEW_WHEN_SLOTS,
    PRICE_SLOTS,
    SEARCH_SLOTS,
    WHEN_SLOTS,
    Command,
    Intent,
    Slots,
    only,
)
from bot.assistant.context import Context, Pending
from bot.assistant.followups import NO_LIMIT, is_complete, merged
from bot.assistant.heard import Heard
from bot.assistant.placing import placed

_POLITE = (
    r"(?:please|pls|plz|abeg|biko|jare|jor|o+|oo+|na|sir|ma|oga|my (?:guy|dear|brother|sister)|"
    r"thanks|thank you|thx|then|"
    r"now|well|actually|for me|just|so|dear|bro|sis|boss|madam|ooo|sha|jo|kindly|ehn)"
)
_YES = re.compile(
    r"(?:y+|y+e+a*s+|ye+a+h*|ye+p+|yu+p+|ya+h?|yh|sure|sure thing|surely|ok+|oka+y+|okey|okie|k+|"
    r"kk|correct|co+rect|right|confirm(?:ed| it| am)?|i (?:do |don )?confirm|proceed|go ahead|"
    r"go on|do it|do am|do that|do so|"
    r"oya(?: na)?|na so|that'?s (?:right|correct|it|fine|ok|okay|good|perfect)|that is (?:right|"
    r"correct|it|fine|ok|okay|good)|it'?s (?:fine|ok|okay|correct|good)|it is (?:fine|ok|okay|"
    r"correct)|fine|alright|all right|aight|definitely|absolutely|of course|exactly|perfect|great|"
    r"good|nice|cool|"
    r"gbam|sharp(?: sharp)?|carry go|run am|e correct|e don set|correct|make e be so|"
    r"i (?:don )?agree(?:d)?|agreed|deal|done|affirmative|positive|100%?|let'?s (?:do it|go|do am|"
    r"do that)|that works|works for me|it works|e go work|continue|no (?:problem|wahala|p|issue|"
    r"qualms)|"
    r"be+ni|ee+n?|e+h+|ehen|ehn|ise|o da(?: bee)?|ndi mma|o di mma|haka ne|na'?am|to+h|eh|i+|oui|"
    r"si|isokay|you (?:can|may|fit)|yes i (?:do|am|want to|confirm)|i (?:am )?sure|i'?m sure|"
    r"i want (?:it|to|am)|please do|"
    r"(?:book|save|send|submit|cancel|delete|post|publish|list|move|update|mark|file|create|set|"
    r"change|clear|reschedule|make|close|report|add|remove|reduce|verify|schedule) (?:it|am|that|"
    r"everything|them|the \w+)(?: up| down| on| now| away)?|you (?:can|may|fit) (?:\w+ )?(?:it|am|"
    r"that|go ahead|proceed|everything|now|on)|e dey okay|e okay|ko (?:si )?wahala|sebi|as (?:you|"
    r"it) (?:said|is|talk)|wise)"
)
_NO = re.compile(
    r"(?:n+|no+|na+h+|nope|nop|never|not (?:at all|now|again|yet|anymore|really|that|this|today|"
    r"interested|ready|sure)|do ?n'?o?t|don'?t(?: \w+){0,4}|do not(?: \w+){0,4}|"
    r"leave (?:am|it|that|me)(?: (?:like that|alone|as e dey|as it is|be))?|"
    r"forget (?:it|am|that|about it)|never ?mind|nvm|"
    r"cancel(?: that| it| am| this)?|stop(?: it| am)?|hold on|wait(?: first)?|later|maybe later|"
    r"no be (?:that|so|am|dat)\b.*|i(?:'ve| have| don|) change(?:d)? my mind|"
    r"change(?:d)? (?:my )?mind|no need|don'?t bother|abort|rara|a'?a|mba|o ti(?: o)?|ba haka ba|"
    r"keep (?:it|am|the|my)\b.*|no thanks?|no thank you|"
    r"no (?:do|book|save|send|cancel|go|submit|change|post|move|touch|delete|try|worry|bother|"
    r"vex)\b.*|negative|wrong|incorrect|scrap (?:it|am|that)|drop (?:it|am|that)|i (?:no|don'?t|"
    r"do not|didn'?t) (?:want|wan|mean|like|do|need|say|agree|again|ready)\b.*|i'?m not (?:ready|"
    r"sure|interested)\b.*|i am not (?:ready|sure|interested)\b.*|let it (?:be|stay)|make (?:e|"
    r"it) (?:stay|dey)(?: .*)?|not again\b.*|that'?s (?:wrong|not)\b.*|e no correct|no correct|"
    r"not correct|no way|lai lai|god forbid|let me think\b.*|i go think\b.*|not ready\b.*|"
    r"undo(?: it)?|reject|decline|exit|quit|end|nothing)"
)
_LEADING_NO = re.compile(
    r"^(?:(?:abeg|please|pls|ah+|ha+|haba|oga|sorry|well|actually|o) )*"
    r"(?:no+|nope|na+h+|don'?t|do not|dont|not|rara|mba|a'a|never)\b(?! (?:problem|wahala|p|issue)\b)"
)
_LEADING_YES = re.compile(
    r"^(?:y+e+a*s+|ye+a+h*|yep|yup|sure|ok+|okay|oya|correct|confirm\w*|alright|go ahead|be+ni|y)\b"
)
_THUMB = dict.fromkeys("👍✅👌💯🆗☑✔", Intent.CONFIRM) | dict.fromkeys("👎❌🚫🙅✖", Intent.DENY)

# What of each intent can be set right or filled in by saying it anew.
_TO_SAY_ANEW = {
    Intent.BOOK_INSPECTION: WHEN_SLOTS | {"property_ref"},
    Intent.RESCHEDULE_INSPECTION: NEW_WHEN_SLOTS | {"inspection_ref", "property_ref"},
    Intent.CANCEL_INSPECTION: frozenset(("inspection_ref", "property_ref")),
    Intent.UPDATE_LISTING: frozenset(("new_price", "new_status", "property_ref", "price_period")),
    Intent.ADD_LISTING: SEARCH_SLOTS | {"new_price"},
    Intent.SUBMIT_REPORT: frozenset(("inspection_ref", "property_ref")),
    Intent.REPORT_PROBLEM: frozenset(("inspection_ref", "property_ref")),
    Intent.CREATE_ALERT: SEARCH_SLOTS,
    Intent.SEARCH_PROPERTIES: SEARCH_SLOTS,
}
# Wishes that are said in the words of a correction: "move it to 3pm", "change the price".
_LIKE_CORRECTIONS = frozenset(
    (
        Intent.RESCHEDULE_INSPECTION,
        Intent.UPDATE_LISTING,
        Intent.SEARCH_PROPERTIES,
        Intent.BOOK_INSPECTION,
        Intent.ADD_LISTING,
        Intent.PROPERTY_DETAILS,
        Intent.MY_LISTINGS,
    )
)
OTHER_WISH = 0.83  # as likely as this, it is a wish of its own and no answer
MAYBE_OTHER = 0.5  # asked in the form of a question
SEVERAL = 10  # words; a longer answer is no chain of yeses or noes, and too many ways to read it as one


def said_to(heard: Heard, context: Context, opinion: Mapping[Intent, float]) -> Command | None:
    """What the text says to the question that waits; None when it is about something else, or none waits."""
    pending = context.pending
    if pending is None:
        return None
    if (thumb := next((_THUMB[c] for c in heard.said if c in _THUMB), None)) and len(heard.bare) < 3:
        return Command(thumb)
    if pending.intent == Intent.SEARCH_PROPERTIES and _leaves_the_results(heard):
        return None
    if (anew := _said_anew(heard, pending, opinion)) is not None:
        if pending.type == "ask" and _is_whole_change(pending.intent, anew):
            return Command(pending.intent, only(pending.intent, anew))
        slots = merged(pending.slots, anew, heard.words, heard.hints)
        return Command(pending.intent, only(pending.intent, slots))
    plainly = _plain_answer(heard, pending)
    if plainly is not None:
        return Command(plainly)
    if _names_anything(heard):
        # What was said again is what was asked about: "yes, Saturday".
        if _LEADING_YES.search(heard.bare) and _is_same(heard, pending):
            return Command(Intent.CONFIRM)
        return None
    if _another_wish(pending, opinion) >= OTHER_WISH:
        return None
    if _LEADING_NO.search(heard.bare):
        return Command(Intent.DENY)
    if _LEADING_YES.search(heard.bare) and len(heard.bare.split()) <= 6:
        return Command(Intent.CONFIRM)
    return None


def _leaves_the_results(heard: Heard) -> bool:
    """Whether another search is wished for, the last is changed as a whole, or one home is asked about."""
    changed = NO_LIMIT.search(heard.words) is not None or is_complete(heard)
    return changed or bool(heard.property_ref or heard.inspection_ref)


def _is_whole_change(intent: Intent, slots: Slots) -> bool:
    """Whether it is said which property is changed and how: what was asked of another before is over."""
    changes = {"new_price", "new_status"} & slots.keys()
    return intent == Intent.UPDATE_LISTING and "property_ref" in slots and bool(changes)


def _plain_answer(heard: Heard, pending: Pending) -> Intent | None:
    """Yes or no, when nothing else is said."""
    bare = re.sub(rf"\b{_POLITE}\b", " ", re.sub(r"(.)\1{2,}", r"\1\1", heard.bare))
    bare = re.sub(r"\s+", " ", bare).strip() or heard.bare
    if pending.intent == Intent.CANCEL_INSPECTION and re.fullmatch(r"cancel(?: it| am| that)?", bare):
        return Intent.CONFIRM if pending.type == "confirm" else None
    is_short = len(bare.split()) <= SEVERAL
    for answer, words in ((Intent.DENY, _NO), (Intent.CONFIRM, _YES)):
        again = rf"(?: (?:and |but )?{words.pattern})*" if is_short else ""
        if re.fullmatch(rf"{words.pattern}{again}", bare):
            return answer
    # "no o, leave am", "nope, keep the old price": a no and how it is meant.
    if is_short and not _names_anything(heard):
        meant = re.fullmatch(rf"{_NO.pattern}(?: {_NO.pattern})*(?: \w+){{0,3}}", bare)
        return Intent.DENY if meant else None
    return None


def _another_wish(pending: Pending, opinion: Mapping[Intent, float]) -> float:
    """How likely the likeliest intent is that is neither what waits nor said in the words of a correction."""
    own = _LIKE_CORRECTIONS | {pending.intent, Intent.CONFIRM, Intent.DENY}
    return max(likely for intent, likely in opinion.items() if intent not in own)


def _said_anew(heard: Heard, pending: Pending, opinion: Mapping[Intent, float]) -> Slots | None:
    """Slots that correct or fill in what waits; None when there are none or another wish is likelier."""
    asked = pending.type == "ask" and _is_asked_for(pending.slot, heard)
    # "Morning": the answer to a question for a time is no greeting.
    other = _another_wish(pending, {**opinion, Intent.SMALLTALK: 0.0} if asked else opinion)
    if other >= OTHER_WISH or (other >= MAYBE_OTHER and "?" in heard.said and pending.type == "confirm"):
        return None
    slots = placed(pending.intent, heard)
    if pending.intent == Intent.RESCHEDULE_INSPECTION and heard.when:
        slots = {k: v for k, v in slots.items() if k not in WHEN_SLOTS} | {
            f"new_{name}": value for name, value in heard.when.items()
        }
    if pending.type == "ask" and not slots:
        slots = _number_for(pending.slot, heard)
    if not slots:
        slots = _set_right(heard, pending)
    taken = _TO_SAY_ANEW.get(pending.intent, SEARCH_SLOTS | {"property_ref", "inspection_ref"})
    if pending.type == "ask":
        taken = taken | SEARCH_SLOTS | {"property_ref", "inspection_ref"}
    if not slots or set(slots) - taken:
        return None
    if pending.type == "confirm" and all(pending.slots.get(name) == value for name, value in slots.items()):
        return None
    return slots


_MAKE_IT = re.compile(
    r"^(?:(?:no|sorry|actually|wait|oh|please|abeg|ok|okay|pls|oga|oya|rather|i mean|better) )*"
    r"(?:make|change|put|set|use|let) (?:it|am|e be|the time|the price|the amount|the figure|that|dat)(?: "
    r"to| be| at)? "
    r"(\d{1,3}(?:[.:]\d{1,2})?)(?: instead| please| abeg| pls| rather| oclock)*$"
)


def _set_right(heard: Heard, pending: Pending) -> Slots:
    """ "Make it 11", of what was asked about: its time, or its price, whichever it has."""
    found = _MAKE_IT.match(re.sub(r"[^\w.: ]", "", heard.words).strip(" ."))
    if found is None:
        return {}
    said, number = found[1], Decimal(found[1].replace(":", "."))
    timed = next((name for name in ("new_time_from", "time_from") if name in pending.slots), None)
    if timed and 1 <= number < 24:
        hour, _dot, minute = said.replace(".", ":").partition(":")
        hours = int(hour) + (12 if int(hour) <= 6 else 0)
        if int(minute or 0) > 59:
            return {}
        clock = f"{hours:02}:{int(minute or 0):02}"
        return {timed: clock, timed.replace("_from", "_to"): clock}
    priced = next((name for name in ("new_price", "price_max") if name in pending.slots), None)
    if priced and ":" not in said:
        return {priced: int(number * (1_000_000 if number < 100 else 1000))}
    return {}


def _is_asked_for(slot: str, heard: Heard) -> bool:
    """Whether a day or a time is asked for, and one was said."""
    if "time" in slot:
        return any("time" in name for name in heard.when)
    return ("date" in slot or "day" in slot) and any("date" in name for name in heard.when)


def _number_for(slot: str, heard: Heard) -> Slots:
    """A bare number as the answer to a question for a number: "3" bedrooms, "1.5" as a budget."""
    found = re.fullmatch(
        r"(?:na |just |only |like |about )?(\d{1,3}(?:\.\d{1,2})?)(?: please| pls| abeg| only)?[ .!]*",
        heard.words,
    )
    if found is None:
        return {}
    number = Decimal(found[1])
    if "price" in slot or "budget" in slot:
        naira = numbers(found[1])[0].amount()
        return {"new_price": naira} if slot.startswith("new_") else {"price_max": naira}
    if number != int(number) or number > MOST_ROOMS:
        return {}
    if "bath" in slot:
        return {"bathrooms_min": int(number)}
    if "bed" in slot or "room" in slot:
        return {"bedrooms_min": int(number), "bedrooms_max": int(number)}
    return {}


def _is_same(heard: Heard, pending: Pending) -> bool:
    held = pending.slots.items()
    said = heard.when or {name: value for name, value in heard.search.items() if name not in PRICE_SLOTS}
    return all((name, value) in held or (f"new_{name}", value) in held for name, value in said.items())


def _names_anything(heard: Heard) -> bool:
    return bool(heard.slots or heard.property_ref or heard.inspection_ref)

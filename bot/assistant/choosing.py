"""Which intent a text has: the model's opinion, moved by what slots and the context tell."""

import math
import re
from collections.abc import Mapping

from bot.assistant import small_talk
from bot.assistant.commands import PLACE_SLOTS, Intent
from bot.assistant.context import Context
from bot.assistant.followups import NO_LIMIT, OF_A_PROPERTY, SEARCHES, is_complete, is_start_over
from bot.assistant.heard import Heard
from inspector_whatsapp.models import Role

FLOOR = 0.004  # below this the model's opinion is as good as none
# How much that opinion counts: so it was likeliest right how sure it was of utterances it had not seen.
OPINION = 1.25
# From what likelihood on its opinion is clear, and hardly moved by what was talked of before.
CLEAR, CLEARER, CERTAIN = 0.5, 0.67, 0.83
Scores = dict[Intent, float]

_MANY = re.compile(
    r"\b(?:flats|apartments|houses|properties|places|duplexes|bungalows|lands|plots|shops|offices|"
    r"studios|homes|"
    r"ones|options|listings|rooms|self ?cons|any|which|what)\b"
)
_VISIT = re.compile(r"\b(?:inspections?|viewings?|visits?|tours?|appointments?|bookings?|in-\d+)\b")


def likelihoods(
    heard: Heard,
    *,
    role: Role,
    context: Context,
    opinion: Mapping[Intent, float],
) -> Scores:
    """How likely each intent is, together 1."""
    sums = {intent: OPINION * math.log(max(opinion.get(intent, 0.0), FLOOR)) for intent in Intent}
    for intent, weight in _by_slots(heard, role).items():
        sums[intent] += weight
    for intent, weight in _by_words(heard, context, role, opinion).items():
        sums[intent] += weight
    for intent, weight in _by_context(heard, context, max(opinion.values())).items():
        sums[intent] += weight
    # The model has learned of many attacks, and people mean few.
    if opinion[Intent.UNSAFE_REQUEST] < CLEAR:
        sums[Intent.UNSAFE_REQUEST] -= 2.5 if _HOMES.search(heard.words) else 0.5
    # Of a fifth of what it has learned the bot knows nothing, and people mean less of that.
    sums[Intent.OUT_OF_SCOPE] -= 0.25
    # An answer needs a question.
    sums[Intent.CONFIRM] -= 8 if context.pending is None else 2
    sums[Intent.DENY] -= 8 if context.pending is None else 2
    most = max(sums.values())
    parts = {intent: math.exp(value - most) for intent, value in sums.items()}
    whole = sum(parts.values())
    return {intent: part / whole for intent, part in parts.items()}


def _by_slots(heard: Heard, role: Role) -> Scores:
    """What was found in a text speaks for some intents and against others."""
    found: Scores = {}
    if small_talk.is_all(heard.words) and not heard.slots:
        found[Intent.SMALLTALK] = 6
    if not heard.slots and not heard.property_ref:
        found[Intent.SEARCH_PROPERTIES] = -1.5
    if heard.property_ref:
        found |= {
            Intent.SEARCH_PROPERTIES: -4,
            Intent.CREATE_ALERT: -4,
            Intent.ADD_LISTING: -3,
            Intent.HELP: -2,
            Intent.OUT_OF_SCOPE: -4,
            Intent.SMALLTALK: -4,
            Intent.MORE_RESULTS: -4,
        }
    elif heard.inspection_ref:
        found |= {
            Intent.SEARCH_PROPERTIES: -5,
            Intent.CREATE_ALERT: -5,
            Intent.HELP: -2,
            Intent.OUT_OF_SCOPE: -4,
            Intent.SMALLTALK: -4,
            Intent.LIST_SLOTS: -2,
            Intent.BOOK_INSPECTION: -2,
            Intent.PROPERTY_DETAILS: -1,
            Intent.CHECK_AVAILABILITY: -2,
        }
    elif len(heard.search) >= 2:
        found |= {
            Intent.OUT_OF_SCOPE: -3,
            Intent.SMALLTALK: -4,
            Intent.HELP: -1.5,
            Intent.MORE_RESULTS: -3,
            Intent.HUMAN_HANDOFF: -1,
            Intent.MY_ACCOUNT: -1.5,
        }
    elif heard.search:
        found |= {Intent.OUT_OF_SCOPE: -1, Intent.SMALLTALK: -2.5, Intent.MORE_RESULTS: -2}
    if heard.property_ref and not heard.points:
        found[Intent.HELP] = -4
    if _MANY.search(heard.words) and not heard.names_one and heard.describes:
        found[Intent.SEARCH_PROPERTIES] = found.get(Intent.SEARCH_PROPERTIES, 0) + 1
        found[Intent.BOOK_INSPECTION] = found.get(Intent.BOOK_INSPECTION, 0) - 3
    if (
        heard.describes
        and PLACE_SLOTS & heard.search.keys()
        and len(heard.search) > 1
        and not heard.names_one
    ):
        found[Intent.SEARCH_PROPERTIES] = found.get(Intent.SEARCH_PROPERTIES, 0) + 2.5
    if Intent.UNSAFE_REQUEST not in found and (heard.search or _MINE.search(heard.words)):
        found[Intent.UNSAFE_REQUEST] = -2
    if _EVERY_HOME.fullmatch(heard.words):
        found |= {Intent.UNSAFE_REQUEST: -8, Intent.SEARCH_PROPERTIES: 2 if role == Role.SEEKER else 0}
    if role == Role.SEEKER and _A_HOME.fullmatch(heard.bare):
        found[Intent.SEARCH_PROPERTIES] = 6
    if _MY_VISITS.fullmatch(heard.bare):
        found[Intent.MY_INSPECTIONS] = 6
    if is_start_over(heard.words) and heard.search:
        found[Intent.SEARCH_PROPERTIES] = found.get(Intent.SEARCH_PROPERTIES, 0) + 3
    if role == Role.AGENT:
        found[Intent.CHECK_AVAILABILITY] = -2
    if role == Role.SEEKER:
        found[Intent.UPDATE_LISTING] = -3
        found[Intent.MY_LISTINGS] = -1.5
        found[Intent.SUBMIT_REPORT] = -3
    if role == Role.AGENT:
        found[Intent.BOOK_INSPECTION] = found.get(Intent.BOOK_INSPECTION, 0) - 1
        if heard.amounts and heard.property_ref:
            found[Intent.UPDATE_LISTING] = 2.5
        found[Intent.SUBMIT_REPORT] = -2
    if role == Role.INSPECTOR:
        found[Intent.UPDATE_LISTING] = -2
        found[Intent.BOOK_INSPECTION] = -0.5
    return found


_KNOWN_AS = r"(?:viewing|inspection|visit|appointment|tour|booking)s?\b"
_ALERT_ME = re.compile(
    r"^(?:please |abeg |pls |kindly )?(?:notify|alert|ping|inform) me\b|\b(?:as soon as|once|when|"
    r"whenever|if|the moment)"
    r"\b.*\b(?:notify|inform|alert|ping|tell|text|message|let) (?:me|us)\b|\b(?:notify|inform|alert|ping|"
    r"tell|text|"
    r"message) (?:me|us) (?:as soon as|once|when|whenever|if|the moment)\b"
)
_ARROW = re.compile(r"\bin-?\d+\W*(?:->|=>|>)")
_VISIT_ONE = re.compile(
    r"\b(?:can|could|may|fit|want|wan|would like|like|love|plan|hope)(?: to)?(?: (?:my|his|her|our) \w+| "
    r"i| we| he| she)?"
    r"(?: to| please)?(?: come| go)?(?: and)? (?:tour|inspect|view|visit|check|see)(?: out)? (?:the|that|"
    r"dat|pr-?\d+)\b"
)
_WHICH_TIMES = re.compile(
    r"\b(?:earliest|latest|when|what time|which (?:day|time|date)|how (?:soon|early)|slots?|times)\b"
)
_CALL_OFF = re.compile(rf"\b(?:scrap|call off|withdraw|bin|cancel)\b.*\b{_KNOWN_AS}")
_MEANING = re.compile(
    r"^(?:please |abeg |pls )?(?:wetin|what)(?:'s| is| be| are| does| do)(?: the)?(?: meaning of)? [^?]*\??$"
)
_WRONG = re.compile(
    r"\breport (?:a |an |the |this |dis |that |one |some )?(?:fake|scam\w*|fraud\w*|rude|thie\w+|bad|419|"
    r"dishonest)\b"
)
_PERSON = re.compile(
    r"^(?:operator|human|agent please|real person|representative|live agent|customer (?:care|service|"
    r"support))\b\W*$|"
    r"\b(?:member of staff|someone from (?:your|the) (?:team|office))\b"
)
_PUT_UP = re.compile(
    r"\b(?:upload|advertise|publish|list|post)(?: it| am| this| that)?(?: please| abeg| pls)?\W*$"
)
_CHANGE_TO = re.compile(
    r"^(?:(?:actually|ok|okay|no|abeg|please|sorry|wait) )*(?:change|make|move|switch|shift|push|set)"
    r"(?: (?:it|am|that|dat|them|the (?:dates?|days?|area|location|place|budget|price|search|city|month|"
    r"week)))"
    r"(?: to| into| be)?\b"
)


def _by_words(heard: Heard, context: Context, role: Role, opinion: Mapping[Intent, float]) -> Scores:
    """What is said so plainly that it speaks for an intent whatever the rest is."""
    found: Scores = {}
    words = heard.words
    if _ALERT_ME.search(words) and heard.describes and not heard.property_ref and not heard.inspection_ref:
        found[Intent.CREATE_ALERT] = 4
    if heard.inspection_ref and _ARROW.search(words):
        found[Intent.RESCHEDULE_INSPECTION] = 5
    if (
        _VISIT_ONE.search(words)
        and not _WHICH_TIMES.search(words)
        and (heard.names_one or heard.property_ref)
        and heard.when
    ):
        found[Intent.BOOK_INSPECTION] = 4
    if _CALL_OFF.search(words):
        found[Intent.CANCEL_INSPECTION] = 2.5
    if (
        _MEANING.match(words)
        and set(heard.search) <= {"amenities"}
        and not (heard.property_ref or context.focus_property or heard.names_one)
        and "amenities" in heard.search
    ):
        found[Intent.HELP] = 4
    is_ours = opinion[Intent.OUT_OF_SCOPE] < CLEAR
    if is_ours and _HOW_TO.match(heard.bare) and not heard.slots and not heard.points:
        found[Intent.HELP] = 4
    if _WRONG.search(words):
        found[Intent.REPORT_PROBLEM] = 4
    if _PERSON.search(heard.bare):
        found[Intent.HUMAN_HANDOFF] = 5
    if role == Role.AGENT and heard.describes and not heard.property_ref and _PUT_UP.search(words):
        found[Intent.ADD_LISTING] = 4
    if (
        context.last_intent in SEARCHES
        and not context.focus_inspection
        and not (heard.property_ref or heard.inspection_ref)
        and heard.slots
        and _CHANGE_TO.match(words)
    ):
        found[Intent.SEARCH_PROPERTIES] = 8
    return found


# "How do I cancel on this app?" asks how, where it names nothing to be cancelled. Baking is not ours.
_HOW_TO = re.compile(
    r"(?:(?:please|pls|abeg|hi|hello|sir|ma|so|but|ok|okay) )*how (?:do|can|does|should|would|will|go) "
    r"(?:i|we|one|person|somebody|someone) \w+|(?:(?:please|pls|abeg) )*how (?:to|i go|i fit|person go) \w+"
)
_MINE = re.compile(
    r"\b(?:my|our) (?:\w+ ){0,2}(?:bookings?|jobs?|inspections?|viewings?|visits?|listings?|"
    r"properties|account|houses?)\b"
    r"|\b(?:bookings?|inspections?|viewings?|visits?) (?:that )?i (?:have|booked)\b"
)
# Whatever is on offer is everybody's to see.
_EVERY_HOME = re.compile(
    r"(?:(?:please|abeg|can you|just|i want to|let me) )*(?:show|list|see|give) (?:me )?(?:all|every)"
    r"(?: of)?(?: the| your| d)? (?:available )?(?:houses?|homes?|flats?|property|properties|places|"
    r"listings?|apartments?)"
    r"(?: (?:you have|available|on offer|please|abeg))*"
)
# The plainest wishes there are, whole: nothing in them tells a model much.
_POLITELY = r"(?:please|pls|abeg|biko|hi|hello|sir|ma|oga|o|oo|kindly|can you|help me|just|i)"
_A_HOME = re.compile(
    rf"(?:{_POLITELY} )*(?:(?:dey |am |m |'m )?(?:need|want|wan|find|finding|look for|looking for|search for|"
    r"searching for|get|show|seeking|rent|buy))(?: (?:to|wan|find|get|rent|buy|me|a|an|any|some|one))*"
    r" (?:house|home|houses|homes|place|property|properties|accommodation|apartment|flat|somewhere)"
    rf"(?: (?:to (?:rent|live(?: in)?|stay)|for rent|{_POLITELY}|now|urgently))*"
)
_MY_VISITS = re.compile(
    rf"(?:{_POLITELY} )*(?:(?:what|which|when|wetin|where)(?: are| is| be)?|show(?: me)?|see|check|list|"
    r"view)? ?my (?:upcoming |next |booked )?(?:inspections?|bookings?|viewings?|appointments?|visits?|"
    r"schedule|jobs?)"
    rf"(?: {_POLITELY}| now)*"
)
_HOMES = re.compile(
    r"\b(?:flats?|apartments?|houses?|properties|duplex|bungalows?|lands?|studios?|bedrooms?)\b"
)
_THEM = re.compile(r"\b(?:them|dem|those|these|ones|all)\b")
_WHAT_ABOUT = re.compile(r"\b(?:what|how) (?:about|of)\b|\bnko\b|^and\b")
_BARE_NTH = re.compile(
    r"^(?:ok(?:ay)? |and |the |number |no |na |i (?:like|prefer|want|choose|pick) |show me |"
    r"let me see |give me |tell me (?:more )?about |more (?:on|about|of) |details (?:on|of) )*"
    r"(?:\d|one|two|three|four|five|first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th|"
    r"number \w+)(?: one)?(?: please| abeg| pls)?$"
)


def _by_context(heard: Heard, context: Context, clear: float) -> Scores:
    """What was talked of before speaks for going on with it."""
    last, found = context.last_intent, Scores()
    if heard.nth and heard.property_ref:
        if heard.when and clear < CERTAIN:
            found[Intent.BOOK_INSPECTION] = 4
        elif heard.search.keys() & {"amenities"} or _BARE_NTH.search(heard.bare):
            found[Intent.PROPERTY_DETAILS] = 4
    elif heard.property_ref and heard.points and heard.when and clear < CLEARER:
        found[Intent.BOOK_INSPECTION] = 3
    if last is None:
        return found
    if last in SEARCHES and not heard.property_ref and not heard.inspection_ref:
        if not context.focus_property and heard.slots and clear < CERTAIN:
            found[Intent.SEARCH_PROPERTIES] = 4
        if heard.search and not context.focus_property and not heard.nth:
            found[Intent.PROPERTY_DETAILS] = -6
        if not context.focus_inspection and not _VISIT.search(heard.words):
            found[Intent.RESCHEDULE_INSPECTION] = -4
        if heard.slots and context.focus_property and (PLACE_SLOTS & heard.search.keys()) and clear < CERTAIN:
            found[Intent.SEARCH_PROPERTIES] = 3
    if last in SEARCHES and heard.when and not heard.property_ref and _THEM.search(heard.words):
        found[Intent.SEARCH_PROPERTIES] = 5
        found[Intent.BOOK_INSPECTION] = -3
    if context.focus_property and last in OF_A_PROPERTY and heard.when and not heard.search and clear < CLEAR:
        found[Intent.LIST_SLOTS if "?" in heard.said else Intent.BOOK_INSPECTION] = 3
    if last in SEARCHES and ("no_price" in heard.hints or NO_LIMIT.search(heard.words)):
        found[Intent.SEARCH_PROPERTIES] = 5
    if last in SEARCHES and is_start_over(heard.words) and clear < CERTAIN:
        found[Intent.SEARCH_PROPERTIES] = 5
    if _WHAT_ABOUT.search(heard.words) and (heard.property_ref or heard.inspection_ref or heard.when):
        found[last] = found.get(last, 0) + (4 if len(heard.bare.split()) > 5 else 7)
    if last in OF_A_PROPERTY and heard.slots and not heard.describes and clear < CLEARER:
        found[last] = found.get(last, 0) + 2
        if heard.when and not heard.search and last == Intent.BOOK_INSPECTION:
            found[last] += 2
    short = len(heard.bare.split()) <= 6
    if (
        short
        and last not in SEARCHES
        and clear < CLEAR
        and (heard.when or heard.property_ref or heard.describes)
        and not is_complete(heard)
    ):
        found[last] = found.get(last, 0) + 2.5
    if (
        context.focus_property
        and last in OF_A_PROPERTY
        and clear < CLEARER
        and set(heard.slots) == {"amenities"}
    ):
        found[Intent.PROPERTY_DETAILS] = 3
    return found

"""What the chat holds for follow-ups: what was understood last, and what was shown.

Kept with the conversation, and forgotten with a pause, with the account, and at the word *menu*.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.assistant.commands import SLOTS_OF, Command, Intent, Slots, only
from bot.assistant.context import Context, Pending
from bot.models import Conversation
from bot.questions import Confirm
from bot.questions.base import Shown
from bot.scripts import Asked

LONGEST_TALK: Final = timedelta(hours=3)  # what was said before that is about something else
_REF = re.compile(r"(?:PR|IN)-\d{1,12}(?!\d)")

# What somebody in a flow is about to do.
INTENT_OF: Final[Mapping[str, Intent]] = {
    "find": Intent.SEARCH_PROPERTIES,
    "look_around": Intent.SEARCH_PROPERTIES,
    "property": Intent.PROPERTY_DETAILS,
    "book_inspection": Intent.BOOK_INSPECTION,
    "reschedule": Intent.RESCHEDULE_INSPECTION,
    "cancel": Intent.CANCEL_INSPECTION,
    "change_inspection": Intent.RESCHEDULE_INSPECTION,
    "my_inspections": Intent.MY_INSPECTIONS,
    "my_assignments": Intent.MY_INSPECTIONS,
    "requests": Intent.MY_INSPECTIONS,
    "confirm_completion": Intent.SUBMIT_REPORT,
    "complete_visit": Intent.SUBMIT_REPORT,
    "alerts": Intent.CREATE_ALERT,
    "save_alert": Intent.CREATE_ALERT,
    "upload_property": Intent.ADD_LISTING,
    "describe_property": Intent.ADD_LISTING,
    "availability": Intent.UPDATE_LISTING,
    "change_price": Intent.UPDATE_LISTING,
    "report_problem": Intent.REPORT_PROBLEM,
    "settings": Intent.MY_ACCOUNT,
    "unlink": Intent.MY_ACCOUNT,
}
# The slot that a question asks for, in the words of the contract.
_SLOT_OF: Final[Mapping[str, str]] = {
    "property": "property_ref",
    "inspection": "inspection_ref",
    "day": "date",
    "slot": "time",
    "where": "areas",
    "kind": "property_types",
    "bedrooms": "bedrooms_min",
    "budget": "price_max",
}
# What begins nothing to refer to.
_PASSING = frozenset(
    (
        *(Intent.SMALLTALK, Intent.HELP, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST, Intent.HUMAN_HANDOFF),
        *(Intent.CONFIRM, Intent.DENY, Intent.MORE_RESULTS),
    )
)


def context(talk: Conversation, pending: Pending | None = None) -> Context:
    """What the chat holds now, and the question that waits."""
    kept = Context.from_json(talk.understood.get("context"))
    return Context(
        kept.last_intent,
        kept.last_slots,
        kept.results,
        kept.focus_property,
        kept.focus_inspection,
        pending,
    )


def pending(talk: Conversation, due: Asked) -> Pending | None:
    """The question that is due, as far as it is one of something that can be said in words."""
    intent = INTENT_OF.get(talk.flow)
    if intent is None:
        return None
    known = _known(talk, intent)
    if isinstance(due.question, Confirm):
        return Pending("confirm", intent, known)
    slot = _SLOT_OF.get(due.name, "")
    return Pending("ask", intent, known, slot) if slot else None


def _known(talk: Conversation, intent: Intent) -> Slots:
    """What the flow has been told already."""
    kept = Context.from_json(talk.understood.get("context"))
    slots: dict[str, Any] = dict(kept.last_slots) if kept.last_intent == intent else {}
    for ref in _refs((talk.argument, *map(str, talk.answers.values()))):
        slots[_slot_of_ref(ref)] = ref
    day = talk.answers.get("day")
    if isinstance(day, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        prefix = "new_" if "new_date_from" in SLOTS_OF[intent] else ""
        slots |= {f"{prefix}date_from": day, f"{prefix}date_to": day}
    return only(intent, slots)


def understood(talk: Conversation, command: Command) -> None:
    """Keep what was understood: a fragment that follows is about the same."""
    if command.intent in _PASSING or (command.intent == Intent.PROPERTY_DETAILS and not command.slots):
        return
    kept = talk.understood.get("context") or {}
    found = {"last_intent": command.intent.value, "last_slots": command.slots}
    for name, focus in (("property_ref", "focus_property"), ("inspection_ref", "focus_inspection")):
        if _REF.fullmatch(str(command.slots.get(name, ""))):
            found[focus] = command.slots[name]
    talk.understood = talk.understood | {"context": kept | found}


def look(talk: Conversation) -> None:
    """Note what is on the screen after a turn: the refs in their order, and the one that it is all about."""
    shown = Shown.from_json(talk.shown)
    kept = dict(talk.understood.get("context") or {})
    lines = shown.options[: shown.lines]
    listed = list(dict.fromkeys(_refs(option.value for option in lines if _REF.match(option.value))))
    named = list(dict.fromkeys(_refs(_argument(option.id) for option in lines)))
    results = listed or (named if len(named) > 1 else [])
    if results:
        kept["results"] = results
    of_flow = _refs((talk.argument, *map(str, talk.answers.values()))) if talk.flow else []
    one = [*(named if len(named) == 1 else []), *(listed if len(listed) == 1 else []), *of_flow]
    for ref in one:
        kept["focus_property" if ref.startswith("PR") else "focus_inspection"] = ref
    if talk.flow == "find" and isinstance(wanted := talk.answers.get("wanted"), dict):
        # Wishes are changed by buttons as well: "cheaper ones" is about what is looked for now.
        sought = only(Intent.SEARCH_PROPERTIES, wanted)
        kept |= {"last_intent": Intent.SEARCH_PROPERTIES.value, "last_slots": sought}
    if kept != (talk.understood.get("context") or {}):
        talk.understood = talk.understood | {"context": kept}


def _argument(id: str) -> str:
    return id.rpartition("|")[2]


def _refs(values: Iterable[str]) -> list[str]:
    return [found[0] for found in map(_REF.match, values) if found]


def _slot_of_ref(ref: str) -> str:
    return "property_ref" if ref.startswith("PR") else "inspection_ref"


def forget(talk: Conversation, *, now: datetime) -> None:
    """Begin anew: somebody else speaks, or about something else. What was said before is not looked at."""
    talk.understood = {"since": now.isoformat()}


def since(talk: Conversation, *, now: datetime) -> datetime:
    """From when on what was said belongs together."""
    kept = talk.understood.get("since")
    earliest = now - LONGEST_TALK
    return max(datetime.fromisoformat(kept), earliest) if kept else earliest

"""What a language model says, checked: it becomes a command whose places and refs are known, or nothing."""

from typing import Any

from bot.assistant.commands import NEXT, Command, Intent, NotACommand, only
from bot.assistant.context import Context
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.language_model.calling import Failed
from bot.assistant.reading import refs
from bot.assistant.reading.text import Text
from inspector_whatsapp.listings import gazetteer as known

_PLACES = {"areas": "area", "areas_excluded": "area", "cities": "city", "states": "state"}


def command(said: Any, *, text: str, gazetteer: Gazetteer, context: Context) -> Command:
    """The command that was filled in. Raises Failed.

    Slots of no meaning for its intent and places that nobody knows are left out; a ref that was neither said
    nor shown makes it none: it would be invented.
    """
    if not isinstance(said, dict):
        raise Failed("the answer was no object")
    try:
        intent = Intent(str(said.get("intent")))
        slots = only(intent, {name: value for name, value in said.items() if name != "intent"})
        found = Command.from_json({"intent": intent.value, "slots": slots})
    except (NotACommand, ValueError) as why:
        raise Failed(f"the answer was no command ({why})"[:150]) from None
    if intent in (Intent.CONFIRM, Intent.DENY) and context.pending is None:
        raise Failed("the answer was a yes or no to nothing")
    _check_refs(found, text, context)
    return Command(intent, _with_known_places(found, gazetteer))


def _with_known_places(found: Command, gazetteer: Gazetteer) -> dict[str, Any]:
    slots = dict(found.slots)
    for slot, sort in _PLACES.items():
        if slot not in slots:
            continue
        named = [gazetteer.names.get(known.plain(name)) for name in slots.pop(slot)]
        names = list(dict.fromkeys(place.name for place in named if place and place.sort == sort))
        if names:
            slots[slot] = names
    return slots


def _check_refs(found: Command, text: str, context: Context) -> None:
    said = refs.read(Text(text))
    shown = {*context.results, context.focus_property, context.last_slots.get("property_ref")}
    pending = context.pending.slots if context.pending else {}
    properties = {*said.property_refs, *shown, pending.get("property_ref")}
    visits = {*said.inspection_refs, NEXT, context.focus_inspection, context.last_slots.get("inspection_ref")}
    visits.add(pending.get("inspection_ref"))
    if found.slots.get("property_ref") not in properties | {None}:
        raise Failed("the answer named a property that was not spoken of")
    if found.slots.get("inspection_ref") not in visits | {None}:
        raise Failed("the answer named an inspection that was not spoken of")

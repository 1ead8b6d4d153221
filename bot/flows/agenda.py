"""A seeker's inspections: what is coming, and what was of late."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.flows import safety
from bot.flows.inspections import BOOK, details
from bot.flows.waiting import MY_WAITING, waiting_option
from bot.questions import Choice, Option, choice
from bot.scripts import Person, Script, again, ask, flow, last
from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import LazyText, Words, join, say

LATELY = timedelta(days=14)


@flow("my_inspections")
def mine(person: Person) -> Script:
    """A seeker looks at their inspections."""
    coming, over = inspections.coming_and_over(person.user, since=person.now - LATELY, now=person.now)
    waits = inspections.waits_of(person.user).count()
    if not coming and not over:
        return last(say(_("You have no inspections coming up.")), *([MY_WAITING] if waits else []), BOOK)
    inspection = yield from ask(
        "inspection",
        _which(
            say(_("Your inspections. Pick one to see or change it."))
            if coming
            else say(_("You have no inspections coming up. These are over:")),
            [*coming, *over],
            waits,
        ),
    )
    if inspection is None:
        return last(say(""), then="waiting")
    flow_name, argument = yield from ask("do", _todo(inspection, person))
    if flow_name == "list":
        yield from again("inspection")
    return last(say(""), then=flow_name, argument=argument)


@flow("change_inspection")
def change(person: Person) -> Script:
    """A seeker changes or cancels an inspection."""
    coming = list(inspections.upcoming(person.user, now=person.now))
    if not coming:
        return last(say(_("You have no inspections coming up.")), BOOK)
    inspection = yield from ask("inspection", _which(say(_("Which inspection?")), coming))
    flow_name, argument = yield from ask("do", _todo(inspection, person, change_only=True))
    return last(say(""), then=flow_name, argument=argument)


def _which(words: Words, items: Sequence[Inspection], waits: int = 0) -> Choice[Any]:
    """One of these; or none, to see what they wait for."""
    return choice(
        words,
        [*items, *([None] if waits else [])],
        option=lambda each: _option(each) if each else waiting_option(waits),
        gone=say(_("That inspection is no longer coming up.")),
    )


def _option(inspection: Inspection) -> Option:
    return Option(
        inspection.ref,
        say("{inspection:when}", inspection=inspection),
        say("{property:short} · {inspection:state}", property=inspection.property, inspection=inspection),
        also=(inspection.ref,),
    )


# --- what can be done with one ----------------------------------------------------------------------------
TITLES: dict[str, tuple[LazyText, tuple[str, ...]]] = {
    "reschedule": (_("Change the time"), ("change", "move", "reschedule", "another time")),
    "cancel": (_("Cancel it"), ("cancel", "call it off")),
    "feedback": (_("Say how it was"), ("feedback", "how it was", "rate it")),
    "report_problem": (_("Report a problem"), ("report", "problem", "complain")),
    "book_inspection": (_("Book again"), ("book", "again")),
    "list": (_("Back"), ("list", "others")),
}


def _todo(inspection: Inspection, person: Person, *, change_only: bool = False) -> Choice[tuple[str, str]]:
    """What can be done with an inspection: a flow and its argument, or `list`."""
    words, is_live = details(inspection, person), inspection.state in LIVE_STATES
    today = safety.todos(inspection, person.user, person) if is_live else []
    if is_live and inspection.starts_at > person.now:
        flows = ["reschedule", "cancel", *([] if change_only else today)]
    elif is_live and today:
        words = join(words, say(_("The inspector has not said yet how it went.")))
        flows = [*today, "report_problem"]
    else:
        if is_live:
            words = join(words, say(_("The inspector has not said yet how it went.")))
        completed = inspection.state == InspectionState.COMPLETED
        flows = [*(["feedback"] if completed else []), "report_problem", "book_inspection"]
    names = [*flows, *([] if change_only else ["list"])]

    def option(pair: tuple[str, str]) -> Option:
        name, argument = pair
        is_list = name == "list"
        if name in safety.TITLES:
            also, title = safety.ALSO[name], safety.title(name, inspection, person)
        else:
            words_for, also = TITLES[name]
            title = say(words_for)
        return Option(
            name,
            say(_("list")) if is_list and len(names) > 3 else title,
            also=also,
            starts=None if is_list else (name, argument),
            quiet=is_list and len(names) > 3,
        )

    arguments = {"book_inspection": inspection.property.ref, "list": ""}
    return choice(words, [(name, arguments.get(name, inspection.ref)) for name in names], option=option)

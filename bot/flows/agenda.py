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
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, Outcome
from inspector_whatsapp.words import LazyText, Words, join, say

LATELY = timedelta(days=14)
SOON = timedelta(hours=24)  # from when on they are asked whether they come


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
    "coming": (_("I'm coming"), ("i'm coming", "coming", "yes", "i will come")),
    "nobody_there": (_("Nobody was there"), ("nobody", "nobody came", "nobody there", "no show")),
    "was_there": (_("I was there"), ("i was there", "was there")),
    "reschedule": (_("Change the time"), ("change", "move", "reschedule", "another time")),
    "cancel": (_("Cancel it"), ("cancel", "call it off")),
    "feedback": (_("Say how it was"), ("feedback", "how it was", "rate it")),
    "report_problem": (_("Report a problem"), ("report", "problem", "complain")),
    "book_inspection": (_("Book again"), ("book", "again")),
    "list": (_("Back"), ("list", "others")),
}
TYPED: dict[str, LazyText] = {
    "coming": _("coming"),
    "nobody_there": _("nobody came"),
    "was_there": _("was there"),
    "reschedule": _("change"),
    "cancel": _("cancel"),
    "feedback": _("feedback"),
    "report_problem": _("report"),
    "book_inspection": _("again"),
    "list": _("list"),
}


def _todo(inspection: Inspection, person: Person, *, change_only: bool = False) -> Choice[tuple[str, str]]:
    """What can be done with an inspection: a flow and its argument, or `list`."""
    words, is_live = details(inspection, person), inspection.state in LIVE_STATES
    today = safety.todos(inspection, person.user, person) if is_live else []
    if is_live and inspection.starts_at > person.now:
        asked = inspection.coming_at is None and inspection.starts_at - person.now < SOON
        flows = [*(["coming"] if asked and not change_only else []), "reschedule", "cancel"]
        flows += [] if change_only else today
    elif is_live and today:
        words = join(words, say(_("The inspector has not said yet how it went.")))
        flows = [*today[:-1], "nobody_there", *today[-1:], "report_problem"]
    else:
        if is_live:
            words = join(words, say(_("The inspector has not said yet how it went.")))
        completed = inspection.state == InspectionState.COMPLETED
        absent = inspection.outcome == Outcome.SEEKER_ABSENT
        said = "feedback" if completed else "was_there" if absent else "nobody_there"
        flows = [said, "report_problem", "book_inspection"]
    names = [*flows, *([] if change_only else ["list"])]
    typed = safety.typed(names, last=("reschedule", "report_problem", "list"))

    def option(pair: tuple[str, str]) -> Option:
        name, argument = pair
        if name in safety.TITLES:
            also, title = safety.ALSO[name], safety.title(name, inspection, person)
        else:
            words_for, also = TITLES[name]
            title = say(TYPED[name] if name in typed else words_for)
        return Option(
            name,
            title,
            also=also,
            starts=None if name == "list" else (name, argument),
            quiet=name in typed,
        )

    arguments = {"book_inspection": inspection.property.ref, "list": ""}
    return choice(words, [(name, arguments.get(name, inspection.ref)) for name in names], option=option)

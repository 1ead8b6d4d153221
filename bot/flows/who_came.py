"""After a visit, a seeker says who was there: it is kept beside what others say."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bot.flows.booking import MINE
from bot.questions import Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import Words, join, say


@flow("nobody_there")
def nobody_there(person: Person) -> Script:
    """A seeker says that nobody was there to show the property."""
    inspection = _begun(person)
    if isinstance(inspection, Last):
        yield from ()
        return inspection
    yes = yield from ask(
        "sure",
        confirm(
            join(say(_("Was nobody there?")), _what(inspection), *_late(inspection, person)),
            yes=say(_("Nobody was there")),
            no=say(_("Somebody was")),
        ),
    )
    if not yes:
        inspections.take_back(inspection=inspection, actor=person.user, origin=Origin.CHAT)
        return last(say(_("Good. Nothing is noted.")), _problem(inspection), MINE)
    inspections.nobody_came(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    return _noted(inspection)


def _late(inspection: Inspection, person: Person) -> Sequence[Words]:
    """When the inspector will be there, if that is still to come."""
    delay = inspections.delay_of(inspection, now=person.now)
    if delay is None or delay.expected_at <= person.now:
        return ()
    late = _("{inspector} said they'll be there at about *{at:time}*.")
    return (say(late, inspector=inspection.inspector, at=delay.expected_at),)


@flow("was_there")
def was_there(person: Person) -> Script:
    """A seeker of whom it was said that they did not come says that they were there."""
    inspection = _begun(person)
    if isinstance(inspection, Last):
        yield from ()
        return inspection
    met = yield from ask(
        "met",
        choice(
            join(say(_("You were there. Did you meet anybody?")), _what(inspection)),
            ["yes", "nobody"],
            option=_met,
        ),
    )
    inspections.was_there(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    others = inspections.nobody_came if met == "nobody" else inspections.take_back
    others(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    return _noted(inspection)


def _met(answer: str) -> Option:
    if answer == "yes":
        return Option(answer, say(_("Yes, we met")), also=("yes", "we met", "somebody"))
    return Option(answer, say(_("Nobody was there")), also=("no", "nobody", "nobody came", "no one"))


def _noted(inspection: Inspection) -> Last:
    return last(
        join(
            say(_("Noted, with the time. Our people see what you say beside what others say.")),
            say(_("If you want them to look into it, report a problem.")),
        ),
        _problem(inspection),
        Suggestion(say(_("Book again")), "book_inspection", inspection.property.ref),
        MINE,
    )


def _begun(person: Person) -> Inspection | Last:
    """The inspection that a button named, if it is theirs and who came to it may still be said."""
    inspection = inspections.of_seeker(person.user, person.argument.partition(".")[0])
    if inspection is None:
        return last(say(_("I can't find that inspection among yours.")), MINE)
    if inspection.state in (InspectionState.CANCELLED, InspectionState.DECLINED):
        return last(say(_("That inspection is {inspection:state}."), inspection=inspection), MINE)
    if inspection.starts_at > person.now:
        return last(
            say(_("That inspection is on {inspection:when}. Tell me afterwards."), inspection=inspection),
            MINE,
        )
    if inspection.starts_at + inspections.SAYABLE <= person.now:
        return last(
            say(_("That inspection was too long ago. If something is wrong, report a problem.")),
            _problem(inspection),
            MINE,
        )
    return inspection


def _what(inspection: Inspection) -> Words:
    return join(
        say(_("*{property:short}* · {inspection}"), property=inspection.property, inspection=inspection),
        say("{inspection:when}", inspection=inspection),
    )


def _problem(inspection: Inspection) -> Suggestion:
    return Suggestion(say(_("Report a problem")), "report_problem", inspection.ref)

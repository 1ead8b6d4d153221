"""After an inspection: two taps on how it was."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.flows.booking import MINE
from bot.questions import Option, choice
from bot.scripts import Last, Person, Script, Suggestion, ask, flow, last, once
from inspector_whatsapp import feedback, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Feedback, Inspection
from inspector_whatsapp.models.feedback import AsListed, Interested
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import Words, join, say

ALSO = {
    "yes": ("yes", "yeah", "yep", "na so"),
    "partly": ("partly", "somehow", "not all", "half"),
    "maybe": ("maybe", "not sure", "perhaps"),
    "no": ("no", "nope", "not at all"),
}


@flow("feedback")
def give(person: Person) -> Script:
    """A seeker says how an inspection was. The first tap may be that of the message which asked."""
    ref, _dot, said = person.argument.partition(".")
    inspection = _inspected(person, ref)
    if isinstance(inspection, Last):
        yield from ()
        return inspection
    if said in AsListed.values:
        as_listed = AsListed(said)
    else:
        as_listed = yield from ask("as_listed", _one_of(AsListed, _was_it_as_listed(inspection)))
    # Kept at once, since many tap the first and never the second; *back* asks again, and changes it.
    given = yield from once("given", lambda: _give(person, inspection, as_listed), undo=lambda _given: None)
    interested = yield from ask("interested", _one_of(Interested, _are_you_interested(inspection, as_listed)))
    feedback.add_interest(
        feedback=Feedback.objects.get(pk=given, inspection=inspection),
        interested=interested,
        actor=person.user,
        origin=Origin.CHAT,
    )
    problem = Suggestion(say(_("Report a problem")), "report_problem", inspection.ref)
    if interested == Interested.NO:
        return last(say(_("Thank you. That helps us keep listings honest.")), problem)
    return last(
        say(_("Thank you. That helps us keep listings honest.")),
        problem,
        Suggestion(say(_("See it again")), "property", inspection.property.ref),
    )


def _give(person: Person, inspection: Inspection, as_listed: AsListed) -> int:
    given = feedback.give(inspection=inspection, as_listed=as_listed, actor=person.user, origin=Origin.CHAT)
    return given.pk


def _inspected(person: Person, ref: str) -> Inspection | Last:
    """An inspection of theirs that has taken place."""
    inspection = inspections.of_seeker(person.user, ref)
    if inspection is None:
        return last(say(_("I can't find that inspection among yours.")), MINE)
    if inspection.state == InspectionState.COMPLETED:
        return inspection
    problem = Suggestion(say(_("Report a problem")), "report_problem", inspection.ref)
    if inspection.state == InspectionState.NO_SHOW:
        return last(say(_("That inspection did not take place.")), problem, MINE)
    if inspection.state in (InspectionState.CANCELLED, InspectionState.DECLINED):
        return last(say(_("That inspection is {inspection:state}."), inspection=inspection), MINE)
    if inspection.starts_at > person.now:
        return last(
            say(_("That inspection is on {inspection:when}. Tell me afterwards."), inspection=inspection),
            MINE,
        )
    return last(
        say(_("The inspector has not said yet that it took place. I'll ask you then.")), problem, MINE
    )


def _was_it_as_listed(inspection: Inspection) -> Words:
    return join(
        say(_("*{property:short}* · {inspection}"), property=inspection.property, inspection=inspection),
        say(_("Was it as listed?")),
    )


def _are_you_interested(inspection: Inspection, as_listed: AsListed) -> Words:
    return join(
        say(_("As listed: {answer}."), answer=as_listed.label),
        say(_("Are you interested in {property:short}?"), property=inspection.property),
    )


def _one_of(answers: Any, words: Words) -> Any:
    return choice(
        words,
        list(answers),
        option=lambda answer: Option(
            answer.value, say("{label}", label=answer.label), also=ALSO[answer.value]
        ),
    )

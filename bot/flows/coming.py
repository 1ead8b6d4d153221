"""A seeker says that they are coming; also when their place has gone to the waiting list meanwhile."""

from django.utils.translation import gettext_lazy as _

from bot.flows.booking import MINE, booked, why_not
from bot.flows.cards import OFF_OFFER
from bot.flows.inspections import details, own_inspection
from bot.flows.looking import LOOK_ON
from bot.flows.waiting import leave_it, standing
from bot.scripts import Last, Person, Script, Suggestion, flow, last
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import NotLive, Overlapping, SlotGone, TooLate
from inspector_whatsapp.models import Inspection
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import join, say


@flow("coming")
def coming(person: Person) -> Script:
    """A seeker says that they are coming."""
    yield from ()
    lost = inspections.of_seeker(person.user, person.argument.partition(".")[0])
    if lost is not None and inspections.given_away(lost):
        return _after_all(person, lost)
    inspection = own_inspection(person)
    if isinstance(inspection, Last):
        return inspection
    try:
        inspection = inspections.come(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except TooLate:
        return last(say(_("That inspection is no longer coming up.")), MINE)
    return last(
        join(say(_("Good, see you there.")), details(inspection, person), separator="\n\n"),
        Suggestion(say(_("Change the time")), "reschedule", inspection.ref),
        MINE,
    )


def _after_all(person: Person, lost: Inspection) -> Last:
    """Their place again, if nobody has it; else the first place in line for it."""
    try:
        found = inspections.reclaim(inspection=lost, actor=person.user, origin=Origin.CHAT)
    except Overlapping as refusal:
        return last(why_not(refusal), MINE)
    except NotLive:
        return last(OFF_OFFER, LOOK_ON)
    except (SlotGone, TooLate):
        return last(
            say(_("That time is no longer to be had. You can look for another one.")),
            Suggestion(say(_("See the times")), "book_inspection", lost.property.ref),
            MINE,
        )
    if isinstance(found, Inspection):
        shown = booked(person, found, lost.property)
        if found.state != InspectionState.CONFIRMED:
            return last(shown.words, MINE)  # it is only asked for
        return last(join(say(_("The place is yours again.")), shown.words), MINE)
    if found.offered is not None:
        return last(say(""), then="waiting")
    return last(
        join(
            say(_("Somebody else has the place, or is deciding. If it comes free, I offer it to you first.")),
            say("*{property}*", property=lost.property),
            standing(found),
        ),
        leave_it(found),
        MINE,
    )

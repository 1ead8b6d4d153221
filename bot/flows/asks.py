"""An inspector is asked to take a visit over whose own inspector cannot come."""

import re

from django.utils.translation import gettext_lazy as _

from bot.flows.assignments import MINE, TITLES, brief, visit_of
from bot.scripts import Last, Person, Script, Suggestion, flow, last
from bot.visits import Visit
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import AskOver, Overlapping, TimeOffThen, TooLate
from inspector_whatsapp.models import Ask, Role
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.words import Words, join, say


@flow("take_visit", roles=(Role.INSPECTOR,))
def take(person: Person) -> Script:
    """An inspector takes the visit over that they are asked for."""
    ask = _named(person)
    if ask is None:
        return last(NOT_ASKED, MINE)
    yield from ()
    try:
        inspection = inspections.take_over(ask=ask, actor=person.user, origin=Origin.CHAT)
    except (AskOver, TooLate):
        return _over(ask)
    except (Overlapping, TimeOffThen):
        _pass_on(ask, person)
        return last(say(_("You have something else at that time by now, so I ask somebody else.")), MINE)
    mine = inspections.assigned_to(person.user, now=person.now)
    visit = visit_of(inspection, mine) or Visit((inspection,))
    return last(
        join(say(_("It is yours. Thank you!")), brief(visit, person)),
        MINE,
        Suggestion(TITLES["hand_back_visit"], "hand_back_visit", visit.named),
    )


@flow("pass_visit", roles=(Role.INSPECTOR,))
def decline(person: Person) -> Script:
    """An inspector does not take the visit over that they are asked for."""
    ask = _named(person)
    if ask is None:
        return last(NOT_ASKED, MINE)
    yield from ()
    if not _pass_on(ask, person):
        return _over(ask)
    return last(say(_("All right. Somebody else is looked for.")), MINE)


NOT_ASKED = say(_("I can't find what you were asked."))


def _named(person: Person) -> Ask | None:
    """What a button named, if it was them who were asked."""
    key = person.argument
    return inspections.ask_of(person.user, int(key)) if re.fullmatch(r"[0-9]{1,18}", key) else None


def _pass_on(ask: Ask, person: Person) -> bool:
    return inspections.pass_ask_on(ask, state=AskState.DECLINED, actor=person.user, origin=Origin.CHAT)


def _over(ask: Ask) -> Last:
    ask.refresh_from_db()
    return last(_BECAME.get(AskState(ask.state), OVER), MINE)


OVER = say(_("That is over: somebody else was asked, or nobody is needed any more."))
_BECAME: dict[AskState, Words] = {
    AskState.ACCEPTED: say(_("You have taken it already.")),
    AskState.DECLINED: say(_("You have said no to it already; somebody else was asked.")),
}

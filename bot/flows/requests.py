"""Who wants to see an agent's properties, and when: yes or no to those that ask, and who comes."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows import safety
from bot.flows.properties import standing
from bot.questions import Option, choice
from bot.questions.reasons import reason
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from bot.spans import shown_by_whom
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import AlreadyAnswered, TooLate
from inspector_whatsapp.models import Inspection, Role
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import Words, join, say

REQUESTS = Suggestion(say(_("Inspection requests")), "requests")
TITLES: dict[str, Words] = {
    "confirm_request": say(_("Confirm")),
    "decline_request": say(_("Decline")),
    "list": say(_("Back")),
}
ALSO = {
    "confirm_request": ("yes", "accept", "ok", "approve"),
    "decline_request": ("no", "reject", "refuse"),
    "list": ("list", "others"),
}


@flow("requests", roles=(Role.AGENT,))
def requests(person: Person) -> Script:
    """An agent looks at who comes when, and answers those who ask."""
    waiting = list(inspections.requests_of(person.user))
    booked = _booked(person)
    if not waiting and not booked:
        return last(
            say(_("Nobody has asked for an inspection, and none is coming up.")),
            Suggestion(say(_("Inspection slots")), "slots"),
        )
    inspection = yield from ask(
        "inspection",
        choice(
            _how_many(waiting, booked),
            [*waiting, *booked],
            option=_option,
            gone=say(_("That inspection is no longer coming up.")),
        ),
    )
    asks = _waits(inspection)
    todos = _todos(inspection, person, asks=asks)
    todo = yield from ask(
        "do",
        choice(
            join(card(inspection), safety.door(inspection, person)),
            [*todos, "list"],
            option=lambda todo: _todo(todo, inspection, person, many=len(todos) > 2),
            gone=say(_("It has changed since I asked. Please look again.")),
        ),
    )
    if todo == "list":
        yield from again("inspection")
    return last(say(""), then=todo, argument=_named(inspection))


def _booked(person: Person) -> list[Inspection]:
    """What is still to come and does not wait for the agent: confirmed, or about to be."""
    own = inspections.of(person.user).filter(
        property__agent=person.user, state__in=LIVE_STATES, asked_at=None, ends_at__gt=person.now
    )
    return list(own.order_by("starts_at", "pk"))


def _how_many(waiting: Sequence[Inspection], booked: Sequence[Inspection]) -> Words:
    lines = []
    if waiting:
        count = len(waiting)
        words = ngettext_lazy(
            "{count} person waits for your answer.", "{count} people wait for your answer.", count
        )
        lines.append(say("*{waiting}*", waiting=say(words, count=count)))
    sure = sum(inspection.state == InspectionState.CONFIRMED for inspection in booked)
    if sure:
        words = ngettext_lazy("{count} inspection is confirmed.", "{count} inspections are confirmed.", sure)
        lines.append(say(words, count=sure))
    return join(*lines, say(_("Pick one.")))


def _option(inspection: Inspection) -> Option:
    return Option(
        inspection.ref,
        say("{inspection:when}", inspection=inspection),
        say(
            "{seeker:first} · {property:short} · {standing}",
            seeker=inspection.seeker,
            property=inspection.property,
            standing=standing(inspection),
        ),
        also=(inspection.ref,),
    )


def _todos(inspection: Inspection, person: Person, *, asks: bool) -> list[str]:
    if asks:
        return ["confirm_request", "decline_request"]
    today = safety.todos(inspection, person.user, person)
    return [*today[:-1], *(["call_off"] if inspection.starts_at > person.now else []), *today[-1:]]


def _todo(todo: str, inspection: Inspection, person: Person, *, many: bool) -> Option:
    if todo in safety.TITLES:
        shown = safety.title(todo, inspection, person)
        return Option(todo, shown, also=safety.ALSO[todo], starts=(todo, inspection.ref))
    if todo == "call_off":
        return Option(
            todo, say(_("Cancel it")), also=("cancel", "call it off"), starts=(todo, _named(inspection))
        )
    if todo == "list" and many:  # four would make a list of it, a tap more
        return Option(todo, say(_("list")), also=ALSO[todo], quiet=True)
    starts = None if todo == "list" else (todo, _named(inspection))
    return Option(todo, TITLES[todo], also=ALSO[todo], starts=starts)


def _named(inspection: Inspection) -> str:
    """What a button says of it: its ref, and the state of it that was shown."""
    return f"{inspection.ref}.{inspection.revision}"


def card(inspection: Inspection) -> Words:
    """Who, what and when; until when an answer is awaited."""
    lines = [
        say(
            _("*{seeker:first}* · {property:short} · {inspection}"),
            seeker=inspection.seeker,
            property=inspection.property,
            inspection=inspection,
        ),
        say("*{inspection:when}*", inspection=inspection),
        say("{property:address}", property=inspection.property),
        shown_by_whom(inspection.inspector),
    ]
    release = inspections.released_at(inspection)
    if release is None:
        lines.append(say(_("State: {inspection:state}"), inspection=inspection))
    else:
        lines.append(say(_("Please answer by {release}: then it is given up."), release=release))
    return join(*lines)


# --- the answers ------------------------------------------------------------------------------------------
@flow("confirm_request", roles=(Role.AGENT,))
def confirm_request(person: Person) -> Script:
    """An agent says yes to a request."""
    inspection = _asked(person)
    if isinstance(inspection, Last):
        return inspection
    yield from ()
    try:
        inspection = inspections.confirm(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except AlreadyAnswered as refusal:
        return _became(refusal.inspection)
    except TooLate:
        return _began(inspection)
    sure = inspection.state == InspectionState.CONFIRMED
    tell = _("I'll tell {seeker:first}.") if sure else _("I'll tell you both as soon as it is certain.")
    return last(
        join(
            say(
                _("Confirmed: {inspection}.") if sure else _("You said yes: {inspection}."),
                inspection=inspection,
            ),
            _brief(inspection),
            say(tell, seeker=inspection.seeker),
        ),
        *_more(person),
    )


@flow("decline_request", roles=(Role.AGENT,))
def decline_request(person: Person) -> Script:
    """An agent says no to a request, and why."""
    inspection = _asked(person)
    if isinstance(inspection, Last):
        return inspection
    why = yield from ask(
        "why",
        reason(
            join(
                join(say(_("Decline this request?")), _brief(inspection)),
                say(_("Why? Tap it or type it: {seeker:first} is told."), seeker=inspection.seeker),
                separator="\n\n",
            ),
            say(_("That time is not good")),
            say(_("Property is taken")),
            keep=say(_("Don't decline")),
        ),
    )
    if why is None:
        return last(
            join(say(_("It still waits for your answer.")), _brief(inspection)), *_answers(inspection)
        )
    try:
        inspections.decline(inspection=inspection, actor=person.user, origin=Origin.CHAT, why=why)
    except AlreadyAnswered as refusal:
        return _became(refusal.inspection)
    except TooLate:
        return _began(inspection)
    return last(
        join(
            say(_("Declined: {inspection}."), inspection=inspection),
            _brief(inspection),
            say(_("I'll tell {seeker:first}, and offer your other times."), seeker=inspection.seeker),
        ),
        *_more(person),
    )


@flow("call_off", roles=(Role.AGENT,))
def call_off(person: Person) -> Script:
    """An agent cancels a confirmed inspection of their property, and says why."""
    inspection = _coming(person)
    if isinstance(inspection, Last):
        return inspection
    why = yield from ask(
        "why",
        reason(
            join(
                join(say(_("Cancel this inspection?")), _brief(inspection)),
                say(_("Why? Tap it or type it: {seeker:first} is told."), seeker=inspection.seeker),
                separator="\n\n",
            ),
            say(_("I can't make it")),
            say(_("Property is taken")),
            keep=say(_("Keep it")),
        ),
    )
    if why is None:
        return last(join(say(_("It stays as it is.")), _brief(inspection)), REQUESTS)
    try:
        inspections.cancel(inspection=inspection, actor=person.user, origin=Origin.CHAT, why=why)
    except TooLate:
        return _began(inspection)
    return last(
        join(
            say(_("Cancelled: {inspection}."), inspection=inspection),
            _brief(inspection),
            say(_("I'll tell {seeker:first}."), seeker=inspection.seeker),
        ),
        *_more(person),
    )


def _brief(inspection: Inspection) -> Words:
    return join(
        say("*{inspection:when}* · {seeker:first}", inspection=inspection, seeker=inspection.seeker),
        say("{property}", property=inspection.property),
    )


def _more(person: Person) -> list[Suggestion]:
    waiting = inspections.requests_of(person.user).exists()
    return [Suggestion(say(_("Next request")), "requests") if waiting else REQUESTS]


def _answers(inspection: Inspection) -> list[Suggestion]:
    return [
        Suggestion(TITLES[each], each, _named(inspection)) for each in ("confirm_request", "decline_request")
    ]


def _asked(person: Person) -> Inspection | Last:
    """The request that a button named, as `IN-3107.2` with the revision it showed."""
    inspection = _coming(person)
    if isinstance(inspection, Last):
        return inspection
    return inspection if _waits(inspection) else _became(inspection)


def _coming(person: Person) -> Inspection | Last:
    """The inspection that a button named, if it is of the agent's own property and still to come."""
    ref, _dot, revision = person.argument.partition(".")
    inspection = inspections.by_ref(person.user, ref)
    if inspection is None or inspection.property.agent_id != person.user.pk:
        return last(say(_("I can't find that inspection among yours.")), REQUESTS)
    if inspection.state not in (InspectionState.REQUESTED, InspectionState.CONFIRMED):
        return _became(inspection)
    if inspection.starts_at <= person.now:
        return _began(inspection)
    if revision and revision != str(inspection.revision):
        return last(
            join(
                say(_("That message is out of date: the inspection has changed since.")),
                card(inspection),
                separator="\n\n",
            ),
            *(_answers(inspection) if _waits(inspection) else [REQUESTS]),
        )
    return inspection


def _waits(inspection: Inspection) -> bool:
    """For the agent's answer, and not only for that of Inspector's backend."""
    return inspection.state == InspectionState.REQUESTED and inspection.asked_at is not None


def _became(inspection: Inspection) -> Last:
    """What became of a request that no longer waits."""
    words = say(_("That request is already answered: {inspection:state}."), inspection=inspection)
    if inspection.state not in (InspectionState.CONFIRMED, InspectionState.DECLINED):
        words = say(_("That inspection is {inspection:state}."), inspection=inspection)
    return last(join(words, _brief(inspection)), REQUESTS)


def _began(inspection: Inspection) -> Last:
    return last(say(_("That inspection began at {inspection:when}."), inspection=inspection), REQUESTS)

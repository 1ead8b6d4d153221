"""Safe visits: being there and out again, in one tap each; and help, in one."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot.scripts import Person, Script, Suggestion, flow, last
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.inspections import NotAssigned, TooEarly, TooLate
from inspector_whatsapp.models import Inspection, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications import alarms

# What can be tapped on the day, and other words for it.
TITLES: dict[str, LazyText] = {
    "arrive_visit": _("I'm there"),
    "leave_visit": _("I'm out"),
    "feel_unsafe": _("I feel unsafe"),
}
DONE = _("I'm done")  # as a seeker says that they have left
ALSO: dict[str, tuple[str, ...]] = {
    "arrive_visit": ("i'm there", "i am there", "there", "arrived", "here", "i'm here"),
    "leave_visit": ("i'm out", "i am out", "out", "left", "i'm done", "done"),
    "feel_unsafe": ("unsafe", "not safe", "i'm afraid", "danger", "sos"),
}
NOT_YOURS = say(_("I can't find that inspection among yours."))


@flow("arrive_visit")
def arrive(person: Person) -> Script:
    """Whoever shows a property says that they are there."""
    inspection = _named(person)
    yield from ()
    if inspection is None:
        return last(NOT_YOURS)
    try:
        stay = inspections.arrive(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except NotAssigned:
        return last(NOT_YOURS)
    except TooEarly:
        return last(
            say(
                _("That begins at {inspection:when}. Tell me from an hour before on."), inspection=inspection
            ),
            unsafe(inspection),
        )
    except TooLate:
        return last(say(_("That inspection is {inspection:state}, or long over."), inspection=inspection))
    return last(
        join(
            say(_("Noted: you are at *{property:short}*."), property=inspection.property),
            *(door(each, person) for each in inspections.of_visit(inspection)),
            say(
                _("Tap *I'm out* when you leave. If I don't hear from you by {due:time}, I'll ask."),
                due=stay.due_at or person.now,
            ),
        ),
        Suggestion(say(TITLES["leave_visit"]), "leave_visit", inspection.ref),
        unsafe(inspection),
    )


@flow("leave_visit")
def leave(person: Person) -> Script:
    """Whoever was at a visit says that they have left."""
    inspection = _named(person)
    yield from ()
    if inspection is None:
        return last(NOT_YOURS)
    try:
        inspections.depart(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except NotAssigned:
        return last(NOT_YOURS)
    except TooEarly:
        return last(say(_("That begins at {inspection:when}."), inspection=inspection), unsafe(inspection))
    more = []
    if inspection.inspector_id == person.user.pk and inspection.state in LIVE_STATES:
        more = [Suggestion(say(_("Confirm completion")), "complete_visit", inspection.ref)]
    if inspection.seeker_id == person.user.pk:
        more = [Suggestion(say(_("Report a problem")), "report_problem", inspection.ref)]
    return last(
        say(_("Noted: you have left *{property:short}*. Get home safely."), property=inspection.property),
        *more,
        unsafe(inspection),
    )


@flow("stay_longer")
def stay(person: Person) -> Script:
    """Whoever is at a visit still is well, and not out yet."""
    inspection = _named(person)
    yield from ()
    if inspection is None:
        return last(NOT_YOURS)
    try:
        stay = inspections.stay(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except NotAssigned:
        return last(NOT_YOURS)
    except TooLate:
        return last(say(_("You told me that you are out.")), unsafe(inspection))
    return last(
        say(_("All right. I'll ask you again at {due:time}."), due=stay.due_at or person.now),
        Suggestion(say(TITLES["leave_visit"]), "leave_visit", inspection.ref),
        unsafe(inspection),
    )


@flow("feel_unsafe", needs_account=False, urgent=True)
def feel_unsafe(person: Person) -> Script:
    """Somebody feels unsafe: our people are told at once, and one of them writes to them."""
    inspection = _called_for(person)
    yield from ()
    if inspection is None:
        inspections.call_without_visit(person.contact, of=person.account)
        alarms.tell_at_once()
        return last(join(EMERGENCY, SOMEBODY_WRITES, separator="\n\n"), human=True)
    inspections.call_for_help(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    return last(
        join(
            say(_("I have told our people that you feel unsafe.")),
            EMERGENCY,
            SOMEBODY_WRITES,
            separator="\n\n",
        ),
        Suggestion(say(_("I'm fine")), "feel_safe", inspection.ref),
        human=True,
    )


EMERGENCY = say(
    _("In danger, call {number} now. If you can, go to where there are people."),
    number=settings.EMERGENCY_NUMBER,
)
SOMEBODY_WRITES = say(_("One of them writes to you here. I keep quiet until then."))


@flow("feel_safe", urgent=True)
def feel_safe(person: Person) -> Script:
    """Somebody who felt unsafe says that they are fine."""
    inspection = _named(person)
    yield from ()
    if inspection is None:
        return last(NOT_YOURS)
    inspections.take_back_call(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    return last(
        say(
            _(
                "Good that you are fine: I have told our people. One of them may still ask you here. "
                "Type *menu* to go on with me."
            )
        ),
        unsafe(inspection),
    )


def _called_for(person: Person) -> Inspection | None:
    """The visit that a button names, or the one of today that is nearest."""
    if person.account is None:
        return None
    named = _named(person)
    if named is not None:
        return named
    here = inspections.still_at(person.user).filter(starts_at__gt=person.now - inspections.AFTER).first()
    if here is not None:
        return here
    today = list(inspections.near(person.user, now=person.now))
    begun = [each for each in today if each.starts_at - inspections.COMES <= person.now]
    return begun[-1] if begun else next(iter(today), None)


def _named(person: Person) -> Inspection | None:
    ref = person.argument.partition(".")[0]
    named = inspections.by_ref(person.user, ref)
    return named or inspections.still_at(person.user).filter(ref=ref).first()


# --- on the screens of the day ----------------------------------------------------------------------------
def unsafe(inspection: Inspection) -> Suggestion:
    return Suggestion(say(TITLES["feel_unsafe"]), "feel_unsafe", inspection.ref)


def door(inspection: Inspection, person: Person) -> Words:
    """The code of a visit and whom it is for, for the two who meet; nothing on another day."""
    drawn = inspections.code_for(inspection, person.user.pk, now=person.now)
    if not drawn:
        return say("")
    if inspection.seeker_id == person.user.pk:
        return say(_("Door code: *{code}*. Ask for it: whoever meets you knows the same one."), code=drawn)
    return say(_("Door code for {seeker:first}: *{code}*"), code=drawn, seeker=inspection.seeker)


def code(inspection: Inspection, person: Person) -> Words:
    """The code alone, behind the name of whom it is for."""
    return say("{code}", code=inspections.code_for(inspection, person.user.pk, now=person.now))


def todos(inspection: Inspection, user: User, person: Person) -> list[str]:
    """What of safety can be tapped now: being there, or out; and feeling unsafe, all day."""
    if not inspections.is_near(inspection, now=person.now):
        return []
    found = []
    is_host = inspections.host_of(inspection) == user.pk
    stay = inspections.stay_of(user, inspection)
    has_left = stay is not None and stay.left_at is not None
    is_there = stay is not None and not has_left
    stands = inspection.state == InspectionState.CONFIRMED and not inspection.clash
    near = stands and inspections.may_arrive(inspection, now=person.now)
    if is_host and near and not is_there and not has_left:
        found.append("arrive_visit")
    if is_there or (inspection.seeker_id == user.pk and not has_left and inspection.starts_at <= person.now):
        found.append("leave_visit")
    return [*found, "feel_unsafe"]


def typed(todos: Sequence[str], *, last: Sequence[str]) -> Collection[str]:
    """What is typed where three buttons are not enough: a list is a tap more, and help is always one tap.

    last: what is typed first, the other way round.
    """
    first = [todo for todo in todos if todo not in ("feel_unsafe", *last)]
    ordered = [*first, *(todo for todo in last if todo in todos)]
    return ordered[limits.BUTTONS - todos.count("feel_unsafe") :]


def title(todo: str, inspection: Inspection, person: Person) -> Words:
    if todo == "leave_visit" and inspection.seeker_id == person.user.pk:
        return say(DONE)
    return say(TITLES[todo])

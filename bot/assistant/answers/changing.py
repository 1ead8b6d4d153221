"""Moving and calling off an inspection: which one, in whose hands, and when instead."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from bot.assistant.answers.asked_times import AskedTimes
from bot.assistant.answers.meant import MOST, Own, narrowed, own_inspections
from bot.assistant.answers.visiting import answered, free_times
from bot.assistant.commands import NEW_WHEN_SLOTS, NEXT, Slots
from bot.assistant.context import Context
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.flows.assignments import MINE as ASSIGNED
from bot.flows.booking import MINE
from bot.flows.properties import SLOTS
from bot.flows.requests import REQUESTS
from bot.scripts import Person, Suggestion
from bot.visits import visits
from inspector_whatsapp.models import Inspection, Role
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import Words, join, say


def cancel(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """Call off one of their inspections, in the flow of what they are there."""
    if person.account is None:
        return Begin("cancel", slots["inspection_ref"]) if _is_named(slots) else Begin("change_inspection")
    own, found = _meant(slots, person, context)
    if len(found) == 1:
        return Begin(_ending(own.role, found[0]), _named(own.role, found[0]))
    if found:
        return _which_to_cancel(own, found)
    return _none(slots, own, "cancel")


def move(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """Move one of their inspections to the time that is named; whatever is missing, the flow asks."""
    if person.account is None:
        return (
            Begin("reschedule", slots["inspection_ref"]) if _is_named(slots) else Begin("change_inspection")
        )
    own, found = _meant(slots, person, context)
    if not found:
        return _none(slots, own, "reschedule")
    if own.role != Role.SEEKER:  # "I can't make it on Friday": the day is that of the visit
        found = AskedTimes.of(slots, person.reader.tz, new=True).fit(found) or found
    match own.role:
        case Role.AGENT:
            return _not_theirs_to_move(found, own)
        case Role.INSPECTOR:
            return _hand_back_instead(found, own)
    if len(found) > 1:
        return _which_to_move(found[:MOST], slots, person)
    return _moved(found[0], slots, person)


def _meant(slots: Slots, person: Person, context: Context) -> tuple[Own, list[Inspection]]:
    """The inspections that may be meant, and in which role: the first that has such ones."""
    asked, every = AskedTimes.of(slots, person.reader.tz), own_inspections(person)
    if not asked and not slots.keys() - NEW_WHEN_SLOTS and context.focus_inspection:
        spoken_of = {"inspection_ref": context.focus_inspection}
        for own in every:
            if found := narrowed(own.inspections, spoken_of, asked, person=person):
                return own, found
    for own in every:
        if found := narrowed(own.inspections, slots, asked, person=person):
            return own, _visits_once(found) if own.role == Role.INSPECTOR else found
    return every[0], []


def _visits_once(found: Sequence[Inspection]) -> list[Inspection]:
    """One inspection for each visit: an inspector meets all of a slot at once."""
    return [visit.first for visit in visits(found)]


def _moved(inspection: Inspection, slots: Slots, person: Person) -> Begin:
    zone = person.reader.tz
    wanted = AskedTimes.of(slots, zone, new=True)
    free = [each for each in free_times(inspection.property, person) if each.pk != inspection.slot_id]
    if not wanted or not free:
        return Begin("reschedule", inspection.ref)
    if not wanted.names_days:  # "make it four o'clock": on the same day, if that is to be had
        day = inspection.starts_at.astimezone(zone).date()
        same_day = replace(wanted, first=day, last=day)
        wanted = same_day if same_day.fit(free) else wanted
    if wanted.fits(inspection.starts_at) and not wanted.fit(free):
        then = say(_("It is {inspection:when} already."), inspection=inspection)
        return Begin("reschedule", inspection.ref, first=(then,))
    answers, first = answered(wanted, free)
    return Begin("reschedule", inspection.ref, answers=answers, first=first)


def _which_to_move(found: Sequence[Inspection], slots: Slots, person: Person) -> Tell:
    """Several may be meant; the new time goes along with the button, where it is one."""

    def button(inspection: Inspection) -> Suggestion:
        slot = _moved(inspection, slots, person).answers.get("slot")
        time = f".{inspection.revision}.{slot}" if slot else ""
        return Suggestion(
            say("{inspection:when}", inspection=inspection), "reschedule", f"{inspection.ref}{time}"
        )

    words = join(say(_("Which one shall be moved?")), *lines(found, Role.SEEKER))
    return Tell(words, tuple(map(button, found)))


def _ending(role: Role, inspection: Inspection) -> str:
    """The flow by which somebody of that role calls an inspection off."""
    match role:
        case Role.AGENT:
            asks = inspection.state == InspectionState.REQUESTED and inspection.asked_at is not None
            return "decline_request" if asks else "call_off"
        case Role.INSPECTOR:
            return "hand_back_visit"
        case _:  # whoever has no other part in it came as a seeker
            return "cancel"


def _named(role: Role, inspection: Inspection) -> str:
    return inspection.ref if role == Role.SEEKER else f"{inspection.ref}.{inspection.revision}"


def _which_to_cancel(own: Own, found: Sequence[Inspection]) -> Tell:
    """Several may be meant: they are shown, each as a button that begins with it."""
    shown = found[:MOST]
    return Tell(
        join(say(_("Which one shall be cancelled?")), *lines(shown, own.role)),
        tuple(
            Suggestion(
                say("{inspection:when}", inspection=each),
                _ending(own.role, each),
                _named(own.role, each),
            )
            for each in shown
        ),
    )


def lines(found: Sequence[Inspection], role: Role) -> list[Words]:
    """What and when, a line each; for whom, where that is somebody else."""
    own = "{inspection:when} · {property:short} · {inspection}"
    message = own if role == Role.SEEKER else own + " · {seeker:first}"
    return [say(message, inspection=each, property=each.property, seeker=each.seeker) for each in found]


def _not_theirs_to_move(found: Sequence[Inspection], own: Own) -> Tell:
    words = say(
        _("Only {seeker:first} can move it. You can cancel it: they are told why, and can take another time.")
        if len(found) == 1
        else _("Only those who booked can move them. You can cancel one: they are told why."),
        seeker=found[0].seeker,
    )
    return Tell(
        join(words, *lines(found[:MOST], own.role)),
        (
            *(
                (Suggestion(say(_("Cancel it")), _ending(own.role, found[0]), _named(own.role, found[0])),)
                if len(found) == 1
                else (REQUESTS,)
            ),
            SLOTS,
        ),
    )


def _hand_back_instead(found: Sequence[Inspection], own: Own) -> Tell:
    words = say(_("You can't move it: the seeker chose that time. If you can't come, hand it back."))
    titles = (
        [say(_("I can't come"))]
        if len(found) == 1
        else [say("{inspection:when}", inspection=each) for each in found[:MOST]]
    )
    return Tell(
        join(words, *lines(found[:MOST], own.role)),
        tuple(
            Suggestion(title, "hand_back_visit", _named(own.role, each))
            for title, each in zip(titles, found, strict=False)
        ),
    )


def _is_named(slots: Slots) -> bool:
    return bool(slots.get("inspection_ref", NEXT) != NEXT)


def _none(slots: Slots, own: Own, flow: str) -> Outcome:
    """None of theirs is meant; a ref is looked at once more by the flow, which says what became of it."""
    if _is_named(slots) and own.role == Role.SEEKER:
        return Begin(flow, slots["inspection_ref"])
    mine = mine_of(own.role)
    if _is_named(slots):
        return Tell(say(_("I can't find that inspection among yours, or it is over.")), (mine,))
    if own.inspections:
        return Tell(
            join(
                say(_("None of your inspections is that one. These are coming:")),
                *lines(own.inspections[:5], own.role),
            ),
            (mine,),
        )
    return Tell(say(_("You have no inspections coming up.")), (mine,))


def mine_of(role: Role) -> Suggestion:
    """Where somebody of that role sees their inspections."""
    match role:
        case Role.AGENT:
            return REQUESTS
        case Role.INSPECTOR:
            return ASSIGNED
        case _:
            return MINE

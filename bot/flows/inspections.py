"""A seeker's own inspections, one at a time: move, cancel."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from bot.flows.booking import (
    GONE,
    MINE,
    agent_is_asked,
    at_the_property,
    choose_time,
    named_slot,
    why_not,
)
from bot.flows.safety import door
from bot.questions import confirm
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import AlreadyBooked, NotLive, Overlapping, SlotGone, SlotTaken, TooLate
from inspector_whatsapp.models import Inspection
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import Words, join, say

BOOK = Suggestion(say(_("Book an inspection")), "book_inspection")


@flow("reschedule")
def reschedule(person: Person) -> Script:
    """A seeker moves an inspection to another time.

    A button may name it with its revision, and a slot: `IN-3107.1.991`.
    """
    ref, revision, wished = (*person.argument.split(".", 2), "", "")[:3]
    inspection = own_inspection(replace(person, argument=f"{ref}.{revision}"))
    if isinstance(inspection, Last):
        return inspection
    property = inspection.property
    others = inspections.free_slots(property, now=person.now)
    if not [slot for slot in others[:2] if slot.pk != inspection.slot_id]:
        return last(
            say(
                _(
                    "{property} has no other free times at the moment. "
                    "Your inspection stays at {inspection:when}."
                ),
                property=property,
                inspection=inspection,
            ),
            Suggestion(say(_("Cancel it")), "cancel", inspection.ref),
            MINE,
        )
    days = inspections.free_days(property, now=person.now, zone=person.reader.tz)
    named = named_slot(property, wished, person) if wished else None
    if wished and named is None:
        return last(GONE, then="reschedule", argument=inspection.ref)
    slot = named or (yield from choose_time(person, property, days))
    if isinstance(slot, Last):
        return slot
    if slot.pk == inspection.slot_id:
        return last(
            say(
                _("That is the time you have: {inspection:when}. Nothing was changed."), inspection=inspection
            ),
            MINE,
        )
    asks = agent_is_asked(property, person)
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Move this inspection?")),
                say("*{property}*", property=property),
                say(_("From {inspection:when}"), inspection=inspection),
                say(_("to *{slot:when}*"), slot=slot),
                *at_the_property(person, slot.starts_at),
                *([say(_("The agent has to say yes to the new time."))] if asks else []),
            ),
            yes=say(_("Yes, move it")),
            changed=say(_("The times have changed since I asked. Please look again.")),
        ),
    )
    if not yes:
        return last(
            say(_("Nothing was changed. Your inspection stays at {inspection:when}."), inspection=inspection),
            MINE,
        )
    try:
        moved = inspections.move(inspection=inspection, slot=slot, actor=person.user, origin=Origin.CHAT)
    except (SlotTaken, SlotGone, Overlapping, AlreadyBooked) as refusal:
        if named is not None:
            return last(why_not(refusal), then="reschedule", argument=inspection.ref)
        yield from again("slot", because=why_not(refusal))
        raise
    except NotLive:
        return last(say(_("That property is no longer on offer. Your inspection stays as it is.")), MINE)
    except TooLate:
        return last(say(_("That inspection can't be moved any more.")), MINE)
    if moved.state == InspectionState.REQUESTED:
        return last(
            join(
                say(_("Asked for {inspection:when} ({inspection})."), inspection=moved),
                *at_the_property(person, moved.starts_at),
                say("*{property}*", property=property),
                say(
                    _("I'll tell you in a moment whether it is yours. If not, your old time stays.")
                    if moved.asked_at is None
                    else _("The agent has to say yes; I'll tell you. Your old time is given up.")
                ),
            ),
            MINE,
        )
    return last(
        join(
            say(_("Moved: {inspection} is now on"), inspection=moved),
            say("*{inspection:when}*", inspection=moved),
            *at_the_property(person, moved.starts_at),
            say("{property}", property=property),
        ),
        MINE,
    )


@flow("cancel")
def cancel(person: Person) -> Script:
    """A seeker cancels an inspection."""
    inspection = own_inspection(person)
    if isinstance(inspection, Last):
        return inspection
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Cancel this inspection?")),
                say("*{property}*", property=inspection.property),
                say("{inspection:when}", inspection=inspection),
            ),
            yes=say(_("Yes, cancel it")),
            no=say(_("No, keep it")),
            changed=say(_("It was moved since I asked. Please look again.")),
        ),
    )
    if not yes:
        return last(say(_("Kept: {inspection} on {inspection:when}."), inspection=inspection), MINE)
    try:
        inspections.cancel(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except TooLate:
        return last(say(_("That inspection can't be cancelled any more.")), MINE)
    return last(
        say(
            _("Cancelled: {inspection}, {property}, {inspection:when}."),
            inspection=inspection,
            property=inspection.property,
        ),
        Suggestion(say(_("Book another")), "book_inspection", inspection.property.ref),
        MINE,
    )


def details(inspection: Inspection, person: Person) -> Words:
    """What, where, when, who, and how it stands."""
    lines = [
        say(_("*{property:short}* · {inspection}"), property=inspection.property, inspection=inspection),
        say("{inspection:when}", inspection=inspection),
        *at_the_property(person, inspection.starts_at),
        say("{property:address}", property=inspection.property),
    ]
    if inspection.inspector is not None:
        lines.append(say(_("With {inspector}"), inspector=inspection.inspector))
        delay = inspections.delay_of(inspection, now=person.now)
        if delay is not None:
            lines.append(say(_("Running late: there at about {at:time}"), at=delay.expected_at))
    lines.append(door(inspection, person))
    lines.append(state(inspection))
    if inspection.why:
        lines.append(say(_("Reason: {why}"), why=inspection.why))
    return join(*lines)


def state(inspection: Inspection) -> Words:
    """How it stands, and what is waited for."""
    if inspection.state == InspectionState.REQUESTED and inspection.asked_at is None:
        return say(_("State: {inspection:state}, it is still being confirmed"), inspection=inspection)
    if inspection.state == InspectionState.REQUESTED:
        return say(_("State: {inspection:state}, the agent has to say yes"), inspection=inspection)
    if inspection.state == InspectionState.NO_SHOW and inspection.outcome:
        return say(
            _("State: {inspection:state} ({outcome})"),
            inspection=inspection,
            outcome=inspection.get_outcome_display(),
        )
    if inspection.coming_at is not None and inspection.state in LIVE_STATES:
        return say(_("State: {inspection:state}, and you said you are coming"), inspection=inspection)
    return say(_("State: {inspection:state}"), inspection=inspection)


def own_inspection(person: Person) -> Inspection | Last:
    """The inspection that a button or a flow named, as `IN-3107` or `IN-3107.2` with the revision it showed.

    Found under the person's own rights; what became of it since is said.
    """
    ref, _dot, revision = person.argument.partition(".")
    inspection = inspections.of_seeker(person.user, ref)
    if inspection is None:
        return last(say(_("I can't find that inspection among yours.")), MINE)
    if inspection.state not in LIVE_STATES:
        return last(
            join(
                say(_("That inspection is {inspection:state}."), inspection=inspection),
                *([say(_("Reason: {why}"), why=inspection.why)] if inspection.why else []),
            ),
            MINE,
            BOOK,
        )
    if inspection.starts_at <= person.now:
        return last(say(_("That inspection began at {inspection:when}."), inspection=inspection), MINE)
    if revision and revision != str(inspection.revision):
        return last(
            join(
                say(_("That message is out of date: the inspection has changed since.")),
                details(inspection, person),
                separator="\n\n",
            ),
            Suggestion(say(_("Change the time")), "reschedule", inspection.ref),
            Suggestion(say(_("Cancel it")), "cancel", inspection.ref),
        )
    return inspection

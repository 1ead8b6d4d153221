"""Waiting for a place: in a slot that is full, or on a day whose slots are."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows.booking import GONE, MINE, already_booked, booked, why_not
from bot.flows.cards import OFF_OFFER
from bot.flows.looking import LOOK_ON
from bot.questions import Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp import inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import (
    AlreadyBooked,
    NotLive,
    OfferOver,
    Overlapping,
    SlotGone,
    StillFree,
    TooLate,
    WaitingDay,
)
from inspector_whatsapp.models import Property, Slot, Wait
from inspector_whatsapp.models.waiting import OPEN_WAITS, WaitState
from inspector_whatsapp.words import Words, join, say

MY_WAITING = Suggestion(say(_("Waiting list")), "waiting")


@flow("wait")
def wait(person: Person) -> Script:
    """A seeker waits for a place.

    A button names the property, and perhaps a day or a slot of it: `PR-1042.2026-11-28`, `PR-1042.991`.
    """
    ref, _dot, wished = person.argument.partition(".")
    property = listings.by_ref(ref, viewer=person.user)
    if property is None:
        return last(OFF_OFFER, LOOK_ON)
    places = _places(person, property)
    named = [place for place in places if wished in (_value(place), _day_of(place, person).isoformat())]
    places = named or places
    if not places:
        return last(
            say(_("Nothing is full there: these times are free.")), then="book_inspection", argument=ref
        )
    place = places[0]
    if len(places) > 1:
        place = yield from ask(
            "place",
            choice(
                join(
                    say("*{property}*", property=property),
                    say(_("These times are full. For which one do you want to wait?")),
                ),
                places,
                option=_place_option,
                gone=say(_("That time is no longer full, or has gone. Please look again.")),
            ),
        )
    else:
        yield from ()
    try:
        waits = inspections.join(
            seeker=person.user,
            property=property,
            place=place if isinstance(place, Slot) else WaitingDay.on(place, person.reader.tz),
            origin=Origin.CHAT,
        )
    except StillFree:
        return last(say(_("A place has just come free.")), then="book_inspection", argument=ref)
    except SlotGone:
        return last(GONE, then="book_inspection", argument=ref)
    except AlreadyBooked as already:
        return already_booked(already)
    except NotLive:
        return last(OFF_OFFER, LOOK_ON)
    if waits.offered is not None:
        return last(_card(waits), *_answers(waits, waits.offered))
    return last(
        join(
            _card(waits),
            say(PROMISE, minutes=settings.PLACE_OFFER_MINUTES),
        ),
        leave_it(waits),
        LOOK_ON,
    )


PROMISE = _("As soon as a place is free I tell you here, and keep it for you for {minutes} minutes.")


def _places(person: Person, property: Property) -> list[Slot | date]:
    """What can be waited for, by days: the whole of a day first, where nothing of it is free."""
    zone = person.reader.tz
    free = {day for day, _count in inspections.free_days(property, now=person.now, zone=zone)}
    found: list[Slot | date] = []
    for day, slots in groupby(
        inspections.full_slots(property, now=person.now), key=lambda slot: _day_of(slot, person)
    ):
        full = list(slots)
        found += [day] if len(full) > 1 and day not in free else []
        found += full
    return found


def _day_of(place: Slot | date, person: Person) -> date:
    return place.starts_at.astimezone(person.reader.tz).date() if isinstance(place, Slot) else place


def _value(place: Slot | date) -> str:
    return str(place.pk) if isinstance(place, Slot) else place.isoformat()


def _place_option(place: Slot | date) -> Option:
    if isinstance(place, Slot):
        return Option(_value(place), say("{slot:when}", slot=place))
    return Option(_value(place), say(_("Any time {day}"), day=place))


# --- what somebody waits for ------------------------------------------------------------------------------
@flow("waiting")
def waiting(person: Person) -> Script:
    """A seeker looks at what they wait for."""
    waits = list(inspections.waits_of(person.user))
    if not waits:
        return last(say(_("You don't wait for a place at the moment.")), MINE)
    picked = waits[0]
    if len(waits) > 1:
        positions = inspections.positions(waits)
        picked = yield from ask(
            "wait",
            choice(
                say(_("You wait for these. Pick one.")),
                waits,
                option=lambda each: _wait_option(each, positions[each.pk]),
                gone=say(_("You no longer wait for that.")),
            ),
        )
    yield from ()
    if picked.offered is not None:
        return last(_card(picked), *_answers(picked, picked.offered))
    return last(_card(picked), leave_it(picked), *([MY_WAITING] if len(waits) > 1 else [MINE]))


def _wait_option(wait: Wait, position: int) -> Option:
    state = say(_("number {position} in line"), position=position)
    if wait.offered is not None:
        state = say(_("a place is yours to take"))
    return Option(
        str(wait.pk), _when(wait), say("{property:short} · {state}", property=wait.property, state=state)
    )


@flow("leave_waiting")
def leave(person: Person) -> Script:
    """A seeker waits no longer."""
    wait = _named(person)
    if wait is None or wait.state not in OPEN_WAITS:
        return last(say(_("You no longer wait for that.")), MINE)
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Leave the waiting list? You lose your place in line.")),
                say("*{property}*", property=wait.property),
                _when(wait),
            ),
            yes=say(_("Yes, leave it")),
            no=say(_("No, keep waiting")),
        ),
    )
    if not yes:
        return last(_card(wait), MINE)
    inspections.leave(wait=wait, actor=person.user, origin=Origin.CHAT)
    return last(
        join(
            say(_("You no longer wait for this.")), say("*{property}*", property=wait.property), _when(wait)
        ),
        LOOK_ON,
        MINE,
    )


# --- an offer ---------------------------------------------------------------------------------------------
@flow("take_place")
def take(person: Person) -> Script:
    """A seeker takes the place that is offered to them."""
    wait, shown = _named(person), person.argument.partition(".")[2]
    if wait is None:
        return last(say(_("I can't find that offer among yours.")), MINE)
    yield from ()
    if wait.state == WaitState.OFFERED and wait.offered is not None and shown != _time(wait.offered):
        return last(
            join(say(_("The time has changed since I offered it.")), _card(wait)),
            *_answers(wait, wait.offered),
        )
    try:
        inspection = inspections.take(wait=wait, origin=Origin.CHAT, actor=person.user)
    except AlreadyBooked as already:
        return already_booked(already)
    except Overlapping as refusal:
        return last(why_not(refusal), MINE)
    except (OfferOver, SlotGone, TooLate):
        return _over(wait)
    except NotLive:
        return last(OFF_OFFER, LOOK_ON)
    return booked(person, inspection, wait.property)


@flow("pass_place")
def decline(person: Person) -> Script:
    """A seeker does not want the place that is offered to them."""
    wait = _named(person)
    if wait is None:
        return last(say(_("I can't find that offer among yours.")), MINE)
    yield from ()
    if wait.state != WaitState.OFFERED or wait.offered is None:
        return _over(wait)
    inspections.leave(wait=wait, actor=person.user, origin=Origin.CHAT)
    return last(
        join(
            say(_("All right. The place goes to the next person, and you no longer wait.")),
            say("{property}", property=wait.property),
            say("{slot:when}", slot=wait.offered),
        ),
        _times(wait.property),
        LOOK_ON,
    )


def _over(wait: Wait) -> Last:
    """What became of an offer."""
    wait.refresh_from_db()
    if wait.state == WaitState.BOOKED:
        return last(say(_("You have that place already.")), MINE)
    if wait.state in OPEN_WAITS:
        return last(join(say(_("That place has just gone.")), standing(wait)), MINE)
    return last(
        join(say(_("That offer is over: the place has gone on.")), say("{property}", property=wait.property)),
        _times(wait.property),
        LOOK_ON,
    )


def _answers(wait: Wait, slot: Slot) -> Sequence[Suggestion]:
    argument = f"{wait.pk}.{_time(slot)}"
    return (
        Suggestion(say(_("Take it")), "take_place", argument),
        Suggestion(say(_("No, thanks")), "pass_place", argument),
    )


def _time(slot: Slot) -> str:
    """As the notification's button has it: a yes counts only for the time that it was said to."""
    return str(int(slot.starts_at.timestamp()))


# --- how it reads -----------------------------------------------------------------------------------------
def _named(person: Person) -> Wait | None:
    """The wait that a button named, if it is theirs."""
    key = person.argument.partition(".")[0]
    return inspections.wait_of(person.user, int(key)) if re.fullmatch(r"[0-9]{1,18}", key) else None


def _card(wait: Wait) -> Words:
    return join(standing(wait), say("*{property}*", property=wait.property))


def standing(wait: Wait) -> Words:
    """Where they are in line, or what is kept for them."""
    if wait.state == WaitState.OFFERED and wait.offered is not None:
        if wait.answer_by is None:
            return say(_("A place is yours to take: *{slot:when}*"), slot=wait.offered)
        return say(
            _("A place is yours until {until:time}: *{slot:when}*"), slot=wait.offered, until=wait.answer_by
        )
    position = inspections.positions([wait]).get(wait.pk, 1)
    return say(_("You are number {position} in line for {when}"), position=position, when=_when(wait))


def _when(wait: Wait) -> Words:
    if wait.slot is not None:
        return say("{slot:when}", slot=wait.slot)
    return say("{since:day}", since=wait.since)


def leave_it(wait: Wait) -> Suggestion:
    return Suggestion(say(_("Leave the list")), "leave_waiting", str(wait.pk))


def _times(property: Property) -> Suggestion:
    return Suggestion(say(_("See the times")), "book_inspection", property.ref)


def waiting_option(count: int) -> Option:
    """A line that leads to what somebody waits for."""
    many = say(ngettext_lazy("for {count} place", "for {count} places", count), count=count)
    return Option("waiting", say(_("Waiting list")), many, starts=("waiting", ""))

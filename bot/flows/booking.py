"""Booking an inspection, and choosing a time for one."""

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import reminding
from bot.days import days_named, times_named
from bot.flows import booking_form as forms
from bot.flows.cards import OFF_OFFER
from bot.flows.looking import LOOK_ON, find_property
from bot.questions import NotUnderstood, Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import AlreadyBooked, NotLive, Overlapping, SlotGone, SlotTaken, TooLate
from inspector_whatsapp.models import Inspection, Property, Slot
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule
from inspector_whatsapp.words import Words, join, say

MINE = Suggestion(say(_("My inspections")), "my_inspections")


@flow("book_inspection")
def book(person: Person) -> Script:
    """A seeker books an inspection.

    A button may name the property, and a slot of it: `PR-1042.991`.
    """
    ref, _dot, wished = person.argument.partition(".")
    if ref:
        property = listings.by_ref(ref, viewer=person.user)
        if property is None:
            return last(OFF_OFFER, LOOK_ON)
    else:
        found = yield from find_property(person)
        if isinstance(found, Last):
            return found
        property = found.property
    days = inspections.free_days(property, now=person.now, zone=person.reader.tz)
    if not days and inspections.full_slots(property, now=person.now).exists():
        return last(
            say(
                _("{property} has no free inspection times. I can tell you when a place comes free."),
                property=property,
            ),
            Suggestion(TELL_ME, "wait", property.ref),
            Suggestion(say(_("Save")), "save", property.ref),
            LOOK_ON,
        )
    if not days:
        return last(
            say(
                _("{property} has no free inspection times at the moment. Save it, and look again later."),
                property=property,
            ),
            Suggestion(say(_("Save")), "save", property.ref),
            LOOK_ON,
        )
    named = named_slot(property, wished, person) if wished else None
    if wished and named is None:
        return last(GONE, then="book_inspection", argument=property.ref)
    slot = named or (yield from choose_time(person, property, days, may_wait=True))
    if isinstance(slot, Last):
        return slot
    asks = agent_is_asked(property, person)
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Ask for this inspection?") if asks else _("Book this inspection?")),
                say("*{property}*", property=property),
                say("{slot:when}", slot=slot),
                *at_the_property(person, slot.starts_at),
                say("{property:address}", property=property),
                *([say(_("The agent has to say yes to it."))] if asks else []),
            ),
            yes=say(_("Yes, ask") if asks else _("Yes, book it")),
            changed=say(_("The time or the property has changed since I asked. Please look again.")),
        ),
    )
    if not yes:
        return last(say(_("Nothing was booked.")), LOOK_ON)
    try:
        inspection = inspections.book(seeker=person.user, slot=slot, origin=Origin.CHAT, actor=person.user)
    except (SlotTaken, SlotGone, TooLate, Overlapping) as refusal:
        if named is not None:
            return last(why_not(refusal), then="book_inspection", argument=property.ref)
        yield from again("slot", because=why_not(refusal))
        raise
    except AlreadyBooked as already:
        return already_booked(already)
    except NotLive:
        return last(OFF_OFFER, LOOK_ON)
    return booked(person, inspection, property)


def already_booked(refusal: AlreadyBooked) -> Last:
    """What they want is theirs."""
    words = _("You have booked that already: {inspection}, {inspection:when}.")
    return last(say(words, inspection=refusal.inspection), MINE)


GONE = say(_("That time has just gone. These are free:"))
TELL_ME = say(_("Tell me when free"))


def named_slot(property: Property, key: str, person: Person) -> Slot | None:
    """The time that a button named, while it is to be had."""
    if re.fullmatch(r"[0-9]{1,18}", key) is None:
        return None
    return inspections.free_slots(property, now=person.now).filter(pk=int(key)).first()


def agent_is_asked(property: Property, person: Person) -> bool:
    """Whether a time counts only once the property's agent has said yes to it."""
    return property.booking_rule == BookingRule.ASK and property.agent_id != person.user.pk


def at_the_property(person: Person, moment: datetime) -> Sequence[Words]:
    """The time by the clock of the place, for who reads times by another one."""
    here, there = person.reader, replace(person.reader, zone=settings.TIME_ZONE)
    if moment.astimezone(here.tz).utcoffset() == moment.astimezone(there.tz).utcoffset():
        return ()
    return (say(_("(at the property: {when})"), when=say("{at:when}", at=moment).put(there)),)


def booked(person: Person, inspection: Inspection, property: Property) -> Last:
    """What a seeker reads once it is booked, or asked for."""
    where = [say("*{property}*", property=property), say("{property:address}", property=property)]
    if inspection.state == InspectionState.REQUESTED:
        return last(
            join(
                say(_("Asked for {inspection:when} ({inspection})."), inspection=inspection),
                *at_the_property(person, inspection.starts_at),
                *where,
                say(
                    _("I'll tell you in a moment whether it is yours.")
                    if inspection.asked_at is None
                    else _("The agent has to say yes; I'll tell you.")
                ),
            ),
            MINE,
        )
    return last(
        join(
            say(_("Booked: {inspection}."), inspection=inspection),
            where[0],
            say("{inspection:when}", inspection=inspection),
            *at_the_property(person, inspection.starts_at),
            where[1],
            *_with(inspection, person),
            reminding.promise(person.user),
        ),
        MINE,
    )


def _with(inspection: Inspection, person: Person) -> Sequence[Words]:
    if inspection.inspector is None:
        return ()
    delay = inspections.delay_of(inspection, now=person.now)
    late = [say(_("Running late: there at about {at:time}"), at=delay.expected_at)] if delay else []
    return (say(_("With {inspector}"), inspector=inspection.inspector), *late)


def choose_time(
    person: Person, property: Property, days: Sequence[tuple[date, int]], *, may_wait: bool = False
) -> Generator[Any, Any, Slot | Last]:
    """Ask for one of the free days and a slot on it; where all is on one day, for the slot at once.

    may_wait: whether to offer to wait for what is full instead, which is another flow.
    """
    zone = person.reader.tz
    full = {
        slot.starts_at.astimezone(zone).date()
        for slot in (inspections.full_slots(property, now=person.now) if may_wait else ())
    }
    on: date | None = None
    if len(days) > 1 or forms.is_offered(days):
        today = person.now.astimezone(zone).date()
        listed = choice(
            say(_("Which day?")),
            [*days, *([None] if full - {day for day, _count in days} else [])],
            option=lambda pair: _day_option(pair) if pair else _wait_option(property),
            typed=lambda words: _on_day(words, days, today=today),
            gone=say(_("There is nothing free on that day any more.")),
            hint=say(_("I can't read that as one of these days. Type it like *Saturday* or *28 Nov*.")),
        )
        picked = yield from ask("day", forms.before(listed, person, property, days))
        if picked is None:
            return last(say(""), then="wait", argument=property.ref)
        on = picked[0]
    free = inspections.free_slots(property, now=person.now, on=on, zone=zone).select_related("inspector")
    option = _slot_option if on else _dated_slot_option
    some_full = on in full if on else bool(full)
    slot = yield from ask(
        "slot",
        choice(
            say(_("Free on {day}. Which time?"), day=on) if on else say(_("Which time?")),
            [*free, None] if some_full else free,
            option=lambda each: option(each) if each else _wait_option(property, on),
            typed=lambda words: _at_time(words, free, person),
            gone=GONE,
            hint=say(_("Type the number of a time, or tap it.")),
        ),
    )
    return slot or last(say(""), then="wait", argument=_full(property, on))


def _wait_option(property: Property, day: date | None = None) -> Option:
    also = ("tell me", "wait", "waiting list", "full")
    starts = ("wait", _full(property, day))
    return Option("wait", TELL_ME, say(_("other times are full")), also=also, starts=starts)


def _full(property: Property, day: date | None) -> str:
    """What is full, as the flow that waits for it is told."""
    return f"{property.ref}.{day.isoformat()}" if day else property.ref


def _on_day(words: str, days: Sequence[tuple[date, int]], *, today: date) -> list[tuple[date, int]]:
    named = days_named(words, today=today)
    found = [pair for pair in days if pair[0] in named]
    if named and not found:
        raise NotUnderstood(say(_("Nothing is free on {day}. These days have free times."), day=named[0]))
    return found


def _at_time(words: str, free: Iterable[Slot], person: Person) -> list[Slot]:
    named = times_named(words)
    found = [s for s in free if s.starts_at.astimezone(person.reader.tz).time() in named] if named else []
    if named and not found:
        raise NotUnderstood(say(_("That time is not free. These are:")))
    return found


def why_not(refusal: Exception) -> Words:
    """Why a time cannot be had, in a sentence."""
    match refusal:
        case Overlapping(other=other) if other is not None:
            return say(_("You already have {other} at {other:when}. Please pick another time."), other=other)
        case Overlapping():
            return say(_("That overlaps with another inspection of yours. Please pick another time."))
    return GONE


def _day_option(pair: tuple[date, int]) -> Option:
    day, count = pair
    return Option(
        day.isoformat(),
        say("{day}", day=day),
        say(ngettext_lazy("{count} time free", "{count} times free", count), count=count),
    )


def _slot_option(slot: Slot) -> Option:
    return Option(str(slot.pk), say("{slot:time}", slot=slot), _places(slot))


def _dated_slot_option(slot: Slot) -> Option:
    return Option(str(slot.pk), say("{slot:when}", slot=slot), _places(slot))


def _places(slot: Slot) -> Words | None:
    left = slot.capacity - slot.taken
    if slot.capacity == 1:
        return None
    return say(ngettext_lazy("{left} place left", "{left} places left", left), left=left)

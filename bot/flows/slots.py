"""An agent's inspection slots: what is coming, who has booked it, closing and removing."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.days import days_named, times_named
from bot.flows.properties import SLOTS, has_several, pick, standing
from bot.flows.timetable import Timetable, timetable
from bot.questions import NotUnderstood, Option, choice, confirm
from bot.questions.reasons import reason
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from bot.spans import shown_by_whom
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import SlotGone, TooLate
from inspector_whatsapp.models import Property, Role, Slot
from inspector_whatsapp.models.inspections import SlotState
from inspector_whatsapp.words import Words, join, say

ADD = "add"
FREE = "free"


@flow("slots", roles=(Role.AGENT,))
def slots(person: Person) -> Script:
    """An agent looks at the times of a property, and opens or closes some."""
    property = yield from pick(person, say(_("Inspection times of which property?")))
    if isinstance(property, Last):
        return property
    there = timetable(person, property)
    if not there.slots:
        return last(
            say(_("{property} has no inspection times coming up."), property=property),
            then="open_slots",
            argument=property.ref,
        )
    offered: list[date | str] = [ADD, *there.days(), *([BACK] if has_several(person) else [])]
    day = yield from ask(
        "look",
        choice(
            join(
                say("*{property}*", property=property),
                say(_("Its inspection times. Pick a day to see or close times.")),
            ),
            offered,
            option=lambda each: _day_option(each, there),
            typed=lambda words: _on_day(words, there, person),
            gone=say(_("There are no times on that day any more.")),
        ),
    )
    if day == ADD:
        return last(say(""), then="open_slots", argument=property.ref)
    if not isinstance(day, date):
        yield from again("property")
        raise AssertionError
    on_day = there.on(day)
    picked: Slot | str = on_day[0]
    if len(on_day) > 1:
        free = [each for each in on_day if there.is_free(each)]
        both: list[Slot | str] = [*on_day, *([FREE] if len(free) > 1 else [])]
        picked = yield from ask(
            "slot",
            choice(
                say(_("{day}. Which time?"), day=day),
                both,
                option=lambda each: _slot_option(each, there, free),
                typed=lambda words: _at_time(words, on_day, person),
                gone=say(_("That time has changed or is gone. Please look again.")),
            ),
        )
    if not isinstance(picked, Slot):
        return (yield from _remove_free(person, there, day))
    return (yield from _one(person, there, picked, alone=len(on_day) == 1))


BACK = "back"


def _day_option(day: date | str, there: Timetable) -> Option:
    if day == ADD:
        return Option(ADD, say(_("Add times")), also=("add", "new", "more times", "open"))
    if not isinstance(day, date):
        return Option(BACK, say(_("Another property")), also=("others", "other", "list"))
    slots = there.on(day)
    times = say(ngettext_lazy("{count} time", "{count} times", len(slots)), count=len(slots))
    if all(there.is_free(slot) for slot in slots):
        return Option(day.isoformat(), say("{day}", day=day), say(_("{times}, all free"), times=times))
    names = there.names(*slots) if any(there.booked.get(slot.pk) for slot in slots) else OFFERED
    return Option(day.isoformat(), say("{day}", day=day), say("{times} · {names}", times=times, names=names))


def _on_day(words: str, there: Timetable, person: Person) -> list[date | str]:
    named = days_named(words, today=person.now.astimezone(there.zone).date())
    found: list[date | str] = [day for day in there.days() if day in named]
    if named and not found:
        raise NotUnderstood(
            say(_("There are no times on {day}. To open some, pick *Add times*."), day=named[0])
        )
    return found


def _at_time(words: str, on_day: Sequence[Slot], person: Person) -> list[Slot | str]:
    named = times_named(words)
    return [slot for slot in on_day if slot.starts_at.astimezone(person.reader.tz).time() in named]


def _slot_option(slot: Slot | str, there: Timetable, free: Sequence[Slot]) -> Option:
    if not isinstance(slot, Slot):
        return Option(
            FREE, say(_("Remove all free ones")), also=("all", "remove all", "delete all", "all free")
        )
    return Option(f"{slot.pk}", say("{slot:time}", slot=slot), _standing(slot, there))


def _standing(slot: Slot, there: Timetable) -> Words:
    """Who has booked, or that nobody has; whether more can."""
    names = there.names(slot)
    if there.is_free(slot):
        return say(_("free"))
    if not there.booked.get(slot.pk):
        return OFFERED
    if slot.state == SlotState.CLOSED:
        return say(_("{names} · closed"), names=names)
    if slot.capacity == 1:
        return names
    return say(
        _("{names} · {taken} of {capacity} places"), names=names, taken=slot.taken, capacity=slot.capacity
    )


OFFERED = say(_("offered to somebody who waits for it"))


def _one(person: Person, there: Timetable, slot: Slot, *, alone: bool) -> Script:
    """One time: who comes, and what can be done with it."""
    free = there.is_free(slot)
    booked = ["cancel"] if there.booked.get(slot.pk) else []
    todos = ["remove"] if free else [*(["close"] if slot.state == SlotState.OPEN else []), *booked]
    todo = yield from ask(
        "do",
        choice(
            _card(slot, there),
            [*todos, "list"],
            option=lambda each: _todo(each, there.digest(slot)),
            gone=say(_("It has changed since I asked. Please look again.")),
        ),
    )
    match todo:
        case "list":
            yield from again("look" if alone else "slot")
        case "remove":
            return _removed(person, there, slot)
        case "close":
            return (yield from _close(person, there, slot))
    return (yield from _cancel(person, there, slot))


def _todo(todo: str, digest: str) -> Option:
    value = f"{todo}.{digest}"
    match todo:
        case "remove":
            return Option(value, say(_("Remove this time")), also=("remove", "delete", "close", "cancel"))
        case "close":
            return Option(value, say(_("Take no more")), also=("close", "no more", "stop bookings"))
        case "cancel":
            return Option(value, say(_("Cancel and tell them")), also=("cancel", "cancel them"))
    return Option(todo, say(_("Back")), also=("list", "others"))


def _card(slot: Slot, there: Timetable) -> Words:
    lines = [
        say("*{property}*", property=there.property),
        say(_("*{slot:when}* to {end:time}"), slot=slot, end=slot.ends_at),
        shown_by_whom(slot.inspector),
    ]
    visits = there.booked.get(slot.pk, ())
    if not visits:
        lines.append(say(_("Nobody has booked it yet.")) if there.is_free(slot) else OFFERED)
    lines += [
        say(_("Booked: {seeker:first} · {standing}"), seeker=visit.seeker, standing=standing(visit))
        for visit in visits
    ]
    if visits and slot.taken > len(visits):
        lines.append(say(_("One place is offered to somebody who waits for it.")))
    if slot.state == SlotState.CLOSED:
        lines.append(say(_("Takes no more bookings.")))
    elif visits and slot.capacity > slot.taken:
        left = slot.capacity - slot.taken
        lines.append(say(ngettext_lazy("{left} place left", "{left} places left", left), left=left))
    elif waiting := inspections.waiting_for(slot):
        wait = ngettext_lazy("{count} person waits for a place.", "{count} people wait for a place.", waiting)
        lines.append(say(wait, count=waiting))
    return join(*lines)


# --- what is done -----------------------------------------------------------------------------------------
CHANGED = say(_("It has just been booked. Please look again."))


def _removed(person: Person, there: Timetable, slot: Slot) -> Last:
    if not _take_away(person, slot):
        return last(CHANGED, _see(there.property))
    return last(
        say(_("Removed: {property}, {slot:when}."), property=there.property, slot=slot),
        _see(there.property),
        SLOTS,
    )


def _take_away(person: Person, slot: Slot) -> bool:
    """Delete a free slot, or close one that was booked once; whether it was still free."""
    if inspections.delete_slot(slot=slot, actor=person.user, origin=Origin.CHAT):
        return True
    slot.refresh_from_db()
    if slot.taken:
        return False
    with suppress(SlotGone, TooLate):  # nobody can book it any more either way
        inspections.close_slot(slot=slot, actor=person.user, origin=Origin.CHAT, cancel_booked=False)
    return True


def _remove_free(person: Person, there: Timetable, day: date) -> Script:
    """Every free time of a day at once."""
    free = [slot for slot in there.on(day) if there.is_free(slot)]
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(
                    ngettext_lazy(
                        "Remove {count} free time on {day}?", "Remove {count} free times on {day}?", len(free)
                    ),
                    count=len(free),
                    day=day,
                ),
                say("*{property}*", property=there.property),
                join(*(say("{slot:time}", slot=slot) for slot in free), separator=", "),
            ),
            yes=say(_("Yes, remove them")),
            changed=say(_("The times have changed since I asked. Please look again.")),
        ),
    )
    if not yes:
        return last(say(_("Nothing was changed.")), _see(there.property), SLOTS)
    count = sum(_take_away(person, slot) for slot in free)
    return last(
        say(
            ngettext_lazy("Removed: {count} time on {day}.", "Removed: {count} times on {day}.", count),
            count=count,
            day=day,
        ),
        _see(there.property),
        SLOTS,
    )


def _close(person: Person, there: Timetable, slot: Slot) -> Script:
    """No more bookings; who has booked comes."""
    yield from ()
    try:
        inspections.close_slot(slot=slot, actor=person.user, origin=Origin.CHAT, cancel_booked=False)
    except (SlotGone, TooLate):
        return last(TOO_LATE, _see(there.property))
    if not there.booked.get(slot.pk):
        return last(
            say(_("Done: {slot:when} takes no more bookings."), slot=slot), _see(there.property), SLOTS
        )
    return last(
        say(
            _("Done: {slot:when} takes no more bookings. {names} can still come."),
            slot=slot,
            names=there.names(slot),
        ),
        _see(there.property),
        SLOTS,
    )


TOO_LATE = say(_("That time has begun, or is gone."))


def _cancel(person: Person, there: Timetable, slot: Slot) -> Script:
    """The whole time is called off, and who has booked is told why."""
    why = yield from ask(
        "why",
        reason(
            say(
                _("{names} will be told that {slot:when} is cancelled. Why? Tap it or type it."),
                names=there.names(slot),
                slot=slot,
            ),
            say(_("I can't make it")),
            say(_("Property is taken")),
            keep=say(_("Keep the booking")),
        ),
    )
    if why is None:
        return last(say(_("Nothing was changed.")), _see(there.property), SLOTS)
    try:
        inspections.close_slot(slot=slot, actor=person.user, origin=Origin.CHAT, cancel_booked=True, why=why)
    except (SlotGone, TooLate):
        return last(TOO_LATE, _see(there.property))
    return last(
        join(
            say(_("Cancelled: {property}, {slot:when}."), property=there.property, slot=slot),
            say(_("I'll tell {names}."), names=there.names(slot)),
        ),
        _see(there.property),
        SLOTS,
    )


def _see(property: Property) -> Suggestion:
    return Suggestion(say(_("See the times")), "slots", property.ref)

"""When a property can be seen, and booking that."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.assistant.answers import looking, unread
from bot.assistant.answers.asked_times import AskedTimes, days_of
from bot.assistant.answers.meant import describes, home
from bot.assistant.commands import Command, Intent, only
from bot.assistant.context import Context
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.scripts import Person, Suggestion
from inspector_whatsapp import inspections
from inspector_whatsapp.models import Property, Role, Slot
from inspector_whatsapp.words import Words, join, say

SHOWN = 8  # times on a screen; the way to the others takes a row of its own
MOST = 200  # free times that are looked at


def times(command: Command, *, person: Person, context: Context) -> Outcome:
    """When one property can be seen."""
    meant = home(command.slots, person=person, context=context)
    property = meant.property
    if property is None:
        return looking.which(meant, command.slots)
    if _is_own(property, person):
        return Begin("slots", property.ref)
    asked, free = AskedTimes.of(command.slots, person.reader.tz), free_times(property, person)
    fitting = asked.fit(free)
    if not free:
        return Begin("property", property.ref, first=(_nothing_free(property),))
    if not fitting:
        return _listed(property, free, person, not_then(asked))
    return _listed(property, fitting, person)


def book(command: Command, *, person: Person, context: Context, words: str = "") -> Outcome:
    """Book a property at the time that is named; whatever is missing, the flow asks."""
    if not describes(command.slots) and "property_ref" not in command.slots and not context.focus_property:
        return Begin("book_inspection")
    meant = home(command.slots, person=person, context=context)
    property = meant.property
    if property is None:
        if meant.ref or meant.several:
            return looking.which(meant, command.slots)
        wanted = only(Intent.SEARCH_PROPERTIES, command.slots)
        return Begin("find", answers={"wanted": wanted})
    asked, free = AskedTimes.of(command.slots, person.reader.tz), free_times(property, person)
    if asked and person.account is not None:
        coming = inspections.upcoming(person.user, now=person.now).filter(property=property)
        booked = asked.fit(list(coming[:MOST]))
        if booked:
            already = say(_("You have booked that already:"))
            return Begin("my_inspections", answers={"inspection": booked[0].ref}, first=(already,))
    was_described = "property_ref" not in command.slots and describes(command.slots)
    this = (say(_("Let's book {property}."), property=property),) if was_described else ()
    if not asked or not free or person.account is None:
        return Begin("book_inspection", property.ref, first=(*this, *unread.day(words)))
    fitting = asked.fit(free)
    if fitting and len(days_of(fitting, asked.zone)) > 1:
        return _listed(property, fitting, person)
    answers, first = answered(asked, free)
    return Begin("book_inspection", property.ref, answers=answers, first=(*this, *first))


def answered(asked: AskedTimes, free: Sequence[Slot]) -> tuple[dict[str, Any], tuple[Words, ...]]:
    """What of a day and a time is answered by what was asked for, and what to say of what is not free.

    The answers are those of `choose_time`: a day, and a slot's key once only one fits.
    """
    fitting = asked.fit(free)
    days = days_of(fitting, asked.zone)
    if len(fitting) == 1:
        return {"day": days[0].isoformat(), "slot": str(fitting[0].pk)}, ()
    if len(days) == 1:
        return {"day": days[0].isoformat()}, ()
    if fitting:
        return {}, ()
    same_day = [each for each in free if asked.day == each.starts_at.astimezone(asked.zone).date()]
    answers = {"day": asked.day.isoformat()} if asked.day is not None and same_day else {}
    return answers, (not_then(asked),)


def not_then(asked: AskedTimes) -> Words:
    """That nothing is free at the time that was asked for."""
    return say(_("Nothing is free {then}. These are:"), then=asked.put())


def free_times(property: Property, person: Person) -> list[Slot]:
    """The coming free times of a property, soonest first."""
    return list(inspections.free_slots(property, now=person.now)[:MOST])


def _is_own(property: Property, person: Person) -> bool:
    account = person.account
    return account is not None and account.role_here == Role.AGENT and property.agent_id == account.pk


def _nothing_free(property: Property) -> Words:
    return say(_("{property} has no free inspection times at the moment."), property=property)


def _listed(property: Property, free: Sequence[Slot], person: Person, *first: Words) -> Tell:
    """Free times, each to be booked by a tap."""
    words = say(
        _("Free times of *{property:short}* ({property:ref}). Pick one to book it."), property=property
    )
    shown = [
        Suggestion(say("{slot:when}", slot=slot), "book_inspection", f"{property.ref}.{slot.pk}")
        for slot in _spread(free, person)
    ]
    if len(shown) < len(free):
        shown.append(Suggestion(say(_("All its times")), "book_inspection", property.ref))
    return Tell(join(*first, words, separator="\n\n"), tuple(shown))


def _spread(free: Sequence[Slot], person: Person) -> list[Slot]:
    """As many as a screen takes, from several days rather than all from the first."""
    zone = person.reader.tz
    places: Counter[date] = Counter()
    ranked = []
    for slot in free:
        day = slot.starts_at.astimezone(zone).date()
        ranked.append((places[day], slot.starts_at, slot.pk, slot))
        places[day] += 1
    return sorted((each[-1] for each in sorted(ranked)[:SHOWN]), key=lambda slot: (slot.starts_at, slot.pk))

"""Opening times for inspections: typed as people type them, or step by step."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import times
from bot.flows.properties import NOT_YOURS, SLOTS, own
from bot.questions import Number, Option, Prompt, choice, confirm
from bot.questions.times import STEPS, Part, Times
from bot.scripts import Person, Script, Suggestion, again, ask, flow, last
from bot.spans import how, shown_by_day, shown_by_whom, why_not
from bot.times import Wanted
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import CannotOpen, TooLate
from inspector_whatsapp.models import Property, Role, User
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Words, join, say

ME = "me"
DAYS_OFFERED = 10
MOST_PLACES = 20


@flow("open_slots", roles=(Role.AGENT,))
def open_times(person: Person) -> Script:
    """An agent opens times at which a property can be inspected."""
    property = own(person, person.argument)
    if property is None:
        return last(NOT_YOURS, SLOTS)
    wanted = yield from _when(person)
    spans = times.spread(wanted, now=person.now, zone=person.reader.tz)
    if not spans:
        yield from again("times", because=say(_("These times are over. Pick later ones.")))
    inspector = yield from _who(person, property)
    places = yield from ask(
        "places",
        Places(
            words=say(_("How many people can come at the same time? Pick, or type a number.")),
            least=1,
            most=MOST_PLACES,
            offered=(1, 2, 3),
        ),
    )
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(
                    ngettext_lazy("Open this time?", "Open these {count} times?", len(spans)),
                    count=len(spans),
                ),
                say("*{property}*", property=property),
                *shown_by_day(spans, person.reader.tz),
                how(spans, places),
                shown_by_whom(inspector),
            ),
            yes=say(_("Yes, open")),
            changed=say(_("Some of these times are over by now. Please look again.")),
        ),
    )
    if not yes:
        return last(say(_("Nothing was opened.")), _more(property), SLOTS)
    try:
        inspections.open_slots(
            property=property,
            times=spans,
            inspector=inspector,
            capacity=places,
            actor=person.user,
            origin=Origin.CHAT,
        )
    except CannotOpen as refusal:
        yield from again("times", because=why_not(refusal, inspector))
        raise
    except TooLate:
        yield from again("times", because=say(_("These times are over. Pick later ones.")))
        raise
    return last(
        join(
            say(
                ngettext_lazy(
                    "Opened: {count} time at {property}.", "Opened: {count} times at {property}.", len(spans)
                ),
                count=len(spans),
                property=property,
            ),
            say(_("People can book now."))
            if property.status == PropertyStatus.LIVE
            else say(_("People can book once the property is available.")),
        ),
        _more(property),
        Suggestion(say(_("See the times")), "slots", property.ref),
    )


def _more(property: Property) -> Suggestion:
    return Suggestion(say(_("Add more times")), "open_slots", property.ref)


# --- when -------------------------------------------------------------------------------------------------
def _when(person: Person) -> Generator[Any, Any, Wanted]:
    """Ask for times, and for whatever the words leave open."""
    typed = yield from ask(
        "times",
        _times(
            person,
            join(
                say(_("When can people come? Type it your way:")),
                say(_("*Saturday 2pm*")),
                say(_("*28 Nov 10am to 2pm, 30 min each*")),
                say(_("*every Saturday 10am-2pm, 4 weeks*")),
            ),
            options=(Option(STEPS, say(_("Step by step")), also=("steps", "help me")),),
            brief=say(_("When can people come?")),
        ),
    )
    wanted = typed
    if not wanted.days:
        question = _times(
            person,
            say(_("Which day? Pick one, or type it: *Saturday*, *28 Nov*, *every Friday*.")),
            "days",
            so_far=wanted,
            options=_next_days(person),
        )
        wanted = wanted.then((yield from ask("on", question)))
    if not wanted.hours:
        question = _times(
            person,
            say(_("From when to when? Pick one, or type it: *11am to 3pm*, or *2pm* for one time.")),
            "hours",
            so_far=wanted,
            options=(
                Option("9am to 12pm", say(_("9 am to 12 noon"))),
                Option("10am to 2pm", say(_("10 am to 2 pm"))),
                Option("2pm to 5pm", say(_("2 pm to 5 pm"))),
            ),
        )
        wanted = wanted.then((yield from ask("hours", question)))
    if wanted.minutes is None:
        question = _times(
            person,
            say(_("How long is each visit?")),
            "minutes",
            so_far=wanted,
            options=(
                Option("30 min", say(_("30 minutes")), also=("30",)),
                Option("45 min", say(_("45 minutes")), also=("45",)),
                Option("1 hour", say(_("1 hour")), also=("60",)),
            ),
        )
        wanted = wanted.then((yield from ask("each", question)))
    if wanted.weeks is None and (wanted.weekly or typed == Wanted()):
        question = _times(
            person,
            say(_("Every week? Pick, or type for how many weeks: *6 weeks*.")),
            "weeks",
            so_far=wanted,
            options=(
                Option("1 week", say(_("Just this once")), also=("once", "no", "no repeat")),
                Option("2 weeks", say(_("2 weeks"))),
                Option("4 weeks", say(_("4 weeks"))),
            ),
        )
        wanted = wanted.then((yield from ask("weeks", question)))
    return wanted


def _times(
    person: Person,
    words: Words,
    part: Part = "",
    *,
    options: tuple[Option, ...],
    so_far: Wanted | None = None,
    brief: Words | None = None,
) -> Times:
    return Times(
        words=words,
        now=person.now,
        zone=person.reader.tz,
        part=part,
        so_far=so_far or Wanted(),
        options=options,
        brief=brief,
    )


def _next_days(person: Person) -> tuple[Option, ...]:
    today = person.now.astimezone(person.reader.tz).date()
    days = [today + timedelta(days=ahead) for ahead in range(1, DAYS_OFFERED + 1)]
    return tuple(Option(day.isoformat(), say("{day}", day=day)) for day in days)


# --- who --------------------------------------------------------------------------------------------------
def _who(person: Person, property: Property) -> Generator[Any, Any, User | None]:
    """Ask who shows people round, where there is somebody besides the agent."""
    known = User.objects.filter(
        Q(slots__property__agent=person.user) | Q(slots__property__area=property.area),
        role=Role.INSPECTOR,
        is_active=True,
    )
    inspectors = list(known.distinct().order_by("name", "pk")[:30])
    if not inspectors:
        return None
    return (
        yield from ask(
            "who",
            choice(
                say(_("Who shows people round?")),
                [None, *inspectors],
                option=_inspector_option,
                gone=say(_("That inspector can't be picked any more.")),
            ),
        )
    )


def _inspector_option(inspector: User | None) -> Option:
    if inspector is None:
        return Option(ME, say(_("I do it myself")), also=("me", "myself", "i do", "i will"))
    return Option(str(inspector.pk), say("{inspector}", inspector=inspector))


@dataclass(frozen=True, kw_only=True)
class Places(Number):
    """How many people at a time."""

    def prompt(self, page: int) -> Prompt:
        return Prompt(self.words, tuple(map(_places_option, self.offered)))


def _places_option(count: int) -> Option:
    return Option(str(count), say(ngettext_lazy("{count} person", "{count} people", count), count=count))

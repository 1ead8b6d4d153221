"""An agent's properties: whether each is to be had, and who decides about bookings."""

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows.no_answer import rule
from bot.flows.properties import (
    NOT_YOURS,
    PROPERTIES,
    STATUS_WORDS,
    coming,
    has_several,
    interested,
    own,
    pick,
    standing,
)
from bot.questions import Confirm, Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import NotPublished
from inspector_whatsapp.models import Inspection, Property, Role
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from inspector_whatsapp.words import Words, join, say

SHOWN = 3  # inspections on a card
RULES: dict[str, Words] = {
    BookingRule.AUTOMATIC: say(_("Bookings are confirmed by themselves.")),
    BookingRule.ASK: say(_("Bookings need your yes.")),
}
NOW = {
    PropertyStatus.LIVE: say(_("Make it available")),
    PropertyStatus.UNAVAILABLE: say(_("Unavailable")),
    PropertyStatus.LET: say(_("Let")),
    PropertyStatus.SOLD: say(_("Sold")),
}
ALSO: dict[str, tuple[str, ...]] = {
    PropertyStatus.LIVE: ("available", "live", "back", "free", "open"),
    PropertyStatus.UNAVAILABLE: ("not available", "hide", "off", "pause"),
    PropertyStatus.LET: ("rented", "taken", "let out", "rented out"),
    PropertyStatus.SOLD: ("bought",),
}


@flow("availability", roles=(Role.AGENT,))
def availability(person: Person) -> Script:
    """An agent says whether a property is available.

    It may be named with what it is to be: `PR-1042.let`.
    """
    ref, _dot, now = person.argument.partition(".")
    person = replace(person, argument=ref)
    property = yield from pick(person, say(_("Your properties. Pick one to change it.")))
    if isinstance(property, Last):
        return property
    visits = coming(person, property)
    if property.status not in listings.SETTABLE:
        return last(
            join(
                _card(property, visits),
                say(_("Inspector is checking it. I'll tell you when it is on the website.")),
                separator="\n\n",
            ),
            *([PROPERTIES] if has_several(person) else []),
        )
    if now in listings.SETTABLE and now != property.status:
        status = PropertyStatus(now)
        sure = yield from ask("sure", _sure(property, visits, status))
        if not sure:
            kept = _("Nothing was changed: {property} is *{status}*.")
            return last(say(kept, property=property, status=STATUS_WORDS[property.status]), PROPERTIES)
        return (yield from _settle(person, property, status, visits))
    todo = yield from ask(
        "do",
        choice(
            _card(property, visits),
            _todos(property, has_several(person)),
            option=lambda todo: _todo(todo, property),
            gone=say(_("It has changed since I asked. Please look again.")),
        ),
    )
    if todo == "list":
        yield from again("property")
    if todo in ("booking_rule", "no_answer", "slots"):
        return last(say(""), then=todo, argument=property.ref)
    return (yield from _settle(person, property, PropertyStatus(todo), visits))


def _sure(property: Property, visits: Sequence[Inspection], status: PropertyStatus) -> Confirm:
    return confirm(
        join(
            _card(property, visits),
            say(_("Set it to *{status}*?"), status=STATUS_WORDS[status]),
            separator="\n\n",
        ),
        yes=say(_("Yes, set it")),
        changed=say(_("It has changed since I asked. Please look again.")),
    )


def _settle(
    person: Person, property: Property, status: PropertyStatus, visits: Sequence[Inspection]
) -> Generator[Any, Any, Last]:
    """Set it; what becomes of the inspections that are coming up is asked first."""
    cancelled: Sequence[Inspection] = ()
    if status != PropertyStatus.LIVE and visits:
        theirs = yield from ask(
            "theirs",
            choice(
                _what_of(visits, property, status),
                ["cancel", "keep"],
                option=lambda each: _fate(each, visits),
                gone=say(_("The inspections have changed since I asked. Please look again.")),
            ),
        )
        cancelled = visits if theirs == "cancel" else ()
    return _set(person, property, status, cancelled)


def _todos(property: Property, several: bool) -> list[str]:
    """Every other status a button, which makes it two taps; the rest can be typed."""
    statuses = [str(status) for status in listings.SETTABLE if status != property.status]
    return [*statuses, "booking_rule", "no_answer", "slots", *(["list"] if several else [])]


def _todo(todo: str, property: Property) -> Option:
    match todo:
        case "booking_rule":
            return Option(todo, say(_("booking rule")), also=("rule", "rules", "bookings"), quiet=True)
        case "no_answer":
            return Option(todo, say(_("no answer")), also=("no answer", "answer", "no show"), quiet=True)
        case "slots":
            return Option(todo, say(_("slots")), also=("slot", "times", "inspection slots"), quiet=True)
        case "list":
            return Option(todo, say(_("others")), also=("list", "other properties"), quiet=True)
    return Option(todo, NOW[PropertyStatus(todo)], also=ALSO[todo])


def _card(property: Property, visits: Sequence[Inspection]) -> Words:
    """A property as its agent sees it."""
    return join(
        say(_("*{property:short}* · {property:ref}"), property=property),
        join(
            say("*{status}*", status=STATUS_WORDS[property.status]),
            *interested(property),
            say("{property:price}", property=property),
            separator=" · ",
        ),
        *_coming_lines(visits),
        RULES[property.booking_rule],
        *([rule(property)] if property.give_away_hours is not None else []),
    )


def _coming_lines(visits: Sequence[Inspection]) -> list[Words]:
    if not visits:
        return [say(_("No inspections coming up."))]
    lines = [
        say(
            "{inspection:when} · {seeker:first} · {standing}",
            inspection=visit,
            seeker=visit.seeker,
            standing=standing(visit),
        )
        for visit in visits[:SHOWN]
    ]
    left = len(visits) - SHOWN
    if left > 0:
        lines.append(say(_("and {count} more"), count=left))
    return [say(_("Coming up:")), *lines]


def _what_of(visits: Sequence[Inspection], property: Property, status: PropertyStatus) -> Words:
    return join(
        say(
            ngettext_lazy(
                "{count} inspection is coming up. What becomes of it if {property} is {status}?",
                "{count} inspections are coming up. What becomes of them if {property} is {status}?",
                len(visits),
            ),
            count=len(visits),
            property=property,
            status=STATUS_WORDS[status],
        ),
        *_coming_lines(visits)[1:],
    )


def _fate(fate: str, visits: Sequence[Inspection]) -> Option:
    """An answer holds only for the inspections that were on the screen."""
    named = " ".join(f"{visit.ref}.{visit.revision}" for visit in visits)
    value = f"{fate}.{hashlib.sha256(named.encode()).hexdigest()[:10]}"
    if fate == "cancel":
        return Option(value, say(_("Cancel and tell them")), also=("cancel", "cancel them"))
    return Option(value, say(_("Keep them")), also=("keep",))


def _set(person: Person, property: Property, status: PropertyStatus, cancelled: Sequence[Inspection]) -> Last:
    before = property.status
    cancelled = inspections.call_off(
        inspections=cancelled, status=status, actor=person.user, origin=Origin.CHAT
    )
    try:
        listings.set_availability(property=property, status=status, actor=person.user, origin=Origin.CHAT)
    except NotPublished:
        return last(
            say(_("Inspector has to check it first. I'll tell you when it is on the website.")), PROPERTIES
        )
    return last(
        join(
            say(_("Done: {property} is *{status}*."), property=property, status=STATUS_WORDS[status]),
            *_told(property, before, status, cancelled),
        ),
        PROPERTIES,
        *_next(property, status),
    )


def _told(
    property: Property, before: str, status: PropertyStatus, cancelled: Sequence[Inspection]
) -> list[Words]:
    lines = []
    if cancelled:
        lines.append(
            say(
                ngettext_lazy(
                    "{count} inspection is cancelled, and I'll tell who had booked it.",
                    "{count} inspections are cancelled, and I'll tell who had booked them.",
                    len(cancelled),
                ),
                count=len(cancelled),
            )
        )
    count: int = getattr(property, "interest_count")  # noqa: B009  (an annotation)
    if count and PropertyStatus.LIVE in (before, status):
        lines.append(
            say(
                ngettext_lazy(
                    "I'll tell the {count} person who is interested.",
                    "I'll tell the {count} people who are interested.",
                    count,
                ),
                count=count,
            )
        )
    return lines


def _next(property: Property, status: PropertyStatus) -> list[Suggestion]:
    if status != PropertyStatus.LIVE:
        return []
    return [Suggestion(say(_("Add times")), "open_slots", property.ref)]


@flow("booking_rule", roles=(Role.AGENT,))
def booking_rule(person: Person) -> Script:
    """An agent says whether bookings of a property need their yes."""
    property = own(person, person.argument)
    if property is None:
        return last(NOT_YOURS, PROPERTIES)
    rule = yield from ask(
        "rule",
        choice(
            join(
                say("*{property}*", property=property),
                say(_("{rule} How shall it be from now on?"), rule=RULES[property.booking_rule]),
            ),
            [BookingRule.AUTOMATIC, BookingRule.ASK],
            option=_rule,
        ),
    )
    listings.set_booking_rule(property=property, rule=rule, actor=person.user, origin=Origin.CHAT)
    waiting = inspections.requests_of(person.user).filter(property=property).count()
    lines = [say(_("Done: {property}."), property=property), RULES[rule]]
    if rule == BookingRule.AUTOMATIC and waiting:
        lines.append(
            say(
                ngettext_lazy(
                    "{count} request from before still waits for your answer.",
                    "{count} requests from before still wait for your answer.",
                    waiting,
                ),
                count=waiting,
            )
        )
    suggest = [Suggestion(say(_("Inspection requests")), "requests")] if len(lines) > 2 else []
    return last(join(*lines), *suggest, PROPERTIES)


def _rule(rule: BookingRule) -> Option:
    if rule == BookingRule.AUTOMATIC:
        return Option(rule, say(_("Confirm by itself")), also=("by itself", "automatic", "auto", "yes"))
    return Option(rule, say(_("Ask me first")), also=("ask me", "ask", "me"))

"""An inspector's schedule: what is coming, and the days or hours at which they are not sent anywhere."""

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows.assignments import MINE, SCHEDULE
from bot.questions import Option, choice, confirm
from bot.questions.free_time import HOW, PAST, FreeTime
from bot.scripts import Last, Person, Script, again, ask, flow, last
from bot.visits import Visit, visits, when
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import AlreadyOff, TooLate
from inspector_whatsapp.models import Role, TimeOff
from inspector_whatsapp.words import Words, join, say

AHEAD = timedelta(days=14)
LINES = 10  # of the schedule; more is no overview on a small phone


@flow("time_off", roles=(Role.INSPECTOR,))
def time_off(person: Person) -> Script:
    """An inspector looks at their schedule, takes time off, or takes it back."""
    off = list(inspections.time_off_of(person.user, now=person.now))
    wanted = yield from ask(
        "when",
        FreeTime(
            words=join(_schedule(person, off), HOW, separator="\n\n"),
            now=person.now,
            zone=person.reader.tz,
            has_some=bool(off),
        ),
    )
    if wanted is None:
        return (yield from _end(person, off))
    planned = [TimeOff(inspector=person.user, starts_at=start, ends_at=end) for start, end in wanted]
    other = next((each for each in off for one in planned if _overlap(each, one)), None)
    if other is not None:
        yield from again("when", because=say(_("You are off already: {off}."), off=other))
    touched = _visits_in(planned, person)
    yes = yield from ask(
        "sure",
        confirm(
            join(
                join(say(_("Take this time off?")), *_spans(planned)),
                _touched(touched, person),
                separator="\n\n",
            ),
            yes=say(_("Yes, take it off")),
            changed=say(_("Your inspections have changed since I asked. Please look again.")),
        ),
    )
    if not yes:
        return last(say(_("Nothing was changed.")), SCHEDULE)
    try:
        _take(planned, person)
    except AlreadyOff:
        yield from again("when", because=say(_("You are off at a part of that time already.")))
        raise
    except TooLate:
        yield from again("when", because=PAST)
        raise
    return last(
        join(join(say(_("You are off:")), *_spans(planned)), *_handed_back(touched), separator="\n\n"),
        SCHEDULE,
        MINE,
    )


def _take(planned: Sequence[TimeOff], person: Person) -> None:
    """All of it or nothing."""
    with transaction.atomic():
        for each in planned:
            inspections.take_time_off(
                inspector=person.user,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                actor=person.user,
                origin=Origin.CHAT,
            )


def _overlap(one: TimeOff, other: TimeOff) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _visits_in(planned: Sequence[TimeOff], person: Person) -> list[Visit]:
    """The visits that somebody else would have to make."""
    found = inspections.touched_by_time_off(
        person.user,
        start=min(each.starts_at for each in planned),
        end=max(each.ends_at for each in planned),
    )
    return visits(
        each
        for each in found
        if any(each.starts_at < one.ends_at and one.starts_at < each.ends_at for one in planned)
    )


# --- what is shown ----------------------------------------------------------------------------------------
def _schedule(person: Person, off: Sequence[TimeOff]) -> Words:
    """What is coming in the next days, and the time off, by time."""
    coming = inspections.assigned_to(person.user, now=person.now).filter(starts_at__lt=person.now + AHEAD)
    lines: list[tuple[datetime, Words]] = [
        *((visit.starts_at, _line(visit, person)) for visit in visits(coming)),
        *((each.starts_at, say(_("{off} · *off*"), off=each)) for each in off),
    ]
    if not lines:
        return say(_("You have no inspections and no time off in the next {days} days."), days=AHEAD.days)
    lines.sort(key=lambda line: line[0])
    shown = [words for _start, words in lines[:LINES]]
    return join(say(_("*Your schedule*")), *shown, *_more(len(lines) - len(shown)))


def _line(visit: Visit, person: Person) -> Words:
    return say(
        "{when} · {property:short} · {seekers}",
        when=when(visit, person),
        property=visit.first.property,
        seekers=visit.seekers,
    )


def _spans(planned: Sequence[TimeOff]) -> list[Words]:
    shown = [say("*{off}*", off=each) for each in planned[:LINES]]
    return [*shown, *_more(len(planned) - len(shown))]


def _more(left: int) -> list[Words]:
    return [say(_("and {count} more"), count=left)] if left > 0 else []


def _touched(touched: Sequence[Visit], person: Person) -> Words:
    if not touched:
        return say(_("You have no inspections then. Nothing new will be booked with you."))
    return join(
        say(
            ngettext_lazy(
                "You have an inspection then. Somebody else will be looked for:",
                "You have {count} inspections then. Others will be looked for:",
                len(touched),
            ),
            count=len(touched),
        ),
        *(_line(visit, person) for visit in touched[:LINES]),
        *_more(len(touched) - LINES),
    )


def _handed_back(touched: Sequence[Visit]) -> list[Words]:
    if not touched:
        return []
    return [
        say(
            ngettext_lazy(
                "For your inspection somebody else is looked for.",
                "For your {count} inspections others are looked for.",
                len(touched),
            ),
            count=len(touched),
        )
    ]


# --- taking it back ---------------------------------------------------------------------------------------
def _end(person: Person, off: Sequence[TimeOff]) -> Generator[Any, Any, Last]:
    ended = yield from ask(
        "off",
        choice(
            say(_("Which time off do you end?")),
            off,
            option=lambda each: Option(str(each.pk), say("{off}", off=each)),
            gone=say(_("That time off is over, or you ended it already.")),
        ),
    )
    inspections.end_time_off(time_off=ended, actor=person.user, origin=Origin.CHAT)
    return last(
        join(
            say(_("You can be booked again: {off}."), off=ended),
            say(_("Inspections that were given to somebody else stay with them.")),
        ),
        SCHEDULE,
        MINE,
    )

"""An inspector is late: who waits is told, and what no longer fits after it is moved or left."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows import safety
from bot.flows.assignments import (
    CONFIRM,
    MINE,
    NOT_YOURS,
    TITLES,
    assigned,
    brief,
    named,
    visit_of,
)
from bot.questions import Choice, Option, choice, confirm
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from bot.visits import Visit, visits, when
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import (
    AlreadyBooked,
    NotAssigned,
    NotLive,
    Overlapping,
    SlotGone,
    SlotTaken,
    TooEarly,
    TooLate,
)
from inspector_whatsapp.models import Delay, Inspection, Role, Slot
from inspector_whatsapp.models.delays import MINUTES
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.words import Words, join, say

_SAYS = re.compile(
    r"(?:i['’]?m|i am|i['’]?ll be|i will be|i go|i dey|running|run|going to be|gonna be|abeg|sorry|please|na)"
    r"(?:\W+\w+){0,4}?\W+late\b|\blate\b(?:\W+\w+){0,2}?\W+(?:min|minutes)\b"
)
_MINUTES = re.compile(r"\b([0-9]{1,3})\s*(?:m|min|mins|minute|minutes)\b")
_ABOUT_ME = re.compile(r"\b(?:he|she|they|seeker|agent|tenant|was|were|not|why|who|too)\b")


def said_in(words: str) -> str | None:
    """What an inspector who writes that they are late has in mind: the minutes, or nothing; None if not that.

    "I'm 20 minutes late" → "20". Of somebody else, or of another time, it is not understood here.
    """
    plain = words.casefold()
    if len(plain) > 80 or _ABOUT_ME.search(plain) or not _SAYS.search(plain):
        return None
    minutes = _MINUTES.search(plain)
    return str(_enough(int(minutes[1])) or "") if minutes else ""


def _enough(minutes: int) -> int | None:
    """The first of what can be said that is not less."""
    return next((each for each in MINUTES if each >= minutes), None)


@flow("running_late", roles=(Role.INSPECTOR,))
def running_late(person: Person) -> Script:
    """An inspector says by how much they are late for a visit of today: who waits is told at once.

    A button names the visit, as `IN-3107.2`; words of theirs, by how many minutes: `20`.
    """
    said = int(person.argument) if person.argument in map(str, MINUTES) else None
    if person.argument and said is None:
        visit = _today(person)
        if isinstance(visit, Last):
            return visit
    else:
        today = visits(_of_today(person))
        if not today:
            return last(say(_("You have no inspection today that you could be late for.")), MINE)
        visit = today[0]
        if len(today) > 1:
            visit = yield from ask(
                "visit",
                choice(
                    say(_("For which inspection are you late?")),
                    today,
                    option=lambda each: _option(each, person),
                    gone=say(_("That inspection is no longer coming up.")),
                ),
            )
    minutes = said
    if said is None or _later(visit, said) <= person.now:
        minutes = yield from ask("minutes", _how_late(visit, person))
    else:
        yes = yield from ask(
            "sure",
            confirm(
                join(
                    brief(visit, person),
                    say(
                        _("Tell {people} that you'll be there at about *{at:time}*?"),
                        people=_who_waits(visit),
                        at=_later(visit, said),
                    ),
                ),
                yes=say(_("Yes, tell them")),
                no=say(_("No")),
            ),
        )
        if not yes:
            return last(say(_("Nobody was told.")), MINE)
    assert minutes is not None
    try:
        delay = inspections.run_late(
            inspection=visit.first, minutes=minutes, actor=person.user, origin=Origin.CHAT
        )
    except (TooLate, TooEarly, NotAssigned):
        return last(say(_("That inspection is no longer coming up.")), MINE)
    told = join(
        say(
            _("I'm telling {people} that you'll be there at about *{at:time}*."),
            people=_who_waits(visit),
            at=delay.expected_at,
        ),
        brief(visit, person),
    )
    if inspections.tight_visits(person.user, now=person.now):
        return last(told, then="later_visits")
    return last(told, *_after(visit, person))


def _today(person: Person) -> Visit | Last:
    """The visit that a button named, if one may still be late for it."""
    inspection = assigned(person, person.argument.partition(".")[0])
    if inspection is None:
        return last(NOT_YOURS, MINE)
    visit = visit_of(inspection, _of_today(person))
    if visit is not None:
        return visit
    stay = inspections.stay_of(person.user, inspection)
    if stay is not None and stay.left_at is None:
        return last(say(_("You told me that you are there.")), MINE)
    if inspection.starts_at > person.now:
        early = _("That inspection is on {inspection:when}. You can say on the day that you are late.")
        return last(say(early, inspection=inspection), MINE)
    return last(say(_("That inspection began at {inspection:when}."), inspection=inspection), CONFIRM, MINE)


def _of_today(person: Person) -> list[Inspection]:
    today = inspections.visits_today(person.user, now=person.now)
    return [one for visit in today for one in visit.inspections]


def _later(visit: Visit, minutes: int) -> datetime:
    return visit.starts_at + timedelta(minutes=minutes)


def _how_late(visit: Visit, person: Person) -> Choice[int]:
    delay = inspections.delay_of(visit.first, now=person.now)
    ahead = [each for each in MINUTES if _later(visit, each) > person.now]
    tight = inspections.tight_visits(person.user, now=person.now)
    possible = next((each.possible_at for each in tight if visit.first in each.visit.inspections), person.now)
    ahead = [each for each in ahead if _later(visit, each) >= possible] or ahead

    def typed(words: str) -> Sequence[int]:
        minutes = _MINUTES.search(words.casefold()) or re.fullmatch(r"([1-9][0-9])", words.strip())
        enough = _enough(int(minutes[1])) if minutes else None
        return [enough] if enough in ahead and enough is not None else []

    return choice(
        join(say(_("How late will you be?")), brief(visit, person), *([_said(delay)] if delay else [])),
        ahead,
        option=lambda each: Option(
            str(each),
            say(_("{count} minutes"), count=each),
            say(_("there at {at:time}"), at=_later(visit, each)),
        ),
        typed=typed,
        gone=say(_("That time is over by now.")),
    )


def _said(delay: Delay) -> Words:
    return say(_("You said that you'll be there at about {at:time}."), at=delay.expected_at)


def _option(visit: Visit, person: Person) -> Option:
    return Option(
        visit.key,
        when(visit, person),
        say("{property:short} · {seekers}", property=visit.first.property, seekers=visit.seekers),
        also=tuple(each.ref for each in visit.inspections),
    )


def _who_waits(visit: Visit) -> Words:
    return say(_("{seekers} and the agent"), seekers=visit.seekers)


def _after(visit: Visit, person: Person) -> Sequence[Suggestion]:
    near = inspections.may_arrive(visit.first, now=person.now)
    there = _there(visit.first) if near else Suggestion(TITLES["i_am_here"], "i_am_here", visit.named)
    return (
        there,
        Suggestion(TITLES["running_late"], "running_late", visit.named),
        MINE,
    )


def _there(inspection: Inspection) -> Suggestion:
    return Suggestion(say(safety.TITLES["arrive_visit"]), "arrive_visit", inspection.ref)


@flow("i_am_here", roles=(Role.INSPECTOR,))
def i_am_here(person: Person) -> Script:
    """An inspector who was to be late will be in time after all; once it has begun they are there by that."""
    inspection = assigned(person, person.argument.partition(".")[0])
    if inspection is None:
        return last(NOT_YOURS, MINE)
    yield from ()
    near = inspections.may_arrive(inspection, now=person.now)
    if near and inspection.starts_at <= person.now:
        return last(say(""), then="arrive_visit", argument=inspection.ref)
    try:
        ended = inspections.be_there(inspection=inspection, actor=person.user, origin=Origin.CHAT)
    except (TooLate, NotAssigned):
        return last(say(_("That inspection is {inspection:state}."), inspection=inspection), MINE)
    report = Suggestion(TITLES["complete_visit"], "complete_visit", inspection.ref)
    suggest = [report, MINE] if inspection.starts_at <= person.now else [MINE]
    suggest = [_there(inspection), *suggest] if near else suggest
    if ended is None or person.now >= ended.expected_at:
        return last(say(_("Good. Nobody waits for you.")), *suggest)
    return last(say(_("Good. I'm telling those who wait for you.")), *suggest)


# --- what no longer fits after it -------------------------------------------------------------------------
@flow("later_visits", roles=(Role.INSPECTOR,))
def later_visits(person: Person) -> Script:
    """An inspector looks at the visits of today that no longer fit, and moves them or leaves them."""
    tight = inspections.tight_visits(person.user, now=person.now)
    found = [Visit(each.visit.inspections) for each in tight]
    possible = {visit.key: each.possible_at for visit, each in zip(found, tight, strict=True)}
    if not found:
        return last(say(_("Your other inspections of today still fit.")), MINE)
    visit = found[0]
    if len(found) > 1:
        picked = yield from ask(
            "visit",
            choice(
                say(_("These no longer fit after it. Pick one to move it.")),
                [*found, None],
                option=lambda each: _option(each, person) if each else Option("leave", LEAVE_ALL, also=LEFT),
                gone=say(_("That inspection fits again, or is no longer yours.")),
            ),
        )
        if picked is None:
            return last(say(_("They stay as they are.")), MINE)
        visit = picked
    todo = yield from ask(
        "do",
        choice(
            join(
                *([say(_("This no longer fits after it:"))] if len(found) == 1 else []),
                brief(visit, person),
                say(_("You can't be there before *{at:time}*."), at=possible[visit.key]),
            ),
            ["move_visit", "running_late", "leave"],
            option=lambda todo: Option(
                todo,
                TODO[todo],
                also=LEFT if todo == "leave" else (),
                starts=None if todo == "leave" else (todo, visit.named),
            ),
        ),
    )
    if todo != "leave":
        return last(say(""), then=todo, argument=visit.named)
    return last(join(say(_("It stays as it is:")), brief(visit, person)), *_others(found, visit), MINE)


LEAVE_ALL = say(_("Leave them"))
LEFT = ("leave", "leave it", "leave them", "no")
TODO = {
    "move_visit": say(_("Move it")),
    "running_late": say(_("Late there too")),
    "leave": say(_("Leave it")),
}


def _others(found: Sequence[Visit], but: Visit) -> Sequence[Suggestion]:
    """The way back to the others that no longer fit."""
    left = [each for each in found if each.key != but.key]
    return [Suggestion(say(_("The others")), "later_visits")] if left else []


@flow("move_visit", roles=(Role.INSPECTOR,))
def move_visit(person: Person) -> Script:
    """An inspector moves a visit to another free time of its property, with everybody who comes to it."""
    visit = named(person)
    if isinstance(visit, Last):
        return visit
    free = inspections.room_for(visit.inspections, person.user, now=person.now)
    if not free[:1]:
        return last(
            join(
                brief(visit, person),
                say(
                    ngettext_lazy(
                        "The property has no other free time.",
                        "The property has no other free time for {count} people.",
                        len(visit.inspections),
                    ),
                    count=len(visit.inspections),
                ),
            ),
            Suggestion(TODO["running_late"], "running_late", visit.named),
            Suggestion(TITLES["hand_back_visit"], "hand_back_visit", visit.named),
            MINE,
        )
    slot = yield from ask(
        "slot",
        choice(
            join(say(_("Move it to which time?")), brief(visit, person)),
            free,
            option=_slot_option,
            gone=say(_("That time has just gone. These are free:")),
        ),
    )
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Move this inspection?")),
                brief(visit, person),
                say(_("to *{slot:when}*"), slot=slot),
                say(_("{people} are told."), people=_who_waits(visit)),
            ),
            yes=say(_("Yes, move it")),
            changed=say(_("The times have changed since I asked. Please look again.")),
        ),
    )
    if not yes:
        return last(join(say(_("It stays as it is:")), brief(visit, person)), MINE)
    try:
        moved = inspections.move_visit(
            inspection=visit.first, slot=slot, actor=person.user, origin=Origin.CHAT
        )
    except (SlotTaken, SlotGone):
        yield from again("slot", because=say(_("That time has just gone. These are free:")))
        raise
    except (Overlapping, AlreadyBooked):
        yield from again(
            "slot",
            because=say(_("Somebody who comes has another inspection then. Please pick another time.")),
        )
        raise
    except NotLive:
        return last(say(_("That property is no longer on offer. The inspection stays as it is.")), MINE)
    except (TooLate, NotAssigned):
        return last(say(_("That inspection can't be moved any more.")), MINE)
    return last(join(_moved(moved[0]), brief(Visit(tuple(moved)), person)), *_more(person), MINE)


def _slot_option(slot: Slot) -> Option:
    return Option(str(slot.pk), say("{slot:when}", slot=slot))


def _moved(inspection: Inspection) -> Words:
    if inspection.state != InspectionState.REQUESTED:
        return say(_("Moved. Everybody who comes is told."))
    if inspection.asked_at is None:
        return say(_("Asked for. Everybody who comes is told once it is certain."))
    return say(_("Asked for: the agent has to say yes to the new time."))


def _more(person: Person) -> Sequence[Suggestion]:
    left = inspections.tight_visits(person.user, now=person.now)
    return [Suggestion(say(_("The others")), "later_visits")] if left else []

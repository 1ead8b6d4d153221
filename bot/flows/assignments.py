"""An inspector's visits: what is coming, saying that one will be there, handing a visit back."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import reminding
from bot.flows import safety
from bot.questions import Option, choice
from bot.questions.reasons import reason
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from bot.visits import Visit, on_day, visits, when
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.inspections import NotAssigned, TooLate
from inspector_whatsapp.models import Inspection, Property, Role
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import Words, join, say

MINE = Suggestion(say(_("My inspections")), "my_assignments")
SCHEDULE = Suggestion(say(_("Manage my schedule")), "time_off")
CONFIRM = Suggestion(say(_("Confirm completion")), "confirm_completion")


@flow("my_assignments", roles=(Role.INSPECTOR,))
def mine(person: Person) -> Script:
    """An inspector looks at their visits, today's and those to come."""
    coming = visits(inspections.assigned_to(person.user, now=person.now))
    waiting = _to_report(person)
    if not coming:
        nothing = say(_("You have no inspections coming up."))
        return last(join(nothing, *waiting, separator="\n\n"), *([CONFIRM] if waiting else []), SCHEDULE)
    visit = coming[0]
    if len(coming) > 1:
        visit = yield from ask(
            "visit",
            choice(
                join(say(_("Your inspections. Pick one to see it.")), *waiting, separator="\n\n"),
                coming,
                option=lambda visit: _option(visit, person),
                typed=lambda words: on_day(words, coming, person),
                gone=say(_("That inspection is no longer yours.")),
            ),
        )
    todos = _todos(visit, person, alone=len(coming) == 1)
    todo = yield from ask(
        "do",
        choice(
            join(card(visit, person), *([] if len(coming) > 1 else waiting), separator="\n\n"),
            todos,
            option=lambda todo: _todo(todo, visit, person, typed=safety.typed(todos, last=("list", "map"))),
            gone=say(_("That can't be done any more.")),
        ),
    )
    if todo == "list":
        yield from again("visit")
    if todo == "map":
        yield from again("do", sends=[_pin(visit.first.property)])
    return last(say(""), then=todo, argument=_argument(todo, visit))


def _to_report(person: Person) -> list[Words]:
    """What to say of visits that have begun and have no outcome yet."""
    due = [
        visit for visit in visits(inspections.to_report(person.user, now=person.now)) if not visit.reported
    ]
    if not due:
        return []
    return [
        say(
            ngettext_lazy(
                "{count} inspection has no outcome yet: type *confirm completion*.",
                "{count} inspections have no outcome yet: type *confirm completion*.",
                len(due),
            ),
            count=len(due),
        )
    ]


def _option(visit: Visit, person: Person) -> Option:
    return Option(
        visit.key,
        when(visit, person),
        join(
            say("{property:short}", property=visit.first.property),
            visit.seekers,
            *([] if visit.accepted else [say(_("not answered yet"))]),
            separator=" · ",
        ),
        also=tuple(each.ref for each in visit.inspections),
    )


def _todos(visit: Visit, person: Person, *, alone: bool) -> list[str]:
    """What can be done with a visit, first what is most likely wanted."""
    begun = visit.starts_at <= person.now
    todos = ["complete_visit"] if begun else _answers(visit)
    today = safety.todos(_certain(visit), person.user, person)
    if inspections.can_be_late(visit.first, now=person.now) and "leave_visit" not in today:
        is_late = inspections.delay_of(visit.first, now=person.now) is not None
        # Who is there is late no more: that they can say so is enough.
        here = ["i_am_here"] if "arrive_visit" not in today else []
        todos = [*(here if is_late else todos[:-1]), "running_late", *todos[-1:]]
    if today:
        todos = [*today[:-1], *todos, *today[-1:]]
        # Who can say that they are there need not say that they will be; who is there has come.
        over = {"arrive_visit": ("accept_visit",), "leave_visit": ("accept_visit", "hand_back_visit")}
        todos = [todo for todo in todos if todo not in over.get(today[0], ())]
    place = ["map"] if _is_on_the_map(visit.first.property) else []
    return [*todos, *place] if alone else [*todos, *place, "list"]


def _certain(visit: Visit) -> Inspection:
    """The first of it that is certain: only at such a one somebody can be there."""
    certain = (one for one in visit.inspections if one.state == InspectionState.CONFIRMED)
    return next(certain, visit.first)


def _answers(visit: Visit) -> list[str]:
    return ["hand_back_visit"] if visit.accepted else ["accept_visit", "hand_back_visit"]


TITLES = {
    "accept_visit": say(_("I'll be there")),
    "hand_back_visit": say(_("I can't come")),
    "running_late": say(_("Running late")),
    "i_am_here": say(_("On time after all")),
    "complete_visit": say(_("Confirm completion")),
    "map": say(_("Map")),
    "list": say(_("Back")),
}
TYPED = {
    "accept_visit": say(_("accept")),
    "hand_back_visit": say(_("can't come")),
    "running_late": say(_("late")),
    "i_am_here": say(_("on time")),
    "complete_visit": say(_("report")),
    "map": say(_("map")),
    "list": say(_("list")),
}
ALSO = {
    "accept_visit": ("accept", "i will be there", "ok", "yes", "i'm coming"),
    "hand_back_visit": ("decline", "hand back", "i cannot come", "can't come", "no"),
    "running_late": ("late", "i'm late", "i am late", "delayed"),
    "i_am_here": ("here", "i am here", "on time", "arrived"),
    "complete_visit": ("report", "done", "completed", "confirm", "outcome"),
    "map": ("map", "pin", "location", "direction", "directions", "where is it"),
    "list": ("list", "others"),
}


def _todo(todo: str, visit: Visit, person: Person, *, typed: Collection[str]) -> Option:
    if todo in safety.TITLES:
        shown = safety.title(todo, visit.first, person)
        return Option(todo, shown, also=safety.ALSO[todo], starts=(todo, _argument(todo, visit)))
    starts = None if todo in ("map", "list") else (todo, _argument(todo, visit))
    title = TYPED[todo] if todo in typed else TITLES[todo]
    return Option(todo, title, also=ALSO[todo], starts=starts, quiet=todo in typed)


def _argument(todo: str, visit: Visit) -> str:
    if todo in safety.TITLES:
        return _certain(visit).ref
    return visit.first.ref if todo == "complete_visit" else visit.named


def _is_on_the_map(property: Property) -> bool:
    return property.latitude is not None and property.longitude is not None


def _pin(property: Property) -> cloud.Location:
    return cloud.Location(
        property.latitude or 0.0, property.longitude or 0.0, property.title, property.address
    )


@flow("accept_visit", roles=(Role.INSPECTOR,))
def accept(person: Person) -> Script:
    """An inspector says that they will be there."""
    visit = named(person)
    if isinstance(visit, Last):
        return visit
    yield from ()
    if not visit.accepted:
        try:
            inspections.accept(inspection=visit.first, actor=person.user, origin=Origin.CHAT)
        except (TooLate, NotAssigned):
            return last(say(_("That inspection is no longer coming up.")), MINE)
    return last(
        join(
            say(_("Good, you'll be there.")),
            brief(visit, person),
            reminding.promise(person.user),
        ),
        MINE,
        Suggestion(TITLES["hand_back_visit"], "hand_back_visit", visit.named),
    )


@flow("hand_back_visit", roles=(Role.INSPECTOR,))
def hand_back(person: Person) -> Script:
    """An inspector can't come: somebody else is looked for."""
    visit = named(person)
    if isinstance(visit, Last):
        return visit
    why = yield from ask(
        "why",
        reason(
            join(
                join(say(_("You can't come to this inspection?")), brief(visit, person)),
                say(
                    _(
                        "Somebody else is looked for, and the agent is told. "
                        "Why can't you come? Tap the reason or type it."
                    )
                ),
                separator="\n\n",
            ),
            say(_("I'm ill")),
            say(_("I have other work")),
            keep=TITLES["accept_visit"],
            brief=say(_("Why can't you come? Tap the reason or type it.")),
        ),
    )
    if why is None:
        return last(say(""), then="accept_visit", argument=visit.named)
    try:
        inspections.hand_back(inspection=visit.first, actor=person.user, origin=Origin.CHAT, why=why)
    except (TooLate, NotAssigned):
        return last(say(_("That inspection is no longer coming up.")), MINE)
    return last(
        join(
            say(_("It is no longer yours:")),
            brief(visit, person),
            say(_("Somebody else is looked for, and the agent is told.")),
        ),
        MINE,
        SCHEDULE,
    )


def brief(visit: Visit, person: Person) -> Words:
    """What, when, and who: to know it again by."""
    return join(
        say("*{property:short}*", property=visit.first.property),
        say("{when} · {seekers}", when=when(visit, person), seekers=visit.seekers),
    )


def card(visit: Visit, person: Person) -> Words:
    """All that an inspector needs to know of a visit."""
    property = visit.first.property
    lines = [
        say("*{property:short}*", property=property),
        say("*{when}*", when=when(visit, person)),
        say("{property:address}", property=property),
        *(
            join(
                say(
                    _("Seeker: {seeker:first} · {inspection} · {inspection:state}, says they are coming")
                    if i.coming_at is not None and i.state == InspectionState.CONFIRMED
                    else _("Seeker: {seeker:first} · {inspection} · {inspection:state}"),
                    seeker=i.seeker,
                    inspection=i,
                ),
                safety.code(i, person),
                separator=" · ",
            )
            for i in visit.inspections
        ),
        say(_("Agent: {agent}"), agent=property.agent),
    ]
    if property.access_notes:
        lines.append(say(_("Getting in: {notes}"), notes=property.access_notes))
    delay = inspections.delay_of(visit.first, now=person.now)
    if delay is not None:
        lines.append(say(_("You said that you'll be there at about {at:time}."), at=delay.expected_at))
    elif visit.starts_at > person.now:
        lines.append(_answer(visit))
    return join(*lines)


def _answer(visit: Visit) -> Words:
    if visit.accepted:
        return say(_("You said that you'll be there."))
    return say(_("Will you be there? You have not answered yet."))


def named(person: Person) -> Visit | Last:
    """The visit that a button named by an inspection: `IN-3107`, or `IN-3107.2` with the revision it showed.

    Found under the person's own rights; what became of it since is said.
    """
    ref, _dot, revision = person.argument.partition(".")
    inspection = assigned(person, ref)
    if inspection is None:
        return last(NOT_YOURS, MINE)
    visit = visit_of(inspection, inspections.assigned_to(person.user, now=person.now))
    if inspection.state in LIVE_STATES and inspection.starts_at <= person.now:
        return last(
            say(_("That inspection began at {inspection:when}."), inspection=inspection),
            Suggestion(TITLES["complete_visit"], "complete_visit", inspection.ref),
            MINE,
        )
    if visit is None or visit.starts_at <= person.now:  # no seeker of it is left to come
        return last(say(_("That inspection is {inspection:state}."), inspection=inspection), MINE)
    if inspection in visit.inspections and revision in ("", str(inspection.revision)):
        return visit
    return last(
        join(
            say(_("That message is out of date: the inspection has changed since.")),
            card(visit, person),
            separator="\n\n",
        ),
        *(Suggestion(TITLES[todo], todo, visit.named) for todo in _answers(visit)),
    )


NOT_YOURS = say(_("I can't find that inspection among yours. It may have been given to somebody else."))


def assigned(person: Person, ref: str) -> Inspection | None:
    """The inspection of that ref, if this inspector is the one who goes there."""
    inspection = inspections.by_ref(person.user, ref)
    return inspection if inspection is not None and inspection.inspector_id == person.user.pk else None


def visit_of(inspection: Inspection, among: Iterable[Inspection]) -> Visit | None:
    """The visit that an inspection is, or was, part of; None when it is not among these."""
    key = Visit((inspection,)).key
    return next((visit for visit in visits(among) if visit.key == key), None)

"""An inspector says what came of a visit."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows.assignments import MINE, NOT_YOURS, assigned, brief, visit_of
from bot.models import Upload
from bot.questions import Option, at_most, choice, confirm, gather, optional_text
from bot.questions.several import several
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from bot.visits import Visit, on_day, visits, when
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import NotAssigned, TooEarly, TooLate
from inspector_whatsapp.models import Inspection, Role
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from inspector_whatsapp.words import Words, join, say

CORRECTABLE = timedelta(hours=24)
PHOTOS = 10
LONGEST_NOTE = 1000  # characters


@flow("confirm_completion", roles=(Role.INSPECTOR,))
def confirm_completion(person: Person) -> Script:
    """An inspector picks a visit and says what came of it."""
    due = _due(person)
    if not due:
        return _nothing_yet(person)
    visit = due[0]
    if len(due) > 1 or visit.reported:
        visit = yield from ask(
            "visit",
            choice(
                say(_("Which inspection? What you reported can be corrected for 24 hours.")),
                due,
                option=lambda visit: _option(visit, person),
                typed=lambda words: on_day(words, due, person),
                gone=say(_("That inspection can't be reported any more.")),
            ),
        )
    return (yield from _report(person, visit))


@flow("complete_visit", roles=(Role.INSPECTOR,))
def complete_visit(person: Person) -> Script:
    """An inspector says what came of the visit that a button named."""
    inspection = assigned(person, person.argument.partition(".")[0])
    if inspection is None:
        return last(NOT_YOURS, MINE)
    visit = visit_of(inspection, inspections.to_report(person.user, now=person.now))
    if visit is None:
        return last(_not_now(inspection, person), MINE)
    return (yield from _report(person, visit))


def _due(person: Person) -> list[Visit]:
    """Visits that can be reported, those without an outcome first, then the latest."""
    found = visits(inspections.to_report(person.user, now=person.now))
    return sorted(found, key=lambda visit: (visit.reported, -visit.starts_at.timestamp()))


def _nothing_yet(person: Person) -> Last:
    coming = visits(inspections.assigned_to(person.user, now=person.now)[:1])
    nothing = say(_("There is nothing to confirm."))
    if not coming:
        return last(nothing, MINE)
    return last(
        join(
            nothing,
            join(
                say(_("Your next inspection, to be confirmed once it has begun:")), brief(coming[0], person)
            ),
            separator="\n\n",
        ),
        MINE,
    )


def _not_now(inspection: Inspection, person: Person) -> Words:
    """Why an inspection can't be reported, or when it can."""
    if inspection.reported_at is not None:
        return say(
            _(
                "You reported {inspection} more than 24 hours ago. It can't be changed here any more: "
                "type *human* if it is wrong."
            ),
            inspection=inspection,
        )
    if inspection.state in (InspectionState.CANCELLED, InspectionState.DECLINED):
        return say(_("That inspection is {inspection:state}."), inspection=inspection)
    if inspection.starts_at > person.now:
        return say(
            _("{inspection} begins at {inspection:when}. You can confirm it from then on."),
            inspection=inspection,
        )
    return say(_("That inspection can't be reported any more."))


def _option(visit: Visit, person: Person) -> Option:
    return Option(
        visit.key,
        when(visit, person),
        join(
            say("{property:short}", property=visit.first.property),
            visit.seekers,
            *([say(_("reported"))] if visit.reported else []),
            separator=" · ",
        ),
        also=tuple(each.ref for each in visit.inspections),
    )


# --- what came of it --------------------------------------------------------------------------------------
SOME_ABSENT = "some_absent"

TITLES: Mapping[str, Words] = {
    Outcome.COMPLETED: say(_("Completed")),
    Outcome.SEEKER_ABSENT: say(_("Seeker did not come")),
    Outcome.AGENT_ABSENT: say(_("Agent did not come")),
    Outcome.NO_ACCESS: say(_("No way in")),
}
TITLES_OF_SEVERAL: Mapping[str, Words] = {
    Outcome.COMPLETED: say(_("Completed, all came")),
    SOME_ABSENT: say(_("Some did not come")),
    Outcome.SEEKER_ABSENT: say(_("No seeker came")),
    Outcome.AGENT_ABSENT: say(_("Agent did not come")),
    Outcome.NO_ACCESS: say(_("No way in")),
}
ALSO = {
    Outcome.COMPLETED: ("done", "complete", "all came", "everybody came", "it went well"),
    SOME_ABSENT: ("some", "one did not come"),
    Outcome.SEEKER_ABSENT: ("seeker absent", "absent", "no show", "nobody came", "seeker no come"),
    Outcome.AGENT_ABSENT: ("agent absent", "no agent", "agent no come"),
    Outcome.NO_ACCESS: ("no access", "locked", "could not get in", "gate locked"),
}


@dataclass(frozen=True)
class Report:
    """What is reported of a visit: an outcome for each of its inspections, with one note and its photos."""

    outcomes: Mapping[Inspection, Outcome]
    note: str
    photos: tuple[Upload, ...]


def _report(person: Person, visit: Visit) -> Generator[Any, Any, Last]:
    outcomes = yield from _outcomes(person, visit)
    note = yield from ask(
        "note",
        optional_text(
            _about_note(visit),
            check=at_most(LONGEST_NOTE),
            skip=say(_("Skip")),
        ),
    )
    photos = yield from ask(
        "photos",
        gather(
            say(_("Photos? Send up to {most}, or go on without."), most=PHOTOS),
            contact_id=person.contact.pk,
            most=PHOTOS,
            none=say(_("No photos")),
        ),
    )
    report = Report(outcomes, note if note is not None else visit.first.notes, tuple(photos))
    yes = yield from ask(
        "sure",
        confirm(
            join(say(_("Report this?")), brief(visit, person), *_lines(report)),
            yes=say(_("Yes, report it")),
            no=say(_("No, change it")),
        ),
    )
    if not yes:
        yield from again("outcome")
    return _write(person, visit, report)


def _about_note(visit: Visit) -> Words:
    if not visit.first.notes:
        return say(_("Anything that should be known? Type a note, or skip."))
    return join(
        say(_("Your note so far: {note}"), note=visit.first.notes),
        say(_("Type another one, or skip to keep it.")),
    )


def _outcomes(person: Person, visit: Visit) -> Generator[Any, Any, Mapping[Inspection, Outcome]]:
    """What came of each of the visit's inspections, in few taps when several seekers were to come."""
    alone = len(visit.inspections) == 1
    titles = TITLES if alone else TITLES_OF_SEVERAL
    picked = yield from ask(
        "outcome",
        choice(
            join(say(_("How did it go?")), brief(visit, person), *_before(visit)),
            list(titles),
            option=lambda outcome: Option(outcome, titles[outcome], also=ALSO[outcome]),
        ),
    )
    if picked != SOME_ABSENT:
        return dict.fromkeys(visit.inspections, Outcome(picked))
    absent = yield from _absent(visit)
    return {
        each: Outcome.SEEKER_ABSENT if each in absent else Outcome.COMPLETED for each in visit.inspections
    }


def _absent(visit: Visit) -> Generator[Any, Any, list[Inspection]]:
    """Who did not come: of two it can only be one."""
    if len(visit.inspections) == 2:
        return [(yield from ask("absent", choice(WHO, visit.inspections, option=_seeker)))]
    return list(
        (
            yield from ask(
                "absentees", several(WHO, visit.inspections, option=_seeker, none=say(_("All came")))
            )
        )
    )


WHO = say(_("Who did not come?"))


def _seeker(inspection: Inspection) -> Option:
    return Option(
        inspection.ref,
        say("{seeker:first} ({inspection})", seeker=inspection.seeker, inspection=inspection),
        also=(inspection.seeker.name, inspection.seeker.name.partition(" ")[0]),
    )


def _before(visit: Visit) -> list[Words]:
    """What was reported before, when it is corrected now."""
    if not visit.reported:
        return []
    outcomes = {each: Outcome(each.outcome) for each in visit.inspections}
    return [say(""), say(_("You reported:")), _put(outcomes)]


def _put(outcomes: Mapping[Inspection, Outcome]) -> Words:
    """What came of it; where not all have the same, who came and who did not."""
    if len(set(outcomes.values())) == 1:
        return say(_("Outcome: {outcome}"), outcome=next(iter(outcomes.values())).label)
    lines = []
    for outcome in Outcome:
        seekers = [each for each in outcomes if outcomes[each] == outcome]
        if seekers:
            title = OF_SOME.get(outcome, say("{outcome}", outcome=outcome.label))
            lines.append(say("{title}: {seekers}", title=title, seekers=Visit(tuple(seekers)).seekers))
    return join(*lines)


OF_SOME = {Outcome.COMPLETED: say(_("Came")), Outcome.SEEKER_ABSENT: say(_("Did not come"))}


def _lines(report: Report) -> list[Words]:
    """What will be reported, line by line."""
    lines = [_put(report.outcomes)]
    if report.note:
        lines.append(say(_("Note: {note}"), note=report.note))
    if report.photos:
        lines.append(
            say(
                ngettext_lazy("{count} photo", "{count} photos", len(report.photos)),
                count=len(report.photos),
            )
        )
    return lines


def _write(person: Person, visit: Visit, report: Report) -> Last:
    try:
        for inspection, outcome in report.outcomes.items():
            inspections.report(
                inspection=inspection,
                outcome=outcome,
                note=report.note,
                photos=[(photo.file, photo.digest) for photo in report.photos],
                actor=person.user,
                origin=Origin.CHAT,
            )
    except (TooEarly, TooLate, NotAssigned):
        return last(say(_("That inspection can't be reported any more.")), MINE)
    others = [each for each in _due(person) if not each.reported]
    return last(
        join(
            say(_("Reported. Everybody concerned is told.")),
            join(brief(visit, person), _put(report.outcomes)),
            say(_("Something wrong? You can correct it for 24 hours.")),
            separator="\n\n",
        ),
        *(Suggestion(say(_("Next one")), "complete_visit", each.first.ref) for each in others[:1]),
        Suggestion(say(_("Correct it")), "complete_visit", visit.first.ref),
        MINE,
    )

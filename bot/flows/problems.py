"""Telling the admins that something is wrong with a property or an inspection."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot.flows.booking import MINE
from bot.questions import Choice, Confirm, Option, at_most, choice, confirm, optional_text
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import feedback, inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, Property
from inspector_whatsapp.models.feedback import Problem
from inspector_whatsapp.words import Words, join, say

LATELY = timedelta(days=30)
LONGEST = 1000  # characters of what they write

ALSO: dict[str, tuple[str, ...]] = {
    Problem.FAKE: ("fake", "scam", "419", "not real"),
    Problem.MONEY: ("money", "asked for money", "pay", "payment"),
    Problem.UNSAFE: ("unsafe", "not safe", "danger", "afraid", "threat"),
    Problem.NOBODY_CAME: ("nobody", "no show", "nobody show", "absent"),
    Problem.OTHER: ("other", "else"),
}


@dataclass(frozen=True)
class Matter:
    """What a report is about."""

    property: Property
    inspection: Inspection | None = None

    def ref(self) -> str:
        return self.inspection.ref if self.inspection is not None else self.property.ref


@flow("report_problem")
def report(person: Person) -> Script:
    """Somebody reports a problem with a property or an inspection."""
    if person.argument:
        matter = _matter(person.argument.partition(".")[0], person)
        if matter is None:
            yield from ()
            return last(say(_("I can't find that property or inspection.")), MINE)
    else:
        matter = yield from ask("about", _about(person))
    problem = yield from ask("problem", _what(matter))
    words = yield from ask(
        "words",
        optional_text(
            join(
                *([DANGER] if problem == Problem.UNSAFE else []),
                say(_("Tell us what happened, in one message: who, when, how much. Or tap *Skip*.")),
                separator="\n\n",
            ),
            check=at_most(LONGEST),
        ),
    )
    if not (yield from ask("sure", _sure(matter, problem, words or ""))):
        yield from again("problem")
    feedback.report_problem(
        reporter=person.user,
        property=matter.property,
        inspection=matter.inspection,
        problem=problem,
        words=words or "",
        origin=Origin.CHAT,
    )
    return _told(problem, matter)


def _sure(matter: Matter, problem: Problem, words: str) -> Confirm:
    """What they write comes last: it may be cut to what a message holds."""
    return confirm(
        join(
            say(_("Report this?")),
            _named(matter),
            say("{label}", label=problem.label),
            *([say("“{words}”", words=words)] if words else []),
        ),
        yes=say(_("Yes, report it")),
        no=say(_("No, change it")),
    )


DANGER = say(_("If you are in danger now, call {number}."), number=settings.EMERGENCY_NUMBER)


def _told(problem: Problem, matter: Matter) -> Last:
    advice = {
        Problem.FAKE: _("Please pay nobody for it until you hear from us."),
        Problem.MONEY: _("Please pay nobody outside Inspector, and keep their messages and receipts."),
        Problem.UNSAFE: _("Please don't go there again until you hear from us. In danger, call {number}."),
        Problem.NOBODY_CAME: _("You can book another time meanwhile."),
    }.get(problem)
    again = Suggestion(say(_("Book again")), "book_inspection", matter.property.ref)
    return last(
        join(
            say(
                _("Thank you. I have told our people. They look into it, and write to you here or by e-mail.")
            ),
            *([say(advice, number=settings.EMERGENCY_NUMBER)] if advice is not None else []),
        ),
        *([again] if problem == Problem.NOBODY_CAME else []),
        MINE,
    )


def _about(person: Person) -> Choice[Matter]:
    """One of their inspections of late, or any property or inspection that they name."""
    recent = inspections.of(person.user).filter(
        starts_at__gt=person.now - LATELY, starts_at__lt=person.now + LATELY
    )
    matters = [Matter(each.property, each) for each in recent.order_by("-starts_at", "-pk")[:9]]
    words = (
        say(_("Which one is it about? Pick one, or type a ref like PR-1042."))
        if matters
        else say(_("Which property is it about? Type its ref, like PR-1042, or send its link."))
    )
    return About(
        words=words,
        items=matters,
        option=_matter_option,
        typed=lambda typed: [found] if (found := _matter(typed, person)) else [],
        gone=say(_("I can't find that property or inspection.")),
        hint=say(_("I can't find that. Type the ref of a property or an inspection, like PR-1042.")),
        person=person,
    )


@dataclass(frozen=True, kw_only=True)
class About(Choice[Matter]):
    """Something to report on, by its ref; what is named need not be among what is shown."""

    person: Person

    def read(self, kept: Any) -> Matter:
        found = _matter(str(kept), self.person)
        return found if found is not None else super().read(kept)


def _matter(named: str, person: Person) -> Matter | None:
    """What `named` is the ref of: an inspection that they may see, or a property on offer."""
    inspection = None if listings.ref_in(named) else inspections.by_ref(person.user, named)
    if inspection is not None:
        return Matter(inspection.property, inspection)
    property = listings.by_ref(named, viewer=person.user)
    return Matter(property) if property is not None else None


def _matter_option(matter: Matter) -> Option:
    if matter.inspection is None:
        return Option(matter.ref(), say("{property}", property=matter.property))
    return Option(
        matter.ref(),
        say("{inspection:when}", inspection=matter.inspection),
        say(_("{property:short} · {inspection}"), property=matter.property, inspection=matter.inspection),
        also=(matter.ref(), matter.property.ref),
    )


def _what(matter: Matter) -> Choice[Problem]:
    problems = [each for each in Problem if matter.inspection is not None or each != Problem.NOBODY_CAME]
    return choice(
        join(say(_("What is wrong?")), _named(matter)),
        problems,
        option=lambda problem: Option(
            problem.value, say("{label}", label=problem.label), also=ALSO[problem.value]
        ),
    )


def _named(matter: Matter) -> Words:
    if matter.inspection is None:
        return say("*{property}*", property=matter.property)
    return say(
        _("*{property:short}* · {inspection}, {inspection:when}"),
        property=matter.property,
        inspection=matter.inspection,
    )

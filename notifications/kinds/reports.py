"""What is said once an inspector has reported what came of an inspection."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Inspection, OutboxMessage, Role
from inspector_whatsapp.models.inspections import Outcome
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications.kind import Said, Topic
from notifications.kinds.about import WHAT_AND_WHEN, buttons, is_seeker, parameters, sentences, values
from notifications.kinds.inspections import InspectionChange, Part

_TO_SEEKER: Mapping[str, LazyText] = {
    Outcome.COMPLETED: _("Your inspection has taken place."),
    Outcome.SEEKER_ABSENT: _("We were told that you were not there."),
    Outcome.AGENT_ABSENT: _("We were told that the agent was not there. We are sorry."),
    Outcome.NO_ACCESS: _("We were told that nobody could get in. We are sorry."),
}
_TO_AGENT: Mapping[str, LazyText] = {
    Outcome.COMPLETED: _("{seeker} has inspected your property."),
    Outcome.SEEKER_ABSENT: _("{seeker} did not come."),
    Outcome.AGENT_ABSENT: _("We were told that you were not there."),
    Outcome.NO_ACCESS: _("We were told that nobody could get in."),
}
AS_LISTED = _("Was the property as it was listed?")


class InspectionReported(InspectionChange):
    """What came of an inspection. The seeker is asked about it, or offered another.

    `arguments` have the "outcome", and "corrected" when another one had been told before.
    """

    name = "inspection_reported"
    templates = ("inspection_feedback", "inspection_missed", "inspection_news", "seeker_missed")
    topic = Topic.AFTERWARDS
    recipients = (Role.SEEKER, Role.AGENT)
    useful_for = timedelta(days=3)
    heading = _("After the inspection")
    parts = {
        Role.SEEKER: Part(news=_("Your inspection has taken place."), question=AS_LISTED, entry=False),
        Role.AGENT: Part(news=_("{seeker} has inspected your property."), entry=False),
    }

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.outcome != message.arguments["outcome"]:
            raise Withheld("the report has been corrected meanwhile")

    def part(self, inspection: Inspection, message: OutboxMessage) -> Part:
        outcome = message.arguments["outcome"]
        if not is_seeker(message):
            return Part(news=_TO_AGENT[outcome], entry=False)
        return Part(
            news=_TO_SEEKER[outcome],
            question=AS_LISTED if outcome == Outcome.COMPLETED else "",
            entry=False,
        )

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        news = super().news(inspection, message, now)
        if not message.arguments.get("corrected"):
            return news
        return sentences(say(_("This corrects what we told you before.")), news)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        inspection = self.inspection(message)
        if not is_seeker(message):
            return super().whatsapp(message, now=now)
        news, part = self.news(inspection, message, now), self.part(inspection, message)
        if message.arguments["outcome"] == Outcome.COMPLETED:
            template = "inspection_feedback"
            answers = {"yes": _("Yes"), "partly": _("Partly"), "no": _("No")}
            taps = [
                tap
                for answer, title in answers.items()
                for tap in buttons(f"{inspection.ref}.{answer}", ("feedback", title))
            ]
        else:
            missed = message.arguments["outcome"] == Outcome.SEEKER_ABSENT
            template = "seeker_missed" if missed else "inspection_missed"
            taps = [
                *(buttons(inspection.ref, ("was_there", _("I was there"))) if missed else ()),
                *buttons(inspection.property.ref, ("book_inspection", _("Book again"))),
                *buttons(inspection.ref, ("report_problem", _("Report a problem"))),
            ]
        return Said(
            text=join(join(news, say(WHAT_AND_WHEN, **values(inspection))), part.question, separator="\n\n"),
            buttons=tuple(taps),
            template=template,
            parameters=parameters(inspection, template, news=news),
        )

"""What is said of an inspection that is near."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Inspection, OutboxMessage
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications.kind import Mail, Said, Topic
from notifications.kinds.about import (
    REF,
    SEE_PROPERTY,
    WHAT_AND_WHEN,
    WHAT_WHERE_WHEN,
    Action,
    buttons,
    is_seeker,
    page,
    parameters,
    revised,
    values,
    who,
)
from notifications.kinds.inspections import CHANGE_OR_CANCEL, OfInspection
from notifications.kinds.safety import at_the_door, code
from notifications.models import Reminder as ReminderRow
from notifications.models import ReminderState
from notifications.recipients import ROLES
from notifications.timeleft import TimeLeft

COMING: Action = ("coming", _("I'm coming"))
THERE: Action = ("arrive_visit", _("I'm there"))


class Reminder(OfInspection):
    """An inspection is near; says the time really left. `arguments` have the "reminder" as well."""

    name = "reminder"
    templates = ("inspection_news", "inspection_reminder", "inspection_today", "visit_today")
    topic = Topic.REMINDERS
    recipients = ROLES

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.state != InspectionState.CONFIRMED:
            raise Withheld(f"the inspection has been {inspection.state} meanwhile")
        # By its own row: a change that left the time as it was has left the reminder standing.
        row = ReminderRow.objects.filter(pk=message.arguments["reminder"], state=ReminderState.QUEUED).first()
        if row is None or row.revision != inspection.revision:
            raise Withheld("the inspection has been moved meanwhile")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        inspection = self.inspection(message)
        known, news = values(inspection), self.news(inspection, message, now)
        drawn = code(inspection, message, now)
        if not is_seeker(message) and drawn:
            return Said(
                text=join(news, say(WHAT_AND_WHEN, **known), *at_the_door(inspection, message, now)),
                buttons=buttons(inspection.ref, THERE),
                template="visit_today",
                parameters=parameters(
                    inspection,
                    "visit_today",
                    news=news,
                    code=say("{code}", code=drawn),
                    seeker=say("{seeker}", **known),
                ),
            )
        if not is_seeker(message):
            return Said(
                text=join(news, say(WHAT_AND_WHEN, **known)),
                template="inspection_news",
                parameters=parameters(inspection, "inspection_news", news=news),
            )
        return Said(
            text=join(
                news,
                say(WHAT_WHERE_WHEN, **known),
                who(inspection),
                *at_the_door(inspection, message, now),
            ),
            headline=say("{property:short} ({inspection}): {news}", news=news, **known),
            buttons=buttons(revised(inspection), COMING, *CHANGE_OR_CANCEL),
            template=(template := "inspection_today" if drawn else "inspection_reminder"),
            parameters=parameters(
                inspection,
                template,
                left=say("{left}", left=_left(inspection, now)),
                code=say("{code}", code=drawn),
            ),
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        inspection = self.inspection(message)
        known = values(inspection)
        return Mail(
            subject=say(_("Inspection {left}: {property:short}"), left=_left(inspection, now), **known),
            paragraphs=(
                self.news(inspection, message, now),
                say(WHAT_WHERE_WHEN, **known),
                who(inspection) if is_seeker(message) else say(_("Who comes: {seeker}"), **known),
                *at_the_door(inspection, message, now),
                say(REF, **known),
            ),
            link=(say(SEE_PROPERTY), page(inspection.property)),
        )

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        known = values(inspection) | {"left": _left(inspection, now)}
        if is_seeker(message):
            return say(_("Your inspection is {left}."), **known)
        return say(_("{seeker} comes to inspect {left}."), **known)


def _left(inspection: Inspection, now: datetime) -> TimeLeft:
    return TimeLeft(now, inspection.starts_at)

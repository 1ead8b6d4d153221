"""What is said of an inspection that is near."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Inspection, OutboxMessage
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications import coming
from notifications.attendance import TIME_TO_ANSWER
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
    running_late,
    sentences,
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
ARE_YOU_COMING = _("Are you coming?")
ANSWER = _("Say whether you are coming")
THERE: Action = ("arrive_visit", _("I'm there"))


class Reminder(OfInspection):
    """An inspection is near; says the time really left. Seekers are asked if they come, until they say so.

    `arguments` have the "reminder" as well, and "again" where only who has not answered is asked.
    """

    name = "reminder"
    templates = (
        *("inspection_near", "inspection_news", "inspection_reminder", "inspection_today"),
        *("inspection_unanswered", "visit_today"),
    )
    topic = Topic.REMINDERS
    recipients = ROLES
    alone = True

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.state != InspectionState.CONFIRMED:
            raise Withheld(f"the inspection has been {inspection.state} meanwhile")
        # By its own row: a change that left the time as it was has left the reminder standing.
        row = ReminderRow.objects.filter(pk=message.arguments["reminder"], state=ReminderState.QUEUED).first()
        if row is None or row.revision != inspection.revision:
            raise Withheld("the inspection has been moved meanwhile")
        if message.arguments.get("again") and inspection.coming_at is not None:
            raise Withheld("they have said meanwhile that they come")

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
        if inspection.coming_at is not None:
            template, question, actions = "inspection_near", say(""), CHANGE_OR_CANCEL
        else:
            template = "inspection_today" if drawn else "inspection_reminder"
            if message.arguments.get("again"):
                template = "inspection_unanswered"
            question, actions = say(ARE_YOU_COMING), (COMING, *CHANGE_OR_CANCEL)
        what = join(
            news,
            say(WHAT_WHERE_WHEN, **known),
            who(inspection, now),
            *at_the_door(inspection, message, now),
        )
        return Said(
            text=join(what, question, separator="\n\n"),
            headline=say("{property:short} ({inspection}): {news}", news=news, **known),
            buttons=buttons(revised(inspection), *actions),
            template=template,
            parameters=parameters(
                inspection,
                template,
                left=say("{left}", left=_left(inspection, now)),
                news=sentences(news, say(_("Door code: {code}."), code=drawn)) if drawn else news,
                code=say("{code}", code=drawn),
            ),
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        inspection = self.inspection(message)
        known = values(inspection) | {"left": _left(inspection, now)}
        asks = is_seeker(message) and inspection.coming_at is None
        again = asks and message.arguments.get("again")
        subject = (
            _("Are you coming? Inspection {left}") if again else _("Inspection {left}: {property:short}")
        )
        return Mail(
            subject=say(subject, **known),
            paragraphs=(
                self.news(inspection, message, now),
                say(WHAT_WHERE_WHEN, **known),
                who(inspection, now) if is_seeker(message) else say(_("Who comes: {seeker}"), **known),
                *at_the_door(inspection, message, now),
                say(REF, **known),
                *([say(ARE_YOU_COMING)] if asks else []),
            ),
            link=(say(ANSWER), coming.address(inspection))
            if asks
            else (say(SEE_PROPERTY), page(inspection.property)),
        )

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        known = values(inspection) | {"left": _left(inspection, now)}
        if not is_seeker(message):
            comes = say(_("{seeker} comes to inspect {left}."), **known)
            return sentences(comes, running_late(inspection, now))
        near = say(_("Your inspection is {left}."), **known)
        if inspection.coming_at is not None:
            return sentences(near, say(_("You said you are coming.")))
        if not message.arguments.get("again"):
            return near
        return sentences(
            near, say(_("You have not said yet whether you are coming.")), _warning(inspection, now)
        )


def _warning(inspection: Inspection, now: datetime) -> Words | None:
    """What the property's rule is for who does not answer: nobody loses a place unwarned."""
    hours = inspection.property.give_away_hours
    if hours is None:
        return None
    at = max(inspection.starts_at - timedelta(hours=hours), now + TIME_TO_ANSWER)
    return say(_("Without an answer your place may go to who waits for it, from {at:time} on."), at=at)


def _left(inspection: Inspection, now: datetime) -> TimeLeft:
    return TimeLeft(now, inspection.starts_at)

"""What is said of inspections: booked, moved, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.listings import Found
from inspector_whatsapp.models import Inspection, OutboxMessage, Role
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications import calendar
from notifications.kind import Attachment, Kind, Mail, Said, Topic, reader_of
from notifications.kinds import instead
from notifications.kinds.about import (
    ANSWER_IN_THE_CHAT,
    REF,
    SEE_PROPERTY,
    WHAT_WHERE_WHEN,
    Action,
    buttons,
    is_seeker,
    page,
    parameters,
    revised,
    sentences,
    values,
    who,
)
from notifications.kinds.safety import at_the_door, code
from notifications.recipients import ROLES

CHANGE_OR_CANCEL: tuple[Action, ...] = (("reschedule", _("Change")), ("cancel", _("Cancel")))
NEAR = timedelta(hours=12)  # an inspection tomorrow morning is like one of today
COMING_OR_NOT: tuple[Action, ...] = (("accept_visit", _("I'll be there")), ("hand_back_visit", _("I can't")))


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one role is told of a change: the news, a question with the buttons that answer it, a template."""

    news: LazyText
    template: str = "inspection_news"
    question: LazyText = ""
    answer: LazyText = ANSWER_IN_THE_CHAT  # how a letter says that it is answered
    actions: tuple[Action, ...] = ()
    meets: bool = False  # whether it says whom they will meet
    entry: bool = True  # whether the letter brings the calendar entry


class OfInspection(Kind):
    """What the kinds about an inspection share. `arguments`: {"inspection": pk, "revision": n, "role": …}."""

    def inspection(self, message: OutboxMessage) -> Inspection:
        """The inspection as it now is; Withheld when it is no longer what the message was written for."""
        rows = Inspection.objects.select_related("property__agent", "seeker", "inspector")
        inspection = rows.filter(pk=message.arguments["inspection"]).first()
        if inspection is None:
            raise Withheld("the inspection is gone")
        self.check(inspection, message)
        return inspection

    def essential(self, message: OutboxMessage, *, now: datetime) -> bool:
        """What concerns an inspection of today, or of the next hours, reaches people whatever they prefer."""
        rows = Inspection.objects.filter(pk=message.arguments["inspection"])
        starts_at = rows.values_list("starts_at", flat=True).first()
        if starts_at is None or starts_at < now:
            return False
        zone = reader_of(message, markup=True).tz
        return starts_at - now < NEAR or starts_at.astimezone(zone).date() == now.astimezone(zone).date()

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.state not in LIVE_STATES:
            raise Withheld(f"the inspection has been {inspection.state} meanwhile")
        if inspection.revision != message.arguments["revision"]:
            raise Withheld("the inspection has been moved meanwhile")
        theirs = inspection.inspector_id == message.account_id
        if message.arguments["role"] == Role.INSPECTOR and not theirs:
            raise Withheld("somebody else carries the inspection out")


class InspectionChange(OfInspection):
    """Something became of an inspection; each role is told its part.

    `arguments` may have "from" (when it was to be), and "calendar": false where nobody has the entry in
    their calendar that a letter would change.
    """

    heading: ClassVar[LazyText]
    parts: ClassVar[Mapping[Role, Part]]

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        inspection = self.inspection(message)
        part, news = self.part(inspection, message), self.news(inspection, message, now)
        drawn = self.code(inspection, message, now)
        return Said(
            text=join(
                join(
                    news,
                    say(WHAT_WHERE_WHEN, **values(inspection)),
                    who(inspection, now) if part.meets else "",
                    *(at_the_door(inspection, message, now) if drawn else ()),
                    say(REF, **values(inspection)),
                ),
                part.question,
                separator="\n\n",
            ),
            headline=say(
                "{property:short}, {inspection:when} ({inspection}): {news}", news=news, **values(inspection)
            ),
            buttons=buttons(revised(inspection), *part.actions),
            template=part.template,
            parameters=parameters(
                inspection,
                part.template,
                news=sentences(news, say(_("Door code: {code}."), code=drawn)) if drawn else news,
            ),
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        inspection = self.inspection(message)
        part, known = self.part(inspection, message), values(inspection)
        paragraphs = [self.news(inspection, message, now), say(WHAT_WHERE_WHEN, **known)]
        if part.meets:
            paragraphs.append(who(inspection, now))
        if self.code(inspection, message, now):
            paragraphs += at_the_door(inspection, message, now)
        paragraphs.append(say(REF, **known))
        if part.question:
            paragraphs.append(sentences(part.question, say(part.answer)))
        return Mail(
            subject=say("{heading}: {property:short}, {inspection:when}", heading=self.heading, **known),
            paragraphs=tuple(paragraphs),
            link=(say(SEE_PROPERTY), page(inspection.property)),
            attachments=self.entries(inspection, message, now) if part.entry else (),
        )

    def part(self, inspection: Inspection, message: OutboxMessage) -> Part:
        return self.parts[Role(message.arguments["role"])]

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        """What happened, on one line."""
        news = say(self.part(inspection, message).news, **values(inspection))
        before = parse_datetime(str(message.arguments.get("from", "")))
        if before is None or before == inspection.starts_at:
            return news
        return sentences(news, say(_("It was to be {before}."), before=before))

    def code(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> str:
        """The code for the door, where the message leaves on the day."""
        return ""

    def entries(
        self, inspection: Inspection, message: OutboxMessage, now: datetime
    ) -> tuple[Attachment, ...]:
        """The calendar entry that comes with the letter."""
        if not message.arguments.get("calendar", True):
            return ()
        assert message.account is not None
        link = page(inspection.property)
        return (calendar.invitation(inspection, attendee=message.account, now=now, link=link),)


class Visit(InspectionChange):
    """An inspection that the inspector is asked about, until they have said that they will be there."""

    def part(self, inspection: Inspection, message: OutboxMessage) -> Part:
        part = super().part(inspection, message)
        if message.arguments["role"] != Role.INSPECTOR or inspection.accepted_at is not None:
            return part
        return Part(
            news=part.news,
            template="inspection_assigned",
            question=_("Will you be there?"),
            actions=COMING_OR_NOT,
        )

    def code(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> str:
        return code(inspection, message, now)


class InspectionBooked(Visit):
    """An inspection was booked."""

    name = "inspection_booked"
    templates = ("inspection_assigned", "inspection_booked", "inspection_news")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection booked")
    parts = {
        Role.SEEKER: Part(
            news=_("Your inspection is booked."),
            template="inspection_booked",
            actions=CHANGE_OR_CANCEL,
            meets=True,
        ),
        Role.AGENT: Part(news=_("{seeker} booked an inspection.")),
        Role.INSPECTOR: Part(news=_("{seeker} booked an inspection.")),
    }


class InspectionMoved(Visit):
    """An inspection is at another time."""

    name = "inspection_moved"
    templates = ("inspection_assigned", "inspection_changed", "inspection_news")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection moved")
    parts = {
        Role.SEEKER: Part(
            news=_("Your inspection has been moved."),
            template="inspection_changed",
            actions=CHANGE_OR_CANCEL,
            meets=True,
        ),
        Role.AGENT: Part(news=_("The inspection with {seeker} has been moved.")),
        Role.INSPECTOR: Part(news=_("The inspection with {seeker} has been moved.")),
    }


class InspectionCancelled(InspectionChange):
    """An inspection will not take place. Said whatever has become of it since."""

    name = "inspection_cancelled"
    templates = ("inspection_instead", "inspection_news")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection cancelled")
    parts = {
        Role.SEEKER: Part(news=_("Your inspection has been cancelled.")),
        Role.AGENT: Part(news=_("The inspection with {seeker} has been cancelled.")),
        Role.INSPECTOR: Part(news=_("The inspection with {seeker} has been cancelled.")),
    }

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        """Always wanted."""

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        said = super().whatsapp(message, now=now)
        inspection = self.inspection(message)
        found = self.instead(inspection, message)
        if not found:
            return said
        template, news = "inspection_instead", self.news(inspection, message, now)
        return replace(
            said,
            text=join(said.text, instead.listed(found), separator="\n\n"),
            rows=instead.rows(found),
            buttons=buttons(inspection.property.ref, ("property", _("Similar homes"))),
            template=template,
            parameters=parameters(inspection, template, news=news),
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        mail = super().mail(message, now=now)
        found = self.instead(self.inspection(message), message)
        return replace(mail, paragraphs=(*mail.paragraphs, *instead.paragraphs(found)))

    def instead(self, inspection: Inspection, message: OutboxMessage) -> Sequence[Found]:
        """What else the seeker may see, where the property is gone."""
        return instead.of(inspection.property) if is_seeker(message) else ()

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        return sentences(super().news(inspection, message, now), reason(inspection))


def reason(inspection: Inspection) -> Words | None:
    """Why, in the words of whoever declined or cancelled it."""
    return say(_("The reason: “{why}”"), why=inspection.why) if inspection.why else None

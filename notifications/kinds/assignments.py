"""What is said of who carries an inspection out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Inspection, OutboxMessage, Role, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, say
from notifications import calendar
from notifications.kind import Attachment, Topic
from notifications.kinds.about import comers, first_name, first_names, is_seeker, page, values
from notifications.kinds.inspections import InspectionChange, Part, Visit
from notifications.kinds.safety import code
from notifications.recipients import ROLES


class InspectionAssigned(Visit):
    """Somebody is to carry an inspection out; the inspector is told once of everybody in the visit."""

    name = "inspection_assigned"
    templates = ("inspection_assigned", "inspection_news")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Who carries out the inspection")
    parts = {
        Role.SEEKER: Part(news=_("You will meet {person}."), entry=False),
        Role.AGENT: Part(news=_("{inspector} will carry out this inspection."), entry=False),
        Role.INSPECTOR: Part(news=_("You have an inspection to carry out. Who comes: {seekers}.")),
    }

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        if inspection.inspector is None:
            raise Withheld("nobody carries it out any more")

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        return say(
            self.part(inspection, message).news,
            **values(inspection),
            person=(inspection.inspector.name if inspection.inspector else "") or _("our inspector"),
            inspector=first_name(inspection.inspector),
            seekers=first_names(comers(inspection)),
        )


class InspectionOff(InspectionChange):
    """An inspection is no longer an inspector's: somebody else carries it out, or is looked for."""

    name = "inspection_off"
    templates = ("inspection_news",)
    topic = Topic.INSPECTIONS
    recipients = (Role.INSPECTOR,)
    heading = _("No longer yours")
    parts = {Role.INSPECTOR: Part(news=_("This inspection is no longer yours to carry out."))}

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        if inspection.inspector_id == message.account_id and inspection.state in LIVE_STATES:
            raise Withheld("it is theirs again")

    def entries(
        self, inspection: Inspection, message: OutboxMessage, now: datetime
    ) -> tuple[Attachment, ...]:
        assert message.account is not None
        link = page(inspection.property)
        return (
            calendar.invitation(inspection, attendee=message.account, now=now, link=link, withdrawn=True),
        )


class InspectionUnassigned(InspectionChange):
    """The inspector cannot come: the agent is told; on the day the seeker too, whose door code is another.

    `arguments` have the key of the "inspector" that it was.
    """

    name = "inspection_unassigned"
    templates = ("inspection_news",)
    topic = Topic.INSPECTIONS
    recipients = (Role.SEEKER, Role.AGENT)
    heading = _("Another inspector is looked for")
    parts = {
        Role.SEEKER: Part(
            news=_("{inspector} can't come. Somebody else will meet you, with another door code."),
            entry=False,
        ),
        Role.AGENT: Part(
            news=_("{inspector} can't come. We are looking for somebody else, and will tell you who."),
            entry=False,
        ),
    }

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        if inspection.inspector_id is not None:
            raise Withheld("somebody else carries it out by now")

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        former = User.objects.filter(pk=message.arguments["inspector"]).first()
        return say(self.part(inspection, message).news, inspector=first_name(former))

    def code(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> str:
        return code(inspection, message, now) if is_seeker(message) else ""

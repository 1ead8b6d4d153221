"""What is said where Inspector's own backend has the last word: not yet, not then, not that change."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import gateway
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, Role
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import join, say
from notifications.kind import Mail, Said, Topic, Urgency
from notifications.kinds.about import SEE_PROPERTY, page
from notifications.kinds.inspections import InspectionChange, Part
from notifications.kinds.listings import OfProperty
from notifications.kinds.requests import Refused
from notifications.recipients import ROLES

UNDONE = _("Your last change of this property was not accepted. It is {status} again.")


class StillConfirming(InspectionChange):
    """Somebody waits for longer than they were told they would."""

    name = "still_confirming"
    templates = ("inspection_news",)
    topic = Topic.INSPECTIONS
    recipients = (Role.SEEKER,)
    # Behind everything else of theirs: the confirmation itself must not wait for it.
    urgency: ClassVar[Urgency] = Urgency.LATER
    otherwise_by_mail = False
    heading = _("Still to be confirmed")
    parts = {
        Role.SEEKER: Part(
            news=_("Your inspection is still being confirmed. I'll tell you as soon as it is."), entry=False
        ),
    }

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        if inspection.state != InspectionState.REQUESTED or not gateway.pending(inspection):
            raise Withheld("it has been answered meanwhile")


class InspectionRefused(Refused):
    """Inspector's backend said no, or did not answer in time."""

    name = "inspection_refused"
    templates = ("inspection_news", "inspection_refused")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection not possible")
    parts = {
        Role.SEEKER: Part(news=_("Sorry, that time can't be had after all.")),
        Role.AGENT: Part(news=_("The time that {seeker} asked for can't be had. It will not take place.")),
        Role.INSPECTOR: Part(news=_("The inspection with {seeker} will not take place.")),
    }


class InspectionKept(InspectionChange):
    """Its new time was refused: it is where it was."""

    name = "inspection_kept"
    templates = ("inspection_news",)
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection stays as it was")
    others = Part(news=_("{seeker} can't have the new time. The inspection stays as it was."))
    parts = {
        Role.SEEKER: Part(news=_("Sorry, the new time can't be had. Your inspection stays as it was.")),
        Role.AGENT: others,
        Role.INSPECTOR: others,
    }


class InspectionStands(InspectionChange):
    """It was called off, and could not be."""

    name = "inspection_stands"
    templates = ("inspection_news",)
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection not cancelled")
    others = Part(news=_("The inspection with {seeker} could not be cancelled. It stands as it was."))
    parts = {
        Role.SEEKER: Part(news=_("Your inspection could not be cancelled. It stands as it was.")),
        Role.AGENT: others,
        Role.INSPECTOR: others,
    }


class ChangeUndone(OfProperty):
    """What an agent changed of a property was not accepted."""

    name = "change_undone"
    templates = ("change_undone",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT,)
    useful_for = timedelta(days=3)

    def check(self, property: Property, message: OutboxMessage) -> None:
        """Always wanted."""

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        status = property.get_status_display()
        return Said(
            text=join(say("*{property}*", property=property), say(UNDONE, status=status)),
            template="change_undone",
            parameters={
                "property": say("{property}", property=property),
                "status": say("{status}", status=status),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        return Mail(
            subject=say(_("Not changed: {property:short}"), property=property),
            paragraphs=(
                say("{property}", property=property),
                say(UNDONE, status=property.get_status_display()),
            ),
            link=(say(SEE_PROPERTY), page(property)),
        )

"""What is said of inspections that need the agent's yes: asked for, confirmed, declined, never answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, OutboxMessage, Role, Slot
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications.kind import Said, Topic
from notifications.kinds.about import WHAT_AND_WHEN, Action, buttons, parameters, sentences, times, values
from notifications.kinds.inspections import CHANGE_OR_CANCEL, InspectionChange, Part, Visit, reason
from notifications.recipients import ROLES

CONFIRM_OR_DECLINE: tuple[Action, ...] = (
    ("confirm_request", _("Confirm")),
    ("decline_request", _("Decline")),
)


class _Waiting(InspectionChange):
    """A request that its agent has not answered."""

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        if inspection.state != InspectionState.REQUESTED:
            raise Withheld(f"the inspection has been {inspection.state} meanwhile")


class InspectionRequested(_Waiting):
    """A seeker asks for an inspection, or for another time."""

    name = "inspection_requested"
    templates = ("inspection_news", "inspection_request")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection requested")
    parts = {
        Role.SEEKER: Part(
            news=_("Your request has gone to the agent. You will hear as soon as they answer.")
        ),
        Role.AGENT: Part(
            news=_("{seeker} asks for an inspection."),
            template="inspection_request",
            question=_("Does that time suit you?"),
            actions=CONFIRM_OR_DECLINE,
        ),
        # Hears of it only when the inspection stood before.
        Role.INSPECTOR: Part(news=_("{seeker} asks for another time. The agent has not said yes yet.")),
    }
    another_time: ClassVar[Mapping[Role, LazyText]] = {
        Role.SEEKER: _("You asked for another time. The agent has not said yes yet."),
        Role.AGENT: _("{seeker} asks for another time."),
    }

    def part(self, inspection: Inspection, message: OutboxMessage) -> Part:
        part, role = super().part(inspection, message), Role(message.arguments["role"])
        if "from" not in message.arguments or role not in self.another_time:
            return part
        return replace(part, news=self.another_time[role])


class RequestUnanswered(_Waiting):
    """The agent is asked once more."""

    name = "request_unanswered"
    templates = ("inspection_request",)
    topic = Topic.INSPECTIONS
    recipients = (Role.AGENT,)
    heading = _("Please answer")
    parts = {
        Role.AGENT: Part(
            news=_("{seeker} is still waiting for your answer."),
            template="inspection_request",
            question=_("Does that time suit you?"),
            actions=CONFIRM_OR_DECLINE,
            entry=False,
        ),
    }


class InspectionConfirmed(Visit):
    """The agent said yes."""

    name = "inspection_confirmed"
    templates = ("inspection_assigned", "inspection_confirmed", "inspection_news")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection confirmed")
    parts = {
        Role.SEEKER: Part(
            news=_("Your inspection is confirmed."),
            template="inspection_confirmed",
            actions=CHANGE_OR_CANCEL,
            meets=True,
        ),
        Role.AGENT: Part(news=_("The inspection with {seeker} is confirmed.")),
        Role.INSPECTOR: Part(news=_("{seeker} comes to inspect.")),
    }


class Refused(InspectionChange):
    """A request came to nothing: the seeker is offered the next free times."""

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        """Always wanted."""

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        inspection = self.inspection(message)
        if message.arguments["role"] != Role.SEEKER or not self.free(inspection, now):
            return super().whatsapp(message, now=now)
        news = self.news(inspection, message, now)
        return Said(
            text=join(
                join(self.told(inspection, message, now), say(WHAT_AND_WHEN, **values(inspection))),
                self.instead(inspection, now),
                separator="\n\n",
            ),
            buttons=buttons(inspection.property.ref, ("book_inspection", _("See other times"))),
            template="inspection_refused",
            parameters=parameters(inspection, "inspection_refused", news=news),
        )

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        told = self.told(inspection, message, now)
        if message.arguments["role"] != Role.SEEKER:
            return told
        return sentences(told, self.instead(inspection, now))

    def told(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        return sentences(super().news(inspection, message, now), reason(inspection))

    def instead(self, inspection: Inspection, now: datetime) -> Words:
        free = self.free(inspection, now)
        if not free:
            return say(_("The property has no other free times at the moment."))
        return say(_("Free instead: {times}."), times=times(free))

    def free(self, inspection: Inspection, now: datetime) -> list[Slot]:
        # The time itself is free again, but not what they were just refused.
        free = inspections.next_free(inspection.property, now=now, most=4)
        return [slot for slot in free if slot.pk != inspection.slot_id][:3]


class InspectionDeclined(Refused):
    """The agent said no."""

    name = "inspection_declined"
    templates = ("inspection_news", "inspection_refused")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection not possible")
    parts = {
        Role.SEEKER: Part(news=_("Sorry, the agent can't do that time.")),
        Role.AGENT: Part(news=_("The request of {seeker} was declined.")),
        Role.INSPECTOR: Part(news=_("The inspection with {seeker} will not take place.")),
    }


class InspectionReleased(Refused):
    """The agent never answered."""

    name = "inspection_released"
    templates = ("inspection_news", "inspection_refused")
    topic = Topic.INSPECTIONS
    recipients = ROLES
    heading = _("Inspection not possible")
    parts = {
        Role.SEEKER: Part(news=_("Sorry, the agent did not answer in time.")),
        Role.AGENT: Part(
            news=_("You did not answer {seeker} in time. The request has ended, and the time is free again.")
        ),
        Role.INSPECTOR: Part(news=_("The inspection with {seeker} will not take place.")),
    }

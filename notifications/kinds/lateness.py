"""What is said of an inspector who is late: when they will be there, and that they are."""

from datetime import datetime
from typing import ClassVar

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, OutboxMessage, Role
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, say
from notifications.kind import Topic, Urgency
from notifications.kinds.about import comers, first_name, first_names
from notifications.kinds.inspections import InspectionChange, Part


class OfDelay(InspectionChange):
    """What the kinds about a delay share. `arguments` have "expected_at" as well."""

    templates = ("inspection_news",)
    topic = Topic.INSPECTIONS
    urgency = Urgency.NOW
    recipients = (Role.SEEKER, Role.AGENT)
    # To the agent once for the whole visit.
    parts: ClassVar = {Role.SEEKER: Part(news=""), Role.AGENT: Part(news="", entry=False)}

    def essential(self, message: OutboxMessage, *, now: datetime) -> bool:
        """Somebody may be standing at the door."""
        return True

    def news(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> Words:
        return say(
            self.says(inspection, message, now),
            inspector=first_name(inspection.inspector),
            seekers=first_names(comers(inspection)),
            at=self.expected_at(message),
            begins=inspection.starts_at,
        )

    def says(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> LazyText:
        raise NotImplementedError

    def expected_at(self, message: OutboxMessage) -> datetime:
        at = parse_datetime(message.arguments["expected_at"])
        assert at is not None
        return at


class InspectorLate(OfDelay):
    """The inspector is late, and will be there at another time than was said so far."""

    name = "inspector_late"
    heading = _("Running late")

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        delay = inspections.delay_of(inspection, now=inspection.starts_at)
        if delay is None or delay.expected_at != self.expected_at(message):
            raise Withheld("they will be there at another time by now")

    def says(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> LazyText:
        if message.arguments["role"] == Role.SEEKER:
            return _("{inspector} is running late, and will be there at about {at:time}.")
        return _("{inspector} is running late for {seekers}, and will be there at about {at:time}.")


class InspectorThere(OfDelay):
    """The inspector who was to be late is there, or will be in time after all."""

    name = "inspector_there"
    heading = _("Not late any more")

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        if inspections.delay_of(inspection, now=inspection.starts_at) is not None:
            raise Withheld("they are late again")

    def says(self, inspection: Inspection, message: OutboxMessage, now: datetime) -> LazyText:
        if now < inspection.starts_at:
            return _("{inspector} will be there in time after all, at {begins:time}.")
        return _("{inspector} is there now.")

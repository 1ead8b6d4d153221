"""A test of a template, to the admin who asks for it."""

from datetime import datetime, timedelta

from inspector_whatsapp.models import OutboxMessage, Role
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, say
from notifications.kind import Kind, Said, Topic, Urgency
from notifications.models import MessageTemplate
from notifications.registry import shape


class TemplateTest(Kind):
    """What people would read, with given values or the examples; tapping its buttons begins nothing."""

    name = "template_test"
    topic = Topic.SECURITY  # asked for a moment ago: no preference, hour or stop is in its way
    recipients = (Role.ADMIN,)
    urgency = Urgency.NOW
    useful_for = timedelta(hours=1)
    otherwise_by_mail = False
    needs_link = False

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        row = MessageTemplate.objects.filter(pk=message.arguments["template"]).first()
        if row is None:
            raise Withheld("the template is gone")
        values = message.arguments.get("values") or row.examples
        return Said(
            text=plain(shape.filled(row.body, values)),
            buttons=tuple((f"v1|test|{number}", plain(title)) for number, title in enumerate(row.buttons)),
            template=row.name,
            parameters={name: plain(value) for name, value in values.items()},
        )


def plain(text: str) -> Words:
    """Words of an admin's as they are: braces in them are no places for values."""
    return say(text.replace("{", "{{").replace("}", "}}"))

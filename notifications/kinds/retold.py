"""What was written for a chat and did not arrive there, in a mailbox: one of the staff wanted that."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import say
from notifications.kind import Kind, Mail, Topic
from notifications.letters import RETOLD
from notifications.recipients import ROLES


class Retold(Kind):
    """What was written on WhatsApp, for who did not get it there. `arguments`: {"message": pk}."""

    name = RETOLD
    topic = Topic.MESSAGES
    recipients = ROLES

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        first = OutboxMessage.objects.filter(pk=message.arguments["message"]).first()
        if first is None or not first.text:
            raise Withheld("what it was to say is kept no more")
        parts = [line for line in first.text.splitlines() if line.strip()]
        return Mail(
            subject=say(_("What we wrote to you on WhatsApp")),
            paragraphs=(
                say(_("We wrote this to you on WhatsApp, and it may not have reached you there:")),
                *(say("{text}", text=part) for part in parts),
                say(_("You can answer in your WhatsApp chat with Inspector, or on the website.")),
            ),
        )

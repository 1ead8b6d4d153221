"""A kind of notification that says whatever a test has it say."""

from datetime import datetime

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.words import say
from notifications.kind import Kind, Mail, Said, Topic
from notifications.recipients import ROLES


class Odd(Kind):
    """`arguments`: {"words": …}, as a person wrote them."""

    name = "odd"
    topic = Topic.MESSAGES
    recipients = ROLES
    needs_link = False

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        words = say("For you: {words}", words=message.arguments["words"])
        return Said(
            text=words,
            buttons=(("v1|start|menu", say("Menu")),),
            template="property_rejected",
            parameters={"property": words, "why": words},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        words = say("For you: {words}", words=message.arguments["words"])
        return Mail(subject=words, paragraphs=(words,), link=(words, "https://inspector.example/"))

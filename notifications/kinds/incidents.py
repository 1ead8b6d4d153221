"""What the admins are told of the service itself."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp.incidents import kind_of
from inspector_whatsapp.models import Incident, OutboxMessage, Role
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, say
from notifications.kind import Kind, Mail, Topic, Urgency
from notifications.kinds.about import and_more

MOST = 20  # incidents that one mail names


class IncidentOpened(Kind):
    """Something is wrong and somebody has to act. `arguments`: {"incidents": [pk, …]}. By e-mail alone."""

    name = "incident_opened"
    topic = Topic.MESSAGES
    recipients = (Role.ADMIN,)
    urgency = Urgency.NOW
    useful_for = timedelta(days=1)
    needs_link = False

    def essential(self, message: OutboxMessage, *, now: datetime) -> bool:
        return True

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        named = Incident.objects.filter(pk__in=message.arguments["incidents"], closed_at=None)
        still = list(named.order_by("opened_at", "pk"))
        if not still:
            raise Withheld("it is over")
        paragraphs = [_told(incident) for incident in still[:MOST]]
        if len(still) > MOST:
            paragraphs.append(and_more(len(still) - MOST))
        return Mail(
            subject=_subject(still),
            paragraphs=(*paragraphs, say(_("No other mail follows while it stays open."))),
            link=(say(_("See it in the console")), _address(still)),
        )


def _told(incident: Incident) -> Words:
    """What is wrong and what to do: none of the words that a provider or a person said."""
    kind = kind_of(incident.kind)
    sentence = _("{title}, since {when}. {todo}")
    return say(sentence, title=say(kind.title), when=incident.opened_at, todo=say(kind.todo))


def _subject(incidents: list[Incident]) -> Words:
    if len(incidents) == 1:
        return say(_("Inspector WhatsApp: {title}"), title=say(kind_of(incidents[0].kind).title))
    many = ngettext_lazy(
        "Inspector WhatsApp: {count} thing needs you",
        "Inspector WhatsApp: {count} things need you",
        len(incidents),
    )
    return say(many, count=len(incidents))


def _address(incidents: list[Incident]) -> str:
    page = "admin:inspector_whatsapp_incident_"
    one = len(incidents) == 1
    path = reverse(f"{page}change", args=[incidents[0].pk]) if one else reverse(f"{page}changelist")
    return settings.PUBLIC_URL + path

"""What is said to an inspector who is asked to take a visit over."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp.models import Ask, OutboxMessage, Role
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications.kind import Kind, Mail, Said, Topic
from notifications.kinds.about import (
    ANSWER_IN_THE_CHAT,
    SEE_PROPERTY,
    WHAT_WHERE_WHEN,
    buttons,
    comers,
    first_names,
    page,
    sentences,
    values,
)


class VisitOffered(Kind):
    """An inspector is asked to take over a visit whose own cannot come. `arguments`: {"ask": pk}."""

    name = "visit_offered"
    templates = ("visit_offered",)
    topic = Topic.INSPECTIONS
    recipients = (Role.INSPECTOR,)
    alone = True
    one_way = True

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        ask = self.ask(message)
        known = values(ask.inspection)
        return Said(
            text=join(
                join(say(WANTED), say(WHAT_WHERE_WHEN, **known), _who(ask)), _until(), separator="\n\n"
            ),
            buttons=buttons(str(ask.pk), ("take_visit", _("I take it")), ("pass_visit", _("I can't"))),
            template="visit_offered",
            parameters={
                "property": say("{property}", **known),
                "address": say("{property:address}", **known),
                "when": say("{inspection:when}", **known),
                "minutes": say("{minutes}", minutes=settings.REASSIGN_MINUTES),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        ask = self.ask(message)
        known = values(ask.inspection)
        return Mail(
            subject=say(_("Do you take it over? {property:short}, {inspection:when}"), **known),
            paragraphs=(
                say(WANTED),
                say(WHAT_WHERE_WHEN, **known),
                _who(ask),
                sentences(_until(), say(ANSWER_IN_THE_CHAT)),
            ),
            link=(say(SEE_PROPERTY), page(ask.inspection.property)),
        )

    def ask(self, message: OutboxMessage) -> Ask:
        rows = Ask.objects.select_related("inspection__property__agent", "inspection__seeker")
        ask = rows.filter(pk=message.arguments["ask"]).first()
        if ask is None:
            raise Withheld("they are no longer asked")
        self.check(ask)
        return ask

    def check(self, ask: Ask) -> None:
        inspection = ask.inspection
        wanted = inspection.inspector_id is None and inspection.starts_at == ask.starts_at
        if ask.state != AskState.ASKED or not wanted:
            raise Withheld("they are no longer asked")


WANTED = _("An inspection near you needs an inspector. Do you take it?")


def _who(ask: Ask) -> Words:
    return say(_("Who comes: {seekers}"), seekers=first_names(comers(ask.inspection)))


def _until() -> Words:
    minutes = settings.REASSIGN_MINUTES
    says = ngettext_lazy(
        "Answer within {minutes} minute, or somebody else is asked.",
        "Answer within {minutes} minutes, or somebody else is asked.",
        minutes,
    )
    return say(says, minutes=minutes)

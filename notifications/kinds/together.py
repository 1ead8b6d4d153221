"""What is said of several things at once, and in Inspector's own words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.cloud_api.text import clip
from inspector_whatsapp.models import OutboxMessage, Role
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications import facts, mornings
from notifications.kind import Kind, Mail, Said, Topic, by_name, reader_of
from notifications.kinds.about import and_more
from notifications.recipients import ROLES

SHOWN = 8  # of what was held over night; more does not fit on a small phone
LINE = 140  # characters of one of them


class MorningDigest(Kind):
    """What was held over night. `arguments`: {"messages": [pk, …]}. Each of them has its own letter."""

    name = "morning_digest"
    templates = ("morning_digest",)
    topic = Topic.INSPECTIONS
    recipients = ROLES
    otherwise_by_mail = False

    def essential(self, message: OutboxMessage, *, now: datetime) -> bool:
        """Whether each was wanted has been decided for each."""
        return True

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        lines = list(self.lines(message, now))
        if not lines:
            raise Withheld("nothing of it is of use any more")
        shown, rest = lines[:SHOWN], len(lines) - SHOWN
        more = [and_more(rest)] if rest > 0 else []
        return Said(
            text=join(
                say(_("Good morning. Since last night:")),
                join(*(say("• {line}", line=line) for line in shown), *more),
                say(_("Write *menu* to see everything.")),
                separator="\n\n",
            ),
            template="morning_digest",
            parameters={"news": join(*shown, *more, separator="; ")},
        )

    def lines(self, message: OutboxMessage, now: datetime) -> Iterable[Words]:
        """What each of them still has to say, in a line, as far as it is still wanted here."""
        reader = reader_of(message, markup=True)
        for held in mornings.told_in(message):
            if held.expires_at is not None and held.expires_at <= now:
                continue
            try:
                kind = by_name(held.kind)
                said = kind.whatsapp(held, now=now)
            except (KeyError, Withheld):
                continue
            if not facts.wanted_on_whatsapp(kind, held, said, now=now):
                continue
            first = (said.headline or said.text).put(reader).split("\n")[0]
            yield say("{line}", line=say(clip(first, LINE).replace("{", "{{").replace("}", "}}")))


class InspectorMessage(Kind):
    """A message of Inspector's to somebody, in its own words. `arguments`: {"text": …}."""

    name = "inspector_message"
    templates = ("inspector_message",)
    topic = Topic.MESSAGES
    recipients = (*ROLES, Role.ADMIN)
    useful_for = timedelta(days=7)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        text = say("{text}", text=message.arguments["text"])
        return Said(
            text=join(say(_("A message from Inspector:")), text, separator="\n\n"),
            template="inspector_message",
            parameters={"text": text},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        return Mail(
            subject=say(_("A message from Inspector")),
            paragraphs=(
                say("{text}", text=message.arguments["text"]),
                say(_("You can answer in your WhatsApp chat with Inspector, or on the website.")),
            ),
        )

"""What is said to who waits for a place: it is offered, and the waiting is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp import inspections
from inspector_whatsapp.models import OutboxMessage, Role, Slot, Wait
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.waiting import WaitState
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications.kind import Kind, Mail, Said, Topic
from notifications.kinds.about import (
    ANSWER_IN_THE_CHAT,
    SEE_PROPERTY,
    Action,
    buttons,
    page,
    sentences,
    times,
)

WHERE = _("{property}\n{property:address}")


TAKE_OR_PASS: tuple[Action, ...] = (("take_place", _("Take it")), ("pass_place", _("No, thanks")))


class OfWait(Kind):
    """What the kinds about a wait share. `arguments`: {"wait": pk}."""

    one_way = True

    def wait(self, message: OutboxMessage) -> Wait:
        rows = Wait.objects.select_related("property__agent", "slot", "offered")
        wait = rows.filter(pk=message.arguments["wait"]).first()
        if wait is None:
            raise Withheld("they no longer wait")
        return wait


class PlaceOffered(OfWait):
    """A place has come free, and is held for a while for whoever waits for it."""

    name = "place_offered"
    templates = ("place_offered",)
    topic = Topic.INSPECTIONS
    recipients = (Role.SEEKER,)
    alone = True

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        wait, slot = self.offer(message)
        return Said(
            text=join(
                say("{yours} *{slot:when}*", yours=_yours(), slot=slot),
                say(WHERE, property=wait.property),
                say(ELSE_THE_NEXT),
                separator="\n\n",
            ),
            buttons=buttons(
                answered(wait, slot), ("take_place", _("Take it")), ("pass_place", _("No, thanks"))
            ),
            template="place_offered",
            parameters={
                "property": say("{property}", property=wait.property),
                "address": say("{property:address}", property=wait.property),
                "when": say("{slot:when}", slot=slot),
                "minutes": say("{minutes}", minutes=settings.PLACE_OFFER_MINUTES),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        wait, slot = self.offer(message)
        return Mail(
            subject=say(
                _("A place is free: {property:short}, {slot:when}"), property=wait.property, slot=slot
            ),
            paragraphs=(
                say("{yours} {slot:when}", yours=_yours(), slot=slot),
                say(WHERE, property=wait.property),
                sentences(say(ELSE_THE_NEXT), say(ANSWER_IN_THE_CHAT)),
            ),
            link=(say(SEE_PROPERTY), page(wait.property)),
        )

    def offer(self, message: OutboxMessage) -> tuple[Wait, Slot]:
        wait = self.wait(message)
        if wait.state != WaitState.OFFERED or wait.offered is None or wait.offered_at != _offered(message):
            raise Withheld("the offer is over")
        return wait, wait.offered


def _yours() -> Words:
    minutes = settings.PLACE_OFFER_MINUTES
    says = ngettext_lazy("Yours for {minutes} minute:", "Yours for {minutes} minutes:", minutes)
    return say(says, minutes=minutes)


ELSE_THE_NEXT = _("A place is free, and you are next. If you don't take it, it goes to the next person.")


def answered(wait: Wait, slot: Slot) -> str:
    """The offer as a button names it; with its time, so that a yes counts for no other."""
    return f"{wait.pk}.{int(slot.starts_at.timestamp())}"


def _offered(message: OutboxMessage) -> datetime:
    return datetime.fromisoformat(message.arguments["offered_at"])


class WaitingOver(OfWait):
    """They did not answer an offer in time, or what they waited for is no longer to be had."""

    name = "waiting_over"
    templates = ("waiting_over",)
    topic = Topic.INSPECTIONS
    recipients = (Role.SEEKER,)
    useful_for = timedelta(days=1)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        wait = self.wait(message)
        news = self.news(wait, message, now)
        return Said(
            text=join(news, self.what(wait)),
            buttons=buttons(wait.property.ref, ("book_inspection", _("See the times"))),
            template="waiting_over",
            parameters={
                "news": news,
                "property": say("{property}", property=wait.property),
                "when": self.when(wait),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        wait = self.wait(message)
        return Mail(
            subject=say(_("Your waiting is over: {property:short}"), property=wait.property),
            paragraphs=(self.news(wait, message, now), self.what(wait), say(ANSWER_IN_THE_CHAT)),
            link=(say(SEE_PROPERTY), page(wait.property)),
        )

    def what(self, wait: Wait) -> Words:
        return join(say("{property}", property=wait.property), self.when(wait))

    def when(self, wait: Wait) -> Words:
        slot = wait.offered or wait.slot
        return say("{slot:when}", slot=slot) if slot else say("{since:day}", since=wait.since)

    def news(self, wait: Wait, message: OutboxMessage, now: datetime) -> Words:
        why = WHY[message.arguments["why"]]
        free = inspections.next_free(wait.property, now=now)
        if wait.property.status != PropertyStatus.LIVE or not free:
            return say(why)
        return sentences(say(why), say(_("Free instead: {times}."), times=times(free)))


WHY: Mapping[str, LazyText] = {
    "unanswered": _("You did not answer in time, so the place went on. You can wait for another one."),
    "closed": _("You no longer wait for it: that time was closed."),
    "passed": _("No place came free in time. You can wait for another one."),
    "gone": _("You no longer wait for it: the property is no longer on offer."),
}

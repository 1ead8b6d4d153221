"""What is said of whether a property is still there: to its agent, who is asked, and to who wants to know."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp.listings import Found
from inspector_whatsapp.models import Enquiry, Inspection, OutboxMessage, Property, Role
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications import answer_page
from notifications.kind import Kind, Mail, Said, Topic
from notifications.kinds import instead
from notifications.kinds.about import SEE_PROPERTY, Action, buttons, page, sentences
from notifications.kinds.saved import INSPECTED_GONE

ANSWERS: tuple[Action, ...] = (
    ("property_there", _("Still there")),
    ("property_under_offer", _("Under offer")),
    ("property_taken", _("Taken")),
)


class OfEnquiry(Kind):
    """What the kinds about a question share. `arguments`: {"enquiry": pk}."""

    one_way = True

    def enquiry(self, message: OutboxMessage) -> Enquiry:
        """The question as it now is; Withheld when it is no longer what the message was written for."""
        rows = Enquiry.objects.select_related("property__agent")
        enquiry = rows.filter(pk=message.arguments["enquiry"]).first()
        if enquiry is None:
            raise Withheld("the question is gone")
        self.check(enquiry, message)
        return enquiry

    def check(self, enquiry: Enquiry, message: OutboxMessage) -> None:
        raise NotImplementedError


class EnquiryAsked(OfEnquiry):
    """Somebody wants to know whether an agent's property is still there, or is to inspect it tomorrow."""

    name = "enquiry_asked"
    templates = ("enquiry_asked",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT,)
    useful_for = timedelta(days=1)
    alone = True

    def check(self, enquiry: Enquiry, message: OutboxMessage) -> None:
        if enquiry.state != EnquiryState.ASKED:
            raise Withheld(f"the question is {enquiry.state} meanwhile")
        if enquiry.property.agent_id != message.account_id:
            raise Withheld("somebody else is the agent by now")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        enquiry = self.enquiry(message)
        return Said(
            text=join(
                say(_("*Is it still there?*")),
                say("{property}\n{property:address}", property=enquiry.property),
                sentences(self.who(enquiry), say(TAKEN_ENDS)),
                separator="\n\n",
            ),
            buttons=buttons(str(enquiry.pk), *ANSWERS),
            template="enquiry_asked",
            parameters={
                "property": say("{property}", property=enquiry.property),
                "address": say("{property:address}", property=enquiry.property),
                "who": self.who(enquiry),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        enquiry = self.enquiry(message)
        return Mail(
            subject=say(_("Is it still there? {property:short}"), property=enquiry.property),
            paragraphs=(
                self.who(enquiry),
                say("{property}\n{property:address}", property=enquiry.property),
                sentences(say(_("Say how it is on the page behind this link.")), say(TAKEN_ENDS)),
            ),
            link=(say(_("Answer")), answer_page.address(enquiry)),
        )

    def who(self, enquiry: Enquiry) -> Words:
        if enquiry.day is not None:
            return say(_("It is to be inspected on {day}."), day=enquiry.day)
        many = enquiry.enquirers.count()
        says = ngettext_lazy("{count} person wants to know.", "{count} people want to know.", many)
        return say(says, count=many)


TAKEN_ENDS = _(
    "If it is taken, inspections that are coming up are cancelled, and whoever booked one sees similar homes."
)


class OfAnswer(OfEnquiry):
    """What who wanted to know hears of it."""

    topic = Topic.INSPECTIONS
    recipients = (Role.SEEKER,)
    templates = ("enquiry_news",)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        enquiry = self.enquiry(message)
        news, found = self.news(enquiry, message, now), self.instead(enquiry)
        shown = say("*{property}*", property=enquiry.property)
        return Said(
            text=join(join(news, shown), instead.listed(found) if found else "", separator="\n\n"),
            headline=sentences(news, say("{property}", property=enquiry.property)),
            rows=instead.rows(found),
            buttons=buttons(enquiry.property.ref, ("property", _("See it"))),
            template="enquiry_news",
            parameters={"news": news, "property": say("{property}", property=enquiry.property)},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        enquiry = self.enquiry(message)
        return Mail(
            subject=say(_("Is it still there? {property:short}"), property=enquiry.property),
            paragraphs=(
                self.news(enquiry, message, now),
                say("{property}\n{property:address}", property=enquiry.property),
                *instead.paragraphs(self.instead(enquiry)),
            ),
            link=(say(SEE_PROPERTY), page(enquiry.property)),
        )

    def news(self, enquiry: Enquiry, message: OutboxMessage, now: datetime) -> Words:
        raise NotImplementedError

    def instead(self, enquiry: Enquiry) -> Sequence[Found]:
        return ()


class EnquiryAnswered(OfAnswer):
    """The agent has said whether it is still there."""

    name = "enquiry_answered"
    useful_for = timedelta(days=3)

    def check(self, enquiry: Enquiry, message: OutboxMessage) -> None:
        live = enquiry.property.status == PropertyStatus.LIVE
        if live != (enquiry.state == EnquiryState.THERE):
            raise Withheld(f"the property has become {enquiry.property.status} meanwhile")

    def news(self, enquiry: Enquiry, message: OutboxMessage, now: datetime) -> Words:
        if enquiry.state == EnquiryState.THERE:
            return say(_("Yes, it is still there: the agent said so on {at:when}."), at=enquiry.ended_at)
        return say(INSPECTED_GONE.get(enquiry.property.status, _("The property is no longer on offer.")))

    def instead(self, enquiry: Enquiry) -> Sequence[Found]:
        return instead.of(enquiry.property)


class EnquiryUnanswered(OfAnswer):
    """The agent has not said in time whether it is still there."""

    name = "enquiry_unanswered"
    useful_for = timedelta(days=1)

    def check(self, enquiry: Enquiry, message: OutboxMessage) -> None:
        if enquiry.state != EnquiryState.UNANSWERED:
            raise Withheld("the agent has answered meanwhile")
        if enquiry.property.status != PropertyStatus.LIVE:
            raise Withheld(f"the property has become {enquiry.property.status} meanwhile")

    def news(self, enquiry: Enquiry, message: OutboxMessage, now: datetime) -> Words:
        news = _("Not confirmed: the agent was asked on {at:when} and has not answered. You hear if they do.")
        if enquiry.answer_by is None:
            news = _("Not confirmed: the agent could not be reached. You hear if they answer.")
        stands = say(_("Your inspection stands.")) if self.inspects(enquiry.property, message, now) else None
        return sentences(say(news, at=enquiry.asked_at), stands)

    def inspects(self, property: Property, message: OutboxMessage, now: datetime) -> bool:
        theirs = Inspection.objects.filter(property=property, seeker=message.account_id)
        return theirs.filter(state__in=LIVE_STATES, starts_at__gt=now).exists()

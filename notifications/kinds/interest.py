"""What is said of interest in a property: to its agent, and the agent's invitation to the seeker."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import inspections
from inspector_whatsapp.models import Interest, OutboxMessage, Role
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications.kind import Kind, Mail, Said, Topic, Urgency
from notifications.kinds.about import SEE_PROPERTY, buttons, first_name, page, times


class OfInterest(Kind):
    """What the kinds about somebody's interest share. `arguments`: {"interest": pk}."""

    def interest(self, message: OutboxMessage) -> Interest:
        rows = Interest.objects.select_related("seeker", "property__agent")
        interest = rows.filter(pk=message.arguments["interest"]).first()
        if interest is None or interest.removed_at is not None:
            raise Withheld("they are no longer interested")
        if interest.property.status != PropertyStatus.LIVE:
            raise Withheld(f"the property has become {interest.property.status} meanwhile")
        return interest


class InterestShown(OfInterest):
    """Somebody keeps an agent's property in view."""

    name = "interest_shown"
    templates = ("interest_shown",)
    topic = Topic.INTEREST
    recipients = (Role.AGENT,)
    urgency = Urgency.LATER
    useful_for = timedelta(days=3)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        interest = self.interest(message)
        return Said(
            text=join(self.news(interest), say("{property}", property=interest.property)),
            buttons=buttons(str(interest.pk), ("invite", _("Invite to inspect"))),
            template="interest_shown",
            parameters={
                "seeker": say("{seeker}", seeker=first_name(interest.seeker)),
                "property": say("{property}", property=interest.property),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        interest = self.interest(message)
        return Mail(
            subject=say(_("Somebody is interested: {property:short}"), property=interest.property),
            paragraphs=(
                self.news(interest),
                say("{property}", property=interest.property),
                say(_("You can invite them to inspect it, in your WhatsApp chat with Inspector.")),
            ),
            link=(say(SEE_PROPERTY), page(interest.property)),
        )

    def news(self, interest: Interest) -> Words:
        return say(_("{seeker} is interested in your property."), seeker=first_name(interest.seeker))


class SeekerInvited(OfInterest):
    """An agent invites somebody who is interested to come and see."""

    name = "seeker_invited"
    templates = ("inspection_invitation",)
    topic = Topic.SAVED
    recipients = (Role.SEEKER,)
    useful_for = timedelta(days=3)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.interest(message).property
        free = self.free(message, now)
        return Said(
            text=join(
                say(INVITED),
                say("{property}\n{property:address}\n{property:price}", property=property),
                free,
            ),
            buttons=buttons(property.ref, ("book_inspection", _("Book"))),
            template="inspection_invitation",
            parameters={
                "property": say("{property}", property=property),
                "address": say("{property:address}", property=property),
                "times": free,
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.interest(message).property
        return Mail(
            subject=say(_("You are invited to inspect: {property:short}"), property=property),
            paragraphs=(
                say(INVITED),
                say("{property}\n{property:address}\n{property:price}", property=property),
                self.free(message, now),
                say(_("Book in your WhatsApp chat with Inspector, or on the website.")),
            ),
            link=(say(SEE_PROPERTY), page(property)),
        )

    def free(self, message: OutboxMessage, now: datetime) -> Words:
        slots = inspections.next_free(self.interest(message).property, now=now)
        if not slots:
            raise Withheld("the property has no free times any more")
        return say(_("Free times: {times}."), times=times(slots))


INVITED = _("The agent invites you to inspect a property that you saved.")

"""What is said to seekers of a property that they keep in view or are to inspect: gone, back, its price."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.labels import money
from inspector_whatsapp.models import Enquirer, Inspection, Interest, OutboxMessage, Property, Role
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications.kind import Mail, Said, Topic, Urgency
from notifications.kinds.about import SEE_PROPERTY, buttons, page
from notifications.kinds.inspections import InspectionChange, Part
from notifications.kinds.listings import OfProperty

GONE: Mapping[str, LazyText] = {
    PropertyStatus.UNAVAILABLE: _("{property} is not available at the moment."),
    PropertyStatus.LET: _("{property} has been let."),
    PropertyStatus.SOLD: _("{property} has been sold."),
}
INSPECTED_GONE: Mapping[str, LazyText] = {
    PropertyStatus.UNAVAILABLE: _("The property is not available at the moment."),
    PropertyStatus.LET: _("The property has been let."),
    PropertyStatus.SOLD: _("The property has been sold."),
}
BACK = _("{property} is available again.")
JUST = timedelta(seconds=10)  # of one transaction


class OfKeptProperty(OfProperty):
    """What the kinds about a property that a seeker keeps in view share."""

    topic = Topic.SAVED
    recipients = (Role.SEEKER,)
    urgency = Urgency.LATER
    useful_for = timedelta(days=3)

    def property(self, message: OutboxMessage) -> Property:
        property = super().property(message)
        kept = Interest.objects.filter(seeker=message.account_id, property=property, removed_at=None)
        if not kept.exists():
            raise Withheld("they no longer keep the property in view")
        return property


class PropertyAvailable(OfKeptProperty):
    """A property that a seeker keeps in view can be had again."""

    name = "property_available"
    templates = ("property_available",)
    category = Category.MARKETING

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        return Said(
            text=join(
                say(BACK, property=property), say("{property:price}", property=property), say(YOU_SAVED_IT)
            ),
            buttons=buttons(property.ref, ("book_inspection", _("Book")), ("remove", _("Remove"))),
            template="property_available",
            parameters={
                "property": say("{property}", property=property),
                "price": say("{property:price}", property=property),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        return Mail(
            subject=say(_("Available again: {property:short}"), property=property),
            paragraphs=(
                say(BACK, property=property),
                say("{property:address}\n{property:price}", property=property),
                say(YOU_SAVED_IT),
            ),
            link=(say(SEE_PROPERTY), page(property)),
        )


class PropertyGone(OfKeptProperty):
    """A property that a seeker keeps in view is let, sold, or not to be had for now."""

    name = "property_gone"
    templates = ("property_gone",)

    def check(self, property: Property, message: OutboxMessage) -> None:
        if property.status not in GONE:
            raise Withheld("the property is available again")
        asked = Enquirer.objects.filter(seeker=message.account_id, enquiry__property=property)
        gone = asked.filter(enquiry__state__in=(EnquiryState.UNDER_OFFER, EnquiryState.TAKEN))
        just = (message.created_at - JUST, message.created_at + JUST)
        if gone.filter(enquiry__ended_at__range=just).exists():
            raise Withheld("they are told of it as the answer to their question")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        news = say(GONE[property.status], property=property)
        return Said(
            text=join(news, say(STAYS_SAVED)),
            buttons=buttons(property.ref, ("remove", _("Remove"))),
            template="property_gone",
            parameters={"news": news},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        return Mail(
            subject=say(
                _("{property:short}: {status}"), property=property, status=_status_words(property.status)
            ),
            paragraphs=(say(GONE[property.status], property=property), say(STAYS_SAVED)),
        )


class PriceChanged(OfKeptProperty):
    """A property that a seeker keeps in view costs less now, or more.

    `arguments`: {"property": pk, "before": amount, "after": amount}, as text.
    """

    name = "price_changed"
    templates = ("price_changed",)
    category = Category.MARKETING

    def check(self, property: Property, message: OutboxMessage) -> None:
        super().check(property, message)
        if property.price != Decimal(message.arguments["after"]):
            raise Withheld("the price has changed again")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        return Said(
            text=join(
                self.news(property, message),
                say(BEFORE_AND_NOW, property=property, before=self.before(property, message)),
                say(YOU_SAVED_IT),
            ),
            buttons=buttons(property.ref, ("book_inspection", _("Book")), ("remove", _("Remove"))),
            template="price_changed",
            parameters={
                "property": say("{property}", property=property),
                "before": say("{before}", before=self.before(property, message)),
                "price": say("{property:price}", property=property),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        return Mail(
            subject=say(_("New price: {property:short}"), property=property),
            paragraphs=(
                self.news(property, message),
                say(BEFORE_AND_NOW, property=property, before=self.before(property, message)),
                say(YOU_SAVED_IT),
            ),
            link=(say(SEE_PROPERTY), page(property)),
        )

    def news(self, property: Property, message: OutboxMessage) -> Words:
        is_lower = property.price < Decimal(message.arguments["before"])
        return say(CHEAPER if is_lower else DEARER, property=property)

    def before(self, property: Property, message: OutboxMessage) -> str:
        return money(Decimal(message.arguments["before"]), property.currency)


CHEAPER = _("The price of {property} has gone down.")
DEARER = _("The price of {property} has gone up.")
BEFORE_AND_NOW = _("Before: {before}\nNow: {property:price}")
YOU_SAVED_IT = _("You saved this property.")
STAYS_SAVED = _("You saved this property. It stays in your list until you remove it.")


def _status_words(status: str) -> LazyText:
    return PropertyStatus(status).label


class InspectedPropertyChanged(InspectionChange):
    """A property can no longer be had, or again, and somebody has an inspection of it.

    `arguments` have the property's "status".
    """

    name = "inspected_property_changed"
    templates = ("inspection_in_doubt", "inspection_news")
    topic = Topic.INSPECTIONS
    recipients = (Role.SEEKER,)
    heading = _("About your inspection")

    def check(self, inspection: Inspection, message: OutboxMessage) -> None:
        super().check(inspection, message)
        if inspection.property.status != message.arguments["status"]:
            raise Withheld(f"the property has become {inspection.property.status} meanwhile")

    def part(self, inspection: Inspection, message: OutboxMessage) -> Part:
        status = inspection.property.status
        if status not in INSPECTED_GONE:
            return Part(news=_("The property is available again. Your inspection stands."), entry=False)
        return Part(
            news=INSPECTED_GONE[status],
            template="inspection_in_doubt",
            question=_("Your inspection has not been cancelled. Do you want to cancel it?"),
            actions=(("cancel", _("Cancel it")),),
            entry=False,
        )

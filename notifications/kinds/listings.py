"""What is said of properties: live, available again, gone; and free times that were closed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.labels import money
from inspector_whatsapp.models import Inspection, Interest, OutboxMessage, Property, Role, Slot, TimeOff
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications.kind import Kind, Mail, Said, Topic, Urgency
from notifications.kinds.about import SEE_PROPERTY, and_more, buttons, first_name, page
from notifications.kinds.inspections import InspectionChange, Part

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
SHOWN = 3  # free times that are named; of the rest it is said how many


class OfProperty(Kind):
    """What the kinds about a property share. `arguments`: {"property": pk}."""

    def property(self, message: OutboxMessage) -> Property:
        """The property as it now is; Withheld when it is no longer what the message was written for."""
        rows = Property.objects.select_related("agent")
        property = rows.filter(pk=message.arguments["property"]).first()
        if property is None:
            raise Withheld("the property is gone")
        self.check(property, message)
        return property

    def check(self, property: Property, message: OutboxMessage) -> None:
        if property.status != PropertyStatus.LIVE:
            raise Withheld(f"the property has become {property.status} meanwhile")


class PropertySubmitted(OfProperty):
    """An agent has handed a property in: the agent hears that it came, whoever runs Inspector that it waits.

    `arguments` have the "role".
    """

    name = "property_submitted"
    templates = ("property_submitted",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT, Role.ADMIN)
    useful_for = timedelta(days=3)

    def check(self, property: Property, message: OutboxMessage) -> None:
        if property.status != PropertyStatus.PENDING:
            raise Withheld(f"the property has become {property.status} meanwhile")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        return Said(
            text=join(say(RECEIVED), say("{property}", property=property), say(REVIEWED)),
            template="property_submitted",
            parameters={"property": say("{property}", property=property)},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        known = say("{property}\n{property:address}\n{property:price}", property=property)
        if message.arguments.get("role") == Role.ADMIN:
            review = reverse("admin:inspector_whatsapp_property_change", args=[property.pk])
            return Mail(
                subject=say(_("To review: {property:short}"), property=property),
                paragraphs=(say(_("An agent has handed in a property. Publish it, or say why not.")), known),
                link=(say(_("Review it")), f"{settings.PUBLIC_URL}{review}"),
            )
        return Mail(
            subject=say(_("We have your property: {property:short}"), property=property),
            paragraphs=(say(RECEIVED), known, say(REVIEWED)),
        )


class PropertyRejected(OfProperty):
    """A property was not published, and its agent hears why. `arguments` have "why", in somebody's words."""

    name = "property_rejected"
    templates = ("property_rejected",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT,)
    useful_for = timedelta(days=3)

    def check(self, property: Property, message: OutboxMessage) -> None:
        if property.status != PropertyStatus.DRAFT:
            raise Withheld(f"the property has become {property.status} meanwhile")

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        why = say("{why}", why=message.arguments["why"])
        return Said(
            text=join(
                say(REJECTED, property=property), say(_("The reason: “{why}”"), why=why), say(UPLOAD_AGAIN)
            ),
            buttons=buttons("", ("upload_property", _("Upload again"))),
            template="property_rejected",
            parameters={"property": say("{property}", property=property), "why": why},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        return Mail(
            subject=say(_("Not published: {property:short}"), property=property),
            paragraphs=(
                say(REJECTED, property=property),
                say(_("The reason: “{why}”"), why=message.arguments["why"]),
                say(UPLOAD_AGAIN),
            ),
        )


RECEIVED = _("We have received your property.")
REVIEWED = _("Inspector looks at it and publishes it. You will hear as soon as it is live.")
REJECTED = _("{property} was not published.")
UPLOAD_AGAIN = _("You can upload it again, corrected, in your WhatsApp chat with Inspector.")


class PropertyLive(OfProperty):
    """An agent's property is shown to everybody for the first time."""

    name = "property_live"
    templates = ("property_live",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT,)
    useful_for = timedelta(days=3)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property = self.property(message)
        return Said(
            text=join(
                say(_("Your property is live on Inspector.")),
                say("{property}", property=property),
                say(_("Open inspection slots, so that people can come and see it.")),
            ),
            buttons=(
                *buttons("", ("slots", _("Inspection slots"))),
                *buttons(property.ref, ("share", _("Share"))),
            ),
            template="property_live",
            parameters={"property": say("{property}", property=property)},
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property = self.property(message)
        return Mail(
            subject=say(_("Your property is live: {property:short}"), property=property),
            paragraphs=(
                say(_("Your property is live on Inspector.")),
                say("{property}\n{property:address}\n{property:price}", property=property),
                say(_("Open inspection slots, so that people can come and see it.")),
            ),
            link=(say(SEE_PROPERTY), page(property)),
        )


class PropertyAvailable(OfProperty):
    """A property that a seeker keeps in view can be had again."""

    name = "property_available"
    templates = ("property_available",)
    topic = Topic.SAVED
    recipients = (Role.SEEKER,)
    category = Category.MARKETING
    urgency = Urgency.LATER
    useful_for = timedelta(days=3)

    def check(self, property: Property, message: OutboxMessage) -> None:
        super().check(property, message)
        _still_kept(property, message)

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


class PropertyGone(OfProperty):
    """A property that a seeker keeps in view is let, sold, or not to be had for now."""

    name = "property_gone"
    templates = ("property_gone",)
    topic = Topic.SAVED
    recipients = (Role.SEEKER,)
    urgency = Urgency.LATER
    useful_for = timedelta(days=3)

    def check(self, property: Property, message: OutboxMessage) -> None:
        if property.status not in GONE:
            raise Withheld("the property is available again")
        _still_kept(property, message)

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


class PriceChanged(OfProperty):
    """A property that a seeker keeps in view costs less now, or more.

    `arguments`: {"property": pk, "before": amount, "after": amount}, as text.
    """

    name = "price_changed"
    templates = ("price_changed",)
    topic = Topic.SAVED
    recipients = (Role.SEEKER,)
    category = Category.MARKETING
    urgency = Urgency.LATER
    useful_for = timedelta(days=3)

    def check(self, property: Property, message: OutboxMessage) -> None:
        super().check(property, message)
        if property.price != Decimal(message.arguments["after"]):
            raise Withheld("the price has changed again")
        _still_kept(property, message)

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


def _still_kept(property: Property, message: OutboxMessage) -> None:
    kept = Interest.objects.filter(seeker=message.account_id, property=property, removed_at=None)
    if not kept.exists():
        raise Withheld("they no longer keep the property in view")


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


class FreeTimesClosed(Kind):
    """An inspector is away, and free times of an agent's properties were closed.

    `arguments`: {"time_off": pk, "slots": [pk, …]}, the agent's own.
    """

    name = "free_times_closed"
    templates = ("free_times_closed",)
    topic = Topic.LISTINGS
    recipients = (Role.AGENT,)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        off, slots = self.closed(message)
        lines = [say("{property:short}, {slot:when}", property=s.property, slot=s) for s in slots[:SHOWN]]
        if len(slots) > SHOWN:
            lines.append(and_more(len(slots) - SHOWN))
        return Said(
            text=join(self.news(off), *lines, say(OTHERS)),
            buttons=buttons("", ("slots", _("Inspection slots"))),
            template="free_times_closed",
            parameters={
                "inspector": say("{inspector}", inspector=first_name(off.inspector)),
                "start": say("{moment}", moment=off.starts_at),
                "end": say("{moment}", moment=off.ends_at),
                "times": join(*lines, separator="; "),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        off, slots = self.closed(message)
        return Mail(
            subject=say(_("Free inspection times were closed")),
            paragraphs=(
                self.news(off),
                join(*(say("{property}, {slot:when}", property=s.property, slot=s) for s in slots)),
                say(OTHERS),
            ),
        )

    def closed(self, message: OutboxMessage) -> tuple[TimeOff, list[Slot]]:
        off = TimeOff.objects.filter(pk=message.arguments["time_off"]).select_related("inspector").first()
        if off is None:
            raise Withheld("the inspector is there after all")
        slots = Slot.objects.filter(pk__in=message.arguments["slots"]).select_related("property")
        found = list(slots.order_by("starts_at", "pk"))
        if not found:
            raise Withheld("the times are gone")
        return off, found

    def news(self, off: TimeOff) -> Words:
        return say(
            _("{inspector} is away from {start} until {end}. These free times of yours were closed:"),
            inspector=first_name(off.inspector),
            start=off.starts_at,
            end=off.ends_at,
        )


OTHERS = _("You can open other times.")

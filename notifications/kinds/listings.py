"""What is said to agents of their properties: received, not published, live, free times closed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import OutboxMessage, Property, Role, Slot, TimeOff
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Words, join, say
from notifications.kind import Kind, Mail, Said, Topic
from notifications.kinds.about import SEE_PROPERTY, and_more, buttons, first_name, page

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

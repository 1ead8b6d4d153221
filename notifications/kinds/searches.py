"""What is said of what a seeker looks for: a match at once, or what is new once a day."""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp import listings, searches
from inspector_whatsapp.models import OutboxMessage, Property, Role, SavedSearch
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Address, Words, join, say
from notifications import alerts
from notifications.kind import Kind, Mail, Row, Said, Topic, Urgency
from notifications.kinds.about import SEE_PROPERTY, Action, and_more, buttons, page
from notifications.models import Alert

MY_ALERTS: Action = ("alerts", _("My alerts"))
LESS: Action = ("show_less", _("Less like this"))
SHOWN = 6  # properties of a digest that fit into a template


class SearchMatch(Kind):
    """A property has gone live that a seeker looks for.

    `arguments`: {"property": pk, "searches": [pk, …]}, those that it fits.
    """

    name = "search_match"
    templates = ("search_match",)
    topic = Topic.ALERTS
    recipients = (Role.SEEKER,)
    category = Category.MARKETING
    urgency = Urgency.LATER
    useful_for = timedelta(days=1)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        property, search = self.found(message)
        wishes = searches.describe(searches.from_json(search.criteria))
        return Said(
            text=join(
                join(say(NEW), say("_{wishes}_", wishes=wishes)),
                say("*{property}*\n{property:price}", property=property),
                separator="\n\n",
            ),
            buttons=(*buttons(property.ref, ("book_inspection", _("Book")), ("save", _("Save")), LESS),),
            template="search_match",
            parameters={
                "wishes": wishes,
                "property": say("{property}", property=property),
                "price": say("{property:price}", property=property),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        property, search = self.found(message)
        return Mail(
            subject=say(_("New for your alert: {property:short}"), property=property),
            paragraphs=(
                join(say(NEW), searches.describe(searches.from_json(search.criteria))),
                say("{property}\n{property:price}", property=property),
                say(HOW_TO_STOP),
            ),
            link=(say(SEE_PROPERTY), page(property)),
        )

    def found(self, message: OutboxMessage) -> tuple[Property, SavedSearch]:
        pk, seeker = message.arguments["property"], message.account_id
        property = listings.live().filter(pk=pk).first()
        if property is None:
            why = "the property is no longer live"
            raise Withheld(why, then=partial(alerts.was_not_told, property=pk, seeker=seeker, why=why))
        wanted = SavedSearch.objects.filter(pk__in=message.arguments["searches"], is_active=True)
        search = wanted.order_by("pk").first()
        if search is None:
            raise Withheld("they no longer look for it")
        return property, search


class SearchDigest(Kind):
    """What is new for somebody and was not told at once.

    `arguments`: {"properties": [pk, …], "more": number}, the newest first, and how many there are besides.
    """

    name = "search_digest"
    templates = ("search_digest",)
    topic = Topic.ALERTS
    recipients = (Role.SEEKER,)
    category = Category.MARKETING
    urgency = Urgency.LATER
    useful_for = timedelta(hours=20)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        found, more = self.found(message)
        many = len(found) + more
        news = self.news(many)
        return Said(
            text=join(
                join(news, *_rest(more)),
                say(
                    _("To see one, pick it here, or write its ref, as in {property:ref}."), property=found[0]
                ),
                say(_("To change or pause your alerts, write *alerts*.")),
                separator="\n\n",
            ),
            rows=tuple(map(_row, found)),
            buttons=buttons("", MY_ALERTS),
            template="search_digest",
            parameters={
                "news": news,
                "properties": join(*map(_line, found[:SHOWN]), *_rest(many - SHOWN), separator="; "),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        found, more = self.found(message)
        news = self.news(len(found) + more)
        return Mail(
            subject=news,
            paragraphs=(
                news,
                *(join(say(CARD, property=each), say("{page}", page=Address(page(each)))) for each in found),
                *_rest(more),
                say(HOW_TO_STOP),
            ),
        )

    def found(self, message: OutboxMessage) -> tuple[list[Property], int]:
        """Those that are still live and looked for, and how many there are besides."""
        named: list[int] = message.arguments["properties"]
        alerts = Alert.objects.filter(seeker=message.account_id, property__in=named)
        fitting = dict(alerts.values_list("property", "searches"))
        active = set(
            SavedSearch.objects.filter(seeker=message.account_id, is_active=True).values_list("pk", flat=True)
        )
        there = listings.live().in_bulk(key for key in named if active.intersection(fitting.get(key, ())))
        if not there:
            raise Withheld("nothing of it is of use any more")
        return [there[key] for key in named if key in there], message.arguments["more"]

    def news(self, many: int) -> Words:
        return say(
            ngettext_lazy(
                "{count} new property for your alerts", "{count} new properties for your alerts", many
            ),
            count=many,
        )


NEW = _("A new property fits your alert:")
HOW_TO_STOP = _("You can change or pause your alerts in your WhatsApp chat with Inspector.")


CARD = "{property}\n{property:price}\n{property:address}"


def _rest(many: int) -> list[Words]:
    return [and_more(many)] if many > 0 else []


def _row(property: Property) -> Row:
    """Its card is one tap away."""
    return Row(
        f"v1|start|property|{property.ref}",
        say("{property:kind}", property=property),
        say(_("{property:price} · {property:area} · {property:ref}"), property=property),
    )


def _line(property: Property) -> Words:
    return say("{property}, {property:price}", property=property)

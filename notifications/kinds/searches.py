"""What is said of what a seeker looks for: a match at once, or what is new once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp import listings, searches
from inspector_whatsapp.models import OutboxMessage, Property, Role, SavedSearch
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Address, Words, join, say
from notifications.kind import Kind, Mail, Said, Topic, Urgency
from notifications.kinds.about import SEE_PROPERTY, Action, and_more, buttons, page

MY_ALERTS: Action = ("alerts", _("My alerts"))
SHOWN = 6  # properties of a digest that fit on a small phone and into a template


class SearchMatch(Kind):
    """A property has gone live that a seeker looks for.

    `arguments`: {"property": pk, "searches": [pk, …]}, those that it fits.
    """

    name = "search_match"
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
            buttons=(
                *buttons(property.ref, ("book_inspection", _("Book")), ("save", _("Save"))),
                *buttons("", MY_ALERTS),
            ),
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
        property = listings.live().filter(pk=message.arguments["property"]).first()
        if property is None:
            raise Withheld("the property is no longer live")
        wanted = SavedSearch.objects.filter(pk__in=message.arguments["searches"], is_active=True)
        search = wanted.order_by("pk").first()
        if search is None:
            raise Withheld("they no longer look for it")
        return property, search


@dataclass(frozen=True)
class Found:
    """What is new for one search."""

    search: SavedSearch
    properties: Sequence[Property]


class SearchDigest(Kind):
    """What is new for a seeker's daily searches.

    `arguments`: {"found": [[search, [property, …]], …]}, by their keys.
    """

    name = "search_digest"
    topic = Topic.ALERTS
    recipients = (Role.SEEKER,)
    category = Category.MARKETING
    urgency = Urgency.LATER
    useful_for = timedelta(hours=20)

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        found = self.found(message)
        many = sum(len(one.properties) for one in found)
        first = [property for one in found for property in one.properties][:SHOWN]
        rest = [and_more(many - SHOWN)] if many > SHOWN else []
        blocks = []
        for one in found:
            shown = [property for property in one.properties if property in first]
            if shown:
                wishes = searches.describe(searches.from_json(one.search.criteria))
                blocks.append(join(say("_{wishes}_", wishes=wishes), *map(_line, shown)))
        return Said(
            text=join(
                self.news(many),
                *blocks,
                *rest,
                say(_("To see one, write its ref, as in {property:ref}."), property=first[0]),
                separator="\n\n",
            ),
            buttons=buttons("", MY_ALERTS),
            template="search_digest",
            parameters={
                "news": self.news(many),
                "properties": join(*map(_line, first), *rest, separator="; "),
            },
        )

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        found = self.found(message)
        many = sum(len(one.properties) for one in found)
        paragraphs = [self.news(many)]
        for one in found:
            paragraphs.append(searches.describe(searches.from_json(one.search.criteria)))
            paragraphs += [
                join(_line(each), say("{page}", page=Address(page(each)))) for each in one.properties
            ]
        return Mail(
            subject=self.news(many),
            paragraphs=(*paragraphs, say(HOW_TO_STOP)),
        )

    def found(self, message: OutboxMessage) -> list[Found]:
        """What is still live, for the searches that still are."""
        named = [(search, keys) for search, keys in message.arguments["found"]]
        kept = SavedSearch.objects.filter(is_active=True).in_bulk([search for search, _keys in named])
        live = Property.objects.filter(status=PropertyStatus.LIVE)
        there = live.in_bulk([key for _search, keys in named for key in keys])
        found = [
            Found(kept[search], [there[key] for key in keys if key in there])
            for search, keys in named
            if search in kept
        ]
        found = [one for one in found if one.properties]
        if not found:
            raise Withheld("nothing of it is of use any more")
        return found

    def news(self, many: int) -> Words:
        return say(
            ngettext_lazy(
                "{count} new property for your alerts", "{count} new properties for your alerts", many
            ),
            count=many,
        )


NEW = _("A new property fits your alert:")
HOW_TO_STOP = _("You can change or pause your alerts in your WhatsApp chat with Inspector.")


def _line(property: Property) -> Words:
    return say("{property}, {property:price}", property=property)

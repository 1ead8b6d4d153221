"""An agent says what a property of theirs costs from now on."""

import re
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from bot.amounts import MOST_OF_A_LISTING, Price
from bot.flows.properties import PROPERTIES, pick
from bot.questions import confirm
from bot.questions.prices import asking_price
from bot.scripts import Last, Person, Script, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Property, Role
from inspector_whatsapp.models.listings import ListingType
from inspector_whatsapp.words import join, say


@flow("change_price", roles=(Role.AGENT,))
def change_price(person: Person) -> Script:
    """An agent changes the price of a property.

    It may be named with what it is to cost: `PR-1042.2500000`.
    """
    ref, _dot, named = person.argument.partition(".")
    property = yield from pick(replace(person, argument=ref), say(_("The price of which property?")))
    if isinstance(property, Last):
        return property
    if property.currency != "NGN":
        elsewhere = _("{property} is not priced in naira. Please change its price on the website.")
        return last(say(elsewhere, property=property), PROPERTIES)
    price = _price_of(named, property)
    if price is None:
        words = say(_("{property} costs {property:price}. What shall it cost?"), property=property)
        price = yield from ask("price", asking_price(words, offer=ListingType(property.listing_type)))
    if price.period != property.period:
        other = _("{property} is priced {property:price}. Another period can be set on the website only.")
        return last(say(other, property=property), PROPERTIES)
    if price.amount == property.price:
        same = _("{property} costs {property:price} already. Nothing was changed.")
        return last(say(same, property=property), PROPERTIES)
    yes = yield from ask(
        "sure",
        confirm(
            join(
                say(_("Change this price?")),
                say("*{property}*", property=property),
                say(_("From {property:price}"), property=property),
                say(_("to *{price}*"), price=price),
            ),
            yes=say(_("Yes, change it")),
            changed=say(_("The price has changed since I asked. Please look again.")),
        ),
    )
    if not yes:
        kept = _("Nothing was changed: {property} costs {property:price}.")
        return last(say(kept, property=property), PROPERTIES)
    property = listings.set_price(
        property=property, price=Decimal(price.amount), actor=person.user, origin=Origin.CHAT
    )
    return last(say(_("Done: {property} costs {property:price} now."), property=property), PROPERTIES)


def _price_of(named: str, property: Property) -> Price | None:
    """The price that a button named, for the period that the property has."""
    if re.fullmatch(r"[0-9]{1,12}", named) is None or not 0 < int(named) < MOST_OF_A_LISTING:
        return None
    return Price(int(named), property.period)

"""An agent's own properties: how they stand, a new one, another state or price."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot import drafts, matching
from bot.amounts import MOST_OF_A_LISTING
from bot.assistant.answers.meant import Home, describes, own_home
from bot.assistant.commands import Slots
from bot.assistant.context import Context
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.flows.described import MOST_ROOMS
from bot.flows.foretold import SAID, is_begun
from bot.flows.interest import INTEREST
from bot.flows.looking import LOOK_ON
from bot.flows.properties import NOT_YOURS, PROPERTIES, STATUS_WORDS
from bot.scripts import Person, Suggestion
from inspector_whatsapp import listings
from inspector_whatsapp.labels import money
from inspector_whatsapp.listings import gazetteer
from inspector_whatsapp.models import Property, Role
from inspector_whatsapp.models.listings import AMENITY_WORDS, Kind, ListingType, PropertyStatus
from inspector_whatsapp.words import Words, join, say

STATUSES = {
    "available": PropertyStatus.LIVE,
    "rented": PropertyStatus.LET,
    "sold": PropertyStatus.SOLD,
    "unavailable": PropertyStatus.UNAVAILABLE,
}


def mine(slots: Slots, *, person: Person, context: Context, words: str = "") -> Outcome:
    """How their properties stand; one of them where it is named, and who likes it where that is asked."""
    if not _is_agent(person):
        return _not_an_agent(person, "availability")
    asks_who = _INTERESTED.search(matching.folded(words)) is not None
    if "property_ref" not in slots and not describes(slots):
        return Begin("interest" if asks_who else "availability")
    meant = own_home(slots, person=person, context=context)
    if meant.property is None:
        return _which(meant)
    return _liked(meant.property) if asks_who else _shown(meant.property)


_INTERESTED = re.compile(r"\binterest(?:ed|s)?\b|\bleads?\b|\bsaved?\b")


def _liked(property: Property) -> Tell:
    """How many keep a property of theirs in view."""
    many = listings.interested_in(property).count()
    if not many:
        return Tell(
            say(_("Nobody has saved {property} yet. Share a link to bring people to it."), property=property),
            (Suggestion(say(_("Share it")), "share", property.ref),),
        )
    count = ngettext_lazy(
        "{many} person is interested in {property}.", "{many} people are interested in {property}.", many
    )
    return Tell(say(count, many=many, property=property), (INTEREST,))


def change(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """Another state or price of a property of theirs; the flow asks for a yes, or for what is missing."""
    if not _is_agent(person):
        return _not_an_agent(person, "availability")
    meant = own_home(slots, person=person, context=context)
    property = meant.property
    if property is None:
        return _which(meant)
    if property.status == PropertyStatus.DRAFT:
        return _shown(property)
    status, price = STATUSES.get(slots.get("new_status", "")), slots.get("new_price")
    if price is not None:
        first = (say(_("The price first; then tell me of the rest.")),) if status is not None else ()
        amount = f".{price}" if 0 < price < MOST_OF_A_LISTING else ""
        return Begin("change_price", f"{property.ref}{amount}", first=first)
    if status is None:
        return Begin("availability", property.ref)
    if status == property.status:
        same = say(_("{property} is *{status}* already."), property=property, status=STATUS_WORDS[status])
        return Begin("availability", property.ref, first=(same,))
    return Begin("availability", f"{property.ref}.{status.value}")


def _shown(property: Property) -> Outcome:
    if property.status != PropertyStatus.DRAFT:
        return Begin("availability", property.ref)
    return Tell(say(_("{property} is a draft: finish it on the website."), property=property), (PROPERTIES,))


def _which(meant: Home) -> Outcome:
    """Several of theirs may be meant, or none."""
    if not meant.several:
        return Tell(NOT_YOURS, (PROPERTIES,))
    return Tell(
        join(
            say(_("Which of your properties?")),
            *(
                say("{property} · {status}", property=each, status=STATUS_WORDS[each.status])
                for each in meant.several
            ),
        ),
        tuple(
            Suggestion(say("{property:ref}", property=each), "availability", each.ref)
            for each in meant.several
        ),
    )


# --- a new one --------------------------------------------------------------------------------------------
def add(slots: Slots, *, person: Person) -> Outcome:
    """A new property, with what was said of it; one that is unfinished is never lost for it."""
    if not _is_agent(person):
        return _not_an_agent(person, "upload_property")
    draft = drafts.of(person.user, "describe_property", now=person.now)
    if draft is not None and is_begun(draft.answers):
        return Begin("upload_property")
    said = _said(slots)
    if not said:
        return Begin("describe_property")
    return Begin("describe_property", answers={SAID: said}, first=(_noted(said),))


def _said(slots: Slots) -> dict[str, Any]:
    """What was said of it, by the names of the items, each as its answer is kept."""
    said: dict[str, Any] = {}
    if len(slots.get("property_types", ())) == 1:
        said["kind"] = slots["property_types"][0]
    if "listing_type" in slots:
        said["offer"] = slots["listing_type"]
    price = slots.get("new_price", 0)
    if 0 < price < MOST_OF_A_LISTING and "currency" not in slots:
        said["price"] = [price, slots.get("price_period", "")]
    if 1 <= slots.get("bedrooms_min", 0) == slots.get("bedrooms_max", -1) <= MOST_ROOMS:
        said["bedrooms"] = slots["bedrooms_min"]
    if 1 <= slots.get("bathrooms_min", 0) <= MOST_ROOMS:
        said["bathrooms"] = slots["bathrooms_min"]
    areas = slots.get("areas", ())
    place = gazetteer.place_of(areas[0]) if len(areas) == 1 else None
    if place is not None:
        said["area"] = {"area": areas[0], "city": place[0], "state": place[1]}
    if slots.get("amenities"):
        said["amenities"] = list(slots["amenities"])
    return said


def _noted(said: dict[str, Any]) -> Words:
    """What was understood of it, so that a mistake is seen at once."""
    things = []
    if "kind" in said:
        things.append(say("{kind}", kind=Kind(said["kind"]).label))
    if "bedrooms" in said:
        count = said["bedrooms"]
        things.append(say(ngettext_lazy("{count} bedroom", "{count} bedrooms", count), count=count))
    if "offer" in said:
        things.append(say("{offer}", offer=ListingType(said["offer"]).label))
    if "price" in said:
        things.append(say("{price}", price=money(Decimal(said["price"][0]), "NGN")))
    if "area" in said:
        things.append(say("{area}", area=said["area"]["area"]))
    things += [say("{amenity}", amenity=AMENITY_WORDS[each]) for each in said.get("amenities", ())]
    return say(
        _("Noted: {things}. I ask for the rest, and you see all of it before it is sent."),
        things=join(*things, separator=", "),
    )


# --- who may ----------------------------------------------------------------------------------------------
def _is_agent(person: Person) -> bool:
    return person.account is not None and person.account.role_here == Role.AGENT


def _not_an_agent(person: Person, flow: str) -> Outcome:
    """Who is unknown connects first: they may be an agent."""
    if person.account is None:
        return Begin(flow)
    return Tell(
        say(
            _(
                "Only agents offer properties here, and this chat speaks for {account}, who is none. "
                "Type *switch* if you have an agent's account as well."
            ),
            account=person.account,
        ),
        (LOOK_ON,),
    )

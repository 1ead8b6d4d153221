"""Properties that a seeker keeps in view."""

from django.utils.translation import gettext_lazy as _

from bot.flows.cards import OFF_OFFER, property_option, show_card
from bot.flows.looking import LOOK_ON
from bot.questions import choice
from bot.scripts import Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.words import say

SAVED = Suggestion(say(_("My saved properties")), "properties_of_interest")


@flow("properties_of_interest")
def properties_of_interest(person: Person) -> Script:
    """A seeker looks at the properties they are interested in."""
    kept = listings.of_interest_to(person.user)
    if not kept[:1]:
        return last(say(_("You have saved no properties yet. Look around, and save what you like.")), LOOK_ON)
    property = yield from ask(
        "property",
        choice(
            say(_("Properties you're interested in. Pick one.")),
            kept,
            option=property_option,
            field="ref",
            gone=say(_("You no longer keep that property.")),
        ),
    )
    return (yield from show_card(person, property, saved=True, back_to="property"))


@flow("save")
def save(person: Person) -> Script:
    """A seeker keeps a property in view."""
    property = listings.by_ref(person.argument, viewer=person.user)
    if property is None:
        return last(OFF_OFFER, LOOK_ON)
    yield from ()
    listings.show_interest(seeker=person.user, property=property, origin=Origin.CHAT)
    return last(
        say(_("Saved: {property}. You find it under *Properties I'm interested in*."), property=property),
        Suggestion(say(_("Book an inspection")), "book_inspection", property.ref),
        LOOK_ON,
    )


@flow("remove")
def remove(person: Person) -> Script:
    """A seeker no longer keeps a property in view."""
    property = listings.of_interest_to(person.user).filter(ref=person.argument).first()
    if property is None:
        return last(say(_("You don't keep that property.")), SAVED)
    yield from ()
    listings.remove_interest(seeker=person.user, property=property, origin=Origin.CHAT)
    return last(say(_("Removed: {property}."), property=property), SAVED)

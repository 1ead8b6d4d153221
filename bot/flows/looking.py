"""Looking for a property: what the website shows to everyone, linked or not."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.assistant.criteria import slots_of
from bot.flows.cards import HOW_TO_FORWARD, OFF_OFFER, message_to_forward, property_option, show_card
from bot.flows.results import ALERT, change, lead_on, results
from bot.flows.shorthand import argument_of
from bot.flows.wanted import Place, ask_wanted
from bot.questions import Option, choice
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Property
from inspector_whatsapp.words import say


@dataclass(frozen=True)
class Found:
    """A property, and the question that it answered."""

    property: Property
    question: str


@flow("look_around", needs_account=False)
def look_around(person: Person) -> Script:
    """Somebody looks for a property."""
    found = yield from find_property(person)
    if isinstance(found, Last):
        return found
    back_to = "property" if found.question == "property" else ""
    return (
        yield from show_card(person, found.property, saved=is_saved(person, found.property), back_to=back_to)
    )


@flow("property", needs_account=False)
def one_property(person: Person) -> Script:
    """Somebody named a property by its ref or link."""
    property = listings.by_ref(person.argument, viewer=person.account)
    if property is None:
        return (yield from _like_it(person))
    return (yield from show_card(person, property, saved=is_saved(person, property)))


def _like_it(person: Person) -> Script:
    """What is like a property that was on offer and is not any more."""
    over = listings.over(person.argument)
    found = listings.similar(over) if over else None
    if over is None or found is None or not found.exists():
        return last(say(_("I can't find that property, or it is no longer on offer.")), LOOK_ON)
    picked: Property = yield from ask(
        "instead",
        choice(
            say(_("{property} is no longer on offer. These are like it. Which one?"), property=over),
            found,
            option=property_option,
            field="ref",
            gone=OFF_OFFER,
        ),
    )
    return (yield from show_card(person, picked, saved=is_saved(person, picked), back_to="instead"))


@flow("forward", needs_account=False)
def forward(person: Person) -> Script:
    """Somebody wants to show a property to others."""
    yield from ()
    property = listings.by_ref(person.argument)
    if property is None:
        return last(OFF_OFFER, LOOK_ON)
    return last(
        HOW_TO_FORWARD,
        Suggestion(say(_("See it again")), "property", property.ref),
        LOOK_ON,
        sends=(message_to_forward(property, person),),
    )


LOOK_ON = Suggestion(say(_("Look around")), "look_around")


def is_saved(person: Person, property: Property) -> bool:
    """Whether they keep it in view."""
    account = person.account
    return account is not None and property.interests.filter(seeker=account, removed_at=None).exists()


def find_property(person: Person) -> Generator[Any, Any, Found | Last]:
    """Ask until one property is picked: an area, kind, bedrooms and budget; or a ref or link at once.

    Last words instead, when they would rather hear of what comes.
    """
    wanted = yield from ask_wanted(person)
    if isinstance(wanted, Property):
        return Found(wanted, "where")
    criteria, place = wanted
    if place.empty:
        return (yield from _nothing_there(criteria, place))
    slots = slots_of(criteria)
    picked = yield from ask("property", results(person, slots))
    if picked.property is not None:
        return Found(picked.property, "property")
    following = lead_on(picked, slots, person)
    return following or change(picked, slots)


def _nothing_there(criteria: Criteria, place: Place) -> Generator[Any, Any, Last]:
    """Nothing at all is on offer there: an alert, or another place; that goes round."""
    alert = argument_of(criteria)
    wish, _title = yield from ask(
        "instead",
        choice(
            say(
                _("Nothing is on offer in {area} now. Shall I tell you when something comes?"),
                area=place.name,
            ),
            [(ALERT, say(_("Tell me of new ones"))), ("where", say(_("Another area")))],
            option=lambda pair: Option(
                pair[0], pair[1], starts=("save_alert", alert) if pair[0] == ALERT else None
            ),
        ),
    )
    if wish != ALERT:
        yield from again(wish)
    return last(say(""), then="save_alert", argument=alert)

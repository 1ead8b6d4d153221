"""Looking for a property: what the website shows to everyone, linked or not."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.flows.cards import HOW_TO_FORWARD, message_to_forward, property_option, show_card
from bot.flows.shorthand import argument_of
from bot.flows.wanted import Place, ask_wanted, by_ref
from bot.questions import Choice, Gone, Option, Prompt, choice
from bot.scripts import Last, Person, Script, Suggestion, again, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.labels import money
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import Property
from inspector_whatsapp.words import Words, say

ALERT = "alert"


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
            gone=say(_("That property is no longer on offer.")),
        ),
    )
    return (yield from show_card(person, picked, saved=is_saved(person, picked), back_to="instead"))


@flow("forward", needs_account=False)
def forward(person: Person) -> Script:
    """Somebody wants to show a property to others."""
    yield from ()
    property = listings.by_ref(person.argument)
    if property is None:
        return last(say(_("That property is no longer on offer.")), LOOK_ON)
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
    found = listings.search(criteria)
    if not found.exists():
        return (yield from _nothing_found(criteria, place))
    picked = yield from ask(
        "property",
        Results(
            words=_here_is(criteria),
            items=found,
            option=_result_option,
            typed=lambda words: by_ref(words, person),
            gone=say(_("That property is no longer on offer.")),
            person=person,
            alert=argument_of(criteria),
        ),
    )
    if picked is None:
        return last(say(""), then="save_alert", argument=argument_of(criteria))
    return Found(picked, "property")


def _here_is(criteria: Criteria) -> Words:
    least, most = (
        None if p is None else money(Decimal(p), "NGN") for p in (criteria.price_min, criteria.price_max)
    )
    if least is not None and most is not None:
        words = say(
            _("Here is what I found from {least} to {most}, newest first. Which one?"), least=least, most=most
        )
    elif least is not None:
        words = say(_("Here is what I found from {least}, newest first. Which one?"), least=least)
    elif most is not None:
        words = say(_("Here is what I found up to {budget}, newest first. Which one?"), budget=most)
    else:
        words = say(_("Here is what I found, newest first. Which one?"))
    return words


@dataclass(frozen=True, kw_only=True)
class Results(Choice["Property | None"]):
    """Properties that were found; one that is named by its ref may be any other. None: they want an alert.

    alert: what an alert for this search is begun with; empty: none is offered.
    """

    person: Person
    alert: str

    def prompt(self, page: int) -> Prompt:
        shown = super().prompt(page)
        if not self.alert:
            return shown
        return replace(shown, options=(*shown.options, _alert_option(self.alert)))

    def read(self, kept: Any) -> Property | None:
        if kept == ALERT:
            return None
        property = listings.by_ref(str(kept), viewer=self.person.account)
        if property is None:
            raise Gone(self.gone)
        return property


def _result_option(found: Property | None) -> Option:
    return _alert_option("") if found is None else property_option(found)


def _alert_option(argument: str) -> Option:
    """An alert for what was looked for, as a word to type."""
    also = ("alert", "alert me", "tell me", "notify me")
    return Option(
        ALERT,
        say(_("alert")),
        say(_("to hear of new ones")),
        also=also,
        starts=("save_alert", argument),
        quiet=True,
    )


def _nothing_found(criteria: Criteria, place: Place) -> Generator[Any, Any, Last]:
    """Nothing fits: an alert, or which wish to change; that goes round."""
    alert = argument_of(criteria)
    wishes = [
        *([(ALERT, say(_("Tell me of new ones")))] if alert else []),
        *([] if place.empty else [("budget", say(_("The budget")))]),
        *([("bedrooms", say(_("The bedrooms")))] if criteria.bedrooms_min is not None else []),
        *([] if place.empty else [("kind", say(_("The kind")))]),
        ("where", say(_("Another area")) if place.empty else say(_("The area"))),
    ]
    wish, _title = yield from ask(
        "instead",
        choice(
            say(
                _("Nothing is on offer in {area} now. Shall I tell you when something comes?"),
                area=place.name,
            )
            if place.empty
            else say(
                _("I found nothing like that. Shall I tell you when one comes, or shall we change something?")
            ),
            wishes,
            option=lambda pair: Option(
                pair[0], pair[1], starts=("save_alert", alert) if pair[0] == ALERT else None
            ),
        ),
    )
    if wish != ALERT:
        yield from again(wish)
    return last(say(""), then="save_alert", argument=alert)

"""Properties: looking for some, what one has, whether it is still on offer, an alert for more."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.assistant.answers import unread
from bot.assistant.answers.meant import Home, describes, home
from bot.assistant.commands import Command, Intent, Slots, only
from bot.assistant.context import Context
from bot.assistant.criteria import criteria_of
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.flows.looking import LOOK_ON
from bot.flows.properties import STATUS_WORDS
from bot.scripts import Person
from inspector_whatsapp import enquiries, searches
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.listings import AMENITY_WORDS, PropertyStatus
from inspector_whatsapp.words import Words, join, say

WHICH = say(_("Which property do you mean? Tell me its ref, like PR-1042, or where it is."))


def search(slots: Slots, words: str, *, person: Person) -> Outcome:
    """What fits; of what could not be looked for, that is said."""
    first = (*unread.price(words), *unread.day(words), *unread.place(words, now=person.now))
    return Begin("find", answers={"wanted": only(Intent.SEARCH_PROPERTIES, slots)}, first=first)


def more(context: Context) -> Outcome:
    """The next ones of the last search."""
    wanted = only(Intent.SEARCH_PROPERTIES, context.last_slots)
    if not wanted and not context.results:
        return Begin("look_around", first=(say(_("More of what? Tell me what you look for.")),))
    return Begin("find", answers={"wanted": wanted, "page": 1})


def details(command: Command, *, person: Person, context: Context, words: str = "") -> Outcome:
    """One property's card; what was asked of it is answered first."""
    meant = home(command.slots, person=person, context=context)
    if meant.property is None:
        return which(meant, command.slots)
    return Begin(
        "property", meant.property.ref, first=(*unread.day(words), *_has(meant.property, command.slots))
    )


def available(command: Command, *, person: Person, context: Context) -> Outcome:
    """Whether one property is still on offer; its card, or what is like it."""
    meant = home(command.slots, person=person, context=context)
    property = meant.property
    if property is None:
        return which(meant, command.slots)
    if property.status == PropertyStatus.LIVE:
        first = _on_offer(property, person)
    elif property.status in STATUS_WORDS:
        first = say(_("{property} is *{status}*."), property=property, status=STATUS_WORDS[property.status])
    else:
        first = say(_("{property} is a draft: nobody else sees it."), property=property)
    return Begin("property", property.ref, first=(first, *_has(property, command.slots)))


def _on_offer(property: Property, person: Person) -> Words:
    """Its card says whether its agent has confirmed it; where they have not, they can be asked."""
    first = say(_("Yes, {property} is still on offer."), property=property)
    known = enquiries.standing(property, now=person.now)
    if not enquiries.may_ask(property, person.account, known=known, now=person.now):
        return first
    return join(first, say(_("To have its agent confirm it, tap *Still there?*")))


def which(meant: Home, slots: Slots) -> Outcome:
    """What to do where it is not one property that is meant."""
    if meant.ref:  # that flow says what became of it, or that there is none
        return Begin("property", meant.ref)
    if not describes(slots):
        return Tell(WHICH, (LOOK_ON,))
    first = (say(_("It may be one of several:")),) if meant.several else ()
    return Begin("find", answers={"wanted": only(Intent.SEARCH_PROPERTIES, slots)}, first=first)


def _has(property: Property, slots: Slots) -> Sequence[Words]:
    """Whether it has what was asked for, as far as its listing says."""
    asked = dict.fromkeys((*slots.get("amenities", ()), *slots.get("amenities_excluded", ())))
    there = [each for each in asked if each in property.amenities]
    silent = [each for each in asked if each not in property.amenities]
    lines = []
    if there:
        lines.append(say(_("Yes, the listing says: {things}."), things=_named(there)))
    if silent:
        lines.append(say(_("The listing doesn't say: {things}."), things=_named(silent)))
    return [join(*lines)] if lines else []


def _named(amenities: Sequence[str]) -> Words:
    return join(*(say("{thing}", thing=AMENITY_WORDS[each]) for each in amenities), separator=", ")


# --- alerts -----------------------------------------------------------------------------------------------
_THEIRS = re.compile(r"\b(?:my|mine) (?:\w+ )?(?:alerts?|saved search(?:es)?)\b")


def alert(slots: Slots, words: str = "", *, person: Person) -> Outcome:
    """An alert with what was said (its flow asks for the rest); or those there are, if they are meant."""
    if _THEIRS.search(matching.folded(words)):
        return Begin("alerts")
    wanted = searches.to_json(criteria_of(slots, zone=person.reader.tz))
    return Begin("save_alert", answers={"wanted": wanted}) if wanted else Begin("alerts")

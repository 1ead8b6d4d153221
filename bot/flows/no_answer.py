"""An agent says what becomes of the place of a seeker who does not say that they come."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows.properties import NOT_YOURS, PROPERTIES, own
from bot.questions import Option, choice
from bot.scripts import Person, Script, ask, flow, last
from inspector_whatsapp import listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Property, Role
from inspector_whatsapp.words import Words, join, say

KEEP = 0
HOURS = (2, 4)  # before an inspection; others are set in the console


@flow("no_answer", roles=(Role.AGENT,))
def no_answer(person: Person) -> Script:
    """An agent says whether the place of a seeker who does not answer goes to who waits for it."""
    property = own(person, person.argument)
    if property is None:
        yield from ()
        return last(NOT_YOURS, PROPERTIES)
    hours = yield from ask(
        "hours",
        choice(
            join(
                say("*{property}*", property=property),
                say(_("Before an inspection I ask each seeker, twice, whether they are coming.")),
                rule(property),
                say(_("How shall it be from now on?")),
            ),
            [KEEP, *HOURS],
            option=_option,
        ),
    )
    property = listings.set_give_away(
        property=property, hours=hours or None, actor=person.user, origin=Origin.CHAT
    )
    return last(join(say(_("Done: {property}."), property=property), rule(property)), PROPERTIES)


def rule(property: Property) -> Words:
    """What holds now."""
    hours = property.give_away_hours
    if hours is None:
        return say(_("Who does not answer keeps the place."))
    return say(
        ngettext_lazy(
            "The place of who does not answer goes to who waits for it, {hours} hour before.",
            "The place of who does not answer goes to who waits for it, {hours} hours before.",
            hours,
        ),
        hours=hours,
    )


def _option(hours: int) -> Option:
    if hours == KEEP:
        return Option(str(hours), say(_("They keep it")), also=("keep", "never", "no", "off"))
    return Option(
        str(hours),
        say(ngettext_lazy("{hours} hour before", "{hours} hours before", hours), hours=hours),
        also=(f"{hours}", f"{hours} hours"),
    )

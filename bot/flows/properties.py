"""An agent's own properties: one of them by its ref, or picked; and how it stands with them."""

from collections.abc import Generator
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.questions import Option, choice
from bot.scripts import Last, Person, Suggestion, ask, last
from inspector_whatsapp import inspections, listings
from inspector_whatsapp.models import Inspection, Property
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Words, join, say

PROPERTIES = Suggestion(say(_("My properties")), "availability")
SLOTS = Suggestion(say(_("Inspection slots")), "slots")
UPLOAD = Suggestion(say(_("Upload a property")), "upload_property")
NOT_YOURS = say(_("I can't find that property among yours."))

# As an agent speaks of them; "live" is the website's word.
STATUS_WORDS: dict[str, Words] = {
    PropertyStatus.PENDING: say(_("being checked")),
    PropertyStatus.LIVE: say(_("available")),
    PropertyStatus.UNAVAILABLE: say(_("unavailable")),
    PropertyStatus.LET: say(_("let")),
    PropertyStatus.SOLD: say(_("sold")),
}


def own(person: Person, ref: str) -> Property | None:
    """The agent's property of that ref; anybody else's is None."""
    return listings.of(person.user).filter(ref=ref.strip().upper()).first()


def pick(person: Person, words: Words) -> Generator[Any, Any, Property | Last]:
    """The property that the flow was begun for, their only one, or the one they pick."""
    if person.argument:
        return own(person, person.argument) or last(NOT_YOURS, PROPERTIES)
    properties = listings.of(person.user)
    few = list(properties[:2])
    if not few:
        return last(say(_("You have no properties here yet.")), UPLOAD)
    if len(few) == 1:
        return few[0]
    return (
        yield from ask(
            "property",
            choice(
                words,
                properties,
                option=_option,
                field="ref",
                typed=lambda typed: list(properties.filter(ref=listings.ref_in(typed) or "")),
                gone=NOT_YOURS,
            ),
        )
    )


def has_several(person: Person) -> bool:
    """Whether the property was picked among others, to go back to."""
    return not person.argument and len(listings.of(person.user)[:2]) > 1


def _option(property: Property) -> Option:
    about = join(
        STATUS_WORDS[property.status],
        *interested(property),
        say("{property:area}", property=property),
        say("{property:ref}", property=property),
        separator=" · ",
    )
    return Option(property.ref, say("{property:kind}", property=property), about, also=(property.ref,))


def interested(property: Property) -> list[Words]:
    """How many people keep it in view, if anybody does. `property` comes from `listings.of`."""
    count: int = getattr(property, "interest_count")  # noqa: B009  (an annotation)
    return [say(_("{count} interested"), count=count)] if count else []


def coming(person: Person, property: Property) -> list[Inspection]:
    """The property's inspections that are still to be, soonest first."""
    own = inspections.of(person.user).filter(
        property=property, property__agent=person.user, state__in=LIVE_STATES, starts_at__gt=person.now
    )
    return list(own.order_by("starts_at", "pk"))


def standing(inspection: Inspection) -> Words:
    """How an inspection stands, as the agent reads it."""
    if inspection.state == InspectionState.REQUESTED and inspection.asked_at is not None:
        return say(_("waits for your yes"))
    if inspection.coming_at is not None and inspection.state == InspectionState.CONFIRMED:
        return say(_("says they are coming"))
    return say("{inspection:state}", inspection=inspection)

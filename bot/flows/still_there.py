"""Is it still there? A seeker asks the agent of a property, and the agent answers with a tap."""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bot.flows.cards import OFF_OFFER
from bot.flows.looking import LOOK_ON
from bot.flows.properties import PROPERTIES, STATUS_WORDS
from bot.scripts import Last, Person, Script, Suggestion, flow, last
from inspector_whatsapp import enquiries, inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.enquiries import Answer, Answered, AskedEnough, YourOwn
from inspector_whatsapp.models import Enquiry, Property, Role
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Words, join, say
from notifications.timeleft import Ago

HEARD = {
    EnquiryState.ASKED: say(
        _("I've asked the agent whether it is still there. I tell you here as soon as they answer.")
    ),
    EnquiryState.UNANSWERED: say(
        _("Not confirmed: the agent has been asked, and has not answered yet. I tell you if they do.")
    ),
}

UNREACHED = say(_("Not confirmed: the agent could not be reached. I tell you if they answer."))


@flow("still_there")
def still_there(person: Person) -> Script:
    """A seeker asks whether a property is still there."""
    property = listings.by_ref(person.argument, viewer=person.user)
    if property is None:
        return last(say(""), then="property", argument=person.argument)
    yield from ()
    try:
        enquiry = enquiries.ask(seeker=person.user, property=property, origin=Origin.CHAT)
    except inspections.NotLive:
        return last(OFF_OFFER, LOOK_ON)
    except YourOwn:
        return last(say(_("It is your own: say here how it is.")), then="availability", argument=property.ref)
    except AskedEnough:
        return last(
            join(
                say("*{property}*", property=property),
                say(_("Enough has been asked for today. Please ask again tomorrow, or book a time.")),
            ),
            _book(property),
            LOOK_ON,
        )
    unreached = enquiry.state == EnquiryState.UNANSWERED and enquiry.answer_by is None
    known = (UNREACHED if unreached else HEARD.get(EnquiryState(enquiry.state))) or say(
        _("Yes, it is still there: the agent said so {ago}."),
        ago=Ago(person.now, enquiry.ended_at or person.now),
    )
    return last(join(say("*{property}*", property=property), known), _book(property), LOOK_ON)


def _book(property: Property) -> Suggestion:
    return Suggestion(say(_("Book")), "book_inspection", property.ref)


# --- the agent answers ------------------------------------------------------------------------------------
@flow("property_there", roles=(Role.AGENT,))
def there(person: Person) -> Script:
    """An agent says that a property is still there."""
    yield from ()
    return _answer(person, EnquiryState.THERE)


@flow("property_under_offer", roles=(Role.AGENT,))
def under_offer(person: Person) -> Script:
    """An agent says that a property is under offer."""
    yield from ()
    return _answer(person, EnquiryState.UNDER_OFFER)


@flow("property_taken", roles=(Role.AGENT,))
def taken(person: Person) -> Script:
    """An agent says that a property is taken."""
    yield from ()
    return _answer(person, EnquiryState.TAKEN)


def _answer(person: Person, says: EnquiryState) -> Last:
    enquiry = _named(person)
    if enquiry is None:
        return last(say(_("I can't find that question among those about your properties.")), PROPERTIES)
    try:
        answer = enquiries.answer(enquiry=enquiry, says=says, actor=person.user, origin=Origin.CHAT)
    except (Answered, inspections.NotLive):
        return _again(enquiry.property, says)
    return _said(answer, says)


def _again(property: Property, says: EnquiryState) -> Last:
    """An old button: what it would change is asked about first, with how it stands now."""
    status = enquiries.status_of(property, says)
    if status == property.status:
        return last(
            join(
                say("*{property}*", property=property),
                say(_("You have said so already: it is *{status}*."), status=STATUS_WORDS[status]),
            ),
            PROPERTIES,
        )
    return last(say(""), then="availability", argument=f"{property.ref}.{status}")


def _said(answer: Answer, says: EnquiryState) -> Last:
    property = answer.enquiry.property
    refs = [inspection.ref for inspection in answer.cancelled]
    many = len(enquiries.to_be_told(answer.enquiry, cancelled=refs))
    lines = [
        say(_("Thank you. *{property}* is {status}."), property=property, status=_status(property, says)),
        *([_tell(many)] if many else []),
    ]
    if answer.cancelled:
        count = len(answer.cancelled)
        called_off = ngettext_lazy(
            "{count} inspection is cancelled, and I show similar homes to who had booked it.",
            "{count} inspections are cancelled, and I show similar homes to who had booked them.",
            count,
        )
        lines.append(say(called_off, count=count))
    if says == EnquiryState.THERE:
        return last(join(*lines), PROPERTIES)
    if says == EnquiryState.UNDER_OFFER:
        lines.append(say(_("Its inspections stay; whoever has one hears of it.")))
    back = Suggestion(say(_("No, it is there")), "availability", f"{property.ref}.{PropertyStatus.LIVE}")
    return last(join(*lines), back, PROPERTIES)


def _status(property: Property, says: EnquiryState) -> Words:
    return say(_("still there")) if says == EnquiryState.THERE else STATUS_WORDS[property.status]


def _tell(many: int) -> Words:
    words = ngettext_lazy(
        "I tell the {count} person who wanted to know.", "I tell the {count} people who wanted to know.", many
    )
    return say(words, count=many)


def _named(person: Person) -> Enquiry | None:
    key = person.argument
    return enquiries.of_agent(person.user, int(key)) if re.fullmatch(r"[0-9]{1,18}", key) else None

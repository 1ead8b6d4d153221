"""How inspections, properties and people read in notifications, and the buttons under them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, Role, Slot, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.words import LazyText, Words, join, say
from notifications import templates

# (flow, title): a button begins the flow.
Action = tuple[str, LazyText]

WHAT_AND_WHEN = _("{property}\n{property:address}\n{inspection:when}\nRef {inspection}")
WHAT_WHERE_WHEN = _("{property}\n{property:address}\n{inspection:when}")
REF = _("Ref {inspection}")
ANSWER_IN_THE_CHAT = _("Answer in your WhatsApp chat with Inspector, or on the website.")
SEE_PROPERTY = _("See the property")


def page(property: Property) -> str:
    """The property on the website."""
    return property.url or f"{settings.PUBLIC_URL}/p/{property.ref}"


def first_name(person: User | None) -> LazyText:
    """What the parties call each other by: no surname, and no address of a person."""
    names = person.name.split()[:1] if person is not None else []
    return names[0] if names else _("Somebody")


def first_names(people: Iterable[User]) -> Words:
    return join(*(say("{name}", name=first_name(person)) for person in people), separator=", ")


def who(inspection: Inspection, now: datetime) -> Words:
    """Whom the seeker meets, and when, if that is later than it begins."""
    meets = say(_("You will meet {person}."), person=guide(inspection))
    return sentences(meets, running_late(inspection, now))


def running_late(inspection: Inspection, now: datetime) -> Words | None:
    """When its inspector will be there, where they have said that they are late."""
    delay = inspections.delay_of(inspection, now=now)
    if delay is None:
        return None
    late = _("{inspector} is running late, and will be there at about {at:time}.")
    return say(late, inspector=first_name(inspection.inspector), at=delay.expected_at)


def guide(inspection: Inspection) -> LazyText:
    """Whoever shows the property, by the name that the seeker asks for at the door."""
    if inspection.inspector is not None:
        return inspection.inspector.name or _("our inspector")
    return inspection.property.agent.name or _("the agent")


def comers(inspection: Inspection) -> list[User]:
    """The seekers of the whole visit: everybody who has a place in the same slot."""
    if inspection.slot_id is None:
        return [inspection.seeker]
    visit = Inspection.objects.filter(slot=inspection.slot_id, state__in=LIVE_STATES, clash=False)
    return [each.seeker for each in visit.select_related("seeker").order_by("pk")] or [inspection.seeker]


def is_seeker(message: OutboxMessage) -> bool:
    return bool(message.arguments["role"] == Role.SEEKER)


def values(inspection: Inspection) -> dict[str, object]:
    return {
        "inspection": inspection,
        "property": inspection.property,
        "seeker": first_name(inspection.seeker),
    }


def parameters(inspection: Inspection, template: str, **more: Words) -> Mapping[str, Words]:
    """The values that a template of inspections takes."""
    known = values(inspection)
    offered = {
        "property": say("{property}", **known),
        "address": say("{property:address}", **known),
        "when": say("{inspection:when}", **known),
        "ref": say("{inspection}", **known),
        "person": say("{person}", person=guide(inspection)),
    } | more
    return {name: offered[name] for name in templates.by_name(template).examples}


def buttons(argument: str, *actions: Action) -> tuple[tuple[str, Words], ...]:
    """Buttons that begin flows about one thing."""
    return tuple((f"v1|start|{flow}|{argument}", say(title)) for flow, title in actions)


def revised(inspection: Inspection) -> str:
    """The inspection as a button names it; with its revision, so that an old one is known."""
    return f"{inspection.ref}.{inspection.revision}"


def times(slots: Iterable[Slot]) -> Words:
    """`Sat 28 Nov, 2:00 pm; Sun 29 Nov, 10:00 am`"""
    return join(*(say("{slot:when}", slot=slot) for slot in slots), separator="; ")


def sentences(*pieces: Words | LazyText | None) -> Words:
    """Sentences on one line: what fits into a value of a template."""
    return join(*(piece for piece in pieces if piece is not None), separator=" ")


def and_more(many: int) -> Words:
    """What stands at the end of a list that was cut."""
    return say(ngettext_lazy("and {count} more", "and {count} more", many), count=many)

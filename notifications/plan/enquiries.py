"""Who is told of questions to agents, whether a property is still there, and of what came of them."""

from collections.abc import Collection

from inspector_whatsapp import enquiries
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Enquiry, Inspection, Property, User
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import LIVE_STATES
from notifications import recipients
from notifications.kind import key
from notifications.recipients import Notice


def asked(happened: Happened) -> list[Notice]:
    """The agent of the property."""
    property = happened.subject
    assert isinstance(property, Property)
    return _tell(happened, [property.agent])


def answered(happened: Happened) -> list[Notice]:
    """Who wants to know; but where it is gone, who has, or just had, an inspection of it hears of that."""
    seekers = enquiries.enquirers(_enquiry(happened))
    if happened.data["answer"] != EnquiryState.THERE:
        theirs = _inspecting(happened)
        seekers = [seeker for seeker in seekers if seeker.pk not in theirs]
    return _tell(happened, seekers)


def unanswered(happened: Happened) -> list[Notice]:
    """Who wants to know."""
    return _tell(happened, enquiries.enquirers(_enquiry(happened)))


def _tell(happened: Happened, people: Collection[User]) -> list[Notice]:
    channels, enquiry = recipients.by_one_channel(people), happened.data["enquiry"]
    return [
        Notice(
            kind=happened.kind,
            account=person,
            key=key(happened.kind, enquiry, person.pk),
            arguments={"enquiry": enquiry},
            channels=channels[person.pk],
        )
        for person in people
    ]


def _inspecting(happened: Happened) -> set[int]:
    of_it = Inspection.objects.filter(property=happened.subject.pk)
    to_come = of_it.filter(state__in=LIVE_STATES, starts_at__gt=happened.row.at)
    either = to_come | of_it.filter(ref__in=happened.data["cancelled"])
    return set(either.values_list("seeker", flat=True))


def _enquiry(happened: Happened) -> Enquiry:
    return Enquiry.objects.get(pk=happened.data["enquiry"])

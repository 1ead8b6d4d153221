"""Who is told of questions to agents, whether a property is still there, and of what came of them."""

from collections.abc import Collection

from inspector_whatsapp import enquiries
from inspector_whatsapp.changes import Happened
from inspector_whatsapp.models import Enquiry, Property, User
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
    return _tell(happened, enquiries.to_be_told(_enquiry(happened), cancelled=happened.data["cancelled"]))


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


def _enquiry(happened: Happened) -> Enquiry:
    return Enquiry.objects.get(pk=happened.data["enquiry"])

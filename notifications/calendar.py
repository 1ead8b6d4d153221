"""The calendar entry that comes with an e-mail (RFC 5545, sent as RFC 5546 asks).

One inspection is one entry: its UID never changes and SEQUENCE grows, so that a calendar puts the new in the
place of the old.
"""

from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState
from inspector_whatsapp.words import Reader, Words, harmless, join, label, say
from notifications.kind import Attachment


def invitation(
    inspection: Inspection, *, attendee: User, now: datetime, link: str, withdrawn: bool = False
) -> Attachment:
    """The entry for one person's calendar; for an inspection that is off, its withdrawal.

    One that waits for the agent's yes is tentative. `withdrawn`: it is off for this person alone.
    """
    live = inspection.state in LIVE_STATES and not withdrawn
    method = "REQUEST" if live else "CANCEL"
    reader = Reader(language=attendee.language, zone=attendee.time_zone, markup=False)

    event = icalendar.Event()
    event.add("uid", f"{inspection.ref}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", inspection.revision)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", inspection.starts_at.astimezone(UTC))
    event.add("dtend", inspection.ends_at.astimezone(UTC))
    event.add("summary", say(_("Inspection: {property:short}"), property=inspection.property).put(reader))
    event.add("location", label(inspection.property, "address", reader))
    event.add("description", _description(inspection, now).put(reader))
    event.add("url", link)
    waits = inspection.state == InspectionState.REQUESTED
    event.add("status", "CANCELLED" if not live else "TENTATIVE" if waits else "CONFIRMED")
    event.add("organizer", _person(*parseaddr(settings.DEFAULT_FROM_EMAIL)))
    event.add("attendee", _attendee(attendee))

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Inspector//Inspector WhatsApp//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return Attachment("inspection.ics", calendar.to_ical(), f"text/calendar; method={method}")


def _description(inspection: Inspection, now: datetime) -> Words:
    """An entry keeps its time while its inspector is late: that is the one that was booked."""
    ref = say(_("Ref {inspection}"), inspection=inspection)
    delay = inspections.delay_of(inspection, now=now)
    if delay is None:
        return ref
    return join(ref, say(_("The inspector is late: expected at about {at:time}."), at=delay.expected_at))


def _person(name: str, email: str) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{email}")
    if name:
        # RFC 5545 has no way to write a quote in a parameter.
        person.params["CN"] = harmless(name, markup=False).replace('"', "'")
    return person


def _attendee(user: User) -> icalendar.vCalAddress:
    person = _person(user.name, user.email)
    person.params["PARTSTAT"] = "ACCEPTED"
    person.params["RSVP"] = "FALSE"
    return person

"""The calendar entries that come with e-mails, read back as a calendar does."""

import re

import icalendar
import pytest
from pytest_django import Settings

from inspector_whatsapp import clock
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import channel
from notifications.kind import Attachment, by_name
from tests.factories import SeekerFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db


def entry(message: OutboxMessage) -> tuple[icalendar.Calendar, icalendar.Event, Attachment]:
    """What an e-mail brings; asked when it is about to leave."""
    (attachment,) = by_name(message.kind).mail(message, now=clock.now()).attachments
    calendar = icalendar.Calendar.from_ical(attachment.content)
    (event,) = calendar.events
    return calendar, event, attachment


def test_one_inspection_stays_one_entry_through_all_its_changes(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://wa.inspector.example:8443"
    ada = SeekerFactory(name="Ada Obi")
    inspection = scenes.book(seeker=ada)
    entries = [entry(OutboxMessage.objects.get(kind="inspection_booked", account=ada))]
    inspection = scenes.move(inspection, hours=50)
    entries.append(entry(OutboxMessage.objects.get(kind="inspection_moved", account=ada)))
    inspection = scenes.cancel(inspection=inspection)
    entries.append(entry(OutboxMessage.objects.get(kind="inspection_cancelled", account=ada)))

    assert {str(event["UID"]) for _, event, _ in entries} == {f"{inspection.ref}@wa.inspector.example"}
    assert [event.sequence for _, event, _ in entries] == [1, 2, 3]
    assert [str(calendar["METHOD"]) for calendar, _, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(event["STATUS"]) for _, event, _ in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert entries[0][1].start != entries[1][1].start
    assert entries[1][1].start == inspection.starts_at.replace(microsecond=0)


def test_an_entry_says_what_where_when_and_for_whom() -> None:
    ada = SeekerFactory(name='Ada "Addy" Obi', email="ada@example.com")
    inspection = scenes.book(seeker=ada)
    _, event, attachment = entry(OutboxMessage.objects.get(account=ada))
    assert re.search(rb"DTSTART:\d{8}T\d{6}Z\r\nDTEND:\d{8}T\d{6}Z\r\n", attachment.content)
    assert str(event["LOCATION"]) == "14 Admiralty Way"
    assert str(event["SUMMARY"]) == "Inspection: 3-bedroom flat, Lekki Phase 1"
    assert str(event["ATTENDEE"]) == "mailto:ada@example.com"
    assert str(event["ORGANIZER"]) == "mailto:no-reply@inspector.example"
    assert inspection.ref in str(event["DESCRIPTION"])


def test_peoples_words_cannot_add_lines_to_an_entry() -> None:
    ada = SeekerFactory(name="Ada\r\nATTENDEE:mailto:eve@example.com")
    home = scenes.home(address="1 Road\r\nBEGIN:VALARM\r\nEND:VALARM;,\\")
    scenes.book(seeker=ada, property=home)
    _, event, attachment = entry(OutboxMessage.objects.get(account=ada))
    assert not event.subcomponents
    assert b"\r\nBEGIN:VALARM" not in attachment.content
    assert str(event["ATTENDEE"]) == f"mailto:{ada.email}"


def test_the_letter_carries_it_as_an_invitation() -> None:
    ada = SeekerFactory()
    scenes.book(seeker=ada)
    message = OutboxMessage.objects.get(account=ada)
    sending = channel.by_name("email").prepare(message, now=clock.now())
    (letter,) = sending.send.args  # type: ignore[attr-defined]
    parts = [part for part in letter.message().walk() if part.get_filename()]
    assert [part.get_content_type() for part in parts] == ["text/calendar"]
    assert parts[0].get_param("method") == "REQUEST"
    assert icalendar.Calendar.from_ical(parts[0].get_payload(decode=True))

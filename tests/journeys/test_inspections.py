"""An inspection's life: booked, moved and cancelled from the chat; everybody's calendar follows."""

from tests.journeys.phone import Phone, calendar_of
from tests.journeys.service import Service

BOLA, CHIDI = "bola@inspector.example", "chidi@inspector.example"  # the agent, the inspector


def test_a_seeker_books_and_everybody_gets_the_date_for_the_calendar(service: Service, seeker: Phone) -> None:
    ref = seeker.books("PR-1042")
    assert ref in seeker.heard[-1].text
    dates = set()
    for address in (seeker.email, BOLA, CHIDI):
        method, event = calendar_of(service.mail(address, "Inspection booked"))
        assert (method, event["status"], event["uid"].partition("@")[0]) == ("REQUEST", "CONFIRMED", ref)
        assert event["attendee"] == f"mailto:{address}"
        dates.add(event.decoded("dtstart"))
    (starts_at,) = dates
    slot = "SELECT starts_at FROM inspector_whatsapp_inspection WHERE ref = %s AND state = 'confirmed'"
    assert service.ask_database(slot, ref) == starts_at
    service.settle()
    # What was answered in the chat is not said there once more by a notification.
    assert sum(ref in one.text for one in seeker.heard) == 1


def test_a_moved_inspection_replaces_the_one_in_the_calendar(service: Service, seeker: Phone) -> None:
    ref = seeker.books(day=1)
    before = calendar_of(service.mail(seeker.email, "Inspection booked"))[1]
    assert f"Moved: {ref}" in seeker.moves(day=3)
    for address in (seeker.email, BOLA, CHIDI):
        method, after = calendar_of(service.mail(address, "Inspection moved"))
        assert (method, after["uid"]) == ("REQUEST", before["uid"])
        assert after["sequence"] > before["sequence"]
        assert after.decoded("dtstart") > before.decoded("dtstart")


def test_a_cancelled_inspection_is_taken_out_of_the_calendar_and_its_place_is_free_again(
    service: Service, seeker: Phone
) -> None:
    taken = "SELECT sum(taken) FROM inspector_whatsapp_slot"
    places = service.ask_database(taken)
    ref = seeker.books()
    assert service.ask_database(taken) == places + 1
    before = calendar_of(service.mail(seeker.email, "Inspection booked"))[1]
    assert f"Cancelled: {ref}" in seeker.cancels()
    for address in (seeker.email, BOLA, CHIDI):
        method, after = calendar_of(service.mail(address, "Inspection cancelled"))
        assert (method, after["status"], after["uid"]) == ("CANCEL", "CANCELLED", before["uid"])
        assert after["sequence"] > before["sequence"]
    assert service.ask_database(taken) == places
    assert "no inspections" in seeker.says("my inspections").text

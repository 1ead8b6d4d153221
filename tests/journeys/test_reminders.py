"""Reminders, under a clock that is moved for everybody at once."""

from tests.journeys.fixtures import a_stranger
from tests.journeys.phone import Heard, Phone
from tests.journeys.service import Service

DUE = """
SELECT ceil(extract(epoch FROM min(due_at) - clock_now()))::int
FROM notifications_reminder r JOIN inspector_whatsapp_user u ON u.id = r.recipient_id
WHERE u.email = %s AND r.state = 'planned'
"""


def next_reminder_of(phone: Phone) -> Heard:
    """Let time pass, from one reminder of theirs to the next, until one comes to this phone."""
    before = len(phone.heard)
    for _ in range(5):
        phone.service.pass_time(seconds=max(phone.service.ask_database(DUE, phone.email), 0) + 1)
        phone.service.settle()
        if new := phone.heard[before:]:
            assert len(new) == 1
            return new[0]
    raise AssertionError("no reminder came")


def test_reminders_come_a_day_and_two_hours_before_on_both_ways_and_can_be_answered(
    service: Service, seeker: Phone
) -> None:
    ref = seeker.books(day=4)  # far enough for Meta's 24 hours since the last word to be over

    day_before = next_reminder_of(seeker)
    assert day_before.kind == "template"
    assert "in 24 hours" in day_before.text or "tomorrow" in day_before.text
    assert list(day_before.options) == ["I'm coming", "Change", "Cancel"]
    assert ref in service.mail(seeker.email, "Inspection tomorrow")["text"]
    assert "see you there" in seeker.taps("I'm coming").text
    came = (
        "SELECT count(*) FROM inspector_whatsapp_change WHERE kind = 'attendance_confirmed' AND subject = %s"
    )
    assert service.ask_database(came, ref) == 1

    two_hours_before = next_reminder_of(seeker)
    assert two_hours_before.kind == "interactive"  # they wrote within 24 hours: no template is needed
    assert "in 2 hours" in two_hours_before.text
    assert "You said you are coming." in two_hours_before.text
    assert list(two_hours_before.options) == ["Change", "Cancel"]  # they are not asked any more
    service.mail(seeker.email, "Inspection in 2 hours")

    service.settle()
    said = "SELECT count(*) FROM notifications_reminder r JOIN inspector_whatsapp_inspection i"
    said += " ON i.id = r.inspection_id WHERE i.ref = %s AND r.state = 'queued'"
    assert service.ask_database(said, ref) == 4  # two to the seeker, two to the inspector


def test_a_reminder_of_a_cancelled_inspection_never_comes(service: Service, seeker: Phone) -> None:
    other = a_stranger(service)
    other.connect()
    seeker.books(day=3)
    ref = other.books(day=3)
    seeker.cancels()
    service.settle()
    silent_since = len(seeker.heard)
    for _ in range(2):
        next_reminder_of(other)
    assert ref in service.mail(other.email, "Inspection in 2 hours")["text"]
    assert len(seeker.heard) == silent_since
    assert service.mails(seeker.email)[0]["subject"].startswith("Inspection cancelled")

"""Seekers are asked whether they come, then once more elsewhere; then their place may go to who waits."""

from datetime import time, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from inspector_whatsapp import clock, inspections, mailboxes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, User, Wait
from inspector_whatsapp.models.listings import BookingRule
from inspector_whatsapp.models.mailboxes import Trouble
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.models.waiting import WaitState
from inspector_whatsapp.outbox import Withheld
from notifications import attendance, coming, preferences, reminders
from notifications.channels.whatsapp import for_another, for_silent, free_text
from notifications.kind import Said, reader_of
from notifications.models import ReminderRule
from notifications.preferences import Quiet
from tests.factories import LAGOS, SeekerFactory
from tests.notifications import scenes
from tests.notifications.scenes import HOUR

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BOTH = ["whatsapp", "email"]


@pytest.fixture
def first() -> ReminderRule:
    return scenes.rule("first", minutes_before=24 * 60, useful_until=60, channels=BOTH)


@pytest.fixture
def again() -> ReminderRule:
    return scenes.rule("again", minutes_before=6 * 60, useful_until=60, channels=BOTH, unanswered_only=True)


def booked(seeker: User | None = None, *, at: int = 12) -> Inspection:
    """The day after tomorrow at that hour, whatever the time is now; its place may be given away."""
    day = clock.now().astimezone(LAGOS).replace(hour=at, minute=0, second=0, microsecond=0)
    clock.move(day + timedelta(days=1) - clock.now())
    inspection = scenes.book(hours=48, seeker=seeker or scenes.linked(SeekerFactory(name="Ada Obi")))
    Property.objects.filter(pk=inspection.property_id).update(give_away_hours=4)
    return inspection


def somebody_waits(inspection: Inspection) -> Wait:
    assert inspection.slot is not None
    return inspections.join(
        seeker=SeekerFactory(), property=inspection.property, place=inspection.slot, origin=Origin.CHAT
    )


def goes_by(
    rule: ReminderRule,
    inspection: Inspection,
    *,
    status: Status = Status.ACCEPTED,
    shown: Said | None = None,
) -> list[str]:
    """Its time comes; on which channels it goes, and what becomes of that. shown: on WhatsApp instead."""
    due = inspection.starts_at - (rule.minutes_before or 0) * MINUTE
    clock.move(due + timedelta(seconds=1) - clock.now())
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    reminders.tick(rule.pk)
    rows = OutboxMessage.objects.exclude(pk__in=before).filter(account=inspection.seeker)
    found = sorted(rows.values_list("channel", flat=True))
    for message in rows.filter(status=Status.PENDING).select_related("account", "contact"):
        if message.channel == "whatsapp":
            said = shown or scenes.said(message)
            message.body = cloud.payload(free_text(said, reader_of(message, markup=True)))
        message.status, message.accepted_at = status, clock.now()
        message.save()
    return found


def come(inspection: Inspection) -> Inspection:
    return inspections.come(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)


def gone(inspection: Inspection) -> bool:
    attendance.tend()
    inspection.refresh_from_db()
    return inspections.given_away(inspection)


def path(inspection: Inspection, settings: Settings) -> str:
    return coming.address(inspection).removeprefix(settings.PUBLIC_URL)


def test_the_reminder_asks_and_its_buttons_answer(first: ReminderRule) -> None:
    inspection = booked()
    assert goes_by(first, inspection) == ["email", "whatsapp"]
    message = scenes.one("reminder", inspection.seeker)
    assert scenes.text(message).endswith("Are you coming?")
    ref = f"{inspection.ref}.{inspection.revision}"
    assert scenes.taps(message) == [f"coming|{ref}", f"reschedule|{ref}", f"cancel|{ref}"]
    assert "Are you coming?" in scenes.letter(scenes.one("reminder", inspection.seeker, "email"))


def test_who_has_said_so_is_not_asked_any_more(first: ReminderRule, again: ReminderRule) -> None:
    inspection = booked()
    come(inspection)
    goes_by(first, inspection)
    message = scenes.one("reminder", inspection.seeker)
    assert "You said you are coming." in scenes.text(message)
    assert scenes.taps(message)[0].startswith("reschedule|")
    assert goes_by(again, inspection) == []
    assert scenes.states(rule=again) == ["cancelled"]


@pytest.mark.parametrize(
    ("channels", "then"), [(["whatsapp"], ["email"]), (["email"], ["whatsapp"]), (BOTH, ["email"])]
)
def test_they_are_asked_again_where_they_were_not(
    first: ReminderRule, again: ReminderRule, channels: list[str], then: list[str]
) -> None:
    first.channels = channels
    first.save()
    inspection = booked()
    goes_by(first, inspection)
    assert goes_by(again, inspection) == then
    message = scenes.one("reminder", inspection.seeker, then[0])
    assert "You have not said yet whether you are coming." in scenes.letter(message)
    assert "Without an answer your place may go to who waits for it, from 8:00 am on." in scenes.text(message)


def test_where_a_channel_does_not_reach_them_the_other_asks_again(
    first: ReminderRule, again: ReminderRule
) -> None:
    inspection = booked()
    mailboxes.mark(inspection.seeker.email, Trouble.BOUNCED, details="", at=clock.now())
    goes_by(first, inspection)
    assert "whatsapp" in goes_by(again, inspection)
    unlinked = booked(SeekerFactory())
    goes_by(first, unlinked)
    assert goes_by(again, unlinked) == ["email"]


def test_an_answer_in_the_last_moment_stops_the_second_question(
    first: ReminderRule, again: ReminderRule
) -> None:
    inspection = booked()
    goes_by(first, inspection)
    goes_by(again, inspection)
    come(inspection)
    with pytest.raises(Withheld):
        scenes.letter(scenes.one("reminder", inspection.seeker, "email"))


def test_the_place_goes_an_hour_after_the_second_question_and_everybody_is_told(
    first: ReminderRule, again: ReminderRule
) -> None:
    inspection = booked()
    wait = somebody_waits(inspection)
    goes_by(first, inspection)
    assert not gone(inspection)
    goes_by(again, inspection)
    clock.move(119 * MINUTE)
    assert not gone(inspection)  # four hours before, says the rule
    clock.move(MINUTE)
    assert gone(inspection)
    wait.refresh_from_db()
    assert wait.state == WaitState.OFFERED
    told = scenes.one("place_given_away", inspection.seeker)
    assert scenes.taps(told) == [f"coming|{inspection.ref}.{inspection.revision}"]
    letter = scenes.letter(scenes.one("place_given_away", inspection.seeker, "email"))
    assert "If nobody takes the place, it is yours again. Answer on the page behind this link." in letter
    agent = scenes.letter(scenes.one("place_given_away", inspection.property.agent, "email"))
    assert "Ada did not say that they are coming" in agent


@pytest.mark.parametrize(
    "why", ["never asked again", "asked but once", "it did not leave", "they answered", "it was moved"]
)
def test_nobody_loses_a_place_unasked(first: ReminderRule, again: ReminderRule, why: str) -> None:
    inspection = booked()
    somebody_waits(inspection)
    if why != "asked but once":
        goes_by(first, inspection)
    if why != "never asked again":
        goes_by(again, inspection, status=Status.FAILED if why == "it did not leave" else Status.ACCEPTED)
    if why == "they answered":
        come(inspection)
    if why == "it was moved":
        inspection = scenes.move(inspection, hours=3)
        somebody_waits(inspection)
    clock.move(inspection.starts_at - HOUR - clock.now())
    assert not gone(inspection)


@pytest.mark.parametrize("shown", [for_silent(), for_another(User(name="Ada Obi"))])
def test_what_says_only_that_there_is_news_has_not_asked(
    first: ReminderRule, again: ReminderRule, shown: Said
) -> None:
    first.channels = ["whatsapp"]
    first.save()
    inspection = booked()
    somebody_waits(inspection)
    assert goes_by(first, inspection, shown=shown) == ["whatsapp"]
    assert "whatsapp" in goes_by(again, inspection)
    clock.move(inspection.starts_at - HOUR - clock.now())
    assert not gone(inspection)


def test_a_question_that_came_at_night_gives_them_an_hour_in_the_morning(
    first: ReminderRule, again: ReminderRule
) -> None:
    inspection = booked(at=10)
    preferences.set_quiet(account=inspection.seeker, quiet=Quiet(time(21), time(7)))
    somebody_waits(inspection)
    goes_by(first, inspection)
    goes_by(again, inspection)  # a letter, at four
    clock.move(inspection.starts_at - 2 * HOUR - MINUTE - clock.now())
    assert not gone(inspection)
    clock.move(MINUTE)
    assert gone(inspection)


def test_once_they_have_it_again_they_are_not_told_that_it_is_gone(
    first: ReminderRule, again: ReminderRule
) -> None:
    inspection = booked()
    wait = somebody_waits(inspection)
    goes_by(first, inspection)
    goes_by(again, inspection)
    clock.move(2 * HOUR)
    assert gone(inspection)
    inspections.leave(wait=Wait.objects.get(pk=wait.pk), actor=None, origin=Origin.CHAT)
    inspections.reclaim(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)
    with pytest.raises(Withheld):
        scenes.text(scenes.one("place_given_away", inspection.seeker))


# --- the page of the letter -------------------------------------------------------------------------------
def test_looking_at_the_page_changes_nothing_and_its_buttons_do(client: Client, settings: Settings) -> None:
    inspection = booked()
    page = client.get(path(inspection, settings))
    assert "Are you coming?" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    assert Inspection.objects.filter(pk=inspection.pk, coming_at=None).exists()
    program = Client(enforce_csrf_checks=True)
    assert "see you there" in program.post(path(inspection, settings), {"answer": "coming"}).content.decode()
    assert Inspection.objects.exclude(coming_at=None).filter(pk=inspection.pk).exists()
    assert "Cancelled." in program.post(path(inspection, settings), {"answer": "cancel"}).content.decode()
    inspection.refresh_from_db()
    assert inspection.state == "cancelled"
    assert "does not take place" in client.get(path(inspection, settings)).content.decode()


def test_the_page_gives_the_place_back_or_a_place_in_line(client: Client, settings: Settings) -> None:
    inspection = booked()
    clock.move(MINUTE)
    wait = somebody_waits(inspection)
    clock.move(inspection.starts_at - 3 * HOUR - clock.now())
    assert inspections.give_away(inspection=inspection)
    address = path(inspection, settings)
    assert "Are you coming after all?" in client.get(address).content.decode()
    assert "You are number 1 in line." in client.post(address, {"answer": "coming"}).content.decode()
    inspections.leave(wait=Wait.objects.get(pk=wait.pk), actor=None, origin=Origin.CHAT)
    assert "The place is yours again." in client.post(address, {"answer": "coming"}).content.decode()
    assert Inspection.objects.get(seeker=inspection.seeker, state="confirmed").coming_at is not None


def test_a_place_that_is_only_asked_for_is_not_called_theirs(client: Client, settings: Settings) -> None:
    inspection = booked()
    wait = somebody_waits(inspection)
    clock.move(inspection.starts_at - 3 * HOUR - clock.now())
    assert inspections.give_away(inspection=inspection)
    inspections.leave(wait=Wait.objects.get(pk=wait.pk), actor=None, origin=Origin.CHAT)
    Property.objects.filter(pk=inspection.property_id).update(booking_rule=BookingRule.ASK)
    for _again in range(2):
        page = client.post(path(inspection, settings), {"answer": "coming"}).content.decode()
        assert "yours again" not in page
        assert "The place is asked for." in page
    assert Inspection.objects.filter(seeker=inspection.seeker, state="requested").count() == 1


def test_an_address_of_another_time_or_that_was_tampered_with_does_nothing(
    client: Client, settings: Settings
) -> None:
    inspection = booked()
    address = path(inspection, settings)
    forged = address.replace(f"/{inspection.pk}.", f"/{inspection.pk + 1}.")
    assert client.post(forged, {"answer": "cancel"}).status_code == 404
    moved = scenes.move(inspection, hours=60)
    assert client.post(address, {"answer": "cancel"}).status_code == 404
    moved.refresh_from_db()
    assert moved.state == "confirmed"
    clock.move(61 * HOUR)
    assert "has begun" in client.post(path(moved, settings), {"answer": "cancel"}).content.decode()

"""What who waits for a place is told, and from when on the time of an offer runs."""

from datetime import time, timedelta

import pytest

from inspector_whatsapp import clock, inspections, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage, User, Wait
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.models.waiting import WaitState
from notifications import kind, mornings, preferences, waiting
from notifications.preferences import Quiet
from tests.factories import LAGOS, SeekerFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NIGHT = Quiet(time(21), time(7))


def full() -> Inspection:
    """Booked by somebody, the day after tomorrow at noon."""
    scenes.at_noon()
    return scenes.book(hours=48)


def waits(inspection: Inspection, seeker: User) -> Wait:
    assert inspection.slot is not None
    return inspections.join(
        seeker=seeker, property=inspection.property, place=inspection.slot, origin=Origin.CHAT
    )


def linked() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


def left(message: OutboxMessage, *, status: Status = Status.ACCEPTED) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(status=status, accepted_at=clock.now())


def state(wait: Wait) -> str:
    wait.refresh_from_db()
    return str(wait.state)


def test_an_offer_says_for_how_long_and_its_buttons_answer_it() -> None:
    inspection, ada = full(), linked()
    wait = waits(inspection, ada)
    scenes.cancel(inspection=inspection)
    message = scenes.one("place_offered", ada)
    assert scenes.text(message).startswith("Yours for 15 minutes: *")
    stamp = int(inspection.starts_at.timestamp())
    assert scenes.taps(message) == [f"take_place|{wait.pk}.{stamp}", f"pass_place|{wait.pk}.{stamp}"]
    assert not OutboxMessage.objects.filter(kind="place_offered", channel="email").exists()


def test_the_fifteen_minutes_run_from_when_it_has_left() -> None:
    inspection, ada = full(), linked()
    first, second = waits(inspection, ada), waits(inspection, linked())
    scenes.cancel(inspection=inspection)
    clock.move(40 * MINUTE)  # Meta takes nothing
    waiting.tend()
    assert (state(first), first.answer_by) == (WaitState.OFFERED, None)
    left(scenes.one("place_offered", ada))
    waiting.tend()
    first.refresh_from_db()
    assert first.answer_by is not None
    clock.move(15 * MINUTE)
    waiting.tend()
    assert (state(first), state(second)) == (WaitState.UNANSWERED, WaitState.OFFERED)
    assert "You did not answer in time" in scenes.text(scenes.one("waiting_over", ada))


def test_what_cannot_be_told_goes_to_the_next_in_line() -> None:
    inspection, ada = full(), linked()
    first, second = waits(inspection, ada), waits(inspection, linked())
    scenes.cancel(inspection=inspection)
    left(scenes.one("place_offered", ada), status=Status.FAILED)
    waiting.tend()
    assert (state(first), state(second)) == (WaitState.UNREACHED, WaitState.OFFERED)
    assert not OutboxMessage.objects.filter(kind="waiting_over").exists()


def test_in_quiet_hours_it_waits_for_their_end_by_itself_and_the_place_with_it() -> None:
    inspection, ada = full(), linked()
    preferences.set_quiet(account=ada, quiet=NIGHT)
    wait = waits(inspection, ada)
    clock.move(timedelta(hours=10))  # ten at night
    scenes.cancel(inspection=inspection)
    message = scenes.one("place_offered", ada)
    assert message.expires_at == inspection.starts_at - 15 * MINUTE
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.HELD
    clock.move(timedelta(hours=8))
    waiting.tend()
    assert state(wait) == WaitState.OFFERED
    clock.move(timedelta(hours=2))
    held = OutboxMessage.objects.get(pk=message.pk)
    OutboxMessage.objects.filter(account=ada).exclude(pk=held.pk).update(status=Status.HELD)
    mornings.join(held, now=clock.now())  # would raise Withheld if it were told together with others
    assert kind.by_name("place_offered").alone


def test_a_place_whose_time_comes_before_the_quiet_hours_end_goes_to_who_can_be_told() -> None:
    scenes.at_noon()
    inspection = scenes.book(hours=19)  # at seven in the morning
    ada, ben = linked(), linked()
    preferences.set_quiet(account=ada, quiet=NIGHT)
    preferences.set_quiet(account=ben, quiet=None)
    first, second = waits(inspection, ada), waits(inspection, ben)
    clock.move(timedelta(hours=10))
    scenes.cancel(inspection=inspection)
    outbox.drain()
    assert scenes.one("place_offered", ada).status == Status.EXPIRED
    waiting.tend()
    assert (state(first), state(second)) == (WaitState.UNREACHED, WaitState.OFFERED)


def test_a_letter_that_comes_at_night_gives_them_their_time_in_the_morning() -> None:
    inspection, ada = full(), SeekerFactory()
    preferences.set_quiet(account=ada, quiet=NIGHT)
    wait = waits(inspection, ada)
    clock.move(timedelta(hours=10))
    scenes.cancel(inspection=inspection)
    outbox.drain()
    assert scenes.one("place_offered", ada, "email").status == Status.ACCEPTED
    waiting.tend()
    wait.refresh_from_db()
    assert wait.answer_by is not None
    assert wait.answer_by.astimezone(LAGOS).strftime("%H:%M") == "07:15"


def test_an_offer_that_was_answered_is_not_told_any_more() -> None:
    inspection, ada = full(), linked()
    wait = waits(inspection, ada)
    scenes.cancel(inspection=inspection)
    wait.refresh_from_db()
    inspections.take(wait=wait, origin=Origin.API)
    outbox.drain()
    message = scenes.one("place_offered", ada)
    assert (message.status, message.reason) == (Status.WITHHELD, "the offer is over")


def test_who_waits_hears_that_the_time_was_closed_or_the_home_is_gone() -> None:
    inspection, ada = full(), linked()
    waits(inspection, ada)
    assert inspection.slot is not None
    scenes.close(inspection.slot)
    assert "that time was closed" in scenes.text(scenes.one("waiting_over", ada))
    assert "that time was closed" in scenes.letter(scenes.one("waiting_over", ada))


def test_who_waited_in_vain_is_told_once_when_the_time_has_passed() -> None:
    inspection, ada = full(), linked()
    wait = waits(inspection, ada)
    clock.move(timedelta(hours=49))
    for _ in range(2):
        waiting.tend()
    assert state(wait) == WaitState.OVER
    assert scenes.text(scenes.one("waiting_over", ada)).startswith("No place came free in time.")
    assert OutboxMessage.objects.filter(kind="waiting_over", channel="whatsapp").count() == 1

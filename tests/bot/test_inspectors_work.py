"""What a chat with an inspector does to the platform; how it reads is in the transcripts."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Delay, Inspection, InspectionPhoto, Property, TimeOff, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from tests.bot import album, world
from tests.bot.phone import Phone
from tests.bot.world import at
from tests.factories import InspectorFactory, PropertyFactory, SlotFactory, TimeOffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Phone:
    """The phone of Chidi, who has visits."""
    world.build()
    world.visits()
    return Phone(world.linked("chidi@inspector.example"))


def chidi() -> User:
    return User.objects.get(email="chidi@inspector.example")


def outcomes() -> dict[str, str]:
    return {each.seeker.name: each.outcome for each in Inspection.objects.filter(reported_at__isnull=False)}


def starts(phone: Phone, flow: str, argument: str = "") -> str:
    return phone.taps_id(f"v1|start|{flow}|{argument}")


def say_all(phone: Phone, *words: str) -> str:
    return [phone.says(each) for each in words][-1]


def test_a_report_and_its_photos_are_kept_with_each_of_the_seekers(phone: Phone) -> None:
    clock.move(timedelta(hours=3))
    starts(phone, "complete_visit", "IN-3109")
    say_all(phone, "no access", "The lock was changed.")
    album.send(phone, ["red", "green"])
    say_all(phone, "done", "yes")
    reported = Inspection.objects.filter(starts_at=at(25, 12)).prefetch_related("photos")
    assert {each.state for each in reported} == {InspectionState.NO_SHOW}
    assert {each.notes for each in reported} == {"The lock was changed."}
    assert [each.photos.count() for each in reported] == [2, 2, 2]


def test_those_who_did_not_come_are_told_apart_from_those_who_did(phone: Phone) -> None:
    clock.move(timedelta(hours=3))
    starts(phone, "complete_visit", "IN-3108")
    say_all(phone, "some did not come", "halima", "kemi", "done", "skip", "none", "yes")
    assert outcomes() == {
        "Tunde Bello": Outcome.COMPLETED,
        "Halima Sani": Outcome.SEEKER_ABSENT,
        "Kemi Ojo": Outcome.SEEKER_ABSENT,
    }


def test_nobody_picked_as_absent_means_that_all_came(phone: Phone) -> None:
    clock.move(timedelta(hours=3))
    starts(phone, "complete_visit", "IN-3108")
    say_all(phone, "some did not come")
    phone.taps("All came")
    say_all(phone, "skip", "none", "yes")
    assert set(outcomes().values()) == {Outcome.COMPLETED}


def test_a_correction_keeps_the_note_and_the_photos_that_it_does_not_touch(phone: Phone) -> None:
    starts(phone, "confirm_completion")
    say_all(phone, "completed", "The tap drips.")
    album.send(phone, ["red"])
    say_all(phone, "done", "yes")
    phone.taps("Correct it")
    say_all(phone, "agent absent", "skip")
    album.send(phone, ["green"])
    say_all(phone, "done", "yes")
    corrected = Inspection.objects.get(ref="IN-3107")
    assert (corrected.outcome, corrected.notes) == (Outcome.AGENT_ABSENT, "The tap drips.")
    assert InspectionPhoto.objects.filter(inspection=corrected).count() == 2


def test_nothing_is_reported_until_the_yes(phone: Phone) -> None:
    starts(phone, "confirm_completion")
    say_all(phone, "completed", "skip", "none", "menu")
    assert outcomes() == {}


def test_a_visit_called_off_while_it_is_reported_is_not_reported(phone: Phone) -> None:
    starts(phone, "confirm_completion")
    say_all(phone, "completed", "skip", "none")
    Inspection.objects.filter(ref="IN-3107").update(state=InspectionState.CANCELLED)
    phone.says("yes")
    assert outcomes() == {}


def test_a_tapped_reason_is_kept_in_english_whatever_language_is_read(phone: Phone) -> None:
    say_all(phone, "language", "2")
    starts(phone, "hand_back_visit", "IN-3112.1")
    phone.says("1")
    whys = Change.objects.filter(kind="inspection_unassigned").values_list("data__why", flat=True)
    assert list(whys) == ["I'm ill", "I'm ill"]


def test_saying_that_one_can_come_after_all_is_an_answer(phone: Phone) -> None:
    starts(phone, "hand_back_visit", "IN-3112.1")
    phone.taps("I'll be there")
    assert Inspection.objects.filter(accepted_at=None, inspector=chidi(), starts_at=at(28, 14)).count() == 0


def test_a_visit_whose_first_seeker_called_off_is_still_answered(phone: Phone) -> None:
    first = Inspection.objects.get(ref="IN-3112")
    inspections.cancel(inspection=first, actor=first.seeker, origin=Origin.API)
    assert starts(phone, "accept_visit", "IN-3112.1").startswith("That message is out of date")
    assert phone.taps("I'll be there").startswith("Good, you'll be there.")
    assert Inspection.objects.get(ref="IN-3113").accepted_at is not None


def test_a_visit_that_nobody_is_left_of_is_said_to_be_cancelled(phone: Phone) -> None:
    only = Inspection.objects.get(ref="IN-3111")
    inspections.cancel(inspection=only, actor=only.seeker, origin=Origin.API)
    assert starts(phone, "accept_visit", "IN-3111.1").startswith("That inspection is cancelled.")


@pytest.mark.parametrize("flow", ["accept_visit", "hand_back_visit", "complete_visit"])
def test_somebody_elses_visit_is_not_found(flow: str) -> None:
    world.build()
    world.visits()
    InspectorFactory(email="zainab@inspector.example", name="Zainab Musa", phone="+2348030000009")
    stranger = Phone(world.linked("zainab@inspector.example"))
    assert starts(stranger, flow, "IN-3107").startswith("I can't find that inspection among yours.")


def test_a_visit_on_no_map_has_no_pin(phone: Phone) -> None:
    Property.objects.update(latitude=None, longitude=None)
    say_all(phone, "my inspections")
    assert "map" not in phone.says("friday").casefold()


def test_several_days_are_taken_off_all_or_none(phone: Phone) -> None:
    starts(phone, "time_off")
    phone.says("mondays 8 to 10am for 3 weeks")
    TimeOffFactory(
        inspector=chidi(), starts_at=at(30, 9) + timedelta(weeks=2), ends_at=at(30, 11) + timedelta(weeks=2)
    )
    assert phone.says("yes").startswith("You are off already: Mon 14 Dec, 9:00 am to 11:00 am.")
    assert TimeOff.objects.count() == 1


def test_a_visit_that_comes_in_between_is_shown_before_time_off_is_taken(phone: Phone) -> None:
    starts(phone, "time_off")
    phone.says("30 nov")
    slot = SlotFactory(property=PropertyFactory(), inspector=chidi(), starts_at=at(30, 9), ends_at=at(30, 10))
    inspections.book(seeker=User.objects.get(email="ada@inspector.example"), slot=slot, origin=Origin.API)
    assert phone.says("yes").startswith("Your inspections have changed since I asked.")
    phone.says("yes")
    assert Inspection.objects.get(slot=slot).inspector is None
    assert TimeOff.objects.count() == 1


def test_the_rest_of_this_week_can_be_taken_off(phone: Phone) -> None:
    starts(phone, "time_off")
    say_all(phone, "this week", "yes")
    taken = TimeOff.objects.get()
    assert (taken.starts_at, taken.ends_at) == (at(25, 0), at(30, 0))


def test_a_forged_button_makes_nobody_late_by_what_cannot_be_said(phone: Phone) -> None:
    assert "How late will you be?" in starts(phone, "running_late")
    for argument in ("7", "900", "-20", "x"):
        assert "I can't find that inspection" in starts(phone, "running_late", argument)
    assert not Delay.objects.exists()


def test_what_was_said_of_somebody_else_or_in_a_note_makes_nobody_late(phone: Phone) -> None:
    for words in ("the seeker is 20 minutes late", "was it too late?"):
        assert "be there at about" not in phone.says(words)
    clock.move(timedelta(hours=3))
    starts(phone, "complete_visit", "IN-3108")
    say_all(phone, "completed", "I'm 20 minutes late", "none", "yes")
    assert Inspection.objects.get(ref="IN-3108").notes == "I'm 20 minutes late"
    assert not Delay.objects.exists()

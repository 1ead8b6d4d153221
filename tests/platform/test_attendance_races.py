"""A seeker answers, the place is given away, others want it: all at once, on connections of their own."""

from datetime import timedelta
from functools import partial

import pytest
from pytest_django import Settings

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Presence, Slot, Wait
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.waiting import WaitState
from tests.factories import InspectionFactory, PropertyFactory, SeekerFactory, SlotFactory
from tests.platform.test_waiting_races import book, join, take, the_places_add_up, together

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def the_lists_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ("inspector_whatsapp.inspections.offers.on_change",)


def booked(*, hours: float = 3) -> tuple[Slot, Inspection]:
    """The only place of a slot; its seeker has not said that they come."""
    start = clock.now() + hours * HOUR
    slot = SlotFactory(
        taken=1, starts_at=start, ends_at=start + HOUR, property=PropertyFactory(give_away_hours=4)
    )
    return slot, InspectionFactory(slot=slot, created_at=clock.now() - 50 * HOUR)


def test_an_answer_in_the_moment_in_which_the_place_goes_is_a_place_kept_or_one_lost() -> None:
    for _ in range(6):
        slot, inspection = booked()
        wait = join(slot)
        answered, *gone = together(
            partial(inspections.come, inspection=inspection, actor=None, origin=CHAT),
            partial(inspections.give_away, inspection=inspection),
            partial(inspections.give_away, inspection=inspection),
        )
        if answered == "TooLate":
            assert sorted(gone) == [False, True]  # type: ignore[type-var]
            assert Wait.objects.get(pk=wait.pk).state == WaitState.OFFERED
        else:
            assert gone == [False, False]
            assert Wait.objects.get(pk=wait.pk).state == WaitState.WAITING
        assert Change.objects.filter(kind="place_given_away", subject=inspection.ref).count() <= 1
        the_places_add_up(slot)


def test_for_one_who_waits_one_place_goes_and_for_one_who_leaves_none() -> None:
    for _ in range(4):
        slot, first = booked()
        Slot.objects.filter(pk=slot.pk).update(capacity=2, taken=2)
        both = [first, InspectionFactory(slot=slot, created_at=first.created_at)]
        wait = join(Slot.objects.select_related("property").get(pk=slot.pk))
        gone = together(*(partial(inspections.give_away, inspection=each) for each in both))
        assert sorted(map(str, gone)) == ["False", "True"]
        assert Wait.objects.get(pk=wait.pk).state == WaitState.OFFERED
        the_places_add_up(slot)
        slot, inspection = booked()
        wait = join(slot)
        _left, given = together(
            partial(inspections.leave, wait=wait, actor=None, origin=CHAT),
            partial(inspections.give_away, inspection=inspection),
        )
        offered = Change.objects.filter(kind="place_offered", at__gte=wait.created_at).exists()
        assert offered == given
        the_places_add_up(slot)


def test_of_who_comes_after_all_whose_turn_it_is_and_who_passes_by_one_has_the_place() -> None:
    for _ in range(6):
        slot, inspection = booked()
        wait = join(slot)
        assert inspections.give_away(inspection=inspection)
        results = together(
            *[partial(inspections.reclaim, inspection=inspection, actor=None, origin=CHAT)] * 2,
            partial(take, wait),
            partial(book, slot, SeekerFactory()),
            partial(inspections.leave, wait=Wait.objects.get(pk=wait.pk), actor=None, origin=CHAT),
        )
        assert Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).count() <= 1
        assert Wait.objects.filter(slot=slot, seeker=inspection.seeker, state="waiting").count() <= 1
        assert results[3] == "SlotTaken" or isinstance(results[3], Inspection)
        the_places_add_up(slot)


def test_the_same_word_at_once_is_one_row() -> None:
    _slot, inspection = booked(hours=-0.2)
    together(
        *[partial(inspections.nobody_came, inspection=inspection, actor=inspection.seeker, origin=CHAT)] * 4
    )
    assert Presence.objects.count() == 1

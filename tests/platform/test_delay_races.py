"""Inspectors who are late, everything at the same moment on connections of their own."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Delay, Inspection, Slot, User
from inspector_whatsapp.models.delays import MINUTES
from inspector_whatsapp.models.inspections import LIVE_STATES
from tests.factories import LAGOS, InspectionFactory, SeekerFactory, SlotFactory
from tests.platform.test_waiting_races import together

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT


@pytest.fixture(autouse=True)
def it_is_noon(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("the_clock_runs")
    noon = clock.now().astimezone(LAGOS).replace(hour=12, minute=0, second=0) + timedelta(days=1)
    clock.move(noon - clock.now())


def slot(hours: int = 1, **fields: object) -> Slot:
    starts_at = clock.now() + timedelta(hours=hours)
    ends_at = starts_at + timedelta(minutes=45)
    return SlotFactory(**{"starts_at": starts_at, "ends_at": ends_at, "capacity": 2, "taken": 2} | fields)


def chidi(inspection: Inspection) -> User:
    assert inspection.inspector is not None
    return inspection.inspector


def test_of_one_visit_there_is_one_delay_and_each_said_once() -> None:
    for _ in range(4):
        one, _other = (InspectionFactory(slot=place) for place in [slot()] * 2)
        late = partial(inspections.run_late, inspection=one, actor=chidi(one), origin=CHAT)
        together(*(partial(late, minutes=minutes) for minutes in (*MINUTES, *MINUTES)))
        delay = Delay.objects.get(inspector=one.inspector)
        told = Change.objects.filter(kind="inspector_late", subject=one.ref).order_by("pk")
        said = list(told.values_list("data__minutes", flat=True))
        assert said[-1] == delay.minutes
        assert all(before != after for before, after in pairwise(said))


def test_whoever_is_moved_by_their_inspector_meanwhile_moves_cancels_or_is_joined_the_places_add_up() -> None:
    for _ in range(4):
        left = slot(capacity=3)
        one, other = InspectionFactory(slot=left), InspectionFactory(slot=left)
        target, third = (slot(hours, property=left.property, taken=0) for hours in (4, 6))
        together(
            partial(inspections.move_visit, inspection=one, slot=target, actor=chidi(one), origin=CHAT),
            partial(inspections.move, inspection=other, slot=third, actor=None, origin=CHAT),
            partial(inspections.cancel, inspection=one, actor=None, origin=CHAT),
            partial(inspections.book, seeker=SeekerFactory(), slot=left, origin=CHAT),
            partial(inspections.book, seeker=SeekerFactory(), slot=target, origin=CHAT),
        )
        for each in (left, target, third):
            each.refresh_from_db()
            live = Inspection.objects.filter(slot=each, state__in=LIVE_STATES).count()
            assert live == each.taken <= each.capacity

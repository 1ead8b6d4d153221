"""What the database refuses, whatever code forgets."""

import pytest
from django.db import IntegrityError, transaction

from inspector_whatsapp.models import Slot
from inspector_whatsapp.models.inspections import SlotState
from tests.factories import InspectionFactory, SlotFactory, at

pytestmark = pytest.mark.django_db


def refused(constraint: str) -> "pytest.RaisesExc[IntegrityError]":
    return pytest.raises(IntegrityError, match=constraint)


def test_the_database_counts_no_more_places_than_there_are() -> None:
    slot = SlotFactory(capacity=1, taken=1)
    with refused("slot_taken_within_capacity"), transaction.atomic():
        Slot.objects.filter(pk=slot.pk).update(taken=2)


def test_the_database_keeps_a_seeker_at_one_place() -> None:
    inspection = InspectionFactory()
    with refused("inspection_seeker_at_one_place"), transaction.atomic():
        InspectionFactory(seeker=inspection.seeker, slot=SlotFactory(starts_at=at(10, 59)))
    with refused("inspection_(one_live_per_seeker_and_slot|seeker_at_one_place)"), transaction.atomic():
        InspectionFactory(seeker=inspection.seeker, slot=inspection.slot)
    InspectionFactory(seeker=inspection.seeker, slot=inspection.slot, clash=True)


def test_the_database_keeps_an_inspector_at_one_place() -> None:
    slot = SlotFactory()
    with refused("slot_inspector_at_one_place"), transaction.atomic():
        SlotFactory(inspector=slot.inspector, starts_at=at(10, 30))
    SlotFactory(inspector=slot.inspector, starts_at=at(10, 30), state=SlotState.CLOSED)


def test_the_database_refuses_times_that_run_backwards() -> None:
    with refused("slot_ends_after_it_starts"), transaction.atomic():
        SlotFactory(starts_at=at(10), ends_at=at(9))

"""Inspector's rows come while people book."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import ClockOffset, Inspection, Slot
from inspector_whatsapp.sync import standing
from tests.at_once import at_once
from tests.factories import SeekerFactory, SlotFactory

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it is looked at once only
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        (waits,) = cursor.fetchone()
    return bool(waits)


def is_held(inspection: Inspection) -> bool:
    try:
        with transaction.atomic():
            Inspection.objects.select_for_update(nowait=True).get(pk=inspection.pk)
    except OperationalError:
        return True
    return False


def test_whoever_books_while_the_slot_is_waited_for_is_held_too() -> None:
    ClockOffset.objects.get_or_create(pk=1)
    slot: Slot = SlotFactory(capacity=2)
    seeker = SeekerFactory()
    booking, holding, seen = threading.Event(), threading.Event(), threading.Event()

    def book() -> bool:
        with transaction.atomic():
            inspection = inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
            booking.set()
            until = time.monotonic() + 60
            while not somebody_waits():
                assert time.monotonic() < until, "nobody waits for the slot"
                time.sleep(0.01)
        try:
            assert holding.wait(60)
            return is_held(inspection)
        finally:
            seen.set()

    def hold() -> bool:
        assert booking.wait(60)
        with transaction.atomic():
            standing.hold(slots={slot.pk}, seekers=(), inspections=())
            holding.set()
            assert seen.wait(60)
        return True

    assert at_once(book, hold) == [True, True]

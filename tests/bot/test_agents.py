"""What agents do in the chat, where a transcript can't show it: two taps, others' things, late bookings."""

import pytest

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, Property, Slot
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import PropertyFactory, RequestFactory, SeekerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bola() -> Phone:
    world.build()
    return Phone(world.linked("bola@inspector.example"))


@pytest.mark.parametrize(
    ("title", "status"),
    [("Unavailable", PropertyStatus.UNAVAILABLE), ("Let", PropertyStatus.LET), ("Sold", PropertyStatus.SOLD)],
)
def test_a_home_goes_and_comes_back_in_two_taps(bola: Phone, title: str, status: PropertyStatus) -> None:
    bola.says("available / unavailable")
    bola.taps("4-bedroom duplex")
    bola.taps(title)
    assert Property.objects.get(ref="PR-1043").status == status
    bola.taps("My properties")
    bola.taps("4-bedroom duplex")
    bola.taps("Make it available")
    assert Property.objects.get(ref="PR-1043").status == PropertyStatus.LIVE


def test_a_request_is_confirmed_in_two_taps(bola: Phone) -> None:
    world.asked()
    bola.says("inspection requests")
    bola.taps("Fri 27 Nov, 10:00 am")
    bola.taps("Confirm")
    assert Inspection.objects.get(ref="IN-3107").state == InspectionState.CONFIRMED


def test_a_booking_that_came_in_meanwhile_is_not_cancelled_with_the_others(bola: Phone) -> None:
    world.asked()
    bola.says("my properties")
    bola.says("PR-1042")
    assert "3 inspections are coming up" in bola.taps("Let")
    late = inspections.book(
        seeker=SeekerFactory(), slot=Slot.objects.get(starts_at=world.at(28, 15)), origin=Origin.API
    )
    answer = bola.taps("Cancel and tell them")
    assert "have changed since I asked" in answer
    assert "4 inspections are coming up" in answer
    assert Property.objects.get(ref="PR-1042").status == PropertyStatus.LIVE
    late.refresh_from_db()
    assert late.state == InspectionState.REQUESTED
    bola.taps("Cancel and tell them")
    assert set(Inspection.objects.values_list("state", flat=True)) == {InspectionState.CANCELLED}
    assert set(Inspection.objects.values_list("why", flat=True)) == {"The property has been let"}


@pytest.mark.parametrize(
    "button",
    [
        "v1|start|availability|{ref}",
        "v1|start|booking_rule|{ref}",
        "v1|start|slots|{ref}",
        "v1|start|open_slots|{ref}",
        "v1|start|confirm_request|{inspection}",
        "v1|start|decline_request|{inspection}",
        "v1|start|call_off|{inspection}",
    ],
)
def test_what_is_another_agents_cannot_be_found(bola: Phone, button: str) -> None:
    theirs = RequestFactory(slot__property=PropertyFactory(booking_rule=BookingRule.ASK))
    answer = bola.taps_id(
        button.format(ref=theirs.property.ref, inspection=f"{theirs.ref}.{theirs.revision}")
    )
    assert "I can't find that" in answer
    assert theirs.seeker.name not in answer
    theirs.refresh_from_db()
    assert theirs.state == InspectionState.REQUESTED


@pytest.mark.parametrize(
    "forged", ["times|rubbish", "times|", "times|step by step|", "on|2026-13-40", "each|0 min", "sure|yes.x"]
)
def test_a_forged_button_opens_nothing(bola: Phone, forged: str) -> None:
    before = Slot.objects.count()
    bola.taps_id("v1|start|open_slots|PR-1043")
    bola.taps_id("".join(("v1|ask|open_slots.", forged)))
    assert Slot.objects.count() == before


def test_words_that_mean_to_keep_it_are_no_reason_to_decline(bola: Phone) -> None:
    world.asked()
    bola.taps_id("v1|start|decline_request|IN-3107.1")
    assert "still waits for your answer" in bola.says("leave am")
    assert Inspection.objects.get(ref="IN-3107").state == InspectionState.REQUESTED

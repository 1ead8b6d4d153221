"""Inspector's backend has the last word: what is asked of it, and what follows from its answers."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.db.models.functions import Now
from pytest_django import DjangoAssertNumQueries, Settings

from inspector_whatsapp import clock, gateway, inspections, listings, outbox, sync
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.gateway import answers
from inspector_whatsapp.gateway.backend import Backend as Channel
from inspector_whatsapp.gateway.rows import row_came
from inspector_whatsapp.inspections import AlreadyAnswered
from inspector_whatsapp.models import (
    Change,
    ChannelState,
    Incident,
    Inspection,
    OutboxMessage,
    Property,
    PropertyPhoto,
    Slot,
    User,
)
from inspector_whatsapp.models.inspections import InspectionState, Outcome, SlotState
from inspector_whatsapp.models.listings import BookingRule, Kind, ListingType, PropertyStatus
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Withheld, claiming
from inspector_whatsapp.outbox.claiming import Room
from inspector_whatsapp.words import Reader
from notifications.kind import by_name
from tests.at_once import at_once
from tests.factories import (
    AgentFactory,
    InspectionFactory,
    InspectorFactory,
    LinkFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    UserFactory,
    at,
)
from tests.gateway.backend import Backend, Fault

pytest_plugins = ("tests.gateway.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock", "decides", "to_inspector_alone")]

NO = Fault(status=409, body={"detail": "Somebody has it."})
AWAY = Fault(status=503)
BROKEN = Fault(status=500)
REQUESTED, CONFIRMED, DECLINED, CANCELLED = (
    InspectionState.REQUESTED,
    InspectionState.CONFIRMED,
    InspectionState.DECLINED,
    InspectionState.CANCELLED,
)


def passes(**span: float) -> None:
    clock.move(timedelta(**span))


def booked(**fields: Any) -> Inspection:
    slot = SlotFactory(**fields)
    return inspections.book(seeker=SeekerFactory(), slot=slot, origin=Origin.CHAT)


def certain(decides: Backend, **fields: Any) -> Inspection:
    """Booked, and Inspector said yes."""
    inspection = booked(**fields)
    outbox.drain()
    decides.requests.clear()
    return fresh(inspection)


def fresh(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_related("slot", "property").get(pk=inspection.pk)


def moved(inspection: Inspection, *, hour: int = 15, actor: User | None = None) -> Inspection:
    slot = SlotFactory(property=inspection.property, starts_at=at(hour))
    return inspections.move(
        inspection=inspection, slot=slot, actor=actor or inspection.seeker, origin=Origin.CHAT
    )


def cancelled(inspection: Inspection) -> None:
    inspections.cancel(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)


def command(kind: str) -> OutboxMessage:
    return OutboxMessage.objects.filter(channel="inspector", kind=kind).latest("pk")


def handed_in(photos: list[str]) -> Property:
    """An agent's new property, with a photo of each of these names."""
    fields = listings.Submission(
        kind=Kind.APARTMENT,
        listing_type=ListingType.SALE,
        price=Decimal(90_000_000),
        area="Yaba",
        city="Lagos",
        state="Lagos",
    )
    files = [
        (default_storage.save(f"{name}.jpg", ContentFile(f"the bytes of {name}".encode())), f"digest {name}")
        for name in photos
    ]
    return listings.submit(agent=AgentFactory(), fields=fields, photos=files, origin=Origin.CHAT)


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def told(kind: str) -> set[int]:
    """Who was written to."""
    rows = OutboxMessage.objects.filter(kind=kind, account__isnull=False)
    return {message.account_id or 0 for message in rows}


# --- the contract -----------------------------------------------------------------------------------------
def test_a_booking_is_asked_for_and_certain_once_inspector_says_yes(decides: Backend) -> None:
    decides.says["POST"] = {"id": "I-900", "version": 4}
    inspection = booked(property__platform_id="P-7", platform_id="S-3")
    assert (inspection.state, inspection.asked_at) == (REQUESTED, None)
    assert gateway.pending(inspection)
    assert Slot.objects.get().taken == 1
    outbox.drain()
    (request,) = decides.requests
    assert (request.method, request.path, request.key) == ("POST", "/inspections", inspection.ref)
    assert request.headers["authorization"] == "Bearer a token for the backend"
    assert len(request.headers["x-request-id"]) == 36
    body = request.json
    assert (body["ref"], body["property"]["id"], body["slot"]["id"]) == (inspection.ref, "P-7", "S-3")
    assert body["seeker"]["email"] == inspection.seeker.email
    assert body["slot"]["taken"] == 1
    inspection = fresh(inspection)
    assert (inspection.state, inspection.platform_id, inspection.version) == (CONFIRMED, "I-900", 4)
    assert not gateway.pending(inspection)
    assert kinds() == ["inspection_pending", "inspection_confirmed"]
    assert Change.objects.latest("pk").origin == Origin.SYNC  # and so it is not echoed
    assert told("inspection_confirmed") == {
        inspection.seeker_id,
        inspection.property.agent_id,
        inspection.inspector_id,
    }


def test_without_a_backend_it_is_certain_at_once(settings: Settings) -> None:
    settings.INSPECTOR_API_URL = ""
    assert booked().state == CONFIRMED
    assert not OutboxMessage.objects.filter(channel="inspector").exists()


def test_what_came_from_inspector_is_not_asked_of_it(decides: Backend) -> None:
    inspection = inspections.book(seeker=SeekerFactory(), slot=SlotFactory(), origin=Origin.SYNC)
    assert inspection.state == CONFIRMED
    outbox.drain()
    assert decides.requests == []


def test_a_move_is_asked_for_and_told_once_it_is_certain(decides: Backend) -> None:
    decides.says["POST"] = {"id": "I/9 00"}
    inspection = certain(decides)
    before = inspection.starts_at
    inspection = moved(inspection)
    assert inspection.state == REQUESTED
    assert told("inspection_moved") == set()
    outbox.drain()
    (request,) = decides.requests
    assert (request.method, request.path) == ("PATCH", "/inspections/I%2F9%2000")
    assert request.json["starts_at"] == inspection.starts_at.astimezone(before.tzinfo).isoformat()
    assert request.json["from"] == before.isoformat()
    assert fresh(inspection).state == CONFIRMED
    assert kinds()[-1] == "inspection_moved"
    assert inspection.seeker_id in told("inspection_moved")


def test_a_cancellation_is_passed_on(decides: Backend) -> None:
    inspection = certain(decides)
    cancelled(inspection)
    outbox.drain()
    (request,) = decides.requests
    assert (request.method, request.path) == ("POST", f"/inspections/{inspection.ref}/cancel")
    assert fresh(inspection).state == CANCELLED
    assert command("cancel").status == Status.ACCEPTED


def test_what_came_of_it_is_passed_on_and_a_refusal_is_for_a_person(decides: Backend) -> None:
    inspection = certain(decides)
    passes(days=2)
    assert inspection.inspector is not None
    inspections.report(
        inspection=inspection,
        outcome=Outcome.COMPLETED,
        note="All well.",
        photos=(),
        actor=inspection.inspector,
        origin=Origin.CHAT,
    )
    decides.meets(Fault(status=422))
    outbox.drain()
    (request,) = decides.requests
    assert request.path == f"/inspections/{inspection.ref}/report"
    assert (request.json["outcome"], request.json["notes"]) == ("completed", "All well.")
    assert fresh(inspection).state == InspectionState.COMPLETED
    assert Incident.objects.get().kind == "command_refused"
    assert gateway.replay(command("report"))
    outbox.drain()
    assert command("report").status == Status.ACCEPTED


def test_availability_is_passed_on_and_a_refusal_undone(decides: Backend) -> None:
    property = PropertyFactory(platform_id="P-7")
    LinkFactory(account=property.agent)
    listings.set_availability(
        property=property, status=PropertyStatus.LET, actor=property.agent, origin=Origin.CHAT
    )
    assert gateway.pending(property)
    decides.meets(NO)
    outbox.drain()
    request = decides.requests[0]
    assert (request.method, request.path) == ("PATCH", "/properties/P-7")
    assert (request.json["status"], request.json["before"]) == ("let", "live")
    property.refresh_from_db()
    assert property.status == PropertyStatus.LIVE
    assert told("change_undone") == {property.agent_id}
    assert len(decides.requests) == 1  # what undid it is not asked for in turn


def test_a_new_property_and_its_photos_are_handed_in_in_order(
    decides: Backend, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    decides.says["POST"] = {"id": "P-new", "version": 1}
    property = handed_in(["a", "b"])
    decides.meets(BROKEN)
    outbox.drain()
    assert len(decides.requests) == 1  # the photos wait for their property
    passes(seconds=7)
    outbox.drain()
    first, again, *photos = decides.requests
    assert (first.path, first.key, again.key) == ("/properties", property.ref, property.ref)
    assert first.json["agent"]["email"] == property.agent.email
    assert [photo.path for photo in photos] == [f"/properties/{property.ref}/photos"] * 2
    assert b"the bytes of a" in photos[0].raw
    assert b'name="position"' in photos[0].raw
    property.refresh_from_db()
    assert (property.platform_id, property.version) == ("P-new", 1)
    assert len(decides.objects) == 3


def test_a_reason_that_no_database_can_keep_is_kept_as_far_as_it_can_be(
    decides: Backend, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    handed_in([])
    decides.meets(Fault(status=409, body={"detail": "No\x00 such\ud800 street."}))
    outbox.drain()
    assert Change.objects.get(kind="property_rejected").data["why"] == "No  such  street."


def test_a_new_property_that_is_refused_goes_back_to_its_agent(
    decides: Backend, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    property = handed_in(["a"])
    decides.meets(NO)
    outbox.drain()
    property.refresh_from_db()
    assert property.status == PropertyStatus.DRAFT
    assert Change.objects.get(kind="property_rejected").data["why"] == "Somebody has it."
    assert command("photo").status == Status.WITHHELD
    assert len(decides.requests) == 1


# --- no ---------------------------------------------------------------------------------------------------
def test_a_no_declines_it_closes_the_slot_and_offers_others(decides: Backend) -> None:
    decides.meets(NO)
    inspection = booked()
    other = SlotFactory(property=inspection.property, starts_at=at(16))
    LinkFactory(account=inspection.seeker)
    outbox.drain()
    inspection = fresh(inspection)
    assert inspection.slot is not None
    assert (inspection.state, inspection.slot.state) == (DECLINED, SlotState.CLOSED)
    assert inspection.slot.taken == 0
    assert inspections.next_free(inspection.property, now=clock.now()) == [other]
    assert inspection.seeker_id in told("inspection_refused")
    assert told("inspection_refused") == {inspection.seeker_id}  # nobody else had heard of it
    assert not Incident.objects.exists()
    outbox.drain()
    assert len(decides.requests) == 1  # no cancellation of what is not there


def test_another_refusal_is_an_incident_and_leaves_the_slot_open(decides: Backend) -> None:
    decides.meets(Fault(status=422))
    inspection = booked()
    outbox.drain()
    inspection = fresh(inspection)
    assert inspection.slot is not None
    assert (inspection.state, inspection.slot.state) == (DECLINED, SlotState.OPEN)
    assert Incident.objects.get().kind == "command_refused"


def test_a_move_that_is_refused_is_taken_back(decides: Backend) -> None:
    inspection = certain(decides)
    old = inspection.slot
    moved(inspection)
    decides.meets(NO)
    outbox.drain()
    inspection = fresh(inspection)
    assert (inspection.state, inspection.slot) == (CONFIRMED, old)
    assert sorted(Slot.objects.values_list("taken", flat=True)) == [0, 1]
    assert kinds()[-1] == "inspection_kept"
    assert inspection.seeker_id in told("inspection_kept")
    outbox.drain()
    assert len(decides.requests) == 1


def test_a_move_that_is_refused_when_the_old_place_is_gone_is_called_off_on_both_sides(
    decides: Backend,
) -> None:
    inspection = certain(decides)
    old = inspection.slot
    assert old is not None
    moved(inspection)
    Slot.objects.filter(pk=old.pk).update(taken=1)
    decides.meets(NO)
    outbox.drain()
    outbox.drain()
    assert fresh(inspection).state == DECLINED
    assert [request.path.rpartition("/")[2] for request in decides.requests] == [inspection.ref, "cancel"]
    assert Incident.objects.get().kind == "command_refused"


def test_a_cancellation_that_is_refused_is_taken_back(decides: Backend) -> None:
    inspection = certain(decides)
    cancelled(inspection)
    decides.meets(NO)
    outbox.drain()
    inspection = fresh(inspection)
    assert inspection.slot is not None
    assert (inspection.state, inspection.clash, inspection.slot.taken) == (CONFIRMED, False, 1)
    assert inspection.seeker_id in told("inspection_stands")


def test_a_request_that_cannot_be_cancelled_still_waits_for_its_agent(decides: Backend) -> None:
    inspection = booked(property__booking_rule=BookingRule.ASK)
    outbox.drain()
    asked_at = fresh(inspection).asked_at
    cancelled(inspection)
    decides.meets(NO)
    outbox.drain()
    assert (fresh(inspection).state, fresh(inspection).asked_at) == (REQUESTED, asked_at)
    agent = inspection.property.agent
    assert inspections.confirm(inspection=inspection, actor=agent, origin=Origin.CHAT).state == CONFIRMED


def test_it_stands_as_a_clash_where_its_place_has_gone_meanwhile(decides: Backend) -> None:
    inspection = certain(decides)
    cancelled(inspection)
    other = inspections.book(seeker=SeekerFactory(), slot=Slot.objects.get(), origin=Origin.SYNC)
    decides.meets(NO)
    outbox.drain()
    inspection = fresh(inspection)
    assert (inspection.state, inspection.clash) == (CONFIRMED, True)
    assert Incident.objects.get(kind="clash").key == inspection.ref
    assert fresh(other).state == CONFIRMED


def test_it_stands_as_a_clash_where_its_seeker_is_elsewhere_by_now(decides: Backend) -> None:
    inspection = certain(decides)
    cancelled(inspection)
    InspectionFactory(seeker=inspection.seeker)  # at the same time
    decides.meets(NO)
    outbox.drain()
    assert (fresh(inspection).state, fresh(inspection).clash) == (CONFIRMED, True)
    assert inspection.slot is not None
    inspection.slot.refresh_from_db()
    assert inspection.slot.taken == 0


def test_nothing_to_cancel_is_as_good_as_cancelled(decides: Backend) -> None:
    inspection = certain(decides)
    cancelled(inspection)
    decides.meets(Fault(status=404))
    outbox.drain()
    assert (fresh(inspection).state, command("cancel").status) == (CANCELLED, Status.ACCEPTED)


# --- both must agree --------------------------------------------------------------------------------------
def test_where_the_agent_is_asked_too_it_waits_for_the_second_yes(decides: Backend) -> None:
    first = booked(property__booking_rule=BookingRule.ASK)
    assert first.asked_at is not None
    outbox.drain()
    assert fresh(first).state == REQUESTED
    agent = first.property.agent
    assert inspections.confirm(inspection=first, actor=agent, origin=Origin.CHAT).state == CONFIRMED

    second = booked(property__booking_rule=BookingRule.ASK)
    inspection = inspections.confirm(inspection=second, actor=second.property.agent, origin=Origin.CHAT)
    assert (inspection.state, kinds()[-1]) == (REQUESTED, "inspection_agreed")
    with pytest.raises(AlreadyAnswered):
        inspections.confirm(inspection=second, actor=second.property.agent, origin=Origin.CHAT)
    outbox.drain()
    assert fresh(second).state == CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_make_it_certain(decides: Backend) -> None:
    for _ in range(5):
        inspection = booked(property__booking_rule=BookingRule.ASK)
        agent = inspection.property.agent

        def say_yes(inspection: Inspection = inspection, agent: User = agent) -> object:
            return inspections.confirm(inspection=inspection, actor=agent, origin=Origin.CHAT)

        at_once(say_yes, outbox.drain)
        outbox.drain()
        assert fresh(inspection).state == CONFIRMED


def test_an_agents_no_is_passed_on(decides: Backend) -> None:
    inspection = booked(property__booking_rule=BookingRule.ASK)
    outbox.drain()
    inspections.decline(inspection=inspection, actor=inspection.property.agent, origin=Origin.CHAT)
    outbox.drain()
    assert [request.path.rpartition("/")[2] for request in decides.requests] == ["inspections", "cancel"]


# --- no answer --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fault", [BROKEN, Fault(close=True, after=True), Fault(close=True), Fault(status=429)]
)
def test_a_time_out_and_a_second_try_make_one_object(decides: Backend, fault: Fault) -> None:
    inspection = booked()
    decides.meets(fault)
    outbox.drain()
    assert fresh(inspection).state == REQUESTED
    passes(seconds=20)
    outbox.drain()
    assert [request.key for request in decides.requests] == [inspection.ref] * 2
    assert list(decides.objects) == [inspection.ref]
    assert decides.requests[0].raw == decides.requests[1].raw
    assert fresh(inspection).state == CONFIRMED


def test_a_worker_that_dies_while_it_asks_leaves_one_object(decides: Backend) -> None:
    inspection = booked()
    OutboxMessage.objects.filter(kind="reserve").update(
        status=Status.SENDING,
        attempts=F("attempts") + 1,
        lease_until=Now() - timedelta(seconds=1),
        lease_token="00000000-0000-0000-0000-000000000001",
    )
    outbox.sweep()
    passes(seconds=7)
    outbox.drain()
    assert list(decides.objects) == [inspection.ref]
    assert fresh(inspection).state == CONFIRMED


def test_after_a_minute_the_person_hears_once_that_it_takes_longer(decides: Backend) -> None:
    seeker = SeekerFactory()
    LinkFactory(account=seeker)
    inspection = inspections.book(seeker=seeker, slot=SlotFactory(), origin=Origin.CHAT)
    message = OutboxMessage.objects.get(kind="still_confirming")
    assert (message.account, message.channel) == (seeker, "whatsapp")
    assert message.not_before - message.created_at == timedelta(minutes=1)
    kind = by_name("still_confirming")
    said = kind.whatsapp(message, now=clock.now()).text.put(Reader())
    assert "still being confirmed" in said
    assert inspection.ref in said
    outbox.drain()
    with pytest.raises(Withheld):
        kind.whatsapp(message, now=clock.now())


def test_without_an_answer_until_it_is_too_late_it_is_given_up_and_cancelled_there(decides: Backend) -> None:
    inspection = booked()
    decides.always["inspections"] = BROKEN
    while command("reserve").status in (Status.PENDING, Status.WAITING):
        outbox.drain()
        clock.move(max(command("reserve").not_before - clock.now(), timedelta(seconds=1)))
    assert clock.now() < inspection.starts_at
    assert fresh(inspection).state == DECLINED
    assert inspection.seeker_id in told("inspection_refused")
    assert Incident.objects.get().kind == "command_unanswered"
    outbox.drain()
    assert decides.requests[-1].path.endswith("/cancel")  # nobody knows what it has


def test_what_nobody_tried_in_time_is_given_up_too(decides: Backend) -> None:
    inspection = booked()
    clock.move(inspection.starts_at - clock.now())  # no worker ran
    outbox.drain()
    assert (fresh(inspection).state, command("reserve").status) == (DECLINED, Status.EXPIRED)


def test_what_is_too_late_while_nobody_is_there_is_given_up(decides: Backend) -> None:
    inspection = booked()
    later = booked(starts_at=at(10, days=5))
    decides.down()
    outbox.drain()
    clock.move(inspection.starts_at - clock.now() - timedelta(minutes=50))
    outbox.sweep()
    assert (fresh(inspection).state, fresh(later).state) == (DECLINED, REQUESTED)
    assert command("cancel").status == Status.PENDING


def test_while_nobody_is_there_one_command_finds_out_and_the_rest_is_not_burned(decides: Backend) -> None:
    made = [booked(starts_at=at(10, days=3)) for _ in range(20)]
    decides.down()
    outbox.drain()
    passes(hours=8)
    outbox.drain()
    assert set(OutboxMessage.objects.filter(kind="reserve").values_list("attempts", flat=True)) == {0}
    assert ChannelState.objects.get(channel="inspector").shut_until is not None
    decides.up()
    passes(minutes=15)
    outbox.drain()
    outbox.drain()
    assert {fresh(one).state for one in made} == {CONFIRMED}
    assert sorted(decides.objects) == sorted(one.ref for one in made)
    assert ChannelState.objects.get(channel="inspector").shut_until is None


@pytest.mark.parametrize("status", [401, 403, 302])
def test_a_token_or_address_that_is_wrong_stops_the_channel_and_loses_nothing(
    decides: Backend, status: int
) -> None:
    inspection = booked()
    decides.meets(Fault(status=status, headers={"Location": "http://127.0.0.1:9/"}))
    outbox.drain()
    assert fresh(inspection).state == REQUESTED
    assert Incident.objects.get(kind="token_refused").key == "inspector"
    passes(minutes=2)
    outbox.drain()
    assert fresh(inspection).state == CONFIRMED


def test_when_nobody_decides_any_more_what_waits_counts(decides: Backend, settings: Settings) -> None:
    inspection = booked()
    settings.INSPECTOR_API_URL = ""
    outbox.drain()
    assert fresh(inspection).state == CONFIRMED
    assert command("reserve").status == Status.WITHHELD


def test_when_nobody_decides_any_more_what_is_too_late_counts_as_well(
    decides: Backend, settings: Settings
) -> None:
    inspection = booked()
    settings.INSPECTOR_API_URL = ""
    clock.move(inspection.starts_at - clock.now() - timedelta(minutes=30))
    outbox.drain()
    assert fresh(inspection).state == CONFIRMED
    assert not Incident.objects.exists()


def test_when_nobody_decides_any_more_nobody_waits_for_who_was_away(
    decides: Backend, settings: Settings
) -> None:
    made = [booked(starts_at=at(10, days=3)) for _ in range(4)]
    decides.down()
    outbox.drain()
    settings.INSPECTOR_API_URL = ""
    for _ in range(2):
        passes(minutes=5)
        outbox.drain()
    assert {fresh(one).state for one in made} == {CONFIRMED}


def test_a_worker_that_dies_at_the_last_try_leaves_nothing_there_either(
    decides: Backend, settings: Settings
) -> None:
    inspection = booked(starts_at=at(10, days=9))
    OutboxMessage.objects.filter(kind="reserve").update(
        status=Status.SENDING,
        attempts=len(Channel.back_off) + 1,
        lease_until=Now() - timedelta(seconds=1),
        lease_token="00000000-0000-0000-0000-000000000001",
    )
    outbox.sweep()
    assert fresh(inspection).state == DECLINED
    assert Incident.objects.filter(kind="command_unanswered").exists()
    outbox.drain()
    assert decides.requests[-1].path.endswith("/cancel")  # nobody knows what it has


# --- one after the other ----------------------------------------------------------------------------------
def test_commands_about_one_inspection_keep_their_order_however_long_one_takes(decides: Backend) -> None:
    inspection = booked()
    decides.meets(BROKEN, BROKEN, BROKEN, BROKEN)
    for _ in range(3):
        outbox.drain()
        passes(seconds=75)
    outbox.drain()  # the next try is minutes away
    cancelled(inspection)
    outbox.drain()
    assert {request.path for request in decides.requests} == {"/inspections"}
    passes(minutes=7)
    outbox.drain()
    outbox.drain()
    assert decides.requests[-1].path == f"/inspections/{inspection.ref}/cancel"
    assert fresh(inspection).state == CANCELLED


def test_one_that_waits_holds_up_no_other(decides: Backend) -> None:
    first = booked()
    decides.meets(BROKEN)
    outbox.drain()
    second = booked()
    outbox.drain()
    assert (fresh(first).state, fresh(second).state) == (REQUESTED, CONFIRMED)


def test_moved_before_the_answer_it_is_certain_once_both_are_answered(decides: Backend) -> None:
    inspection = moved(booked())
    outbox.drain()
    outbox.drain()
    assert [request.method for request in decides.requests] == ["POST", "PATCH"]
    assert fresh(inspection).state == CONFIRMED
    assert kinds()[-1] == "inspection_confirmed"
    assert kinds().count("inspection_confirmed") == 1


def test_moved_before_a_no_it_is_asked_for_where_it_is_now(decides: Backend) -> None:
    inspection = moved(booked())
    decides.meets(NO)
    outbox.drain()
    outbox.drain()
    first, second = decides.requests
    assert (first.method, second.method) == ("POST", "POST")
    assert first.key != second.key
    assert second.json["starts_at"] != first.json["starts_at"]
    assert command("move").status == Status.WITHHELD
    assert fresh(inspection).state == CONFIRMED


def test_cancelled_before_a_no_there_is_nothing_to_cancel(decides: Backend) -> None:
    inspection = booked()
    cancelled(inspection)
    decides.meets(NO)
    outbox.drain()
    outbox.drain()
    assert len(decides.requests) == 1
    assert fresh(inspection).state == CANCELLED


def test_moved_twice_and_refused_it_goes_back_to_where_inspector_has_it(decides: Backend) -> None:
    inspection = certain(decides)
    old = inspection.slot
    moved(moved(inspection), hour=17)
    decides.meets(NO, NO)
    outbox.drain()
    outbox.drain()
    assert (fresh(inspection).state, fresh(inspection).slot) == (CONFIRMED, old)


def test_moved_before_the_answer_and_refused_everybody_hears_that_the_old_time_is_certain(
    decides: Backend,
) -> None:
    inspection = moved(booked())
    decides.meets(Fault(status=200), NO)
    outbox.drain()
    outbox.drain()
    inspection = fresh(inspection)
    assert inspection.state == CONFIRMED
    assert told("inspection_kept") >= {inspection.seeker_id}
    people = {inspection.seeker_id, inspection.property.agent_id, inspection.inspector_id}
    assert told("inspection_confirmed") == people
    cancelled(inspection)
    assert told("inspection_cancelled") == people


# --- a row of Inspector's ---------------------------------------------------------------------------------
def test_a_row_that_agrees_settles_the_command(decides: Backend) -> None:
    inspection = booked()
    assert row_came(inspection, agrees=True) == 1
    assert not gateway.pending(inspection)
    outbox.drain()
    assert decides.requests == []
    assert command("reserve").status == Status.WITHHELD


def test_a_row_that_contradicts_withholds_the_command_and_its_agent_hears(decides: Backend) -> None:
    property = PropertyFactory()
    LinkFactory(account=property.agent)
    listings.set_availability(
        property=property, status=PropertyStatus.LET, actor=property.agent, origin=Origin.CHAT
    )
    Property.objects.update(status=PropertyStatus.LIVE, version=9)
    row_came(property, agrees=False)
    assert told("change_undone") == {property.agent_id}
    outbox.drain()
    assert decides.requests == []
    assert row_came(property, agrees=False) == 0


@dataclass(frozen=True)
class Row:
    """As the synchronisation tells of one."""

    subject: Inspection | Property
    before: dict[str, Any]
    after: dict[str, Any]


@pytest.mark.parametrize(
    ("before", "after", "settled", "why"),
    [
        ({"state": "requested"}, {"state": "confirmed"}, True, "the same"),
        ({"state": "requested", "starts_at": 1}, {"state": "requested", "starts_at": 1}, True, "the same"),
        ({"state": "requested", "starts_at": 1}, {"state": "confirmed", "starts_at": 2}, True, "otherwise"),
        ({"state": "requested"}, {"state": "declined"}, True, "otherwise"),
        ({"state": "cancelled"}, {"state": "confirmed"}, True, "otherwise"),
        ({"state": "cancelled", "starts_at": 1}, {"state": "declined", "starts_at": 2}, True, "the same"),
        ({"notes": ""}, {"notes": "x"}, False, ""),
    ],
)
def test_a_row_agrees_where_it_says_whether_and_when_as_we_do(
    decides: Backend, before: dict[str, Any], after: dict[str, Any], settled: bool, why: str
) -> None:
    inspection = booked()
    gateway.on_rows([Row(inspection, before, after), Row(inspection.property, {}, {"status": "live"})])
    message = command("reserve")
    assert (message.status == Status.WITHHELD) is settled
    assert message.reason.endswith(why)


def test_many_rows_about_which_nothing_is_pending_cost_one_query(
    decides: Backend, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [Row(PropertyFactory(), {"status": "let"}, {"status": "live"}) for _ in range(10)]
    with django_assert_num_queries(1):
        gateway.on_rows(rows)


def test_an_answer_that_comes_after_a_row_changes_nothing_of_it(decides: Backend) -> None:
    inspection = booked()
    decides.meets(BROKEN)
    outbox.drain()
    row_came(inspection, agrees=False)
    Inspection.objects.update(state=DECLINED)
    passes(seconds=7)
    outbox.drain()
    assert fresh(inspection).state == DECLINED


def test_an_id_that_another_row_has_is_for_a_person(decides: Backend) -> None:
    InspectionFactory(platform_id="I-1")
    decides.says["POST"] = {"id": "I-1"}
    inspection = booked(starts_at=at(17))
    outbox.drain()
    assert (fresh(inspection).state, fresh(inspection).platform_id) == (CONFIRMED, None)
    assert Incident.objects.get().kind == "command_conflict"


@pytest.mark.parametrize(
    "says",
    [
        *({"id": id} for id in (True, "", "x" * 65, ["a"], "a\x00", "\ud800")),
        *({"version": version} for version in ("9", True, -1, 2**63)),
    ],
)
def test_an_answer_that_says_something_odd_is_a_yes_all_the_same(
    decides: Backend, says: dict[str, Any]
) -> None:
    decides.says["POST"] = says
    inspection = booked()
    outbox.drain()
    inspection = fresh(inspection)
    assert (inspection.state, inspection.platform_id, inspection.version) == (CONFIRMED, None, 0)


# --- besides ----------------------------------------------------------------------------------------------
def test_an_agent_who_moves_a_slot_asks_too_and_a_no_calls_it_off(decides: Backend) -> None:
    inspection = certain(decides)
    assert inspection.slot is not None
    slot = inspection.slot
    inspections.move_slot(
        slot=slot, starts_at=at(18), ends_at=at(19), actor=inspection.property.agent, origin=Origin.CHAT
    )
    decides.meets(NO)
    outbox.drain()
    outbox.drain()
    assert fresh(inspection).state == DECLINED
    assert decides.requests[-1].path.endswith("/cancel")


def test_webhooks_tell_of_what_is_pending_and_not_of_inspectors_own_answer(
    decides: Backend, settings: Settings
) -> None:
    settings.INSPECTOR_WEBHOOK_URL = f"{decides.url}/hooks"
    settings.INSPECTOR_WEBHOOK_SECRETS = ["whsec_c2VjcmV0"]
    booked()
    outbox.drain()
    outbox.drain()
    assert [r.json["type"] for r in decides.to("POST", "/hooks")] == ["inspection_pending"]


def test_an_inspector_hears_of_a_pending_visit_only_once_it_is_certain(decides: Backend) -> None:
    inspector, agent = InspectorFactory(), AgentFactory()
    inspection = booked(inspector=inspector, property__agent=agent)
    cancelled(inspection)
    assert inspector.pk not in told("inspection_cancelled")


def test_photos_that_are_not_kept_any_more_are_no_reason_to_go_on(
    decides: Backend, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    handed_in(["a"])
    photo = PropertyPhoto.objects.get()
    photo.image.storage.delete(str(photo.image.name))
    outbox.drain()
    outbox.drain()
    assert command("photo").status == Status.FAILED
    assert Incident.objects.get().kind == "command_refused"


def test_inspectors_own_row_confirms_what_was_pending_and_is_not_asked_for_again(decides: Backend) -> None:
    inspection = booked(platform_id="S-1", property__platform_id="P-1")
    says = {
        "id": "I-5",
        "version": 1,
        "ref": inspection.ref,
        "state": "confirmed",
        "slot": "S-1",
        "property": "P-1",
    }
    (result,) = sync.apply("inspections", [says])
    assert result.result == "updated"
    assert (fresh(inspection).state, fresh(inspection).platform_id) == (CONFIRMED, "I-5")
    assert command("reserve").status == Status.WITHHELD
    outbox.drain()
    assert decides.requests == []


def test_inspectors_own_row_undoes_an_agents_change_that_was_pending(decides: Backend) -> None:
    property = PropertyFactory(platform_id="P-1", version=3)
    listings.set_availability(
        property=property, status=PropertyStatus.LET, actor=property.agent, origin=Origin.CHAT
    )
    (result,) = sync.apply("properties", [{"id": "P-1", "version": 4, "status": "live"}])
    assert result.result == "updated"
    property.refresh_from_db()
    assert property.status == PropertyStatus.LIVE
    assert told("change_undone") == {property.agent_id}
    outbox.drain()
    assert decides.requests == []


def gives_way(inspection: Inspection) -> None:
    """Inspector's own inspection takes its place, by a row of Inspector's."""
    UserFactory(platform_id="U-9")
    says = {
        "id": "I-9",
        "version": 1,
        "state": "confirmed",
        "slot": "S-1",
        "property": "P-1",
        "seeker": "U-9",
    }
    (result,) = sync.apply("inspections", [says])
    assert result.result == "created"
    assert fresh(inspection).state == DECLINED


def test_what_gave_way_before_it_was_asked_for_is_not_asked_for(decides: Backend) -> None:
    gives_way(booked(platform_id="S-1", property__platform_id="P-1"))
    outbox.drain()
    assert decides.requests == []


def test_what_gave_way_while_it_was_asked_for_is_called_off_there_after_a_yes(decides: Backend) -> None:
    inspection = booked(platform_id="S-1", property__platform_id="P-1")
    (message,) = claiming.claim([Room("inspector", most=1, bulk=1, in_order=True)])
    gives_way(inspection)
    answers.taken(message.pk, {"id": "I-7", "version": 2})
    assert fresh(inspection).state == DECLINED
    OutboxMessage.objects.filter(pk=message.pk).update(
        status=Status.ACCEPTED, lease_until=None, lease_token=None
    )
    outbox.drain()
    (request,) = decides.to("POST", "/cancel")
    assert request.path.endswith("/inspections/I-7/cancel")
    assert fresh(inspection).state == DECLINED

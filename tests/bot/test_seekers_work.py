"""What a chat with a seeker does to the platform; how it reads is in the transcripts."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.shorthand import LONGEST, argument_of, criteria_of
from bot.zones import zones_named
from inspector_whatsapp import clock, searches
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import (
    Change,
    Feedback,
    Incident,
    Inspection,
    OutboxMessage,
    ProblemReport,
    Property,
    SavedSearch,
    User,
)
from inspector_whatsapp.models.feedback import Problem
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule, Frequency, Kind
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import EnquiryFactory, InspectionFactory


@pytest.fixture
def phone(db: None) -> Phone:
    """The phone of Ada, who has inspected two homes."""
    world.build()
    world.inspected()
    return Phone(world.linked("ada@inspector.example"))


def ada() -> User:
    return User.objects.get(email="ada@inspector.example")


def starts(phone: Phone, flow: str, argument: str = "") -> str:
    return phone.taps_id(f"v1|start|{flow}|{argument}")


def tell(phone: Phone, *words: str) -> str:
    """Say one thing after the other; the last answer."""
    return [phone.says(each) for each in words][-1]


def sent(phone: Phone) -> list[dict[str, Any]]:
    """The bodies of what the phone has been sent, in order."""
    rows = OutboxMessage.objects.filter(contact__phone=phone.phone, kind="reply").order_by("pk")
    return [row.body or {} for row in rows]


def images(phone: Phone) -> list[str]:
    """The storage names of the photos that went out as messages of their own."""
    return [body["image"]["file"] for body in sent(phone) if body.get("type") == "image"]


# --- the card ---------------------------------------------------------------------------------------------
def test_photos_go_out_in_their_order_and_no_more_than_five(phone: Phone) -> None:
    world.pictured()
    tell(phone, "PR-1042", "photos")
    assert images(phone) == [f"properties/sea-breeze-{place}.jpg" for place in range(5)]


def test_who_saves_data_gets_one_small_photo_and_only_when_they_ask(phone: Phone) -> None:
    world.pictured()
    tell(phone, "settings", "low-data mode", "on")
    tell(phone, "PR-1042")
    assert "header" not in sent(phone)[-1]["interactive"]
    tell(phone, "photos")
    assert images(phone) == ["small/properties/sea-breeze-0.jpg"]


def test_the_pin_on_the_map_is_that_of_the_property(phone: Phone) -> None:
    world.pictured()
    tell(phone, "PR-1042", "map")
    pins = [body["location"] for body in sent(phone) if body.get("type") == "location"]
    assert [(pin["latitude"], pin["longitude"]) for pin in pins] == [(6.4478, 3.4723)]


def test_back_from_a_property_that_was_named_at_once_leads_to_the_menu(phone: Phone) -> None:
    tell(phone, "look for a property", "PR-1042")
    assert "*results*" not in sent(phone)[-1]["interactive"]["body"]["text"]
    assert phone.says("back").startswith("Which area?")


# --- booking ----------------------------------------------------------------------------------------------
def test_a_yes_to_ask_does_not_count_once_the_rule_has_changed(phone: Phone) -> None:
    tell(phone, "PR-1042", "book", "saturday", "2pm")
    Property.objects.filter(ref="PR-1042").update(booking_rule=BookingRule.ASK)
    answer = phone.taps("Yes, book it")
    assert "changed since I asked" in answer
    assert "Ask for this inspection?" in answer
    phone.taps("Yes, ask")
    assert Inspection.objects.latest("pk").state == InspectionState.REQUESTED


# --- is it still there ------------------------------------------------------------------------------------
def test_where_the_agent_was_not_reached_nobody_reads_that_they_do_not_answer(phone: Phone) -> None:
    home, now = Property.objects.get(ref="PR-1042"), clock.now()
    EnquiryFactory(property=home, asked_at=now, state="unanswered", ended_at=now)
    assert "Not confirmed: the agent could not be reached" in tell(phone, "PR-1042")
    assert "the agent could not be reached. I tell you if they answer." in starts(
        phone, "still_there", home.ref
    )


# --- alerts -----------------------------------------------------------------------------------------------
def test_the_search_just_made_becomes_the_alert(phone: Phone) -> None:
    tell(phone, "look for a property", "lekki", "flat", "4", "8m to 12.5m", "tell me of new ones", "daily")
    search = SavedSearch.objects.get(seeker=ada())
    assert searches.from_json(search.criteria) == Criteria(
        areas=("Lekki Phase 1",),
        kinds=(Kind.APARTMENT,),
        bedrooms_min=4,
        price_min=8_000_000,
        price_max=12_500_000,
    )
    assert search.frequency == Frequency.DAILY


def test_an_alert_is_paused_changed_and_deleted_by_its_own_seeker(phone: Phone) -> None:
    starts(phone, "save_alert", "Yaba;;;-2m")
    tell(phone, "at once", "my alerts", "1", "pause")
    assert not SavedSearch.objects.get().is_active
    tell(phone, "my alerts", "1", "once a day")
    assert SavedSearch.objects.get().frequency == Frequency.DAILY
    tell(phone, "my alerts", "1", "delete", "yes")
    assert not SavedSearch.objects.exists()


def test_nobody_sees_the_alert_of_another(phone: Phone) -> None:
    starts(phone, "save_alert", "Yaba;;;-2m")
    tell(phone, "at once")
    bola = Phone(world.linked("bola@inspector.example"))
    assert "Yaba" not in starts(bola, "alerts", str(SavedSearch.objects.get().pk))


def test_the_same_search_twice_is_one_alert(phone: Phone) -> None:
    for often in ("at once", "once a day"):
        starts(phone, "save_alert", "Yaba;mini_flat;1-1;-1m")
        tell(phone, often)
    assert SavedSearch.objects.get().frequency == Frequency.DAILY


def test_an_alert_needs_a_place_and_a_search_anywhere_is_asked_for_one(phone: Phone) -> None:
    needed = "An alert is for an area or a city."
    asked = starts(phone, "save_alert", ";apartment;2-2;-3m")
    assert "Which area?" in asked
    assert "Anywhere" not in asked
    assert needed in phone.taps_id("v1|ask|save_alert.where|any")
    assert needed in tell(phone, "anywhere")
    assert "2-bedroom flat in Abuja, up to ₦3,000,000" in tell(phone, "abuja")
    tell(phone, "at once")
    assert searches.from_json(SavedSearch.objects.get().criteria) == Criteria(
        cities=("Abuja",), kinds=(Kind.APARTMENT,), bedrooms_min=2, bedrooms_max=2, price_max=3_000_000
    )
    starts(phone, "save_alert", ";apartment;;")
    assert "12 Admiralty Way" in tell(phone, "PR-1042")


def test_an_alert_of_before_that_names_no_place_can_only_be_deleted(phone: Phone) -> None:
    search = SavedSearch.objects.create(
        seeker=ada(), criteria={"kinds": ["land"]}, is_active=False, created_at=clock.now()
    )
    shown = starts(phone, "alerts", str(search.pk))
    assert "It names no place. Please make a new one for an area or a city." in shown
    assert "Resume" not in shown
    phone.taps_id("v1|ask|alerts.do|resume")
    assert not SavedSearch.objects.get().is_active
    tell(phone, "delete", "yes")
    assert not SavedSearch.objects.exists()


bounds = st.tuples(st.none() | st.integers(0, 10**12), st.none() | st.integers(0, 10**12))


@given(
    place=st.sampled_from(["", "Yaba", "Lekki Phase 1", "city:Port Harcourt"]),
    kind=st.sampled_from(["", *Kind.values]),
    rooms=st.tuples(st.none() | st.integers(1, 9), st.none() | st.integers(1, 9)),
    prices=bounds,
)
def test_a_search_survives_being_written_in_short(
    place: str, kind: str, rooms: tuple[int | None, int | None], prices: tuple[int | None, int | None]
) -> None:
    is_city = place.startswith("city:")
    criteria = Criteria(
        areas=(place,) if place and not is_city else (),
        cities=(place.removeprefix("city:"),) if is_city else (),
        kinds=(kind,) if kind else (),
        bedrooms_min=rooms[0],
        bedrooms_max=rooms[1],
        price_min=prices[0],
        price_max=prices[1],
    )
    short = argument_of(criteria)
    assert len(short) <= LONGEST
    assert not short or criteria_of(short) == criteria


@given(st.text(alphabet="abc;-:0123456789mk \u0663", max_size=LONGEST))
def test_no_forged_search_breaks_anything(argument: str) -> None:
    criteria = criteria_of(argument)
    assert criteria is None or criteria_of(argument_of(criteria)) == criteria


@pytest.mark.parametrize(
    "argument", ["Yaba;;9k-;", "Yaba;;;999999999999m-", "Yaba;castle;;", "Yaba", "a\tb;;;"]
)
def test_a_search_that_we_never_wrote_is_none(argument: str) -> None:
    assert criteria_of(argument) is None


# --- afterwards -------------------------------------------------------------------------------------------
def test_the_first_tap_counts_though_the_second_never_comes(phone: Phone) -> None:
    starts(phone, "feedback", "IN-3107.partly")
    given = Feedback.objects.get()
    assert (given.as_listed, given.interested) == ("partly", "")
    starts(phone, "feedback", "IN-3107.no")
    phone.taps("Maybe")
    given.refresh_from_db()
    assert (given.as_listed, given.interested) == ("no", "maybe")


def test_back_asks_again_what_was_said_first(phone: Phone) -> None:
    starts(phone, "feedback", "IN-3107")
    tell(phone, "no")
    assert "Was it as listed?" in phone.says("back")
    tell(phone, "yes", "yes")
    given = Feedback.objects.get()
    assert (given.as_listed, given.interested) == ("yes", "yes")


@pytest.mark.parametrize("flow", ["feedback", "report_problem"])
def test_somebody_elses_inspection_is_nobodys_business(phone: Phone, flow: str) -> None:
    theirs = InspectionFactory(state=InspectionState.COMPLETED)
    assert starts(phone, flow, theirs.ref).startswith("I can't find that")
    assert not Feedback.objects.exists()


def test_a_report_reaches_the_admins_with_what_was_written(phone: Phone) -> None:
    starts(phone, "report_problem", "IN-3108")
    asked = tell(phone, "nobody came", "I waited for an hour.")
    assert [line for line in asked.splitlines() if "IN-3108" not in line][:3] == [
        "Report this?",
        "Nobody came",
        "“I waited for an hour.”",
    ]
    assert not ProblemReport.objects.exists()
    tell(phone, "yes")
    report = ProblemReport.objects.get()
    assert (report.problem, report.words) == (Problem.NOBODY_CAME, "I waited for an hour.")
    assert report.inspection is not None
    assert (report.inspection.ref, report.property.ref) == ("IN-3108", "PR-1043")
    incident = Incident.objects.get(kind="problem_reported")
    assert "hour" not in incident.sentence


def test_what_is_too_long_to_keep_is_asked_for_again(phone: Phone) -> None:
    starts(phone, "report_problem", "PR-1042")
    assert tell(phone, "fake", "x" * 1001).startswith("That is too long")
    assert not ProblemReport.objects.exists()


def test_what_is_over_stays_in_the_list_for_two_weeks(phone: Phone) -> None:
    assert "PR-" not in tell(phone, "my inspections")
    assert sent(phone)[-1]["interactive"]["body"]["text"].count("\n1. Mon 23 Nov") == 1
    clock.move(timedelta(days=13))
    assert tell(phone, "menu", "my inspections").startswith("You have no inspections coming up.\n\n1. Book")


# --- settings ---------------------------------------------------------------------------------------------
def test_the_clock_of_the_chat_is_the_one_that_was_chosen(phone: Phone) -> None:
    tell(phone, "settings", "time zone", "london")
    assert phone.contact.time_zone == "Europe/London"
    assert ada().time_zone == "Africa/Lagos"
    change = Change.objects.get(kind="contact_changed")
    assert (change.subject, change.data) == (str(phone.contact.pk), {"fields": ["time_zone"]})
    assert "1. 1:00 pm" in tell(phone, "PR-1042", "book", "saturday")


def test_no_forged_zone_is_taken(phone: Phone) -> None:
    tell(phone, "settings", "time zone")
    phone.taps_id("v1|ask|settings.zone|Mars/Olympus")
    assert phone.contact.time_zone == ""


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("abuja", "Africa/Lagos"),
        ("the UK", ""),
        ("uk", "Europe/London"),
        ("johanesburg", "Africa/Johannesburg"),
        ("America/Chicago", "America/Chicago"),
        ("x", ""),
        ("gibberish", ""),
    ],
)
def test_a_zone_is_read_as_people_name_it(typed: str, zone: str) -> None:
    assert zones_named(typed)[:1] == ([zone] if zone else [])

"""The booking form: when it is shown, and that its answer is checked like anything a person sends."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from bot import forms
from bot.models import Conversation, InboundEvent
from bot.said import Said
from inspector_whatsapp import clock, inspections
from inspector_whatsapp.cloud_api import events, limits
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, Slot
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import PropertyFactory, SlotFactory

pytestmark = pytest.mark.django_db
DAY, TIME = "2026-11-29", "10:00 am"
CHOOSE = "Choose a day and a time"


@pytest.fixture
def phone(settings: Settings) -> Phone:
    settings.WHATSAPP_BOOKING_FLOW_ID = ""
    world.build()
    world.many_times()
    ada = Phone(world.linked("ada@inspector.example"))
    assert CHOOSE in books(ada)
    return ada


def books(phone: Phone, ref: str = "PR-1042") -> str:
    return phone.taps_id(f"v1|start|book_inspection|{ref}")


def answer(phone: Phone, **changed: Any) -> dict[str, Any]:
    """What the newest form sends for DAY and TIME, but for what is changed; None leaves a field out."""
    parameters = phone.form()
    data = parameters["flow_action_payload"]["data"]
    place = next(name.removeprefix("day_") for name, value in data.items() if value == DAY)
    slot = next(each["id"] for each in data[f"options_{place}"] if each["title"] == TIME)
    whole = {"flow_token": parameters["flow_token"], "day": DAY, f"slot_{place}": slot} | changed
    return {name: value for name, value in whole.items() if value is not None}


def stands() -> Any:
    return list(Conversation.objects.order_by("pk").values_list("flow", "argument", "answers"))


def test_what_is_sent_is_what_meta_takes(phone: Phone) -> None:
    limits.check_flow(forms.BOOKING)
    opened = phone.form()["flow_action_payload"]
    limits.check_flow_data(forms.BOOKING, opened["screen"], opened["data"])
    assert opened["data"]["first"] == "2026-11-27"
    assert opened["data"]["last"] == "2026-11-30"
    assert opened["data"]["closed"] == []


def test_a_form_has_room_for_as_many_days_and_times_as_its_limits_let_it(phone: Phone) -> None:
    flat = Property.objects.get(ref="PR-1042")
    chidi = Slot.objects.filter(property=flat).latest("pk").inspector
    for ahead in range(20):
        SlotFactory(property=flat, inspector=chidi, starts_at=world.at(30, 18) + timedelta(days=2 * ahead))
    for minute in range(30):
        start = world.at(29, 20, minute)
        SlotFactory(property=flat, inspector=chidi, starts_at=start, ends_at=start + timedelta(minutes=1))
    books(phone)
    opened = phone.form()["flow_action_payload"]
    limits.check_flow_data(forms.BOOKING, opened["screen"], opened["data"])
    assert "2026-12-01" in opened["data"]["closed"]
    assert "Later days" in opened["data"]["help"]
    assert "Which time?" in phone.says("3 january")  # a day that the form has no room for


@pytest.mark.parametrize("many", [10, 11])
def test_ten_times_are_a_list_and_eleven_a_form(phone: Phone, many: int) -> None:
    home = PropertyFactory(ref="PR-1060", agent=Property.objects.get(ref="PR-1042").agent)
    for ahead in range(many):
        SlotFactory(property=home, starts_at=world.at(29, 10) + timedelta(hours=ahead))
    assert (CHOOSE in books(phone, "PR-1060")) == (many > 10)


def test_without_the_setting_there_are_lists(phone: Phone, settings: Settings) -> None:
    settings.WHATSAPP_BOOKING_FLOW_ID = ""
    assert "Which day?\n\n1. " in books(phone)


def test_a_form_and_two_taps_come_to_the_same(phone: Phone) -> None:
    assert "Book this inspection?" in phone.answers_form(answer(phone))
    by_form = Conversation.objects.get().answers
    phone.says("menu")
    books(phone)
    phone.says("list")
    phone.taps("Sun 29 Nov")
    phone.taps(TIME)
    assert Conversation.objects.get().answers == by_form
    assert phone.taps("Yes, book it").startswith("Booked: ")


def test_what_was_picked_under_another_day_is_not_taken(phone: Phone) -> None:
    data = phone.form()["flow_action_payload"]["data"]
    other = next(each["id"] for each in data["options_2"])  # Saturday's, before they went over to Sunday
    assert "Sun 29 Nov, 10:00 am" in phone.answers_form(answer(phone, slot_2=other))


def test_a_slot_that_has_gone_is_gone_as_when_it_is_tapped(phone: Phone) -> None:
    filled = answer(phone)
    Slot.objects.filter(starts_at=world.at(29, 10)).update(taken=1)
    assert "That time has just gone. These are free:" in phone.answers_form(filled)
    assert not Inspection.objects.exists()


def test_the_answer_counts_though_so_many_times_have_gone_that_there_would_be_no_form(phone: Phone) -> None:
    filled = answer(phone)
    Slot.objects.exclude(starts_at__date=world.at(29, 10).date()).update(taken=1)
    Slot.objects.filter(starts_at__gte=world.at(30, 0)).update(taken=1)
    SlotFactory(property=Property.objects.get(ref="PR-1042"), starts_at=world.at(28, 18))
    assert "Sun 29 Nov, 10:00 am" in phone.answers_form(filled)


def test_a_day_that_may_be_one_of_two_offers_them_and_not_the_form_again(phone: Phone) -> None:
    SlotFactory(property=Property.objects.get(ref="PR-1042"), starts_at=world.at(28, 10) + timedelta(days=7))
    offered = phone.says("next saturday")
    assert "1. Sat 28 Nov – 6 times free\n2. Sat 5 Dec – 1 time free" in offered
    assert "Free on Sat 5 Dec. Which time?" in phone.says("2")


def test_a_form_moves_an_inspection_too(phone: Phone) -> None:
    phone.answers_form(answer(phone))
    phone.taps("Yes, book it")
    ref = Inspection.objects.get().ref
    assert CHOOSE in phone.taps_id(f"v1|start|reschedule|{ref}")
    assert "11:00 am" in phone.fills(DAY, "11:00 am")


def test_a_form_of_a_flow_that_was_left_for_a_while_picks_it_up(phone: Phone) -> None:
    filled = answer(phone)
    clock.move(timedelta(hours=4))
    assert "Book this inspection?" in phone.answers_form(filled)


BROKEN: dict[str, tuple[Callable[[Phone], object], str]] = {
    "no token": (lambda phone: answer(phone, flow_token=None), "I don't know that form."),
    "an invented token": (
        lambda phone: answer(phone, flow_token="a|b|9999999999|c"),
        "I don't know that form.",
    ),
    "a token that is none": (lambda phone: answer(phone, flow_token={"a": [1]}), "I don't know that form."),
    "a longer life": (
        lambda phone: answer(phone, flow_token=phone.form()["flow_token"].replace("|17", "|18", 1)),
        "I don't know that form.",
    ),
    "no day": (lambda phone: answer(phone, day=None), "I can't read that form."),
    "a day that is none": (lambda phone: answer(phone, day="tomorrow|1"), "I can't read that form."),
    "a day far away": (lambda phone: answer(phone, day="9999-99-99"), "nothing free on that day"),
    "no JSON object": (lambda _phone: ["a", "b"], "I can only read text and taps here."),
    "too much": (lambda phone: answer(phone, day="1" * 200_000), "I can only read text and taps here."),
    "much": (
        lambda phone: answer(phone, **{f"f{n}": "x" * 9 for n in range(2000)}, day=""),
        "I can't read that",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_that_is_none_is_told_so_and_does_nothing(phone: Phone, name: str) -> None:
    made, says = BROKEN[name]
    before = stands()
    assert says in phone.answers_form(made(phone))
    assert not Inspection.objects.exists()
    if name != "a day far away":  # kept, found to hold no longer, and dropped, as an old row's would be
        assert stands() == before
    assert not InboundEvent.objects.filter(state="quarantined").exists()


def test_a_form_holds_for_a_day(phone: Phone) -> None:
    filled = answer(phone)
    clock.move(forms.LASTS + timedelta(minutes=1))
    assert "That form is too old: its times may be gone." in phone.answers_form(filled)


def test_a_form_of_somebody_elses_chat_is_nothing_here(phone: Phone) -> None:
    tunde = Phone(world.linked("bola@inspector.example"))
    books(tunde)
    assert "I don't know that form." in tunde.answers_form(answer(phone))


def test_a_form_of_another_property_is_not_taken_for_this_one(phone: Phone) -> None:
    filled = answer(phone)
    home = PropertyFactory(ref="PR-1060", agent=Property.objects.get(ref="PR-1042").agent)
    for ahead in range(11):
        SlotFactory(property=home, starts_at=world.at(29, 10) + timedelta(hours=ahead))
    books(phone, "PR-1060")
    assert "That form is for another property." in phone.answers_form(filled)


def test_a_form_sent_twice_books_once(phone: Phone) -> None:
    filled = answer(phone)
    phone.answers_form(filled)
    assert "That button belongs to an earlier question." in phone.answers_form(filled)
    phone.taps("Yes, book it")
    assert "That question is over." in phone.answers_form(filled)
    assert Inspection.objects.count() == 1
    assert inspections.free_slots(Property.objects.get(ref="PR-1042"), now=clock.now()).count() == 14


texts = st.sampled_from([DAY, f"{DAY}T10:00.1", f"{DAY}T10:00.{'9' * 18}", "none", "", "\u0000|"]) | st.text(
    "|.T1", max_size=9
)
values: st.SearchStrategy[Any] = texts | st.sampled_from([None, True, 7, 1.5, ["a"], {"a": {}}])
fields = st.sampled_from(["flow_token", "day", "x", *(f"slot_{place}" for place in range(16))])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(response=st.dictionaries(fields, values, max_size=6), ours=st.booleans())
def test_whatever_is_written_into_an_answer_is_read_or_refused(
    phone: Phone, response: dict[str, Any], ours: bool
) -> None:
    if ours:
        response["flow_token"] = phone.form()["flow_token"]
    read = forms.read(response)
    assert read is None or (read.day == response["day"] and len(read.slot) <= 18)
    assert forms.readable(json.loads(json.dumps(response)))
    talk = Conversation.objects.get()
    taken = forms.as_tap(talk, Said(events.FormAnswered(response)), now=clock.now())
    if not ours:
        assert taken == forms.UNKNOWN
    elif read is None:
        assert taken == forms.UNREADABLE
    else:
        assert isinstance(taken, Said)
        assert taken.answered() == ("book_inspection.day", f"PR-1042|{read.day}|{read.slot}")


def test_the_console_can_say_what_was_shown_and_chosen(phone: Phone) -> None:
    phone.answers_form(answer(phone))
    shown = OutboxMessage.objects.filter(text__contains="[form: ").get().text
    assert "Free on Sun 29 Nov: 9:00 am, 10:00 am, 11:00 am, 12:00 pm" in shown
    assert forms.readable(answer(phone)) == "2026-11-29 10:00"

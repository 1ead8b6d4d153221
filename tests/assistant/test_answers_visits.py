"""What commands about inspections lead to, for whom."""

from datetime import timedelta
from typing import Any

import pytest

from bot.assistant.context import Context
from bot.assistant.outcomes import Tell
from inspector_whatsapp.models import Inspection, Property, Role, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from tests.assistant.asking import Screen, ask, of_role, somebody, stranger
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import InspectionFactory, SlotFactory

FRIDAY: dict[str, Any] = {"date_from": "2026-11-27", "date_to": "2026-11-27"}
SATURDAY: dict[str, Any] = {"date_from": "2026-11-28", "date_to": "2026-11-28"}
SUNDAY: dict[str, Any] = {"date_from": "2026-11-29", "date_to": "2026-11-29"}


@pytest.fixture(autouse=True)
def _world(db: None) -> None:
    world.build()
    world.visits()
    world.inspected()


def _ada_also_sees(ref: str, day: int, hour: int) -> Inspection:
    home = Property.objects.get(ref=ref)
    slot = SlotFactory(property=home, starts_at=world.at(day, hour), ends_at=world.at(day, hour, 45), taken=1)
    return InspectionFactory(slot=slot, seeker=User.objects.get(email="ada@inspector.example"))


def _of(email: str) -> list[Inspection]:
    return list(Inspection.objects.filter(seeker__email=email, state=InspectionState.CONFIRMED))


def _ada(intent: str, context: Context | None = None, **slots: Any) -> Screen:
    return ask(somebody("ada@inspector.example"), intent, context=context or Context(), **slots)


# --- cancelling -------------------------------------------------------------------------------------------
def test_the_only_one_is_asked_to_be_cancelled() -> None:
    screen = _ada("cancel_inspection")
    assert (screen.flow, screen.confirms) == ("cancel", True)
    assert "Fri 27 Nov, 10:00 am" in screen.text


def test_of_several_one_is_picked() -> None:
    _ada_also_sees("PR-1044", 28, 9)
    screen = _ada("cancel_inspection")
    assert isinstance(screen.outcome, Tell)
    assert "Which one shall be cancelled?" in screen.text
    assert [each.flow for each in screen.buttons] == ["cancel", "cancel"]


@pytest.mark.parametrize(
    "slots",
    [
        SATURDAY,
        {"areas": ["Yaba"]},
        {"property_types": ["mini_flat"]},
        {"time_from": "09:00", "time_to": "09:00"},
        {"property_ref": "PR-1044"},
    ],
)
def test_which_one_is_meant_is_told_by_day_place_kind_and_time(slots: dict[str, Any]) -> None:
    other = _ada_also_sees("PR-1044", 28, 9)
    screen = _ada("cancel_inspection", **slots)
    assert (screen.argument, screen.confirms) == (other.ref, True)


def test_the_next_one_is_the_soonest() -> None:
    _ada_also_sees("PR-1044", 28, 9)
    assert "Fri 27 Nov" in _ada("cancel_inspection", inspection_ref="next").text


def test_the_one_spoken_of_is_meant() -> None:
    other = _ada_also_sees("PR-1044", 28, 9)
    screen = _ada("cancel_inspection", Context(focus_inspection=other.ref))
    assert screen.argument == other.ref


def test_none_of_that_day_says_what_there_is() -> None:
    screen = _ada("cancel_inspection", **SUNDAY)
    assert "None of your inspections is that one." in screen.text
    assert "Fri 27 Nov, 10:00 am" in screen.text


def test_somebody_elses_is_not_found() -> None:
    other = _of("kemi@example.com")[0]
    for intent in ("cancel_inspection", "reschedule_inspection"):
        screen = _ada(intent, inspection_ref=other.ref)
        assert "I can't find that inspection among yours." in screen.text


def test_an_agent_calls_off_a_visit_to_their_own() -> None:
    screen = ask(of_role(Role.AGENT), "cancel_inspection", **FRIDAY)
    assert (screen.flow, screen.asks) == ("call_off", "why")
    assert "Ada" in screen.text


def test_an_agent_declines_what_waits_for_their_yes() -> None:
    Inspection.objects.filter(starts_at=world.at(27, 10)).update(
        state=InspectionState.REQUESTED, asked_at=world.NOW
    )
    assert ask(of_role(Role.AGENT), "cancel_inspection", **FRIDAY).flow == "decline_request"


def test_an_inspector_hands_a_visit_back() -> None:
    screen = ask(of_role(Role.INSPECTOR), "cancel_inspection", **SATURDAY)
    assert (screen.flow, screen.asks) == ("hand_back_visit", "why")


def test_an_agent_cancels_what_they_booked_themselves() -> None:
    home = Property.objects.get(ref="PR-1042")
    other = User.objects.get(email="chidi@inspector.example")
    mine = SlotFactory(starts_at=world.at(26, 9), ends_at=world.at(26, 10), taken=1, inspector=other)
    booked = InspectionFactory(slot=mine, seeker=home.agent)
    screen = ask(of_role(Role.AGENT), "cancel_inspection", inspection_ref=booked.ref)
    assert (screen.flow, screen.argument) == ("cancel", booked.ref)


def test_a_stranger_connects_first() -> None:
    assert ask(stranger(), "cancel_inspection", inspection_ref="IN-3107").argument == "IN-3107"
    for intent in ("cancel_inspection", "reschedule_inspection", "my_inspections", "inspection_report"):
        assert ask(stranger(), intent).refused


# --- moving -----------------------------------------------------------------------------------------------
def test_a_move_to_a_free_time_asks_for_a_yes() -> None:
    screen = _ada(
        "reschedule_inspection",
        new_date_from="2026-11-28",
        new_date_to="2026-11-28",
        new_time_from="15:00",
        new_time_to="15:00",
    )
    assert screen.confirms
    assert "From Fri 27 Nov, 10:00 am\nto *Sat 28 Nov, 3:00 pm*" in screen.text


def test_a_move_to_a_time_alone_stays_on_its_day_where_it_can() -> None:
    SlotFactory(
        property=Property.objects.get(ref="PR-1042"), starts_at=world.at(27, 15), ends_at=world.at(27, 16)
    )
    screen = _ada("reschedule_inspection", new_time_from="15:00", new_time_to="15:00")
    assert "to *Fri 27 Nov, 3:00 pm*" in screen.text


def test_a_move_to_a_time_that_is_not_free_shows_those_that_are() -> None:
    screen = _ada("reschedule_inspection", new_date_from="2026-11-29", new_date_to="2026-11-29")
    assert "Nothing is free on Sun 29 Nov. These are:" in screen.text
    assert screen.asks == "day"


def test_a_move_without_a_time_asks_when() -> None:
    assert _ada("reschedule_inspection").asks == "day"


def test_of_several_the_one_to_move_is_picked() -> None:
    _ada_also_sees("PR-1044", 28, 9)
    assert [each.flow for each in _ada("reschedule_inspection").buttons] == ["reschedule", "reschedule"]


def test_agents_and_inspectors_cannot_move_what_others_chose() -> None:
    agent = ask(of_role(Role.AGENT), "reschedule_inspection", **FRIDAY)
    assert "Only Ada can move it." in agent.text
    assert agent.buttons[0].flow == "call_off"
    inspector = ask(of_role(Role.INSPECTOR), "reschedule_inspection", **FRIDAY)
    assert "You can't move it" in inspector.text
    assert inspector.buttons[0].flow == "hand_back_visit"


def test_the_new_time_goes_along_with_the_one_that_is_picked() -> None:
    _ada_also_sees("PR-1044", 28, 9)
    phone = Phone(world.linked("ada@inspector.example"))
    person = somebody("ada@inspector.example")
    at_three: dict[str, Any] = {"new_date_from": "2026-11-28", "new_date_to": "2026-11-28"}
    screen = ask(person, "reschedule_inspection", **at_three, new_time_from="15:00", new_time_to="15:00")
    button = screen.button("Fri 27 Nov, 10:00 am", person)
    asked = phone.taps_id(f"v1|start|{button.flow}|{button.argument}")
    assert "to *Sat 28 Nov, 3:00 pm*" in asked
    moved = Inspection.objects.get(ref=button.argument.partition(".")[0])
    assert moved.starts_at == world.at(27, 10)
    phone.says("yes")
    moved.refresh_from_db()
    assert moved.starts_at == world.at(28, 15)


def test_a_button_to_move_whose_time_has_gone_leads_to_the_others() -> None:
    phone = Phone(world.linked("ada@inspector.example"))
    ref = _of("ada@inspector.example")[0].ref
    answer = phone.taps_id(f"v1|start|reschedule|{ref}.1.999999")
    assert answer.startswith("That time has just gone. These are free:")


def test_a_move_to_the_time_that_it_has_says_so() -> None:
    screen = _ada("reschedule_inspection", new_date_from="2026-11-27", new_date_to="2026-11-27")
    assert "It is Fri 27 Nov, 10:00 am already." in screen.text


def test_an_inspector_who_cannot_come_on_a_day_hands_that_visit_back() -> None:
    friday = {f"new_{name}": day for name, day in FRIDAY.items()}
    screen = ask(of_role(Role.INSPECTOR), "reschedule_inspection", **friday)
    assert [each.flow for each in screen.buttons] == ["hand_back_visit"]
    assert "Ada" in screen.text


# --- the schedule -----------------------------------------------------------------------------------------
def test_everybody_sees_their_own_schedule() -> None:
    shown = {role: ask(of_role(role), "my_inspections").flow for role in Role}
    assert shown == {
        Role.SEEKER: "my_inspections",
        Role.AGENT: "requests",
        Role.INSPECTOR: "my_assignments",
        Role.ADMIN: "my_inspections",
    }


def test_a_seeker_asks_for_a_day() -> None:
    assert _ada("my_inspections", **FRIDAY).asks == "do"
    nothing = _ada("my_inspections", **SUNDAY)
    assert "You have no inspections on Sun 29 Nov." in nothing.text
    assert "The next one:\nFri 27 Nov, 10:00 am" in nothing.text


def test_an_agent_asks_who_comes_on_a_day() -> None:
    screen = ask(of_role(Role.AGENT), "my_inspections", **SATURDAY)
    assert "2 inspections on Sat 28 Nov:" in screen.text
    assert "Tunde" in screen.text
    assert "Ngozi" in screen.text


def test_an_agent_asks_who_comes_to_a_home() -> None:
    screen = ask(of_role(Role.AGENT), "my_inspections", property_ref="PR-1042")
    assert "These are yours:" in screen.text
    assert "Ada" in screen.text


def test_an_inspector_asks_for_a_day() -> None:
    screen = ask(of_role(Role.INSPECTOR), "my_inspections", **SATURDAY)
    assert screen.asks == "do"
    assert "Tunde" in screen.text
    assert "Ngozi" in screen.text


def test_one_that_is_over_is_shown_too() -> None:
    screen = _ada("my_inspections", property_ref="PR-1044")
    assert "State: completed" in screen.text


def test_an_inspection_of_others_is_not_shown() -> None:
    other = _of("kemi@example.com")[0]
    screen = _ada("my_inspections", inspection_ref=other.ref)
    assert "I can't find that inspection among yours." in screen.text
    assert "Kemi" not in screen.text


# --- reports ----------------------------------------------------------------------------------------------
def test_a_seeker_reads_what_came_of_the_latest() -> None:
    Inspection.objects.filter(outcome=Outcome.COMPLETED).update(notes="Roof leaks.")
    screen = _ada("inspection_report")
    assert "Outcome: completed" in screen.text
    assert "Roof leaks" not in screen.text  # for Inspector's people
    assert screen.buttons[0].flow == "feedback"


def test_a_report_that_is_not_there_yet_is_said_to_be_missing() -> None:
    ref = _of("ada@inspector.example")[0].ref
    assert "It has not taken place yet." in _ada("inspection_report", inspection_ref=ref).text
    Inspection.objects.filter(ref=ref).update(
        starts_at=world.NOW - timedelta(hours=1), ends_at=world.NOW - timedelta(minutes=1)
    )
    assert "The inspector has not said yet" in _ada("inspection_report", inspection_ref=ref).text


def test_an_inspector_reads_their_own_note_and_an_agent_the_outcome() -> None:
    Inspection.objects.filter(outcome=Outcome.COMPLETED).update(notes="Roof leaks.")
    assert (
        "Note: Roof leaks." in ask(of_role(Role.INSPECTOR), "inspection_report", property_ref="PR-1044").text
    )
    agent = ask(of_role(Role.AGENT), "inspection_report", property_ref="PR-1044")
    assert "Outcome: completed" in agent.text
    assert "Roof" not in agent.text


def test_a_flat_may_be_any_kind_of_one_where_it_is_their_own() -> None:
    screen = _ada("inspection_report", areas=["Yaba"], property_types=["apartment"])
    assert "mini flat" in screen.text


def test_nobody_reads_the_report_of_another() -> None:
    other = Inspection.objects.get(seeker__email="ada@inspector.example", outcome=Outcome.COMPLETED)
    screen = ask(somebody("kemi@example.com"), "inspection_report", inspection_ref=other.ref)
    assert "I can't find a report on an inspection of yours." in screen.text


def test_an_inspector_reports_on_the_visit_that_is_named() -> None:
    over = Inspection.objects.get(starts_at=world.at(25, 9))
    inspector = of_role(Role.INSPECTOR)
    wednesday = {"date_from": "2026-11-25", "date_to": "2026-11-25"}
    ways: list[dict[str, Any]] = [{"inspection_ref": over.ref}, {"property_ref": "PR-1044", **wednesday}]
    for slots in ways:
        screen = ask(inspector, "submit_report", **slots)
        assert (screen.flow, screen.argument, screen.asks) == ("complete_visit", over.ref, "outcome")
    assert ask(inspector, "submit_report").flow == "confirm_completion"


def test_others_are_told_who_reports() -> None:
    screen = _ada("submit_report")
    assert "Only the inspector who was there" in screen.text
    assert screen.buttons[0].flow == "feedback"
    assert "Only the inspector" in ask(of_role(Role.AGENT), "submit_report").text
    assert ask(stranger(), "submit_report").refused


def test_a_day_that_is_over_is_free_no_more() -> None:
    screen = _ada("reschedule_inspection", new_date_from="2026-11-01", new_date_to="2026-11-01")
    assert "Nothing is free on Sun 1 Nov." in screen.text

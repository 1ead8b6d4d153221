"""What commands about properties lead to."""

import pytest

from bot.assistant.context import Context
from bot.assistant.outcomes import Begin, Tell
from inspector_whatsapp.models import Inspection, Property, Role, Slot
from inspector_whatsapp.models.listings import PropertyStatus
from tests.assistant.asking import ask, of_role, somebody, stranger, tap
from tests.bot import world
from tests.bot.phone import Phone
from tests.factories import InspectionFactory, PropertyFactory, SlotFactory

EVERYBODY = [*Role]


@pytest.fixture(autouse=True)
def _world(db: None) -> None:
    world.build()


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_search_keeps_what_was_said(role: Role) -> None:
    screen = ask(of_role(role), "search_properties", areas=["Yaba"], price_max=2_000_000)
    assert screen.outcome == Begin("find", answers={"wanted": {"areas": ["Yaba"], "price_max": 2_000_000}})


def test_a_place_that_nobody_knows_is_said_to_be_unknown() -> None:
    screen = ask(stranger(), "search_properties", words="duplex in Mars", property_types=["duplex"])
    assert "I know no place called *Mars*, so I left it out." in screen.text
    known = ask(stranger(), "search_properties", words="duplex in Yaba", property_types=["duplex"])
    assert "I know no place" not in known.text


def test_more_goes_on_with_the_last_search() -> None:
    context = Context(last_slots={"areas": ["Yaba"], "new_price": 1}, results=("PR-1044",))
    screen = ask(stranger(), "more_results", context=context)
    assert screen.outcome == Begin("find", answers={"wanted": {"areas": ["Yaba"]}, "page": 1})


def test_more_of_nothing_asks_where_to_look() -> None:
    screen = ask(stranger(), "more_results")
    assert "More of what?" in screen.text
    assert screen.asks == "where"


@pytest.mark.parametrize("role", EVERYBODY)
def test_one_property_is_shown_to_everybody(role: Role) -> None:
    screen = ask(of_role(role), "property_details", property_ref="PR-1042")
    assert "₦10,000,000 a year" in screen.text
    assert (screen.flow, screen.asks) == ("property", "do")


def test_what_a_home_has_is_answered_from_its_listing() -> None:
    screen = ask(
        stranger(), "property_details", property_ref="PR-1042", amenities=["parking", "water", "gym"]
    )
    assert "Yes, the listing says: parking, running water.\nThe listing doesn't say: gym." in screen.text


def test_a_property_is_found_by_what_it_is_like() -> None:
    screen = ask(stranger(), "property_details", property_types=["mini_flat"], areas=["Yaba"])
    assert screen.argument == "PR-1044"


def test_what_it_has_is_asked_of_the_only_one_and_tells_several_apart() -> None:
    only = ask(stranger(), "property_details", areas=["Yaba"], amenities=["gym"])
    assert only.argument == "PR-1044"
    assert "doesn't say: gym" in only.text
    told = ask(stranger(), "property_details", areas=["Lekki"], amenities=["parking"])
    assert told.argument == "PR-1042"


def test_of_several_one_picks() -> None:
    screen = ask(stranger(), "property_details", areas=["Lekki"])
    assert screen.outcome.flow == "find"  # type: ignore[union-attr]
    assert "one of several" in screen.text


def test_the_one_spoken_of_last_is_meant() -> None:
    screen = ask(stranger(), "property_details", context=Context(focus_property="PR-1044"), amenities=["gym"])
    assert screen.argument == "PR-1044"


def test_where_none_is_named_it_is_asked_which() -> None:
    assert "Which property do you mean?" in ask(stranger(), "property_details").text


def test_one_on_offer_is_said_to_be() -> None:
    screen = ask(stranger(), "check_availability", property_ref="PR-1042")
    assert "Yes, 3-bedroom flat, Lekki Phase 1 (PR-1042) is still on offer." in screen.text
    assert "₦10,000,000 a year" in screen.text


def test_instead_of_one_that_is_gone_similar_ones_are_shown() -> None:
    PropertyFactory(ref="PR-1050", area="Lekki Phase 2", price=9_000_000, published_at=world.NOW)
    Property.objects.filter(ref="PR-1042").update(status=PropertyStatus.LET)
    screen = ask(stranger(), "check_availability", property_ref="PR-1042")
    assert "is no longer on offer. These are like it" in screen.text
    assert "PR-1050" in screen.text


def test_an_unknown_ref_gets_a_clear_sentence() -> None:
    screen = ask(stranger(), "check_availability", property_ref="PR-999999999999")
    assert "I can't find that property, or it is no longer on offer." in screen.text


def test_an_agent_hears_how_their_own_stands() -> None:
    Property.objects.filter(ref="PR-1042").update(status=PropertyStatus.UNAVAILABLE)
    screen = ask(somebody("bola@inspector.example"), "check_availability", property_ref="PR-1042")
    assert "is *unavailable*" in screen.text


# --- when it can be seen ----------------------------------------------------------------------------------
def test_free_times_are_shown_to_be_booked() -> None:
    person = of_role(Role.SEEKER)
    screen = ask(person, "list_slots", property_ref="PR-1042")
    assert "Fri 27 Nov, 10:00 am" in screen.text
    booked = tap(screen.button("Sat 28 Nov, 2:00 pm", person), person)
    assert booked.confirms
    assert "Sat 28 Nov, 2:00 pm" in booked.text


def test_only_the_days_that_were_asked_for_are_shown() -> None:
    screen = ask(
        stranger(), "list_slots", property_ref="PR-1042", date_from="2026-11-28", date_to="2026-11-28"
    )
    assert "Fri 27 Nov" not in screen.text
    assert "Sat 28 Nov, 3:00 pm" in screen.text


def test_where_nothing_is_free_then_the_nearest_times_are_shown() -> None:
    screen = ask(
        stranger(), "list_slots", property_ref="PR-1042", date_from="2026-11-29", date_to="2026-11-29"
    )
    assert "Nothing is free on Sun 29 Nov. These are:" in screen.text
    assert "Sat 28 Nov, 3:00 pm" in screen.text


def test_many_times_fit_a_screen() -> None:
    world.many()
    screen = ask(stranger(), "list_slots", property_ref="PR-1042")
    assert isinstance(screen.outcome, Tell)
    assert len(screen.buttons) == 9
    assert screen.buttons[-1].argument == "PR-1042"


def test_a_home_without_times_says_so() -> None:
    screen = ask(stranger(), "list_slots", property_ref="PR-1043")
    assert "has no free inspection times" in screen.text


def test_agents_look_after_the_times_of_their_own() -> None:
    assert ask(of_role(Role.AGENT), "list_slots", property_ref="PR-1042").flow == "slots"


# --- booking ----------------------------------------------------------------------------------------------
def test_a_day_and_a_time_lead_to_the_last_question() -> None:
    screen = ask(
        of_role(Role.SEEKER),
        "book_inspection",
        property_ref="PR-1042",
        date_from="2026-11-28",
        date_to="2026-11-28",
        time_from="14:00",
        time_to="14:00",
    )
    assert screen.confirms
    assert "Sat 28 Nov, 2:00 pm" in screen.text


def test_a_day_alone_leads_to_its_times() -> None:
    screen = ask(
        of_role(Role.SEEKER),
        "book_inspection",
        property_ref="PR-1042",
        date_from="2026-11-28",
        date_to="2026-11-28",
    )
    assert screen.asks == "slot"
    assert "Free on Sat 28 Nov. Which time?" in screen.text


def test_a_time_that_is_not_free_shows_those_of_the_day() -> None:
    screen = ask(
        of_role(Role.SEEKER),
        "book_inspection",
        property_ref="PR-1042",
        date_from="2026-11-28",
        date_to="2026-11-28",
        time_from="09:30",
        time_to="09:30",
    )
    assert "Nothing is free on Sat 28 Nov, at 9:30 am. These are:" in screen.text
    assert screen.asks == "slot"


def test_a_day_that_is_not_free_shows_those_that_are() -> None:
    screen = ask(
        of_role(Role.SEEKER),
        "book_inspection",
        property_ref="PR-1042",
        date_from="2026-11-29",
        date_to="2026-11-29",
    )
    assert "Nothing is free on Sun 29 Nov. These are:" in screen.text
    assert screen.asks == "day"


def test_times_on_several_days_are_shown_to_pick_from() -> None:
    person = of_role(Role.SEEKER)
    screen = ask(person, "book_inspection", property_ref="PR-1042", time_from="10:00")
    assert [each.flow for each in screen.buttons] == ["book_inspection"] * 3


def test_a_home_to_book_is_found_by_what_it_is_like() -> None:
    screen = ask(of_role(Role.SEEKER), "book_inspection", property_types=["apartment"], areas=["Lekki"])
    assert (screen.flow, screen.argument, screen.asks) == ("book_inspection", "PR-1042", "day")


def test_without_a_home_the_flow_asks() -> None:
    assert ask(of_role(Role.SEEKER), "book_inspection").asks == "where"


def test_a_stranger_connects_before_booking() -> None:
    screen = ask(stranger(), "book_inspection", property_ref="PR-1042", date_from="2026-11-28")
    assert (screen.refused, screen.argument) == (True, "PR-1042")


def test_a_button_whose_time_has_gone_leads_to_the_others() -> None:
    person = of_role(Role.SEEKER)
    button = ask(person, "list_slots", property_ref="PR-1042").button("Fri 27 Nov, 10:00 am", person)
    Slot.objects.filter(starts_at=world.at(27, 10)).delete()
    screen = tap(button, person)
    assert screen.text.startswith("That time has just gone. These are free:")
    assert screen.asks == "slot"


def test_a_button_with_a_time_books_it_after_a_yes() -> None:
    phone = Phone(world.linked("ada@inspector.example"))
    person = somebody("ada@inspector.example")
    button = ask(person, "list_slots", property_ref="PR-1042").button("Sat 28 Nov, 2:00 pm", person)
    phone.taps_id(f"v1|start|{button.flow}|{button.argument}")
    assert not Inspection.objects.exists()
    assert "Booked" in phone.says("yes")
    assert Inspection.objects.get().starts_at == world.at(28, 14)


def test_a_button_with_a_time_at_which_they_are_elsewhere_says_so() -> None:
    phone = Phone(world.linked("ada@inspector.example"))
    person = somebody("ada@inspector.example")
    button = ask(person, "list_slots", property_ref="PR-1042").button("Sat 28 Nov, 2:00 pm", person)
    slot = SlotFactory(starts_at=world.at(28, 14), ends_at=world.at(28, 15), taken=1)
    InspectionFactory(slot=slot, seeker=person.user)
    phone.taps_id(f"v1|start|{button.flow}|{button.argument}")
    answer = phone.says("yes")
    assert "You already have IN-" in answer
    assert "Which day?" in answer


# --- alerts -----------------------------------------------------------------------------------------------
def test_an_alert_asks_only_how_often() -> None:
    screen = ask(
        of_role(Role.SEEKER),
        "create_alert",
        areas=["Yaba", "Surulere"],
        property_types=["apartment", "mini_flat"],
        price_max=3_000_000,
        amenities=["parking"],
    )
    assert screen.asks == "how_often"
    assert "flat or mini flat in Surulere or Yaba, with parking, up to ₦3,000,000" in screen.text


def test_an_alert_without_a_place_asks_for_one_and_keeps_the_rest() -> None:
    screen = ask(of_role(Role.SEEKER), "create_alert", bedrooms_min=3)
    assert screen.asks == "where"
    assert screen.kept == {"wanted": {"bedrooms_min": 3}}


def test_an_alert_for_nothing_shows_the_alerts() -> None:
    assert ask(of_role(Role.SEEKER), "create_alert").flow == "alerts"

"""What is said about what was said before: parts of a wish, what is pointed at, answers to questions."""

from typing import Any

import pytest

from bot.assistant.commands import Intent
from bot.assistant.context import Context
from bot.assistant.followups import merged
from inspector_whatsapp.models import Role
from tests.assistant.understanding import SEARCHED, in_order, meaning, understood

LAST = SEARCHED.last_slots


def after(intent: str, slots: dict[str, Any] | None = None, **held: Any) -> Context:
    return Context.from_json({"last_intent": intent, "last_slots": slots or {}, **held})


def asked(intent: str, slot: str, slots: dict[str, Any]) -> Context:
    return after(intent, slots, pending={"type": "ask", "intent": intent, "slot": slot, "slots": slots})


def to_confirm(intent: str, slots: dict[str, Any], **held: Any) -> Context:
    return after(intent, slots, pending={"type": "confirm", "intent": intent, "slots": slots}, **held)


# --- parts of a search ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("what about Magodo?", {"areas": ["Magodo"]}),
        ("how about Ikeja", {"areas": ["Ikeja"]}),
        ("Surulere nko?", {"areas": ["Surulere"]}),
        ("try Ajah", {"areas": ["Ajah"]}),
        ("Yaba instead", {"areas": ["Yaba"]}),
        ("also Yaba", {"areas": ["Gbagada", "Yaba"]}),
        ("and Magodo too", {"areas": ["Gbagada", "Magodo"]}),
        ("add Ikeja", {"areas": ["Gbagada", "Ikeja"]}),
        ("or Surulere", {"areas": ["Gbagada", "Surulere"]}),
        ("include Ajah as well", {"areas": ["Ajah", "Gbagada"]}),
        ("in Abuja", {"areas": None, "cities": ["Abuja"]}),
        ("cheaper ones", {"sort": "price_asc"}),
        ("anything cheaper?", {"sort": "price_asc"}),
        ("newest first", {"sort": "newest"}),
        ("under 5m", {"price_max": 5000000}),
        ("make it 7 million", {"price_max": 7000000}),
        ("between 3m and 5m", {"price_min": 3000000, "price_max": 5000000}),
        ("no budget limit", {"price_max": None}),
        ("forget the budget", {"price_max": None}),
        ("money no be problem", {"price_max": None}),
        ("3 bedrooms", {"bedrooms_min": 3, "bedrooms_max": 3}),
        ("at least 3 bedrooms", {"bedrooms_min": 3}),
        ("at least 5 bedrooms", {"bedrooms_min": 5, "bedrooms_max": None}),
        ("with parking", {"amenities": ["parking"]}),
        ("it must be furnished", {"amenities": ["furnished"]}),
        ("any with a pool?", {"amenities": ["swimming_pool"]}),
        ("for rent", {"listing_type": "rent"}),
        ("bungalows instead", {"property_types": ["bungalow"]}),
        ("which ones can I see on Saturday?", {"date_from": "2026-11-28", "date_to": "2026-11-28"}),
        ("not in Gbagada", {"areas": None, "areas_excluded": ["Gbagada"]}),
    ],
)
def test_a_part_of_a_search_changes_the_last_one(text: str, changed: dict[str, Any]) -> None:
    expected = {name: value for name, value in (LAST | changed).items() if value is not None}
    assert meaning(text, context=SEARCHED) == ("search_properties", in_order(expected))


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "I'm looking for a mini flat in Yaba",
            {"areas": ["Yaba"], "property_types": ["mini_flat"]},
        ),
        (
            "show me 2 bedroom flats in Surulere",
            {"areas": ["Surulere"], "property_types": ["apartment"], "bedrooms_min": 2, "bedrooms_max": 2},
        ),
        (
            "start over, land for sale in Epe",
            {"areas": ["Epe"], "property_types": ["land"], "listing_type": "sale"},
        ),
        ("start over", {}),
        ("find house for Christians only in Yaba", {"areas": ["Yaba"]}),
        ("I need a house in Yaba", {"areas": ["Yaba"]}),
    ],
)
def test_a_complete_request_takes_nothing_over(text: str, slots: dict[str, Any]) -> None:
    assert meaning(text, context=SEARCHED) == ("search_properties", in_order(slots))


@pytest.mark.parametrize(
    "text",
    ["more", "show me more", "next page", "abeg show me others", "any other ones?", "what else?", "the rest"],
)
def test_the_next_page_is_asked_for(text: str) -> None:
    assert meaning(text, context=SEARCHED) == ("more_results", {})


@pytest.mark.parametrize("text", ["save this search", "alert me when new ones like this come in"])
def test_the_last_search_becomes_an_alert(text: str) -> None:
    assert meaning(text, context=SEARCHED) == ("create_alert", in_order(LAST))


# --- what is pointed at -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("tell me more about the second one", "property_details", {"property_ref": "PR-1202"}),
        ("how much is number 3", "property_details", {"property_ref": "PR-1203"}),
        ("is the first one still available?", "check_availability", {"property_ref": "PR-1201"}),
        ("when can I see the last one?", "list_slots", {"property_ref": "PR-1203"}),
        (
            "book the first one for Saturday",
            "book_inspection",
            {"property_ref": "PR-1201", "date_from": "2026-11-28", "date_to": "2026-11-28"},
        ),
        ("the second one", "property_details", {"property_ref": "PR-1202"}),
        ("call the agent of the third one for me", "contact_agent", {"property_ref": "PR-1203"}),
    ],
)
def test_one_of_those_shown_is_meant(text: str, intent: str, slots: dict[str, Any]) -> None:
    assert meaning(text, context=SEARCHED) == (intent, slots)


ONE = after(
    "property_details", {"property_ref": "PR-1202"}, results=["PR-1201", "PR-1202"], focus_property="PR-1202"
)


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("is it still available?", "check_availability", {}),
        ("how much is it?", "property_details", {}),
        ("does it have parking", "property_details", {"amenities": ["parking"]}),
        ("when can I view it", "list_slots", {}),
        (
            "what times are free on Friday?",
            "list_slots",
            {"date_from": "2026-11-27", "date_to": "2026-11-27"},
        ),
        ("book it", "book_inspection", {}),
        (
            "that one on Saturday",
            "book_inspection",
            {"date_from": "2026-11-28", "date_to": "2026-11-28"},
        ),
        ("I want to talk to the agent", "contact_agent", {}),
        ("e still dey?", "check_availability", {}),
        ("any photos of it?", "property_details", {}),
    ],
)
def test_it_is_the_property_that_is_talked_of(text: str, intent: str, slots: dict[str, Any]) -> None:
    assert meaning(text, context=ONE) == (intent, {"property_ref": "PR-1202"} | slots)


VISIT = after("my_inspections", {"inspection_ref": "next"}, focus_inspection="IN-3301")


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("cancel it", "cancel_inspection", {}),
        ("abeg cancel am", "cancel_inspection", {}),
        (
            "move it to Friday",
            "reschedule_inspection",
            {"new_date_from": "2026-11-27", "new_date_to": "2026-11-27"},
        ),
        ("shift am to 4pm", "reschedule_inspection", {"new_time_from": "16:00", "new_time_to": "16:00"}),
    ],
)
def test_it_is_the_inspection_that_is_talked_of(text: str, intent: str, slots: dict[str, Any]) -> None:
    assert meaning(text, context=VISIT) == (intent, {"inspection_ref": "IN-3301"} | slots)


def test_a_question_is_gone_on_with() -> None:
    last = after(
        "list_slots", {"property_ref": "PR-1202", "date_from": "2026-11-27", "date_to": "2026-11-27"}
    )
    expected = {"property_ref": "PR-1202", "date_from": "2026-11-29", "date_to": "2026-11-29"}
    assert meaning("and on Sunday?", context=last) == ("list_slots", expected)


def test_the_same_is_asked_of_another() -> None:
    last = after("check_availability", {"property_ref": "PR-1202"}, focus_property="PR-1202")
    assert meaning("what about PR-1208?", context=last) == ("check_availability", {"property_ref": "PR-1208"})


# --- questions that wait ----------------------------------------------------------------------------------
BOOKING = {
    "property_ref": "PR-1202",
    "date_from": "2026-11-28",
    "date_to": "2026-11-28",
    "time_from": "10:00",
    "time_to": "10:00",
}
WAITS = to_confirm("book_inspection", BOOKING, focus_property="PR-1202")


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes please",
        "yeah",
        "yep",
        "sure",
        "ok",
        "okay na",
        "go ahead",
        "confirm",
        "correct",
        "oya",
        "do am",
        "na so",
        "that's fine",
        "no problem",
        "no wahala",
        "abeg book am",
        "of course",
        "beeni",
        "eh",
        "haka ne",
        "👍",
        "ee",
        "yesss",
        "sharp",
        "alright, go ahead",
        "Y",
        "perfect",
        "yes, Saturday",
        "carry go",
        "that works for me",
    ],
)
def test_a_yes_confirms(text: str) -> None:
    assert meaning(text, context=WAITS) == ("confirm", {})


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No thanks",
        "nope",
        "nah",
        "don't",
        "leave am",
        "forget it",
        "never mind",
        "cancel",
        "cancel that",
        "👎",
        "not now",
        "I've changed my mind",
        "hold on",
        "no need",
        "rara",
        "mba",
        "a'a",
        "no o",
        "no, leave it",
        "stop",
        "abeg no do am",
        "I no want again",
        "don't book it",
        "n",
        "wait first",
    ],
)
def test_a_no_denies(text: str) -> None:
    assert meaning(text, context=WAITS) == ("deny", {})


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("no, make it 3pm", {"time_from": "15:00", "time_to": "15:00"}),
        ("make it Sunday", {"date_from": "2026-11-29", "date_to": "2026-11-29"}),
        ("yes but by 12 noon", {"time_from": "12:00", "time_to": "12:00"}),
        ("change am to Friday", {"date_from": "2026-11-27", "date_to": "2026-11-27"}),
        ("no, I meant PR-1299", {"property_ref": "PR-1299"}),
    ],
)
def test_what_is_set_right_stays_the_same_wish(text: str, changed: dict[str, Any]) -> None:
    assert meaning(text, context=WAITS) == ("book_inspection", BOOKING | changed)


def test_a_time_of_day_takes_the_place_of_a_clock_time() -> None:
    expected = {k: v for k, v in BOOKING.items() if not k.startswith("time")} | {"time_of_day": "morning"}
    assert meaning("no, in the morning", context=WAITS) == ("book_inspection", expected)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("show me 2 bedroom flats in Ikeja", "search_properties"),
        ("I want to speak to a human being", "human_handoff"),
        ("how do I pay?", "help"),
        ("is PR-1500 still available?", "check_availability"),
    ],
)
def test_another_wish_is_heard_while_a_question_waits(text: str, intent: str) -> None:
    assert meaning(text, context=WAITS)[0] == intent


def test_cancel_confirms_a_cancellation_that_waits() -> None:
    waits = to_confirm("cancel_inspection", {"inspection_ref": "IN-3301"}, focus_inspection="IN-3301")
    assert meaning("cancel it", context=waits) == ("confirm", {})
    assert meaning("no", context=waits) == ("deny", {})


@pytest.mark.parametrize("text", ["yes", "no", "sure", "no o"])
def test_yes_and_no_answer_nothing_when_nothing_waits(text: str) -> None:
    assert meaning(text)[0] not in ("confirm", "deny")


def test_cancel_with_nothing_waiting_is_about_an_inspection() -> None:
    assert meaning("cancel") == ("cancel_inspection", {})


@pytest.mark.parametrize(
    ("text", "context", "slots"),
    [
        (
            "Friday by 4",
            asked("book_inspection", "date", {"property_ref": "PR-1202"}),
            {"date_from": "2026-11-27", "date_to": "2026-11-27", "time_from": "16:00", "time_to": "16:00"},
        ),
        (
            "tomorrow morning",
            asked("book_inspection", "date", {"property_ref": "PR-1202"}),
            {"date_from": "2026-11-26", "date_to": "2026-11-26", "time_of_day": "morning"},
        ),
        (
            "next week Tuesday",
            asked("reschedule_inspection", "new_date", {"inspection_ref": "IN-3301"}),
            {"new_date_from": "2026-12-01", "new_date_to": "2026-12-01"},
        ),
        ("IN-3309", asked("cancel_inspection", "inspection_ref", {}), {"inspection_ref": "IN-3309"}),
        (
            "PR-1207",
            asked("update_listing", "property_ref", {"new_status": "sold"}),
            {"property_ref": "PR-1207"},
        ),
        (
            "Yaba or Ikeja",
            asked("search_properties", "areas", {"property_types": ["shop"]}),
            {"areas": ["Ikeja", "Yaba"]},
        ),
        ("45m", asked("add_listing", "new_price", {"property_types": ["land"]}), {"new_price": 45000000}),
        (
            "2",
            asked("search_properties", "bedrooms", {"areas": ["Yaba"]}),
            {"bedrooms_min": 2, "bedrooms_max": 2},
        ),
        ("800k", asked("create_alert", "price", {"areas": ["Yaba"]}), {"price_max": 800000}),
    ],
)
def test_an_answer_fills_in_what_was_asked(text: str, context: Context, slots: dict[str, Any]) -> None:
    assert context.pending is not None
    role = (
        Role.AGENT if context.pending.intent in (Intent.ADD_LISTING, Intent.UPDATE_LISTING) else Role.SEEKER
    )
    expected = (context.pending.intent.value, in_order(context.pending.slots | slots))
    assert meaning(text, role=role, context=context) == expected


def test_an_answer_is_sure() -> None:
    assert understood("yes", context=WAITS).sure > 0.9
    assert understood("yes", context=WAITS).source == "grammar"


# --- merging ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("last", "own", "words", "expected"),
    [
        ({"amenities": ["parking"]}, {"amenities": ["gym"]}, "with gym", {"amenities": ["parking", "gym"]}),
        (
            {"amenities": ["furnished"]},
            {"amenities": ["unfurnished"]},
            "unfurnished",
            {"amenities": ["unfurnished"]},
        ),
        (
            {"amenities": ["parking", "gym"]},
            {"amenities_excluded": ["gym"]},
            "no gym",
            {"amenities": ["parking"], "amenities_excluded": ["gym"]},
        ),
        ({"price_min": 5, "price_max": 9}, {"price_max": 4}, "under 4", {"price_max": 4}),
        ({"price_min": 5, "price_max": 9}, {"price_max": 8}, "under 8", {"price_min": 5, "price_max": 8}),
        ({"areas": ["A"], "street": "x road"}, {"areas": ["B"]}, "B", {"areas": ["B"]}),
        ({"areas": ["A"]}, {"cities": ["C"]}, "in C", {"cities": ["C"]}),
        ({"cities": ["C"]}, {"areas": ["A"]}, "A", {"cities": ["C"], "areas": ["A"]}),
        ({"areas_excluded": ["A"]}, {"areas": ["A"]}, "A", {"areas": ["A"]}),
        (
            {"date_from": "2026-11-28", "date_to": "2026-11-28"},
            {"date_from": "2026-12-01"},
            "from tuesday",
            {"date_from": "2026-12-01"},
        ),
    ],
)
def test_what_is_said_now_goes_over_what_was_said(
    last: dict[str, Any], own: dict[str, Any], words: str, expected: dict[str, Any]
) -> None:
    before = dict(last)
    assert merged(last, own, words) == expected
    assert last == before

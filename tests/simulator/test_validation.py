"""What the Cloud API refuses, and how it says so."""

from typing import Any

import pytest
import requests

from tests.simulator.conftest import ACCOUNT, ADA, NUMBER, PHONE, Simulator

BUTTONS = [{"type": "reply", "reply": {"id": "a", "title": "A"}}]
ROWS = [{"id": str(number), "title": f"Row {number}"} for number in range(11)]


def button(**changes: Any) -> dict[str, Any]:
    return {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "Pick"},
            "action": {"buttons": BUTTONS},
            **changes,
        },
    }


def titled(title: str) -> dict[str, Any]:
    return button(action={"buttons": [{"type": "reply", "reply": {"id": "a", "title": title}}]})


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "no addressee": ({"to": None, "text": {"body": "x"}}, 100, "The parameter to is required."),
    "no product": ({"messaging_product": None, "text": {"body": "x"}}, 100, "messaging_product is required"),
    "not a number": ({"to": "ada", "text": {"body": "x"}}, 100, "valid phone number"),
    "no text": ({"text": {}}, 100, "text['body'] is required"),
    "long text": ({"text": {"body": "x" * 4097}}, 100, "at most 4096"),
    "unknown type": ({"type": "carousel"}, 131051, "not supported"),
    "long button": (
        titled("x" * 21),
        131009,
        "Button title length invalid. Min length: 1, Max length: 20",
    ),
    "four buttons": (button(action={"buttons": BUTTONS * 4}), 131009, "Max: 3"),
    "no body": (button(body=None), 131008, "required"),
    "eleven rows": (
        button(type="list", action={"button": "Rows", "sections": [{"title": "One", "rows": ROWS}]}),
        131009,
        "Total row count exceed max allowed count: 10",
    ),
    "the business itself": ({"to": PHONE, "text": {"body": "x"}}, 131021, ""),
    "an unknown photo": ({"type": "image", "image": {"id": "123"}}, 100, ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_meta_refuses_is_refused_with_its_code_and_words(simulator: Simulator, case: str) -> None:
    message, code, details = REFUSED[case]
    simulator.say(text="hi")
    response = simulator.send(**message)
    error = response.json()["error"]
    assert response.status_code == 400
    assert error["code"] == code
    assert details in error.get("error_data", {}).get("details", "")
    assert error["fbtrace_id"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}])
def test_a_missing_or_wrong_token_is_190(simulator: Simulator, header: dict[str, str]) -> None:
    response = requests.post(f"{simulator.url}/v25.0/{NUMBER}/messages", json={}, headers=header, timeout=30)
    assert (response.status_code, response.json()["error"]["code"]) == (401, 190)


@pytest.mark.parametrize("path", ["999/messages", "12345", f"{NUMBER}/nonsense", f"{ACCOUNT}/nonsense"])
def test_an_unknown_id_or_edge_is_100_33(simulator: Simulator, path: str) -> None:
    response = simulator.api("POST", path, json={})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["error_subcode"]) == (400, 100, 33)
    assert error["type"] == "GraphMethodException"


def test_an_accepted_message_has_the_input_the_digits_and_a_wamid(simulator: Simulator) -> None:
    simulator.say(text="hi")
    answer = simulator.text(to="+234 803-000 (0001)").json()
    assert answer["contacts"] == [{"input": "+234 803-000 (0001)", "wa_id": "2348030000001"}]
    assert answer["messages"][0]["id"].startswith("wamid.HBgN")
    assert simulator.chat()[-1]["view"]["body"] == "Hello"


def test_a_number_without_plus_gets_the_country_code_of_the_business(simulator: Simulator) -> None:
    simulator.say(person="+2348030000005", text="hi")
    assert simulator.text(to="8030000005").json()["contacts"][0]["wa_id"] == "2348030000005"


def test_a_user_id_reaches_the_same_person(simulator: Simulator) -> None:
    user_id = simulator.tell("chat", person=ADA)["person"]["user_id"]
    simulator.say(text="hi")
    answer = simulator.text(to=None, recipient=user_id).json()
    assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
    assert simulator.chat()[-1]["from"] == "business"


def test_too_many_messages_to_one_person_are_131056_until_the_switch_is_off(simulator: Simulator) -> None:
    simulator.control("switches", {"throughput_limit": False})
    simulator.say(text="hi")
    codes = [simulator.text().json().get("error", {}).get("code") for _ in range(46)]
    assert codes == [None] * 45 + [131056]
    simulator.control("switches", {"pair_limit": False})
    assert simulator.text().status_code == 200


def test_reading_marks_the_message_and_those_before_it(simulator: Simulator) -> None:
    first, second = simulator.say(text="one"), simulator.say(text="two")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": second["id"]}
    answer = simulator.api("POST", f"{NUMBER}/messages", json=mark | {"typing_indicator": {"type": "text"}})
    assert answer.json() == {"success": True}
    assert [(one["id"], one["status"]) for one in simulator.chat()] == [
        (first["id"], "read"),
        (second["id"], "read"),
    ]
    unknown = simulator.api("POST", f"{NUMBER}/messages", json=mark | {"message_id": "wamid.none"})
    assert unknown.json()["error"]["code"] == 131009


def test_small_edges_answer_plausibly(simulator: Simulator) -> None:
    facts = simulator.api("GET", f"{NUMBER}?fields=display_phone_number").json()
    assert facts == {"display_phone_number": PHONE, "id": NUMBER}
    assert simulator.api("POST", f"{ACCOUNT}/subscribed_apps").json() == {"success": True}
    code = simulator.api("POST", f"{NUMBER}/message_qrdls", json={"prefilled_message": "Hi"}).json()["code"]
    listed = simulator.api("GET", f"{NUMBER}/message_qrdls/{code}").json()["data"]
    assert [one["prefilled_message"] for one in listed] == ["Hi"]

"""Templates: made, approved, filled in; and the window that makes them needed."""

from typing import Any

import pytest
import requests

from tests.simulator.conftest import ACCOUNT, Receiver, Simulator

DEFINITION = {
    "name": "reminder",
    "language": "en",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Hello {{name}}, {{place}} is tomorrow.",
            "example": {"body_text_named_params": [{"param_name": "name", "example": "Ada"}]},
        },
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Coming"},
                {"type": "URL", "text": "Map", "url": "https://inspector.example/p/{{1}}"},
            ],
        },
    ],
}
SUFFIX = {
    "type": "button",
    "sub_type": "url",
    "index": "1",
    "parameters": [{"type": "text", "text": "PR-1042"}],
}
PAYLOAD = {
    "type": "button",
    "sub_type": "quick_reply",
    "index": "0",
    "parameters": [{"type": "payload", "payload": "v1|coming"}],
}


@pytest.fixture
def reminder(simulator: Simulator) -> Simulator:
    assert simulator.api("POST", f"{ACCOUNT}/message_templates", json=DEFINITION).status_code == 200
    simulator.settle()
    return simulator


def template(called: str = "reminder", code: str = "en", /, **parameters: str) -> dict[str, Any]:
    given = [{"type": "text", "parameter_name": key, "text": text} for key, text in parameters.items()]
    body = {"type": "body", "parameters": given}
    named = {"name": called, "language": {"code": code}, "components": [body, PAYLOAD, SUFFIX]}
    return {"type": "template", "template": named}


def test_a_new_template_is_pending_then_approved_by_webhook(simulator: Simulator, webhook: Receiver) -> None:
    answer = simulator.api("POST", f"{ACCOUNT}/message_templates", json=DEFINITION).json()
    assert answer["status"] == "PENDING"
    simulator.settle()
    [value] = webhook.values
    assert (value["event"], value["message_template_name"]) == ("APPROVED", "reminder")
    listed = simulator.api("GET", f"{ACCOUNT}/message_templates?fields=name,status").json()["data"]
    assert listed == [{"id": answer["id"], "name": "reminder", "status": "APPROVED"}]


def test_the_list_comes_in_pages(simulator: Simulator) -> None:
    for number in range(3):
        made = simulator.api(
            "POST", f"{ACCOUNT}/message_templates", json=DEFINITION | {"name": f"t_{number}"}
        )
        assert made.ok
    first = simulator.api("GET", f"{ACCOUNT}/message_templates?limit=2").json()
    assert len(first["data"]) == 2
    assert "next" in first["paging"]
    after = first["paging"]["cursors"]["after"]
    second = simulator.api("GET", f"{ACCOUNT}/message_templates?limit=2&after={after}").json()
    assert [one["name"] for one in second["data"]] == ["t_2"]
    assert "next" not in second["paging"]


@pytest.mark.parametrize(
    ("change", "subcode"),
    [
        ({}, 2388024),
        ({"language": "pcm", "components": [{"type": "BODY", "text": "{{name}} first"}]}, 2388299),
        ({"language": "pcm", "components": [{"type": "BODY", "text": "x" * 1025}]}, 2388040),
    ],
)
def test_a_bad_definition_is_refused(reminder: Simulator, change: dict[str, Any], subcode: int) -> None:
    error = reminder.api("POST", f"{ACCOUNT}/message_templates", json=DEFINITION | change).json()["error"]
    assert (error["code"], error["error_subcode"]) == (100, subcode)


def test_outside_the_window_only_templates_are_taken(reminder: Simulator) -> None:
    assert reminder.text().json()["error"]["code"] == 131047
    assert reminder.send(**template(name="Ada", place="Lekki")).ok
    assert reminder.text().json()["error"]["code"] == 131047  # a template opens nothing
    reminder.say(text="hi")
    assert reminder.text().ok
    reminder.control("clock", {"offset_seconds": 24 * 3600 + 1})
    assert reminder.text().json()["error"]["code"] == 131047


def test_the_closed_window_may_come_as_a_failed_status(simulator: Simulator, webhook: Receiver) -> None:
    simulator.control("switches", {"window": "async"})
    wamid = simulator.wamid(simulator.text())
    simulator.settle()
    [status] = webhook.statuses_of(wamid)
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == 131047
    assert "recipient_user_id" not in status


def test_a_template_reads_on_the_phone_with_its_buttons(reminder: Simulator, webhook: Receiver) -> None:
    reminder.wamid(reminder.send(**template(name="Ada", place="Lekki")))
    [shown] = [one["view"] for one in reminder.chat()]
    assert shown["body"] == "Hello Ada, Lekki is tomorrow."
    assert shown["buttons"][1]["url"] == "https://inspector.example/p/PR-1042"
    reminder.settle()
    reminder.say(tap="v1|coming")
    reminder.settle()
    [message] = webhook.messages
    assert message["type"] == "button"
    assert message["button"] == {"payload": "v1|coming", "text": "Coming"}


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        (template("unknown", name="Ada", place="x"), 404, 132001),
        (template("reminder", "de", name="Ada", place="x"), 404, 132001),
        (template(name="Ada"), 400, 132000),
        (template(name="Ada", town="Lagos"), 400, 132012),
        (template(name="Ada", place="a\nb"), 400, 132018),
        (template(name="Ada", place="a     b"), 400, 132018),
        (template(name="Ada", place="x" * 1020), 400, 132005),
    ],
)
def test_a_template_that_does_not_fit_is_refused(
    reminder: Simulator, message: dict[str, Any], status: int, code: int
) -> None:
    response = reminder.send(**message)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_a_paused_template_is_refused_and_announced(reminder: Simulator, webhook: Receiver) -> None:
    reminder.control("templates", {"name": "reminder", "status": "PAUSED"})
    reminder.settle()
    assert webhook.values[-1]["event"] == "PAUSED"
    assert reminder.send(**template(name="Ada", place="x")).json()["error"]["code"] == 132015


def test_a_deleted_template_is_unknown(reminder: Simulator) -> None:
    assert reminder.api("DELETE", f"{ACCOUNT}/message_templates?name=reminder").json() == {"success": True}
    assert reminder.send(**template(name="Ada", place="x")).status_code == 404


def test_a_template_is_changed_as_in_metas_manager_and_announced(
    reminder: Simulator, webhook: Receiver
) -> None:
    webhook.posts.clear()
    reminder.control("templates", {"name": "reminder", "body": "Hello {{who}}, it is tomorrow."})
    reminder.control("templates", {"name": "reminder", "category": "MARKETING"})
    reminder.control("templates", {"name": "reminder", "coming_category": "UTILITY"})
    reminder.control("templates", {"name": "reminder", "quality": "RED"})
    reminder.settle()
    edited, recategorised, coming, judged = webhook.values
    assert edited["message_template_element"] == "Hello {{who}}, it is tomorrow."
    assert (recategorised["previous_category"], recategorised["new_category"]) == ("UTILITY", "MARKETING")
    assert (coming["correct_category"], coming["new_category"]) == ("UTILITY", "MARKETING")
    assert judged["new_quality_score"] == "RED"
    [listed] = reminder.api("GET", f"{ACCOUNT}/message_templates").json()["data"]
    assert (listed["category"], listed["quality_score"]) == ("MARKETING", {"score": "RED"})
    assert reminder.send(**template(name="Ada", place="x")).json()["error"]["code"] == 132000


def test_a_template_is_rejected_with_a_reason_and_changed_quietly(
    reminder: Simulator, webhook: Receiver
) -> None:
    webhook.posts.clear()
    wish = {"name": "reminder", "status": "REJECTED", "reason": "SCAM"}
    reminder.control("templates", wish)
    reminder.control("templates", {"name": "reminder", "delete": True, "quietly": True})
    reminder.settle()
    [rejected] = webhook.values
    assert (rejected["event"], rejected["reason"]) == ("REJECTED", "SCAM")
    assert reminder.api("GET", f"{ACCOUNT}/message_templates").json()["data"] == []


def test_a_change_that_cannot_be_is_refused_in_words(reminder: Simulator) -> None:
    wish = {"name": "reminder", "colour": "red"}
    answer = requests.post(f"{reminder.url}/control/templates", json=wish, timeout=30)
    assert (answer.status_code, answer.json()) == (400, {"error": "a template has no colour"})

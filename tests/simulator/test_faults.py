"""What goes wrong on demand, seen from the client's and from the webhook's side."""

from typing import Any

import pytest
import requests

from tests.simulator.conftest import ADA, SECRET, Receiver, Simulator, until

ACCEPTED = ["hang", "cut", "half"]


@pytest.fixture
def talking(simulator: Simulator, webhook: Receiver) -> Simulator:
    """The window is open."""
    simulator.say(text="hi")
    simulator.settle()
    webhook.posts.clear()
    return simulator


@pytest.mark.parametrize(
    ("status", "code"), [(429, 130429), (500, 131000), (400, 131056), (401, 190), (400, 131047)]
)
def test_an_error_is_answered_so_often_and_nothing_is_accepted(
    talking: Simulator, status: int, code: int
) -> None:
    talking.control("faults", {"action": "error", "status": status, "code": code, "times": 2})
    for _ in range(2):
        response = talking.text()
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert talking.text().ok
    assert len(talking.chat()) == 2


def test_an_error_may_ask_to_wait_or_be_a_bare_page(talking: Simulator) -> None:
    talking.control("faults", {"action": "error", "status": 429, "code": 130429, "retry_after": 7})
    assert talking.text().headers["Retry-After"] == "7"
    talking.control("faults", {"action": "error", "status": 502})
    assert talking.text().text.startswith("<html>")


@pytest.mark.parametrize("action", ACCEPTED)
def test_accepted_without_an_answer_still_brings_its_statuses(
    talking: Simulator, webhook: Receiver, action: str
) -> None:
    talking.control("faults", {"action": action, "path": "/messages"})
    body = {"messaging_product": "whatsapp", "to": ADA, "type": "text", "text": {"body": "x"}}
    with pytest.raises(requests.RequestException):
        requests.post(
            f"{talking.url}/v25.0/106540352242922/messages",
            json=body | {"biz_opaque_callback_data": "outbox:1"},
            headers=dict(talking.session.headers),
            timeout=2,
        )
    talking.settle()
    statuses = [status for value in webhook.values for status in value["statuses"]]
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"outbox:1"}


def test_a_200_may_not_be_json(talking: Simulator) -> None:
    talking.control("faults", {"action": "bad_json"})
    response = talking.text()
    assert response.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        response.json()
    assert talking.chat()[-1]["from"] == "business"


def test_a_reset_happens_before_anything_is_read(talking: Simulator) -> None:
    talking.control("faults", {"action": "reset"})
    with pytest.raises(requests.ConnectionError):
        talking.text("x" * 2000)
    assert len(talking.chat()) == 1


def test_a_status_may_come_before_the_answer(talking: Simulator, webhook: Receiver) -> None:
    talking.control("faults", {"action": "status_first"})
    wamid = talking.wamid(talking.text())
    assert webhook.statuses_of(wamid)[0]["status"] == "sent"


def test_a_message_may_fail_after_it_was_accepted(talking: Simulator, webhook: Receiver) -> None:
    talking.control("faults", {"action": "fail", "code": 131049})
    wamid = talking.wamid(talking.text())
    talking.settle()
    [status] = webhook.statuses_of(wamid)
    assert status["errors"][0]["code"] == 131049
    assert "contacts" not in webhook.values[-1]


def test_a_rule_may_be_for_one_person_and_skip_some(talking: Simulator) -> None:
    talking.control("faults", {"action": "error", "code": 131000, "recipient": ADA, "skip": 1})
    talking.say(person="+2348030000002", text="hi")
    assert talking.text(to="+2348030000002").ok
    assert talking.text().ok
    assert talking.text().status_code == 500


def test_rules_are_listed_and_taken_away(talking: Simulator) -> None:
    talking.control("faults", [{"action": "error", "code": 190, "times": None}, {"action": "delay"}])
    assert [rule["action"] for rule in talking.tell("faults")["rules"]] == ["error", "delay"]
    requests.delete(f"{talking.url}/control/faults", timeout=30)
    assert talking.tell("faults")["rules"] == []
    wrong = requests.post(f"{talking.url}/control/faults", json={"action": "explode"}, timeout=30)
    assert wrong.status_code == 400


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"action": "drop"}, ["b", "c"]),
        ({"action": "duplicate"}, ["a", "a", "b", "c"]),
        ({"action": "reorder"}, ["b", "a", "c"]),
        ({"action": "delay", "seconds": 1}, ["b", "c", "a"]),
    ],
)
def test_webhooks_are_lost_doubled_and_mixed_up(
    talking: Simulator, webhook: Receiver, rule: dict[str, Any], said: list[str]
) -> None:
    talking.control("faults", {"on": "webhook", "of": "message", **rule})
    for text in "abc":
        talking.say(text=text)
    talking.settle()
    assert [message["text"]["body"] for message in webhook.messages] == said


def test_several_events_may_come_in_one_post(talking: Simulator, webhook: Receiver) -> None:
    talking.control("faults", {"on": "webhook", "action": "batch", "size": 3, "seconds": 30, "times": 3})
    for text in "abc":
        talking.say(text=text)
    talking.settle()
    assert len(webhook.posts) == 1
    assert [message["text"]["body"] for message in webhook.messages] == ["a", "b", "c"]


def test_a_forged_webhook_is_sent_again_rightly(talking: Simulator, webhook: Receiver) -> None:
    webhook.statuses[:] = [403]
    talking.control("faults", {"on": "webhook", "action": "bad_signature"})
    talking.say(text="a")
    talking.settle()
    signatures = [headers["X-Hub-Signature-256"] for _, headers in webhook.posts]
    assert len(set(signatures)) == len(signatures) == 2
    assert SECRET not in str(signatures)


def test_the_clock_may_be_moved_back_and_forth_without_a_web_process(talking: Simulator) -> None:
    talking.control("clock", {"advance_seconds": 3600})
    assert talking.tell("clock")["offset_seconds"] == 3600
    refused = requests.post(f"{talking.url}/control/clock", json={"to": "next_reminder"}, timeout=30)
    assert refused.status_code == 409


def test_only_json_may_make_a_wish(simulator: Simulator) -> None:
    form = requests.post(f"{simulator.url}/control/reset", data={"a": "b"}, timeout=30)
    assert form.status_code == 415


def test_the_page_runs_no_inline_script(simulator: Simulator) -> None:
    page = requests.get(simulator.url, timeout=30)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text


def test_an_open_page_hears_of_a_message_and_reads_what_it_shows(
    simulator: Simulator, webhook: Receiver
) -> None:
    with requests.get(f"{simulator.url}/live", stream=True, timeout=30) as events:
        lines = events.iter_lines(chunk_size=1, decode_unicode=True)
        number = int(next(line for line in lines if line.startswith("data:")).split(":")[2].strip(" }"))
        simulator.say(text="hi")
        assert any(line == "event: entry" for line in lines)
        unseen = simulator.wamid(simulator.text())
        until(lambda: simulator.tell("idle")["idle"])
        assert [status["status"] for status in webhook.statuses_of(unseen)] == ["sent", "delivered"]
        seen = requests.post(f"{simulator.url}/page/open", json={"page": number, "person": ADA}, timeout=30)
        assert seen.ok
        until(lambda: webhook.statuses_of(unseen)[-1]["status"] == "read")
    until(lambda: simulator.tell("idle")["pages"] == 0)

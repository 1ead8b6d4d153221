"""Forms at the simulator's Meta, and on the phone in a real browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.simulator.conftest import ACCOUNT, Receiver, Simulator, until
from tests.simulator.test_page import SMALL, Opener, show

__all__ = ["show"]  # the fixture
FORM = Path(__file__).parents[2] / "bot" / "forms" / "booking.json"
DOCUMENT = json.loads(FORM.read_text())
DATA: dict[str, Any] = {
    name: about["__example__"] for name, about in DOCUMENT["screens"][0]["data"].items()
} | {
    "first": "2026-11-28",
    "last": "2026-12-02",
    "closed": ["2026-11-29", "2026-12-01"],
    "day_1": "2026-11-28",
    "label_1": "Free on Sat 28 Nov",
    "options_1": [{"id": "2026-11-28T10:00.1", "title": "10:00 am"}],
    "day_2": "2026-12-02",
    "label_2": "Free on Wed 2 Dec",
    "options_2": [
        {"id": "2026-12-02T10:00.2", "title": "10:00 am"},
        {"id": "2026-12-02T14:00.3", "title": "2:00 pm"},
    ],
}


def made(simulator: Simulator, **changed: Any) -> dict[str, Any]:
    body = {"name": "booking", "categories": ["APPOINTMENT_BOOKING"], "flow_json": FORM.read_text()} | changed
    found = simulator.api("POST", f"{ACCOUNT}/flows", json=body).json()
    assert isinstance(found, dict)
    return found


def sent(simulator: Simulator, id: str, **changed: Any) -> Any:
    parameters = {
        "flow_message_version": "3",
        "flow_id": id,
        "flow_cta": "Choose day and time",
        "flow_token": "t",
        "flow_action": "navigate",
        "flow_action_payload": {"screen": "BOOK", "data": DATA},
    } | changed
    action = {"name": "flow", "parameters": parameters}
    interactive = {"type": "flow", "body": {"text": "When?"}, "action": action}
    return simulator.send(type="interactive", interactive=interactive)


def refused(simulator: Simulator, id: str, **changed: Any) -> int:
    code = sent(simulator, id, **changed).json()["error"]["code"]
    assert isinstance(code, int)
    return code


@pytest.fixture
def published(simulator: Simulator) -> str:
    simulator.control("reset", {"templates": True})
    simulator.say(text="hi")
    id = str(made(simulator)["id"])
    assert simulator.api("POST", f"{id}/publish", json={}).ok
    return id


def test_a_form_is_a_draft_until_it_is_published_and_not_changed_after(
    simulator: Simulator, published: str
) -> None:
    assert simulator.api("POST", f"{published}/publish", json={}).json()["error"]["code"] == 139001
    assert made(simulator)["error"]["code"] == 100  # the name is taken
    wrong = made(simulator, name="another", flow_json='{"version": "1.0"}')
    assert "can't be published" in wrong["validation_errors"][0]["message"]
    assert simulator.api("POST", f"{wrong['id']}/publish", json={}).json()["error"]["code"] == 139002
    there = simulator.api("GET", f"{ACCOUNT}/flows?fields=status").json()["data"]
    assert [form["status"] for form in there] == ["PUBLISHED", "DRAFT"]


def test_a_message_opens_only_what_is_published_with_the_data_it_needs(
    simulator: Simulator, published: str
) -> None:
    assert refused(simulator, "7") == 131009
    assert refused(simulator, published, mode="draft") == 131009
    assert refused(simulator, published, flow_action_payload={"screen": "OTHER", "data": DATA}) == 131009
    assert refused(simulator, published, flow_action_payload={"screen": "BOOK", "data": {"a": "b"}}) == 131009
    simulator.control("forms", {"id": published, "status": "BLOCKED"})
    assert refused(simulator, published) == 132068
    simulator.control("forms", {"id": published, "status": "PUBLISHED"})
    wamid = simulator.wamid(sent(simulator, published))
    with pytest.raises(Exception, match="can't be chosen"):
        simulator.say(form={"day": "2026-11-29"}, on=wamid)
    with pytest.raises(Exception, match="needs day"):
        simulator.say(form={}, on=wamid)


def test_a_day_and_a_time_are_chosen_on_the_phone(
    show: Opener,
    simulator: Simulator,
    webhook: Receiver,
    published: str,
) -> None:
    page = show(SMALL)
    assert sent(simulator, published).ok
    page.get_by_role("button", name="Choose day and time").click()
    sheet = page.locator("#sheet")
    send = sheet.get_by_role("button", name="Choose this time")
    expect(send).to_be_disabled()
    expect(sheet.get_by_role("button", name="Sunday 29 November")).to_be_disabled()
    sheet.get_by_role("button", name="Saturday 28 November").click()
    sheet.get_by_label("10:00 am").check()
    sheet.get_by_role("button", name="Wednesday 2 December").click()
    expect(sheet.get_by_role("radio")).to_have_count(2)
    sheet.get_by_label("2:00 pm").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL[0]
    send.click()
    reply = until(lambda: webhook.messages[1:])[0]["interactive"]["nfm_reply"]
    assert json.loads(reply["response_json"]) == {
        "flow_token": "t",
        "day": "2026-12-02",
        "slot_1": "2026-11-28T10:00.1",  # under a day that is hidden again
        "slot_2": "2026-12-02T14:00.3",
    }
    expect(page.locator(".entry.mine").last).to_contain_text("Sent")

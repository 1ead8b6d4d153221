"""The backend of the stand-in: what it takes from us, and how it fails on demand."""

import pytest
import requests

from tests.simulator.website import HOME, TOKEN, Browser, Site


def test_a_signed_webhook_is_listed_once_however_often_it_comes(site: Site) -> None:
    data = {"subject": "PR-1042", "property": {**HOME, "status": "unavailable"}}
    for _ in range(2):
        assert site.webhook({"type": "availability_changed", "data": data}).status_code == 204
    assert site.webhook({"type": "forged", "data": {}}, secret="whsec_b3RoZXI=").status_code == 401
    page = Browser(site).opens("/told")
    assert page.count("availability_changed</b>") == 1
    assert "2 times" in page
    assert "forged" not in page
    assert "Not available" in Browser(site).opens("/properties/PR-1042")


def test_a_property_made_in_the_chat_is_its_agent_s_on_the_website(site: Site) -> None:
    made = {**HOME, "id": None, "ref": "PR-1999", "title": "Made in the chat", "status": "pending"}
    site.webhook({"type": "property_submitted", "data": {"subject": "PR-1999", "property": made}})
    assert "Made in the chat" in site.log_in("bola").opens("/mine")
    assert "Made in the chat" not in site.log_in("bola").opens("/")


def test_an_open_page_learns_that_something_came(site: Site) -> None:
    before = Browser(site).live()["told"]
    site.webhook({"type": "inspection_booked", "data": {"subject": "IN-1"}})
    assert Browser(site).live()["told"] > before


def test_a_command_with_the_token_gets_the_same_answer_for_the_same_key(site: Site) -> None:
    body = {"ref": "IN-3107"}
    assert site.command("POST", "/inspections", key="IN-3107", body=body, token="wrong").status_code == 401
    first = site.command("POST", "/inspections", key="IN-3107", body=body)
    again = site.command("POST", "/inspections", key="IN-3107", body=body)
    assert first.ok
    assert first.json() == again.json()
    assert first.json()["id"]
    assert site.command("POST", "/inspections", key="IN-3107", body={"ref": "IN-1"}).status_code == 422
    assert site.command("POST", "/inspections", key="IN-3108", body=body).json()["id"] != first.json()["id"]


def test_commands_about_properties_change_them_here(site: Site) -> None:
    body = {**HOME, "id": None, "ref": "PR-1999", "title": "From the chat", "status": "pending"}
    body |= {"agent": {"id": "user-bola", "email": "bola@inspector.example"}}
    made = site.command("POST", "/properties", key="PR-1999", body=body).json()
    form = {"photo": ("a.jpg", b"\xff\xd8 a photo", "image/jpeg")}
    for _ in range(2):  # a form is put together anew for every attempt
        sent = requests.post(
            f"{site.inspector}/api/properties/PR-1999/photos",
            files=form,
            headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "photo"},
            timeout=30,
        )
        assert sent.status_code == 201
    site.command("PATCH", "/properties/demo-PR-1042", key="let", body={"status": "let"})
    bola = site.log_in("bola")
    assert "From the chat" in bola.opens("/mine")
    photo = bola.session.get(f"{site.inspector}/photos/{made['id']}", timeout=30)
    assert photo.content == b"\xff\xd8 a photo"
    assert 'data-status="let"' in bola.opens("/properties/PR-1042")


def test_the_backend_fails_on_demand_by_path_and_as_often_as_asked(site: Site) -> None:
    said = {"type": "inspection_booked", "data": {"subject": "IN-1"}}
    fault = {"on": "inspector", "action": "error", "status": 429, "retry_after": 7, "path": "/webhooks"}
    site.control("faults", fault)
    assert site.command("PATCH", "/inspections/IN-1", key="a").ok
    refused = site.webhook(said)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert site.webhook(said).ok
    site.control("faults", {"on": "inspector", "action": "error", "status": 409, "details": "Taken."})
    declined = site.command("POST", "/inspections", key="b", body={})
    assert (declined.status_code, declined.json()["detail"]) == (409, "Taken.")
    told = Browser(site).opens("/told")
    assert 'class="status bad">409<' in told
    assert told.count("inspection_booked</b>") == 1  # refused at first, then taken


@pytest.mark.parametrize("action", ["hang", "cut", "reset"])
def test_no_answer_leaves_a_command_done_unless_it_was_never_read(site: Site, action: str) -> None:
    site.control("faults", {"on": "inspector", "action": action})
    with pytest.raises(requests.RequestException):
        requests.post(
            f"{site.inspector}/api/inspections",
            json={"ref": "IN-9"},
            headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "IN-9"},
            timeout=0.5,
        )
    heard = "/inspections" in Browser(site).opens("/told")
    assert heard == (action != "reset")


def test_a_fault_can_be_asked_for_on_the_page(site: Site) -> None:
    assert Browser(site).wish("fault", action="error", status="409") == "/inspector/told"
    assert site.webhook({"type": "x", "data": {}}).status_code == 409
    assert "action of inspector must be one of" in Browser(site).wish("fault", action="explode")

"""The stand-in's sessions and tokens, how a WhatsApp is connected there, and what it shows of its calls."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.ports import free_port
from tests.simulator.conftest import until
from tests.simulator.website import HOME, MARKET, Api, Browser, Site, claims


def test_a_person_s_token_names_them_and_their_session_and_the_backend_s_its_scopes(
    site: Site, api: Api
) -> None:
    api.on("GET", "inspections", {"results": [], "next": None})
    for person in ("ada", "ada", "bola"):
        site.log_in(person).opens("/inspections")
    said = [claims(site, one.token) for one in api.asked("GET", "inspections")]
    assert [one["sub"] for one in said] == ["user-ada", "user-ada", "user-bola"]
    assert len({one["sid"] for one in said}) == 3
    backend = claims(site, api.asked("GET", "changes")[0].token)
    assert (backend["sub"], backend["client_id"]) == ("backend", "backend")
    assert set(backend["scope"].split()) == {"sync", "events", "notify", "read"}


def test_a_session_is_a_cookie_that_no_script_and_no_other_site_has(site: Site) -> None:
    answer = requests.post(f"{site.inspector}/do/login", json={"person": "user-ada"}, timeout=30)
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/inspector"))
    assert (
        requests.post(f"{site.inspector}/do/login", data={"person": "user-ada"}, timeout=30).status_code
        == 415
    )
    assert "Who are you?" in Browser(site).opens("/whatsapp")
    assert Browser(site).wish("login", person="user-nobody") == "Nobody is called that."


def test_who_logs_out_is_gone(site: Site) -> None:
    ada = site.log_in("ada")
    kept = dict(ada.session.cookies)
    assert "Log out" in ada.opens()
    ada.wish("logout")
    assert "Log out" not in requests.get(f"{site.inspector}/", cookies=kept, timeout=30).text


@pytest.mark.parametrize("page", ["signup", "contact", "security", "connect", "whatsapp"])
def test_where_chats_and_mails_lead_there_is_a_page(site: Site, page: str) -> None:
    """Their links are made of INSPECTOR_URL."""
    assert requests.get(f"{site.inspector}/{page}", timeout=30).ok


def test_no_page_runs_an_inline_script_and_what_people_write_stays_text(site: Site) -> None:
    title = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    site.webhook(
        {"type": "property_changed", "data": {"subject": title, "property": {**HOME, "title": title}}}
    )
    ada = site.log_in("ada")
    for path in ("/", "/properties/PR-1042", "/told"):
        page = ada.session.get(site.inspector + path, timeout=30)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text
        assert "<img src=x" not in page.text


INTENT = {
    "id": "0b6f1f6e",
    "state": "open",
    "deep_link": "https://wa.me/2347000000000?text=LINK%20K3V9QZ2M7T4XB8RD",
    "qr": {"svg": "data:image/svg+xml,a", "png": "data:image/png;base64,a"},
    "expires_at": "2026-12-01T10:10:00+01:00",
}
CLAIMED = {
    "id": "0b6f1f6e",
    "state": "claimed",
    "expires_at": "2026-12-01T10:20:00+01:00",
    "whatsapp": {"number_ending": "0009", "username": None},
    "claimed_at": "2026-12-01T10:42:00+01:00",
    "differs_from_account_phone": True,
    "replaces": True,
}


def test_the_page_goes_along_from_the_qr_code_to_the_number_to_connected(site: Site, api: Api) -> None:
    ada = site.log_in("ada")
    api.on("GET", "links", {"results": [], "next": None})
    api.on("POST", "links/intents", INTENT, status=201)
    ada.wish("connect")
    [begun] = api.asked("POST", "links/intents")
    assert begun.headers["Idempotency-Key"]
    assert begun.body == {}

    api.on("GET", "links/intents/0b6f1f6e", {**INTENT, "whatsapp": None})
    api.headers["ETag"] = '"1"'
    page = ada.opens("/whatsapp")
    assert 'src="data:image/svg+xml,a"' in page
    assert 'href="/?text=LINK%20K3V9QZ2M7T4XB8RD#+2348030000001"' in page  # the phone stands in for wa.me
    api.on("GET", "links/intents/0b6f1f6e", None, status=304)
    assert "Waiting for the message" in ada.live("whatsapp")["parts"]["whatsapp"]
    assert api.asked("GET", "links/intents/0b6f1f6e")[-1].headers["If-None-Match"] == '"1"'

    api.on("GET", "links/intents/0b6f1f6e", CLAIMED)
    shown = ada.live("whatsapp")["parts"]["whatsapp"]
    assert "WhatsApp number ending 0009, 10:42. Is this you?" in shown
    assert "not the number of your account" in shown
    assert "would be disconnected" in shown

    api.on("POST", "links/intents/0b6f1f6e/confirm", {**CLAIMED, "state": "confirmed", "link": 7})
    link = {"id": 7, "state": "active", "whatsapp": CLAIMED["whatsapp"], "since": "2026-12-01T10:43:00+01:00"}
    api.on("GET", "links", {"results": [link], "next": None})
    assert ada.wish("confirm") == "/inspector/whatsapp"
    assert "Connected: WhatsApp number ending 0009" in ada.opens("/whatsapp")

    api.on("DELETE", "links/7", None, status=204)
    ada.wish("disconnect", link="7")
    assert len(api.asked("DELETE", "links/7")) == 1


def test_this_is_not_me_ends_it_and_another_session_sees_nothing_of_it(site: Site, api: Api) -> None:
    ada, elsewhere = site.log_in("ada"), site.log_in("ada")
    api.on("POST", "links/intents", INTENT, status=201)
    api.on("GET", "links/intents/0b6f1f6e", CLAIMED)
    ada.wish("connect")
    assert "Is this you?" in ada.opens("/whatsapp")
    assert "Is this you?" not in elsewhere.opens("/whatsapp")
    api.on("DELETE", "links/intents/0b6f1f6e", None, status=204)
    ada.wish("not-me")
    assert "Is this you?" not in ada.opens("/whatsapp")
    assert len(api.asked("DELETE", "links/intents/0b6f1f6e")) == 1


def test_what_the_api_refuses_is_said_in_its_words(site: Site, api: Api) -> None:
    api.on("POST", "links/intents", {"detail": "Too often today.", "code": "too_many_intents"}, status=429)
    assert site.log_in("ada").wish("connect") == "Too often today."


def test_every_call_is_shown_repeated_ones_once_and_long_texts_cut(site: Site, api: Api) -> None:
    api.on("GET", "links", {"results": [], "next": None, "x": "y" * 5000})
    ada = site.log_in("ada")
    for _ in range(3):
        ada.live("whatsapp")
    shown = ada.live()["parts"]["calls"]
    assert shown.count(">/links<") == 1
    assert "3 times" in shown
    assert "as Ada" in shown
    assert "y" * 60 + "…" in shown
    assert "y" * 70 not in shown
    assert "Bearer" not in shown
    assert not any(part in shown for part in api.requests[-1].token.split("."))


def test_after_an_absence_it_reads_what_happened_from_the_feed(site: Site, api: Api) -> None:
    told = {**HOME, "status": "let", "id": None}
    api.on("GET", "changes", {"results": [{"data": {"property": told}}], "next": None, "cursor": "x"})
    assert "Let" in Browser(site).opens("/properties/PR-1042")
    Browser(site).opens()
    assert len(api.asked("GET", "changes")) == 1


def test_without_the_service_the_pages_say_that_it_cannot_be_reached(
    tmp_path: Path,
) -> None:
    """As while `make demo` is still starting it."""
    port, market = free_port(), tmp_path / "market.json"
    market.write_text(json.dumps(MARKET))
    options = (
        f"--port {port} --smtp-port {free_port()} --webhook http://127.0.0.1:1/ --web http://127.0.0.1:1"
    )
    options += f" --app-secret a --access-token b --verify-token c --phone-number-id 1 --market {market}"
    options += " --phone-number +2347000000000 --business-account-id 2"
    command = [sys.executable, "-m", "inspector_whatsapp.simulator", *options.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        ada = Site(f"http://127.0.0.1:{port}").log_in("ada")
        assert "Inspector WhatsApp cannot be reached." in ada.opens("/inspections")
        assert "no answer" in ada.opens()
        assert ada.wish("connect") == "Inspector WhatsApp cannot be reached."
        running.terminate()
        until(lambda: running.poll() is not None)

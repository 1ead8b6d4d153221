"""The API's pages in a real browser: the security policy takes nothing from them."""

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.screen import PATIENCE


def test_the_apis_documentation_is_drawn_without_a_complaint(
    live_server: LiveServer, browser_here: Browser
) -> None:
    complaints: list[str] = []
    with browser_here.new_context() as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.goto(f"{live_server.url}/api/docs/")
        expect(page.get_by_text("/api/v1/inspections", exact=True).first).to_be_visible(timeout=PATIENCE)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(250, 250, 250)"
        page.get_by_text("/api/v1/inspections", exact=True).first.click()
        expect(page.get_by_text("Parameters").first).to_be_visible(timeout=PATIENCE)
    assert complaints == []

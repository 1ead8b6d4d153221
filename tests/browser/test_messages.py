"""An admin finds a message that failed, by filter and search, has it said again, and sees it arrive."""

import re

from playwright.sync_api import Page, expect

from config.demo import DEMO_PASSWORD
from tests.browser.conftest import Shoot
from tests.journeys.console import ADMIN
from tests.journeys.phone import Phone
from tests.journeys.service import Service

GONE = 131026  # Meta's: it cannot be delivered


def test_a_failed_message_is_found_and_said_again(
    page: Page, service: Service, seeker: Phone, shoot: Shoot
) -> None:
    fault = {"on": "api", "action": "error", "status": 400, "code": GONE, "path": "/messages"}
    service.wish("faults", fault)
    seeker.say("menu")
    service.settle()
    heard = len(seeker.heard)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # Chromium asks for one
    page.goto(f"{service.url}/admin/")
    page.fill("#id_username", ADMIN)
    page.fill("#id_password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    expect(page.get_by_role("link", name="Messages").first).to_be_attached()
    page.goto(f"{service.url}/admin/inspector_whatsapp/outboxmessage/")
    page.locator("a", has_text="Filters").first.click()
    page.select_option("#filter-form select[name=status]", "failed")
    page.select_option("#filter-form select[name=because]", str(GONE))
    shoot(page, "messages-filters")
    page.get_by_role("button", name="Apply Filters").click()
    page.fill("#searchbar", seeker.number)
    page.keyboard.press("Enter")
    rows = page.locator("#result_list tbody a[href*='/change/']").filter(has_text=re.compile(r"^\s*\d+\s*$"))
    expect(rows).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("failed", ignore_case=True)
    rows.first.click()

    expect(page.locator("p.standing")).to_contain_text("Failed")
    expect(page.locator("p.standing")).to_contain_text("(#131026)")
    shoot(page, "message-failed")
    page.get_by_role("button", name="Say again").dblclick()
    expect(
        page.get_by_text(re.compile("Said again as message|has been said again already")).first
    ).to_be_visible()
    service.settle()
    page.reload()
    page.locator("ul.elsewhere a[href*='outboxmessage']").first.click()
    expect(page.locator("p.standing")).to_contain_text(re.compile("Delivered|Read"))
    expect(page.locator(".timeline")).to_contain_text("it is on their phone")
    shoot(page, "message-said-again")
    assert len(seeker.heard) == heard + 1
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(
        "document.documentElement.scrollWidth == 390"
    )  # once the page has been laid out anew

"""An admin takes a chat over, with the phone page open beside it: both see at once what the other says."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from config.demo import DEMO_PASSWORD
from tests.browser.conftest import Shoot
from tests.browser.screen import LARGE, PATIENCE, Screen
from tests.journeys.service import Service

NAME = "Grace"
PHONE = "+2348030001500"


@pytest.fixture
def console(browser: Browser, service: Service) -> Iterator[Page]:
    """The console of an admin who is logged in; nothing may go wrong in it."""
    complaints: list[str] = []
    with browser.new_context(
        locale="en-GB",
        timezone_id="Africa/Lagos",
        viewport={"width": LARGE[0], "height": LARGE[1]},
    ) as context:
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        page.goto(f"{service.url}/admin/login/?next=/admin/bot/conversation/")
        page.locator("#id_username").fill("admin@inspector.example")
        page.locator("#id_password").fill(DEMO_PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_url("**/admin/bot/conversation/")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        yield page
    # Chromium itself notes that a poll was refused; what the page makes of it is for the test to see.
    assert [said for said in complaints if "401 (Unauthorized)" not in said] == []


def test_a_chat_is_taken_over_and_handed_back(
    page: Page, console: Page, service: Service, shoot: Shoot
) -> None:
    service.wish("people", {"phone": PHONE, "name": NAME})
    page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
    page.goto(service.plan.simulator)
    phone = Screen(page, width=LARGE[0])
    phone.picks(NAME)
    phone.writes("hi")

    console.locator("#searchbar").fill(NAME)
    console.locator("#searchbar").press("Enter")
    console.get_by_role("link", name=NAME).first.click()
    expect(console.locator("#chat .theirs .said").last).to_have_text("hi")
    console.get_by_role("button", name="Take over").click()
    expect(console.locator("#talk-head")).to_contain_text("You have this chat since")

    # What they write now comes to the open page by itself, and the bot keeps silent.
    page.locator("#text").fill("The gate is locked, is anybody there?")
    page.locator("#send").click()
    expect(console.locator("#chat .theirs .said").last).to_have_text("The gate is locked, is anybody there?")
    expect(console.locator("#chat-news")).to_contain_text("The gate is locked")
    size = console.locator("#chat-news").bounding_box()
    assert size is not None
    assert size["width"] <= 1  # for screen readers: others see it in the chat

    # It is being written while more comes in: the box and its words stay.
    console.locator("#composer-words").fill("Good morning Grace, I am calling the agent.")
    page.locator("#text").fill("Hello?")
    page.locator("#send").click()
    expect(console.locator("#chat .theirs .said").last).to_have_text("Hello?")
    expect(console.locator("#composer-words")).to_have_value("Good morning Grace, I am calling the agent.")
    with phone.answered():
        console.locator("#composer-words").press("Control+Enter")
    expect(phone.answers.last).to_contain_text("I am calling the agent.")
    answer = console.locator("#chat .ours").last
    expect(answer).to_contain_text("I am calling the agent.")
    expect(answer.locator(".ticks")).to_have_text("✓✓")
    assert console.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(console, "taken-over")

    console.get_by_role("button", name="Hand back to the bot").click()
    expect(console.locator("#talk-head")).to_contain_text("The bot answers here.")
    phone.writes("menu")
    expect(console.locator("#chat .theirs .said").last).to_have_text("menu")
    expect(console.locator("#chat .ours").last.locator(".choices li").first).to_be_visible()


def test_a_page_whose_reader_is_logged_out_says_so_and_keeps_what_was_typed(
    console: Page, service: Service
) -> None:
    service.wish("people", {"phone": "+2348030001501", "name": "Ngozi"})
    service.wish("say", {"person": "+2348030001501", "text": "hi"})
    service.settle()
    console.locator("#searchbar").fill("Ngozi")
    console.locator("#searchbar").press("Enter")
    console.get_by_role("link", name="Ngozi").first.click()
    console.locator("#composer-words").fill("Half a sentence")
    console.context.clear_cookies()
    expect(console.locator("#talk-trouble")).to_contain_text("You are logged out")
    expect(console.locator("#composer-words")).to_have_value("Half a sentence")

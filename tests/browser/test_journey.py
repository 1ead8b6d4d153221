"""From a stranger's first word to "I'm coming", by tapping, on a small and on a large screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot
from tests.browser.screen import LARGE, SMALL, Screen
from tests.journeys.service import Service

ADA = ("Ada", "ada@inspector.example")
TOBI = ("Tobi", "tobi.adeleke@inspector.example")


@pytest.mark.parametrize(("size", "person"), [(LARGE, ADA), (SMALL, TOBI)], ids=["large", "small"])
def test_somebody_connects_books_and_answers_a_reminder_by_tapping(
    page: Page, service: Service, shoot: Shoot, size: tuple[int, int], person: tuple[str, str]
) -> None:
    name, address = person
    page.set_viewport_size({"width": size[0], "height": size[1]})
    service.wish("people", {"phone": "+2348030001300", "name": TOBI[0]})
    page.goto(service.plan.simulator)
    screen = Screen(page, width=size[0])

    screen.picks(name)
    screen.writes("hi", keyboard=True)
    expect(page.locator(".entry.mine").first.get_by_label("delivered")).to_be_visible()
    screen.taps("Connect")
    screen.writes(address)
    expect(screen.answers.last).to_contain_text("6-digit code")
    service.mail(address, "Your code")
    code = screen.reads_code(address)
    screen.picks(name)
    screen.writes(code)
    screen.taps("Yes, connect")
    expect(screen.answers.last).to_contain_text("Connected")
    assert screen.fits()

    screen.writes("PR-1042")  # as the website's link does; from here on by tapping
    expect(screen.answers.last.locator("img")).to_be_visible()
    screen.taps("Book")
    screen.taps_row(3)  # a day far enough to be reminded of
    screen.taps_row(0)
    expect(screen.answers.last).to_contain_text("Book this inspection?")
    shoot(page, f"{size[0]}-sure")
    screen.taps("Yes, book it")
    expect(screen.answers.last).to_contain_text(re.compile(r"Booked: IN-\d+"))
    assert screen.fits()
    service.settle()
    shoot(page, f"{size[0]}-booked")

    coming = screen.answers.filter(has=page.get_by_role("button", name="I'm coming"))
    for _ in range(20):
        screen.leaves()
        expect(page.locator("#to-reminder")).to_be_enabled()
        with page.expect_response("**/control/clock"):
            page.locator("#to-reminder").click()
        service.settle()
        screen.picks(name)
        if coming.count():
            break
    expect(screen.answers.last).to_contain_text("your inspection is tomorrow")
    screen.taps("I'm coming")
    expect(screen.answers.last).to_contain_text("see you there")
    assert screen.fits()
    shoot(page, f"{size[0]}-coming")

"""Somebody asks for a home in their own words, on a small screen, and books one of those that are shown."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot
from tests.browser.screen import Screen
from tests.journeys.service import Service

NAME, ADDRESS = "Chioma", "chioma.nnadi@inspector.example"
SIZE = (390, 844)


def test_somebody_asks_in_words_and_books_what_is_shown(page: Page, service: Service, shoot: Shoot) -> None:
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    service.wish("people", {"phone": "+2348030001377", "name": NAME})
    page.goto(service.plan.simulator)
    screen = Screen(page, width=SIZE[0])
    screen.picks(NAME)

    screen.writes("any 3 bedroom flat for rent in Lekki next week?", keyboard=True)
    expect(screen.answers.last).to_contain_text("3 bedrooms · for rent · Lekki (with Lekki Phase 1")
    expect(screen.answers.last).to_contain_text("Free:")
    assert screen.fits()
    shoot(page, "asking-cards")

    screen.writes("cheaper ones")
    expect(screen.answers.last).to_contain_text("cheapest first")
    screen.writes("number one")
    expect(screen.answers.last).to_contain_text("for rent")
    shoot(page, "asking-one")
    screen.writes("when can I see it")
    expect(screen.answers.last).to_contain_text("Pick one to book it")
    assert screen.fits()
    shoot(page, "asking-times")

    screen.taps_row(0)  # who is unknown connects first, and the wish is gone on with
    expect(screen.answers.last).to_contain_text("email address")
    screen.writes(ADDRESS)
    expect(screen.answers.last).to_contain_text("6-digit code")
    service.mail(ADDRESS, "Your code")
    code = screen.reads_code(ADDRESS)
    screen.picks(NAME)
    screen.writes(code)
    screen.taps("Yes, connect")
    expect(screen.answers.last).to_contain_text("Book this inspection?")
    shoot(page, "asking-sure")
    screen.writes("oya book am")
    expect(screen.answers.last).to_contain_text(re.compile(r"Booked: IN-\d+"))
    assert screen.fits()
    shoot(page, "asking-booked")

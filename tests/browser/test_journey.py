"""From a stranger's first word to "I'm coming", by tapping, on a small and on a large screen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE, Shoot
from tests.journeys.service import Service

ADA = ("Ada", "ada@inspector.example")
TOBI = ("Tobi", "tobi.adeleke@inspector.example")
SMALL, LARGE = (360, 740), (1280, 800)
RIGHT_OF_THE_CHAT = 900  # pixels; a wider screen shows the mailbox beside the chat


class Screen:
    """What a person sees of the page, and does with it."""

    def __init__(self, page: Page, *, width: int) -> None:
        self.page = page
        self.is_wide = width > RIGHT_OF_THE_CHAT

    @property
    def answers(self) -> Locator:
        return self.page.locator(".entry:not(.mine):not(#typing-dots)")

    def picks(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(f"^{name}")).click()
        expect(self.page.locator("#text")).to_be_visible()

    def leaves(self) -> None:
        """On a small screen the chat covers everything else."""
        if not self.is_wide:
            self.page.get_by_role("button", name="Back to the phones").click()

    def writes(self, text: str, *, keyboard: bool = False) -> None:
        with self._answered():
            self.page.locator("#text").fill(text)
            if keyboard:
                self.page.keyboard.press("Tab")
                expect(self.page.locator("#send")).to_be_focused()
                self.page.keyboard.press("Enter")
            else:
                self.page.locator("#send").click()

    def taps(self, title: str) -> None:
        """A button under the newest message."""
        with self._answered():
            self.answers.last.get_by_role("button", name=title, exact=True).click()

    def taps_row(self, place: int) -> None:
        """An option of the newest question: a row of its sheet, or one of its buttons."""
        newest = self.answers.last
        opener = newest.locator('.action[aria-haspopup="dialog"]')
        with self._answered():
            if opener.count():
                opener.click()
                self.page.locator("#sheet .row").nth(place).click()
            else:
                newest.locator(".action").nth(place).click()

    def _answered(self) -> "_Answered":
        return _Answered(self.answers)

    def reads_code(self, address: str) -> str:
        """The code that the newest mail to this address offers to copy."""
        self.leaves()
        if not self.is_wide:
            self.page.locator('[data-tab="mail"]').click()
        self.page.locator(".mail-row", has_text=address).first.click()
        code = self.page.locator(".code b").first.inner_text()
        expect(self.page.frame_locator(".mail-frame").locator("body")).to_contain_text(code[:3])
        self.page.get_by_role("button", name="Back to the list").click()
        if not self.is_wide:
            self.page.locator('[data-tab="people"]').click()
        return code

    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


class _Answered:
    """Does something and waits until the chat has one answer more."""

    def __init__(self, answers: Locator) -> None:
        self._answers = answers

    def __enter__(self) -> None:
        self._before = self._answers.count()

    def __exit__(self, failed: object, *_: object) -> None:
        if not failed:
            expect(self._answers).to_have_count(self._before + 1, timeout=PATIENCE)


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """The phones' page; nothing may go wrong in it."""
    complaints: list[str] = []
    with browser.new_context(locale="en-GB", timezone_id="Africa/Lagos") as context:
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        yield page
    assert complaints == []


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
    screen.taps("Book an inspection")
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

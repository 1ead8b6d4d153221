"""What a person sees of the phones' page, and does with it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

PATIENCE = 20_000  # milliseconds; waited for in full only when something is broken
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
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()
        expect(self.page.locator("#text")).to_be_visible()
        expect(self.page.locator("#log")).not_to_have_attribute("aria-busy", "true")

    def leaves(self) -> None:
        """On a small screen the chat covers everything else."""
        if not self.is_wide:
            self.page.get_by_role("button", name="Back to the phones").click()

    def writes(self, text: str, *, keyboard: bool = False) -> None:
        with self.answered():
            self.page.locator("#text").fill(text)
            if keyboard:
                self.page.keyboard.press("Tab")
                expect(self.page.locator("#send")).to_be_focused()
                self.page.keyboard.press("Enter")
            else:
                self.page.locator("#send").click()

    def taps(self, title: str) -> None:
        """A button under the newest message."""
        with self.answered():
            self.answers.last.get_by_role("button", name=title, exact=True).click()

    def taps_row(self, place: int) -> None:
        """An option of the newest question: a row of its sheet, or one of its buttons."""
        newest = self.answers.last
        opener = newest.locator('.action[aria-haspopup="dialog"]')
        with self.answered():
            if opener.count():
                opener.click()
                self.page.locator("#sheet .row").nth(place).click()
            else:
                newest.locator(".action").nth(place).click()

    def attaches(self, what: str) -> None:
        """Something of the menu beside the text."""
        self.page.locator("#attach").click()
        self.page.get_by_role("menuitem", name=what).click()

    def answered(self) -> "_Answered":
        return _Answered(self.answers)

    def reads_code(self, address: str, *, seen: Callable[[], None] = lambda: None) -> str:
        """The code that the newest mail to this address offers to copy. seen: done while it is open."""
        self.leaves()
        if not self.is_wide:
            self.page.locator('[data-tab="mail"]').click()
        self.page.locator(".mail-row", has_text=address).first.click()
        code = self.page.locator(".code b").first.inner_text()
        expect(self.page.frame_locator(".mail-frame").locator("body")).to_contain_text(code[:3])
        seen()
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

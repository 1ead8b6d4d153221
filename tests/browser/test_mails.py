"""Every letter in a real browser: on a small phone nothing runs over, by day and by night it can be read."""

import pytest
from playwright.sync_api import sync_playwright

from inspector_whatsapp import clock
from notifications.channels.email import Foot, written
from notifications.kind import by_name, reader_of
from tests.browser.conftest import Shoot
from tests.conftest import CHROMIUM, OPTIONS
from tests.notifications import everything
from tests.notifications.approved import approve_all
from tests.notifications.test_every_kind import unchecked

WIDTH = 360
# The lightness of a colour as a person sees it (WCAG 2.2, relative luminance), and how far two are apart.
CONTRAST = """
(element) => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((value) => {
      const part = value / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  let under = element
  while (under && getComputedStyle(under).backgroundColor === 'rgba(0, 0, 0, 0)') under = under.parentElement
  const front = light(getComputedStyle(element).color)
  const back = light(getComputedStyle(under).backgroundColor)
  return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)
}
"""


@pytest.fixture
def letters(db: None) -> dict[str, str]:
    """The HTML of one letter of each kind, to people with long names at long addresses."""
    found: dict[str, str] = {}
    approve_all()
    for message in everything.messages():
        if message.kind in found or not by_name(message.kind).otherwise_by_mail:
            continue
        letter = written(
            unchecked(message).mail(message, now=clock.now()),
            reader_of(message, markup=False),
            to="ada@example.com",
            message_id="<1@example.com>",
            foot=Foot(stop="https://inspector.example/offers/stop/1/"),
        )
        found[message.kind] = str(letter.alternatives[0][0])
    return found


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here (apt install chromium)")
def test_letters_fit_a_small_phone_and_can_be_read_by_day_and_by_night(
    letters: dict[str, str], shoot: Shoot
) -> None:
    assert len(letters) > 20
    # A browser of its own: while one is there Django takes this thread for an asynchronous one.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for scheme in ("light", "dark"):
            page = browser.new_context(
                viewport={"width": WIDTH, "height": 740},
                color_scheme=scheme,
                offline=True,
            ).new_page()
            for kind, html in letters.items():
                page.set_content(html)
                assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, kind
                for words in page.locator("h1, p, td.brand, a").all():
                    assert words.evaluate(CONTRAST) >= 4.5, (kind, scheme, words.inner_text())
                shoot(page, f"mail-{kind}-{scheme}")
        browser.close()

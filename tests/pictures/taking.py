"""How a picture is taken of the running service, by a real browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from config.demo import DEMO_PASSWORD
from tests.browser.screen import PATIENCE, Screen
from tests.journeys.service import Service
from tests.pictures.film import Film, smaller
from tests.pictures.listed import CODE, Chat, Console, Picture

CHAT_OF = """
SELECT conversation.id FROM bot_conversation conversation
JOIN inspector_whatsapp_contact contact ON contact.id = contact_id WHERE profile_name = %s
"""
# One that is out of sight may be left for later.
PHOTOS_IN_SIGHT_ARE_THERE = """() => [...document.images].every(photo => {
  const at = photo.getBoundingClientRect();
  return photo.complete || at.bottom < 0 || at.top > innerHeight;
})"""
TALLER_THAN_THE_CHAT = "answer => answer.offsetHeight > document.getElementById('log').clientHeight"
# Two days on there is still room for new bookings, and some were made.
DAY = "SELECT (clock_now() AT TIME ZONE 'Africa/Lagos')::date + 2"


def take(picture: Picture, *, of: Service, browser: Browser) -> bytes:
    """What is to stand in the picture's file."""
    film = Film() if isinstance(picture.shows, Chat) and picture.shows.filmed else None
    with opened(picture, browser) as page:
        match picture.shows:
            case Chat() as chat:
                _talk(page, chat, of, film)
            case Console() as console:
                _look(page, console, of)
        return film.developed() if film else smaller(shot(page))


def shot(page: Page) -> bytes:
    """The page as it stands, with nothing moving or blinking, nor marked as having the keyboard."""
    page.wait_for_function(PHOTOS_IN_SIGHT_ARE_THERE)
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(0, 0)
    return page.screenshot(animations="disabled", caret="hide")


@contextmanager
def opened(picture: Picture, browser: Browser) -> Iterator[Page]:
    """A page of that size, in the demo's country."""
    width, height = picture.size
    with browser.new_context(
        locale="en-GB",
        timezone_id="Africa/Lagos",
        viewport={"width": width, "height": height},
        device_scale_factor=picture.sharp,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
    ) as context:
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield context.new_page()


def _talk(page: Page, chat: Chat, service: Service, film: Film | None) -> None:
    def shown(seconds: float) -> None:
        if film:
            film.add(shot(page), seconds)

    page.goto(service.plan.simulator)
    screen = Screen(page, width=(page.viewport_size or {"width": 0})["width"])
    screen.picks(chat.name)
    shown(0.5)
    for act in chat.does:
        if act == CODE:
            service.mail(chat.email, "Your code")
            act = screen.reads_code(chat.email, seen=lambda: shown(2))
            screen.picks(chat.name)
        _does(screen, act, typed=lambda: shown(0.8))
        if film and screen.answers.last.evaluate(TALLER_THAN_THE_CHAT):
            screen.answers.last.evaluate("answer => answer.scrollIntoView()")
            shown(2)
            page.locator("#log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
        shown(2)
    if chat.does:
        service.settle()
    # How far this machine is from the day of the pictures tells nobody anything.
    page.locator("#offset").evaluate("line => line.textContent = 'Lagos time'")


def _does(screen: Screen, act: str, *, typed: Callable[[], None]) -> None:
    """Tap or write. typed: done when a text stands there and has not been sent."""
    title = act.strip("[]")
    if title == act:
        screen.page.locator("#text").fill(act)
        typed()
        screen.writes(act)
    elif title.isdecimal():
        screen.taps_row(int(title) - 1)
    else:
        screen.taps(title)


def _look(page: Page, console: Console, service: Service) -> None:
    page.goto(f"{service.url}/admin/login/")
    page.locator("#id_username").fill("admin@inspector.example")
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/admin/")
    chat, day = service.ask_database(CHAT_OF, console.name), service.ask_database(DAY)
    page.goto(service.url + console.address.format(chat=chat, day=day))
    if console.asks:
        _answer(page, console, service)
        page.reload()
    page.evaluate("document.fonts.ready")


def _answer(page: Page, console: Console, service: Service) -> None:
    number = service.ask_database(
        "SELECT phone FROM inspector_whatsapp_contact WHERE profile_name = %s", console.name
    )

    def says(text: str) -> None:
        service.wish("say", {"person": number, "text": text})
        expect(page.locator("#chat .theirs .said").last).to_have_text(text)

    says("human")
    service.settle()
    says(console.asks)
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#talk-head")).to_contain_text("You have this chat since")
    page.locator("#composer-words").fill(console.answer)
    page.locator("#composer-words").press("Control+Enter")
    expect(page.locator("#chat .ours").last.locator(".ticks")).to_have_text("✓✓")
    says(console.thanks)

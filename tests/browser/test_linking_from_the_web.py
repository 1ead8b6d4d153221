"""A WhatsApp is connected on Inspector's website: two people's browsers, and a phone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shoot
from tests.browser.screen import LARGE, PATIENCE, SMALL
from tests.journeys.service import Service

Opener = Callable[..., Page]
STRANGER = "+2348030000009"


@pytest.fixture
def opened(browser: Browser, service: Service) -> Iterator[Opener]:
    """Opens a browser of somebody's own at an address; nothing may go wrong in it."""
    complaints: list[str] = []
    contexts = []

    def opened(
        path: str, *, size: tuple[int, int] = LARGE, scheme: str = "light", person: str | None = None
    ) -> Page:
        context = browser.new_context(
            locale="en-GB",
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        if person is not None:
            page.goto(f"{service.plan.simulator}/inspector/login")
            page.get_by_role("button", name=re.compile(f"^{person}")).click()
            expect(page.locator(".who")).to_have_text(person)
        page.goto(service.plan.simulator + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def disconnected(website: Page) -> None:
    """Nothing is connected, whatever was before."""
    connect = website.get_by_role("button", name=re.compile("^Connect"))
    expect(connect).to_be_visible()
    if website.get_by_role("button", name="Disconnect").count():
        website.once("dialog", lambda dialog: dialog.accept())
        website.get_by_role("button", name="Disconnect").click()
    expect(connect).to_have_text("Connect WhatsApp")


def sends_the_text(phone: Page) -> None:
    """The text stands in the chat as the link has it; nothing is sent before the person does."""
    expect(phone.locator("#text")).to_have_value(re.compile(r"^LINK [0-9A-Z]{16}$"))
    assert phone.locator(".entry.mine", has_text="LINK").count() == 0
    phone.locator("#send").click()
    expect(phone.locator(".entry:not(.mine)").last).to_contain_text("nobody is connected yet")


@pytest.mark.parametrize(("size", "scheme"), [(LARGE, "light"), (SMALL, "dark")], ids=["large", "small"])
def test_ada_connects_on_the_website_and_both_sides_say_so(
    opened: Opener, service: Service, shoot: Shoot, size: tuple[int, int], scheme: str
) -> None:
    website = opened("/inspector/whatsapp", size=size, scheme=scheme, person="Ada")
    disconnected(website)
    website.get_by_role("button", name="Connect WhatsApp").click()
    expect(website.get_by_alt_text("QR code")).to_be_visible()
    assert website.get_by_alt_text("QR code").evaluate("(image) => image.naturalWidth") > 0
    assert fits(website)
    shoot(website, f"web-{size[0]}-qr")

    link = website.get_by_role("link", name="Open WhatsApp").get_attribute("href")
    phone = opened(str(link), size=size)
    sends_the_text(phone)
    # The page changes by itself.
    expect(website.get_by_role("heading", name="Is this you?")).to_contain_text("number ending 0001")
    assert fits(website)
    shoot(website, f"web-{size[0]}-claimed")

    website.get_by_role("button", name="Yes, connect it").click()
    expect(website.get_by_role("heading", name="Connected")).to_contain_text("number ending 0001")
    expect(phone.locator(".entry:not(.mine)").last).to_contain_text("Connected")
    service.mail("ada@inspector.example", "WhatsApp connected")
    assert fits(website)
    shoot(website, f"web-{size[0]}-connected")
    called = website.locator(".beside")
    expect(called).to_contain_text("POST")
    expect(called).to_contain_text("/confirm")

    disconnected(website)
    expect(phone.locator(".entry:not(.mine)").last).to_contain_text("no longer connected")
    service.mail("ada@inspector.example", "WhatsApp disconnected")
    service.settle()


def test_a_stranger_with_the_text_is_shown_to_ada_and_cannot_say_yes_for_her(
    opened: Opener, service: Service, shoot: Shoot
) -> None:
    ada = opened("/inspector/whatsapp", person="Ada")
    disconnected(ada)
    ada.get_by_role("button", name="Connect WhatsApp").click()
    link = str(ada.get_by_role("link", name="Open WhatsApp").get_attribute("href"))
    phone = opened(f"{link.partition('#')[0]}#{STRANGER}")  # somebody else got hold of it
    sends_the_text(phone)

    heading = ada.get_by_role("heading", name="Is this you?")
    expect(heading).to_contain_text("number ending 0009")
    expect(ada.locator("main")).to_contain_text("not the number of your account")
    shoot(ada, "web-stranger")

    # Neither another person on the website nor another session of Ada's sees the question or can answer it.
    for person in ("Bola", "Ada"):
        other = opened("/inspector/whatsapp", person=person)
        expect(other.get_by_role("button", name="Connect WhatsApp")).to_be_visible()
        assert other.get_by_role("heading", name="Is this you?").count() == 0

    ada.get_by_role("button", name="No, that is not me").click()
    expect(ada.get_by_role("button", name="Connect WhatsApp")).to_be_visible()
    expect(phone.locator(".entry:not(.mine)").last).to_contain_text("Nothing was connected")
    assert ada.get_by_role("heading", name="Connected").count() == 0
    service.settle()

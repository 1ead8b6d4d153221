"""The way into the console in a real browser, where a one-time code is demanded."""

import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from inspector_whatsapp.models import User
from tests.browser.conftest import Shoot
from tests.browser.screen import LARGE, PATIENCE, SMALL
from tests.factories import UserFactory

PASSWORD = "a long enough password"


@pytest.fixture
def eze(transactional_db: None) -> User:
    user: User = UserFactory(email="eze@example.com", name="Eze", is_staff=True, is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(key: str, *, steps: int = 0) -> str:
    totp = TOTP(b32decode(key.replace(" ", "")))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def gives_password(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/inspector_whatsapp/user/")
    page.get_by_label("E-mail address").fill("eze@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def gives_code(page: Page, code: str, label: str = "Code") -> None:
    page.get_by_label(label).fill(code)
    page.keyboard.press("Enter")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("size", "scheme"), [(LARGE, "light"), (SMALL, "dark")], ids=["large", "small"])
def test_the_first_log_in_sets_up_the_app_and_the_next_asks_for_it(
    eze: User,
    live_server: LiveServer,
    browser_here: Browser,
    shoot: Shoot,
    size: tuple[int, int],
    scheme: str,
) -> None:
    complaints: list[str] = []
    with browser_here.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    ) as context:
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)

        gives_password(page, live_server.url)
        expect(page.get_by_role("heading", name="Set up your authenticator app")).to_be_visible()
        assert page.locator(".qr").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        assert fits(page)
        step = page.locator(".steps li").first.bounding_box()
        form = page.locator(".steps form").bounding_box()
        assert step is not None
        assert form is not None
        assert form["width"] > step["width"] * 0.8  # below its words, not beside
        shoot(page, f"enrol-{scheme}")
        key = page.locator("#key").inner_text()
        gives_code(page, "000000")
        expect(page.get_by_text("not the one that the app shows")).to_be_visible()
        assert page.locator("#key").inner_text() == key
        gives_code(page, code_of(key, steps=-1))
        expect(page.locator(".codes li")).to_have_count(10)
        recovery = page.locator(".codes code").all_inner_texts()
        assert fits(page)
        page.get_by_role("link", name="I have kept them").click()
        expect(page).to_have_url(f"{live_server.url}/admin/inspector_whatsapp/user/")

        context.clear_cookies()
        gives_password(page, live_server.url)
        expect(page.get_by_role("heading", name="One-time code")).to_be_visible()
        assert fits(page)
        gives_code(page, code_of(key))
        expect(page).to_have_url(f"{live_server.url}/admin/inspector_whatsapp/user/")

        context.clear_cookies()
        gives_password(page, live_server.url)
        page.get_by_role("link", name="Use a recovery code").click()
        gives_code(page, recovery[0], "Recovery code")
        expect(page.get_by_text("You used a recovery code; 9 are left")).to_be_visible()
        page.goto(f"{live_server.url}/admin/account/")
        expect(page.get_by_text("9 recovery codes are left")).to_be_visible()
        assert fits(page)
        shoot(page, f"account-{scheme}")
    assert complaints == []

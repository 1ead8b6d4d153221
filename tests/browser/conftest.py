"""The running service that the journeys use too, and pictures of its pages."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import PATIENCE
from tests.journeys.service import Service

Shoot = Callable[[Page, str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("tests.journeys.fixtures")


@pytest.fixture
def shoot() -> Shoot:
    """Keeps a picture of the page where SCREENSHOTS names a folder, for people to look at."""
    folder = os.environ.get("SCREENSHOTS")

    def taken(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"journey-{name}.png", animations="disabled")

    return taken


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

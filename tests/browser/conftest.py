"""The running service that the journeys use too, and pictures of its pages."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

PATIENCE = 20_000  # milliseconds; waited for in full only when something is broken

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

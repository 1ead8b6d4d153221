"""The journeys share one running service with the browser's tests."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("tests.journeys.fixtures")

"""The one service of a test run, and people nobody has heard of. A plugin, so that two folders share them."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import WITH_THE_SERVICE
from tests.journeys.phone import Phone
from tests.journeys.service import ACCOUNTS, Service, a_service

MINUTE = 60  # seconds
# Of this one service, so that one that is found anywhere is known at once.
SECRETS = {
    "SECRET_KEY": "canary-secret-key-0123456789-0123456789-0123456789",
    "WHATSAPP_ACCESS_TOKEN": "canary-access-token-0123456789",
    "WHATSAPP_APP_SECRET": "canary-app-secret-0123456789",
    "WHATSAPP_VERIFY_TOKEN": "canary-verify-token-0123456789",
    "EMAIL_WEBHOOK_SECRET": "canary:mail-webhook-0123456789",
}

_numbers = count(1)


_ending = ExitStack()  # ends the service


@cache
def _running(folder: Path) -> Service:
    return _ending.enter_context(a_service(folder, **SECRETS))


@pytest.fixture(scope="session")
def of_the_service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder."""
    return tmp_path_factory.mktemp("service")


@pytest.fixture
def service(of_the_service: Path) -> Iterator[Service]:
    """The service, with nothing left to do and nothing broken; no program of it may end during a test."""
    running = _running(of_the_service)
    running.wish("reset")
    yield running
    running.clear_faults()
    running.check()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """The service ends with the last test of those that use it: beside all others it would take its share."""
    if nextitem is None or not nextitem.nodeid.startswith(WITH_THE_SERVICE):
        _ending.close()
        _running.cache_clear()


@pytest.fixture
def stranger(service: Service) -> Phone:
    """Somebody with a phone whose account, a seeker's, is not connected to it."""
    return a_stranger(service)


@pytest.fixture
def seeker(stranger: Phone) -> Phone:
    """Somebody whose chat is connected to their account."""
    stranger.connect()
    return stranger


@pytest.fixture
def bola(service: Service) -> Iterator[Phone]:
    """The demo's agent."""
    yield from connected(Phone(service, number="+2348030000002", email="bola@inspector.example"))


@pytest.fixture
def chidi(service: Service) -> Iterator[Phone]:
    """The demo's inspector."""
    yield from connected(Phone(service, number="+2348030000003", email="chidi@inspector.example"))


def connected(phone: Phone) -> Iterator[Phone]:
    """For one test only: in the others the demo's people read nothing but their mail."""
    phone.service.pass_time(seconds=MINUTE)  # nobody writes as much within one as all tests together
    phone.connect()
    yield phone
    phone.says("unlink")
    phone.taps("Disconnect")


def a_stranger(service: Service) -> Phone:
    number = next(_numbers)
    assert number <= ACCOUNTS
    return Phone(service, number=f"+23480300055{number:02}", email=f"seeker{number}@inspector.example")

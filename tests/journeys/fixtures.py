"""The one service of a test run, and people nobody has heard of. A plugin, so that two folders share them."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.journeys.phone import Phone
from tests.journeys.service import ACCOUNTS, Service, a_service

MINUTE = 60  # seconds

_numbers = count(1)


@pytest.fixture(scope="session")
def running_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture
def service(running_service: Service) -> Iterator[Service]:
    """The service, with nothing left to do and nothing broken; no program of it may end during a test."""
    running_service.wish("reset")
    yield running_service
    running_service.clear_faults()
    running_service.check()


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

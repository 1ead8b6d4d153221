"""Who may do what: every role at every address by every method, kept in rights.txt to be read and reviewed.

A new address, method or answer is a line that is not in it: look whether it is right, and write it anew by
`pytest tests/api/test_rights.py --update-rights`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.api.routes import routes
from tests.api.world import SCOPES, World

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

GOLDEN = Path(__file__).with_name("rights.txt")

HEAD = f"""\
What each role is answered, at every address by every method. Written by
`pytest tests/api/test_rights.py --update-rights`; a difference is to be understood before it is accepted.

owner      the person whose things they are            stranger   somebody else
clerk      has staff rights, but not the permission    off duty   an admin whose token lacks the scope
chief      a superuser with the scope `admin`          {"  ".join(SCOPES)}  services with that scope

"""


def lines(world: World) -> Iterator[str]:
    yield _line("", list(world.roles))
    for route in routes():
        for method in route.methods:
            found = [str(world.status(role, method, route)) for role in world.roles]
            yield _line(f"{method:6} {route.address}", found)


def _line(name: str, cells: list[str]) -> str:
    return f"{name:42}" + "".join(f"{cell:>9}" for cell in cells).rstrip()


def test_every_role_is_answered_as_was_reviewed(settings: Settings, pytestconfig: pytest.Config) -> None:
    settings.API_USER_RATE = settings.API_CLIENT_RATE = "100000/minute"
    found = HEAD + "\n".join(lines(World())) + "\n"
    if pytestconfig.getoption("--update-rights"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text(), "see the head of tests/api/test_rights.py"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda status: status >= 500,
        lambda status: status in (400, 405, 415, 428),  # then it was not the right that was tried
    ],
)
def test_what_was_reviewed_shows_rights(wrong: Callable[[int], bool]) -> None:
    for line in GOLDEN.read_text().removeprefix(HEAD).splitlines()[1:]:
        statuses = [int(cell) for cell in line[42:].split()]
        assert not [status for status in statuses if wrong(status)], line
        assert statuses[0] == 401, line


def test_every_door_says_who_may_use_each_method() -> None:
    for route in routes():
        for method in route.methods:
            assert route.door.rights.get(method), f"{method} {route.address} is open to everybody"


def test_whoever_may_not_read_learns_nothing_by_head(settings: Settings) -> None:
    settings.API_USER_RATE = settings.API_CLIENT_RATE = "100000/minute"
    world = World()
    for route in routes():
        for role in world.roles if "GET" in route.methods else ():
            found = [world.status(role, method, route) for method in ("GET", "HEAD")]
            assert found[0] == found[1], f"{role} {route.address}"

"""What is installed is pinned with the digests of its files, and is what the lists ask for."""

import re

import pytest
from django.conf import settings

LOCKS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-assistant.lock": ("requirements.txt", "requirements-assistant.txt"),
    "requirements-bucket.lock": ("requirements.txt", "requirements-bucket.txt"),
    "requirements-uv.lock": ("requirements-uv.txt",),
    "requirements-dev.lock": tuple(
        f"requirements{one}.txt" for one in ("", "-assistant", "-bucket", "-uv", "-dev")
    ),
}


def lines(name: str) -> list[str]:
    text = (settings.BASE_DIR / name).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-"))]


def pins(name: str) -> set[tuple[str, str]]:
    found = [re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", line) for line in lines(name)]
    return {(each[1].lower().replace("_", "-"), each[2]) for each in found if each is not None}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_what_the_lists_ask_for(lock: str) -> None:
    asked = {pin for name in LOCKS[lock] for pin in pins(name)}
    assert asked - pins(lock) == set(), "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_each_line_of_a_lock_is_one_version_with_its_digests(lock: str) -> None:
    assert [line for line in lines(lock) if not re.search(r"==\S+.* --hash=sha256:[0-9a-f]{64}", line)] == []
    assert pins(lock) <= pins("requirements-dev.lock")  # the tests run with what the service runs on

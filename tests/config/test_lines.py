"""What people write never makes a line of the log."""

import logging
import sys

from hypothesis import given
from hypothesis import strategies as st

from config.lines import Line

LINE = Line("%(levelname)s %(message)s")
FORGED = "x\r\n2026-11-28 ERROR django it is all lost\u2028\x1b[2J\x85"


def line(message: str, *arguments: object, **more: object) -> str:
    return LINE.format(logging.makeLogRecord({"msg": message, "args": arguments, "levelname": "INFO"} | more))


def test_a_record_is_one_line_whatever_is_in_it() -> None:
    written = line("refused: %s", FORGED)
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert r"x\r\n2026-11-28 ERROR" in written


@given(st.text())
def test_nothing_ends_a_line(text: str) -> None:
    assert len(line("%s.", text).splitlines()) == 1


def test_a_traceback_cannot_be_taken_for_lines() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        written = line("it broke", exc_info=sys.exc_info())
    first, *others = written.splitlines()
    assert first == "INFO it broke"
    assert others
    assert all(each.startswith("  | ") for each in others)


def test_the_time_is_utc_and_says_so() -> None:
    record = logging.makeLogRecord({"msg": "x", "created": 1764288000.25, "msecs": 250.0})
    assert Line("%(asctime)s").format(record) == "2025-11-28T00:00:00.250Z"


def test_an_address_is_named_without_its_token() -> None:
    for page in ("unlink", "offers/stop"):
        assert line("Forbidden: %s", f"/{page}/7:1abc:sig-na_ture/") == f"INFO Forbidden: /{page}/[token]/"

"""What people write never makes a line of the log, and what went wrong is told without it."""

import json
import logging
import sys
from typing import Any

import psycopg
import pytest
from django_guid import clear_guid, set_guid
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars

from config import lines, logs

FORGED = "x\r\n2026-11-28 ERROR django it is all lost\u2028\x1b[2J\x85"


TEXT, JSON = logs.line(readable=True), logs.line()


def record(message: str, *arguments: object, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"msg": message, "args": arguments, "levelname": "INFO", "name": "bot", "created": 1764288000.25}
        | more
    )


def line(message: str, *arguments: object, **more: object) -> str:
    return TEXT.format(record(message, *arguments, **more))


def fields(message: str, *arguments: object, **more: object) -> dict[str, Any]:
    written = JSON.format(record(message, *arguments, **more))
    assert len(written.splitlines()) == 1
    found: dict[str, Any] = json.loads(written)
    return found


def raised(error: Exception, cause: Exception | None = None) -> Any:
    try:
        raise error from cause
    except Exception:
        return sys.exc_info()


def test_a_record_is_one_line_whatever_is_in_it() -> None:
    written = line("refused: %s", FORGED)
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert r"x\r\n2026-11-28 ERROR" in written


@given(st.text())
def test_nothing_ends_a_line(text: str) -> None:
    assert len(line("%s.", text).splitlines()) == 1
    assert fields("%s", text)["event"] == text


def test_a_traceback_cannot_be_taken_for_lines() -> None:
    first, *others = line("it broke", exc_info=raised(ValueError(FORGED))).splitlines()
    assert first == "2025-11-28T00:00:00.250Z INFO bot it broke"
    assert others
    assert all(each.startswith("  | ") for each in others)


@pytest.mark.parametrize("page", ["unlink", "offers/stop", "still-there", "coming"])
def test_an_address_is_named_without_its_token(page: str) -> None:
    address = f"/{page}/7:1abc:sig-na_ture/"
    assert line("Forbidden: %s", address).endswith(f"Forbidden: /{page}/[token]/")
    assert fields("Forbidden: %s", address)["event"] == f"Forbidden: /{page}/[token]/"


def test_a_line_says_when_in_utc_and_what_it_is_about() -> None:
    set_guid("7e4b8a52-9d7c-4f0e-a5a7-0d6a0d0f8f5b")
    try:
        with bound_contextvars(inbound=7, conversation=3):
            found = fields("turn of inbound %s failed", 7, levelname="ERROR")
    finally:
        clear_guid()
    assert found == {
        "time": "2025-11-28T00:00:00.250Z",
        "level": "ERROR",
        "logger": "bot",
        "event": "turn of inbound 7 failed",
        "request": "7e4b8a52-9d7c-4f0e-a5a7-0d6a0d0f8f5b",
        "inbound": 7,
        "conversation": 3,
    }
    with bound_contextvars(message=5):
        assert line("sent").endswith("sent message=5")


def test_an_exception_says_where_it_was_and_nothing_of_what_it_said() -> None:
    said = "duplicate key DETAIL: Key (email)=(ada@inspector.example) already exists."
    error = ValueError(said)
    told = raised(error, KeyError("+2348030000001"))
    # As Celery logs a task that failed: the error stands in the sentence as well.
    for written in (
        line("Task raised unexpected: %r, %s", error, error, exc_info=told),
        JSON.format(record("Task raised unexpected: %r, %s", error, error, exc_info=told)),
    ):
        assert "ada@" not in written
        assert "234803" not in written
        assert "unexpected: ValueError, ValueError" in written
        assert "KeyError" in written
        assert "raise error from cause" in written


def test_an_exception_for_a_sentence_is_told_by_its_type() -> None:
    assert line(ValueError("ada says"), levelname="ERROR").endswith("ERROR bot ValueError")  # type: ignore[arg-type]


def test_what_is_not_known_is_left_out_and_where_somebody_stood_is_told() -> None:
    with bound_contextvars(webhook=None):
        assert "webhook" not in fields("x", stack_info="Stack (most recent call last):\n  there")
    assert line("x", stack_info="Stack:\n  there").splitlines()[1:] == ["  | Stack:", "  |   there"]


def test_what_is_nobodys_is_told_of_an_exception() -> None:
    assert lines.named(OSError(28, "No space left", "/people/ada.jpg")) == "OSError [ENOSPC]"
    assert lines.named(ExceptionGroup("ada", [KeyError("ada")])) == "ExceptionGroup [KeyError]"
    refused = psycopg.errors.UniqueViolation("ada")
    assert lines.named(refused) == "psycopg.errors.UniqueViolation [23505]"


def test_an_exception_that_led_to_itself_comes_to_an_end() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__context__, second.__context__ = second, first
    assert lines.broke(first).count("Traceback") == 2

"""Each of Meta's codes tells the caller one thing to do."""

import json
import logging
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_whatsapp.cloud_api import codes, errors
from inspector_whatsapp.cloud_api.errors import (
    CloudError,
    NotAllowed,
    OptedOut,
    Refused,
    TryLater,
    Uncertain,
    Unreachable,
    WindowClosed,
    explain,
    from_code,
    from_response,
)


def graph(code: object, details: object = "Because.", **more: object) -> bytes:
    data = {"messaging_product": "whatsapp", "details": details}
    return json.dumps({"error": {"message": "(#1) Title", "code": code, "error_data": data} | more}).encode()


CODES: dict[int, type[CloudError]] = {
    0: NotAllowed,
    190: NotAllowed,
    200: NotAllowed,
    299: NotAllowed,
    368: NotAllowed,
    131031: NotAllowed,
    131042: NotAllowed,
    133010: NotAllowed,
    4: TryLater,
    80007: TryLater,
    130429: TryLater,
    131048: TryLater,
    131056: TryLater,
    131057: TryLater,
    133016: TryLater,
    2: TryLater,
    131000: TryLater,
    131047: WindowClosed,
    131026: Unreachable,
    131062: Unreachable,
    131050: OptedOut,
    100: Refused,
    131009: Refused,
    132001: Refused,
    132015: Refused,
    132018: Refused,
}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("status", [400, 429, 500])
def test_the_code_decides_whatever_the_http_status(code: int, status: int) -> None:
    error = from_response(status, graph(code), {})
    assert type(error) is CODES[code]
    assert (error.code, error.details) == (code, "Because.")


def test_the_pair_rate_slows_one_person_and_the_throughput_all() -> None:
    pair, throughput = from_code(131056, ""), from_code(130429, "")
    assert isinstance(pair, TryLater)
    assert isinstance(throughput, TryLater)
    assert (pair.scope, throughput.scope) == ("recipient", "channel")


def test_an_unknown_object_is_a_matter_of_settings() -> None:
    assert isinstance(from_response(400, graph(100, error_subcode=33), {}), NotAllowed)
    assert isinstance(from_response(400, graph(100, error_subcode=2388024), {}), Refused)


def test_an_unknown_code_is_logged_with_the_line_to_add(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        error = from_response(400, graph(131999, "A new thing."), {})

    assert type(error) is Refused
    assert "131999: Rule('Refused', 'A new thing.')," in caplog.text
    assert "cloud_api/codes.py" in caplog.text


@pytest.mark.parametrize(
    ("status", "more", "kind"),
    [
        (500, {}, TryLater),
        (400, {"is_transient": True}, TryLater),
        (429, {}, TryLater),
        (401, {}, NotAllowed),
        (403, {}, NotAllowed),
        (400, {}, Refused),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(
    status: int, more: dict[str, object], kind: type[CloudError]
) -> None:
    assert type(from_response(status, graph(131998, **more), {})) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((code, Uncertain) for code in (500, 502, 503, 408)),
        *((code, NotAllowed) for code in (302, 401, 403, 404)),
        (429, TryLater),
        (413, Refused),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"error": "no"}',
        b'{"error": {}}',
        b'{"error": {"code": true}}',
        b"[" * 99_999,
    ],
    ids=range(7),
)
def test_an_answer_without_a_code_of_metas(status: int, kind: type[CloudError], body: bytes) -> None:
    error = from_response(status, body, {})
    assert type(error) is kind
    assert error.code is None


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "9999999"}, 86_400.0),
        ({"Retry-After": "Wed, 01 Jan 2200 00:00:00 GMT"}, 86_400.0),
        ({"Retry-After": "soon"}, 60.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 5}]}'}, 300.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": NaN}]}'}, 60.0),
        ({"X-Business-Use-Case-Usage": "[]"}, 60.0),
        ({}, 60.0),
    ],
)
def test_meta_says_how_long_to_wait(headers: Mapping[str, str], after: float) -> None:
    error = from_response(429, graph(80007), headers)
    assert isinstance(error, TryLater)
    assert error.after == after


@pytest.mark.parametrize(
    "error",
    [
        TryLater("slow", 131056, 6.0, "recipient"),
        *(kind("why", 1) for kind in (WindowClosed, Unreachable, OptedOut, Refused, NotAllowed, Uncertain)),
        Uncertain(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_pickling(error: CloudError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(again) is type(error)
    assert (again.__dict__, str(again)) == (error.__dict__, str(error))


def test_details_hold_no_token() -> None:
    token = "EAAGm0PX4ZCpsBAKZCZBZC0123456789abcdefghij"
    message = json.dumps({"error": {"message": f"Malformed access token {token}", "code": 190}}).encode()

    assert token not in from_response(401, message, {}).details
    assert "short" not in from_response(401, graph(190, "token short"), {}, secrets=["short"]).details


@pytest.mark.parametrize("data", ["in words", None, [], 5])
def test_error_data_of_another_shape_is_read(data: object) -> None:
    body = json.dumps({"error": {"message": "Title", "code": 100, "error_data": data}}).encode()
    assert type(from_response(400, body, {})) is Refused


def test_every_line_of_the_table_has_a_sentence() -> None:
    for code, rule in codes.TABLE.items():
        assert explain(code).endswith(".")
        assert rule.kind == type(from_code(code, "")).__name__
    assert explain(None) == explain(999_999)


@given(st.integers(100, 599), st.binary(), st.dictionaries(st.text(), st.text()))
def test_no_answer_is_an_accident(status: int, body: bytes, headers: dict[str, str]) -> None:
    assert isinstance(errors.from_response(status, body, headers), CloudError)

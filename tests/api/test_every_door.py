"""What every door of the API does: bodies that are none, errors in one form, ids, how often."""

import uuid
from typing import Any

import pytest
from pytest_django import Settings

from inspector_whatsapp.api import throttles
from tests.api.inspector import person, person_token, service, with_token
from tests.at_once import at_once
from tests.factories import UserFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.urls("tests.api.doors"), pytest.mark.usefixtures("inspectors_keys")]

ADDRESS = "/api/v1/wishes"


def post(body: bytes, **headers: str) -> Any:
    key = {"Idempotency-Key": str(uuid.uuid4())} | headers
    return service("events").post(ADDRESS, body, content_type="application/json", headers=key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"\xff\xfe", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": 1e999}', 400),
        (b'{"name": ' + b"9" * 6000 + b"}", 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": "a\\u0000"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"na\\u0000me": "a"}', 400),
        (b"[" * 1_000 + b"]" * 1_000, 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 1_000 + b"1" + b"}" * 1_000, 400),
        (b'{"name": "' + b"x" * 1_000_000 + b'"}', 413),
        (b'{"name": {"a": 1}}', 400),
        (b'{"name": "a", "is_staff": true}', 400),
        (b'{"name": "a", "at": "2026-12-01T10:00:00"}', 400),
        (b'{"name": "a", "at": "soon"}', 400),
        (b'{"name": "a", "at": "9999-12-31T23:59:59-12:00"}', 400),
        (b'{"name": "a", "at": "2026-12-01T10:00:00+01:00"}', 201),
        (b'{"name": "a"}', 201),
    ],
)
def test_a_body_is_taken_or_refused_with_a_sentence(body: bytes, status: int) -> None:
    answer = post(body)
    assert answer.status_code == status
    if status != 201:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"].endswith((".", ")"))


@pytest.mark.django_db
def test_what_is_wrong_is_named_with_its_place() -> None:
    problem = post(b'{"name": "a", "~/": 1, "at": "2026-12-01T10:00:00"}').json()
    assert {"pointer": "/~0~1", "detail": "This field is not known."} in problem["errors"]


@pytest.mark.django_db
def test_other_forms_than_json_are_not_taken() -> None:
    answer = service("events").post(ADDRESS, {"name": "a"}, headers={"Idempotency-Key": "1"})
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_is_none_is_405(method: str) -> None:
    answer = service("events").generic(method, ADDRESS)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in answer["Allow"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v2/wishes", 400, "unknown_version"),
        ("/api/v0/", 400, "unknown_version"),
        ("/api/vx/", 404, "not_found"),
        ("/api/", 404, None),
    ],
)
def test_an_address_that_is_none_is_said_as_every_problem(
    address: str, status: int, code: str | None
) -> None:
    answer = service("read").get(address)
    assert answer.status_code == status
    if code:
        assert answer.json()["code"] == code


@pytest.mark.django_db
def test_an_error_nobody_foresaw_says_its_number_and_nothing_of_itself() -> None:
    asked = str(uuid.uuid4())
    answer = post(b'{"name": "break"}', **{"X-Request-ID": asked})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer["X-Request-ID"] == asked
    for word in ("SELECT", "Runtime", "Traceback", "somewhere"):
        assert word not in answer.content.decode()


@pytest.mark.django_db
def test_a_request_id_that_is_none_is_not_kept() -> None:
    answer = service("read").get(ADDRESS, headers={"X-Request-ID": "1\r\nSet-Cookie: x"})
    assert str(uuid.UUID(answer["X-Request-ID"])) == answer["X-Request-ID"]


@pytest.mark.django_db
def test_whatever_is_accepted_json_comes() -> None:
    answer = service("read").get(ADDRESS, headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


# --- how often --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_person_may_call_so_often_and_others_still_may(settings: Settings) -> None:
    settings.API_USER_RATE = "3/minute"
    token = person_token(UserFactory())
    answers = [with_token(token).get(ADDRESS, headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "too_many"
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert person(UserFactory()).get(ADDRESS).status_code == 200
    assert service("read").get(ADDRESS).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_calls_at_once_are_all_counted(settings: Settings) -> None:
    settings.API_CLIENT_RATE = "10/hour"
    client = f"busy-{uuid.uuid4()}"

    def call() -> int:
        return int(service("read", client=client).get(ADDRESS).status_code)

    answers = [status for _ in range(2) for status in at_once(*[call] * 10)]
    assert (answers.count(200), answers.count(429)) == (10, 10)


@pytest.mark.django_db
def test_without_redis_each_process_counts_alone(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    settings.API_CLIENT_RATE = "2/hour"
    client = f"alone-{uuid.uuid4()}"
    answers = [service("read", client=client).get(ADDRESS).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    throttles._together.cache_clear()

"""Meta's door: who may come in, what is kept, and what is answered."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from bot.models import BodyState, WebhookBody
from bot.webhook import LARGEST
from inspector_whatsapp.cloud_api.signature import sign

pytestmark = pytest.mark.django_db

DOOR = "/webhooks/whatsapp"
SECRET = settings.WHATSAPP_APP_SECRETS[0]
BODY = (Path(__file__).parent.parent / "payloads" / "text.json").read_bytes()
SIGNED = sign(BODY, SECRET)


@pytest.fixture(autouse=True)
def a_transaction(db: None) -> None:
    """Storing a body ends a transaction in which it is the first; a test's is rolled back."""
    assert not WebhookBody.objects.exists()


def post(body: bytes, signature: str | None = None, **meta: str) -> HttpResponse:
    """What Meta's POST of these bytes is answered with; signed rightly unless a signature is given."""
    headers = {"HTTP_X_HUB_SIGNATURE_256": sign(body, SECRET) if signature is None else signature} | meta
    return Client().generic("POST", DOOR, body, "application/json", **headers)  # type: ignore[arg-type, return-value]


def shake(**asked: str) -> HttpResponse:
    query = {f"hub.{name}": value for name, value in asked.items()}
    return Client().get(DOOR, query)  # type: ignore[return-value]


TOKEN = settings.WHATSAPP_VERIFY_TOKEN


@pytest.mark.parametrize(
    ("asked", "status", "answer"),
    [
        ({"mode": "subscribe", "verify_token": TOKEN, "challenge": "1158201444"}, 200, "1158201444"),
        ({"mode": "subscribe", "verify_token": TOKEN, "challenge": "<script>"}, 200, "<script>"),
        ({"mode": "subscribe", "verify_token": TOKEN}, 200, ""),
        ({"mode": "subscribe", "verify_token": "wrong", "challenge": "1"}, 403, ""),
        ({"mode": "subscribe", "verify_token": "é", "challenge": "1"}, 403, ""),
        ({"mode": "subscribe", "verify_token": "", "challenge": "1"}, 403, ""),
        ({"mode": "subscribe", "challenge": "1"}, 403, ""),
        ({"mode": "unsubscribe", "verify_token": TOKEN, "challenge": "1"}, 403, ""),
        ({"verify_token": TOKEN, "challenge": "1"}, 403, ""),
        ({}, 403, ""),
    ],
)
def test_the_handshake_gives_the_challenge_back_to_who_knows_the_token(
    asked: dict[str, str], status: int, answer: str
) -> None:
    response = shake(**asked)
    assert (response.status_code, response.content.decode()) == (status, answer)
    assert response["Content-Type"].startswith("text/plain")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_signed_body_is_kept_as_it_came() -> None:
    response = post(BODY)
    assert (response.status_code, response.content) == (200, b"")
    kept = WebhookBody.objects.get()
    assert bytes(kept.body) == BODY
    assert kept.state == BodyState.NEW


FORGED = {
    "missing": None,
    "of another body": sign(BODY + b" ", SECRET),
    "of another secret": sign(BODY, "other"),
    "upper case": SIGNED.upper(),
    "upper-case digits": "sha256=" + SIGNED[7:].upper(),
    "sha1": SIGNED.replace("sha256", "sha1"),
    "truncated": SIGNED[:-1],
    "doubled": f"{SIGNED},{SIGNED}",
    "not ASCII": SIGNED[:-1] + "é",
    "empty": "",
}


@pytest.mark.parametrize("signature", FORGED.values(), ids=FORGED)
def test_what_is_not_signed_by_meta_is_refused_without_a_word_and_not_kept(signature: str | None) -> None:
    meta = {} if signature is None else {"HTTP_X_HUB_SIGNATURE_256": signature}
    response = Client().generic("POST", DOOR, BODY, "application/json", **meta)  # type: ignore[arg-type]
    assert (response.status_code, response.content) == (401, b"")
    assert not WebhookBody.objects.exists()


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="latin-1"), max_size=80))
def test_no_signature_header_is_an_accident(signature: str) -> None:
    assert post(BODY, signature).status_code == 401


@pytest.mark.parametrize("body", [b'{"a": "\\u00e9\\ud83c\\udfe0"}', '{ "a":"é🏠" }'.encode()])
def test_the_signature_is_of_the_bytes_and_not_of_their_meaning(body: bytes) -> None:
    again = json.dumps(json.loads(body), ensure_ascii=b"\\u" not in body).encode()
    assert post(body, sign(again, SECRET)).status_code == 401
    assert post(body).status_code == 200


def test_both_secrets_open_the_door_while_they_are_rotated_and_then_the_new_one_alone(
    settings: Settings,
) -> None:
    settings.WHATSAPP_APP_SECRETS = ["new", "old"]
    assert post(b"{}", sign(b"{}", "old")).status_code == 200
    assert post(b"[]", sign(b"[]", "new")).status_code == 200
    settings.WHATSAPP_APP_SECRETS = ["new"]
    assert post(b"{ }", sign(b"{ }", "old")).status_code == 401
    assert post(b"{ }", sign(b"{ }", "new")).status_code == 200


def test_metas_largest_body_comes_in_whole() -> None:
    body = json.dumps({"object": "x", "pad": "é" * 1_450_000}, ensure_ascii=False).encode()
    assert 2_900_000 <= len(body) < LARGEST
    assert post(body).status_code == 200
    assert bytes(WebhookBody.objects.get().body) == body


def test_a_body_beyond_the_limit_is_refused_before_it_is_read() -> None:
    assert post(b" " * (LARGEST + 1)).status_code == 413
    assert post(BODY, CONTENT_LENGTH="9" * 5000).status_code == 413
    assert not WebhookBody.objects.exists()


def test_a_packed_body_is_refused() -> None:
    assert post(BODY, HTTP_CONTENT_ENCODING="gzip").status_code == 415
    assert post(BODY, HTTP_CONTENT_ENCODING="identity").status_code == 200


@pytest.mark.parametrize("length", ["", "-1", "many", "1.5"])
def test_a_body_of_unknown_length_is_refused(length: str) -> None:
    assert post(BODY, CONTENT_LENGTH=length).status_code == 411
    assert not WebhookBody.objects.exists()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_known_here(method: str) -> None:
    response = Client().generic(method, DOOR, BODY, HTTP_X_HUB_SIGNATURE_256=SIGNED)
    assert response.status_code == 405


def test_the_same_bytes_again_are_one_row() -> None:
    assert [post(BODY).status_code for _ in range(5)] == [200] * 5
    assert WebhookBody.objects.count() == 1

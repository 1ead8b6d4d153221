"""Inspector's keys come from an address: new ones are found, old ones go, and it may be away."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from inspector_whatsapp.gateway import keys
from tests.api.inspector import claims, with_token
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.doors")]


@dataclass
class Website:
    """Serves a JWKS, or what it is told to."""

    url: str = ""
    pairs: dict[str, Any] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    asked: int = 0

    def key(self, kid: str, *, listed: bool = True) -> str:
        self.pairs[kid] = ec.generate_private_key(ec.SECP256R1())
        if listed:
            self.listed.append(kid)
        return kid

    def token(self, kid: str | None, *, key: str = "") -> str:
        headers = {} if kid is None else {"kid": kid}
        return jwt.encode(
            claims(sub="user-1"), self.pairs[key or kid or ""], algorithm="ES256", headers=headers
        )

    def jwks(self) -> bytes:
        listed = []
        for kid in self.listed:
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.pairs[kid].public_key()))
            listed.append(public | {"kid": kid, "use": "sig"})
        return json.dumps({"keys": listed}).encode()


@pytest.fixture
def website(settings: Settings) -> Iterator[Website]:
    there = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked += 1
            self.send_response(there.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(there.jwks() if there.body is None else there.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there.url = f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
    settings.INSPECTOR_JWT_KEYS = there.url
    UserFactory(platform_id="user-1")
    yield there
    server.shutdown()
    server.server_close()
    keys.ring.cache_clear()


def shown(token: str) -> int:
    return int(with_token(token).get("/api/v1/wishes").status_code)


def ages(website: Website, *, seconds: float) -> None:
    """What was read and tried lies so much further back."""
    ring: Any = keys.ring(website.url)
    ring.read_at -= seconds
    ring.tried_at -= seconds


def test_keys_are_read_once_for_many_tokens(website: Website) -> None:
    token = website.token(website.key("one"))
    assert [shown(token) for _ in range(5)] == [200] * 5
    assert website.asked == 1


def test_a_new_key_is_found_when_a_token_names_it(website: Website) -> None:
    assert shown(website.token(website.key("old"))) == 200
    new = website.key("new")
    ages(website, seconds=keys.PAUSE + 1)
    assert shown(website.token(new)) == 200
    assert shown(website.token("old")) == 200


def test_a_key_that_was_withdrawn_counts_for_five_minutes_at_most(website: Website) -> None:
    token = website.token(website.key("stolen"))
    website.key("other")
    assert shown(token) == 200
    website.listed.remove("stolen")
    ages(website, seconds=keys.FRESH + 1)
    assert shown(token) == 401


def test_while_the_keys_cannot_be_read_those_read_before_count(website: Website) -> None:
    token = website.token(website.key("one"))
    assert shown(token) == 200
    for trouble in ({"status": 500}, {"status": 302}, {"body": b"<html>"}, {"body": b'{"keys": []}'}):
        vars(website).update({"status": 200, "body": None} | trouble)
        ages(website, seconds=keys.FRESH + 1)
        asked = website.asked
        assert shown(token) == 200
        assert website.asked == asked + 1


def test_keys_that_could_never_be_read_are_no_reason_to_call_a_token_false(website: Website) -> None:
    website.status = 500
    token = website.token(website.key("one"))
    answer = with_token(token).get("/api/v1/wishes")
    assert (answer.status_code, answer.json()["code"]) == (503, "keys_unreadable")
    assert int(answer["Retry-After"]) > 0
    website.status = 200
    ages(website, seconds=keys.PAUSE + 1)
    assert shown(token) == 200


def test_tokens_with_unknown_names_do_not_make_us_ask_for_each(website: Website) -> None:
    website.key("one")
    for number in range(20):
        assert shown(website.token(f"made-up-{number}", key="one")) == 401
    assert website.asked == 1


def test_a_name_is_not_another_keys(website: Website) -> None:
    website.key("one"), website.key("two")
    assert shown(website.token("two", key="one")) == 401
    assert shown(website.token(None, key="one")) == 401  # which of the two?


def test_without_a_name_the_only_key_is_meant(website: Website) -> None:
    website.key("one")
    assert shown(website.token(None, key="one")) == 200


def test_a_secret_or_a_key_for_something_else_in_the_list_is_none(website: Website) -> None:
    website.key("one")
    listed = json.loads(website.jwks())["keys"]
    secret = {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "secret"}
    others = [
        secret,
        listed[0] | {"kid": "enc", "use": "enc"},
        {"kty": "RSA"},
        "x",
        listed[0] | {"alg": "none"},
    ]
    website.body = json.dumps({"keys": [*others, *listed]}).encode()
    assert shown(website.token("one")) == 200
    assert shown(website.token("enc", key="one")) == 401
    forged = jwt.encode(
        claims(sub="user-1"),
        "secretsecretsecretsecretsecretsecret"[:32],
        algorithm="HS256",
        headers={"kid": "secret"},
    )
    assert shown(forged) == 401

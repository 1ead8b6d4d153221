"""Whose token counts. Whoever shows another hears nothing but that."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core.checks import run_checks
from pytest_django import Settings
from rest_framework.test import APIClient

from inspector_whatsapp.gateway import keys
from tests.api import inspector
from tests.api.inspector import claims, person, person_token, service, signed, with_token
from tests.factories import UserFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.doors"),
    pytest.mark.usefixtures("inspectors_keys"),
]

STRANGER = ed25519.Ed25519PrivateKey.generate()
ADDRESS = "/api/v1/wishes"


def public(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def by_hand(header: dict[str, Any], said: object, secret: bytes) -> str:
    """A token that no library would sign: HS256 over whatever it says."""
    parts = [json.dumps(part).encode() for part in (header, said)]
    head = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    digest = hmac.new(secret, head, hashlib.sha256).digest()
    return (head + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in said().items() if key != name}


def said(**more: Any) -> dict[str, Any]:
    return claims(**{"sub": "user-1", **more})


def now() -> int:
    return int(time.time())


FALSE = {
    "nothing": "",
    "words": "not a token",
    "two parts": "e30.e30",
    "no algorithm": lambda: jwt.encode(said(), "", algorithm="none"),
    "no algorithm in capitals": lambda: by_hand({"alg": "NONE", "typ": "JWT"}, said(), b""),
    "the public key as a secret": lambda: by_hand(
        {"alg": "HS256", "typ": "JWT"}, said(), inspector.PEM.encode()
    ),
    "an empty secret": lambda: by_hand({"alg": "HS256", "typ": "JWT"}, said(), b""),
    "a stranger's key": lambda: jwt.encode(said(), STRANGER, algorithm="EdDSA"),
    "a signature cut off": lambda: signed(said()).rpartition(".")[0] + ".",
    "a signature of other words": lambda: ".".join(
        [*signed(said(sub="user-2")).split(".")[:2], signed(said()).split(".")[2]]
    ),
    "another issuer": lambda: signed(said(iss="https://evil.example")),
    "the issuer with a slash": lambda: signed(said(iss="https://inspector.example/")),
    "no issuer": lambda: signed(without("iss")),
    "another audience": lambda: signed(said(aud="inspector-web")),
    "no audience": lambda: signed(without("aud")),
    "no subject": lambda: signed(without("sub")),
    "an empty subject": lambda: signed(said(sub="")),
    "a long subject": lambda: signed(said(sub="x" * 65)),
    "a subject with a NUL": lambda: signed(said(sub="user-1\x00")),
    "no end": lambda: signed(without("exp")),
    "over for a minute": lambda: signed(said(exp=now() - 60)),
    "an end that is no number": lambda: by_hand({"alg": "EdDSA"}, said(exp="never"), b"x"),
    "not yet": lambda: signed(said(nbf=now() + 300)),
    "made in the future": lambda: signed(said(iat=now() + 300)),
    "another kind": lambda: signed(said(), headers={"typ": "logout+jwt"}),
    "a key to be fetched": lambda: signed(said(), headers={"jku": "http://127.0.0.1:9/keys"}),
    "a key it brings": lambda: signed(said(), headers={"jwk": {"kty": "oct", "k": "eA"}}),
    "a certificate to be fetched": lambda: signed(said(), headers={"x5u": "http://127.0.0.1:9/"}),
    "a certificate it brings": lambda: signed(said(), headers={"x5c": ["MIIB"]}),
    "something critical": lambda: signed(said(), headers={"crit": ["exp"]}),
    "a scope that is a list": lambda: signed(said(scope=["sync"])),
    "claims that are a list": lambda: by_hand({"alg": "EdDSA"}, ["sub"], b"x"),
    "a huge one": lambda: signed(said(more="x" * 10_000)),
    "a header nested deep": lambda: "W" * 4000 + "." + "W" * 3000 + ".x",
}


@pytest.mark.parametrize("token", FALSE.values(), ids=list(FALSE))
def test_a_false_token_is_refused_without_a_reason(token: Any) -> None:
    UserFactory(platform_id="user-1")
    answer = with_token(token() if callable(token) else token).get(ADDRESS)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "A valid token is needed."
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer a b", "Bearer \xff", "bearer"])
def test_a_header_that_shows_no_token_is_refused(header: str) -> None:
    assert APIClient().get(ADDRESS, headers={"Authorization": header}).status_code == 401


def test_why_a_token_is_refused_is_in_the_log_and_the_token_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    token = signed(said(aud="inspector-web"))
    with_token(token).get(ADDRESS)
    assert "a token was refused: InvalidAudienceError" in caplog.text
    assert token[:20] not in caplog.text


def test_a_clock_may_differ_by_some_seconds() -> None:
    account = UserFactory(platform_id="user-1")
    for fine in (said(exp=now() - 5), said(nbf=now() + 20)):
        assert with_token(signed(fine)).get(ADDRESS).json() == {"caller": f"user:{account.pk}"}


@pytest.mark.parametrize("kind", ["JWT", "at+jwt", "AT+JWT", "application/at+jwt"])
def test_the_usual_kinds_of_token_count(kind: str) -> None:
    UserFactory(platform_id="user-1")
    assert with_token(signed(said(), headers={"typ": kind})).get(ADDRESS).status_code == 200


def test_a_person_acts_for_themselves_and_has_no_scope_of_a_service() -> None:
    account = UserFactory()
    assert person(account).get(ADDRESS).json() == {"caller": f"user:{account.pk}"}
    # "client_id" alone makes no service of it: a service is its own subject.
    token = person_token(account, client_id="backend", scope="sync read")
    assert with_token(token).get(ADDRESS).json() == {"caller": f"user:{account.pk}"}


def test_a_service_acts_by_its_scopes_alone() -> None:
    assert service("read").get(ADDRESS).json() == {"caller": "service:backend"}
    refused = service("read sync").post(ADDRESS, {"name": "x"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_somebody_who_is_not_known_here_or_switched_off_is_told_so() -> None:
    unknown = with_token(signed(said(sub="nobody"))).get(ADDRESS)
    assert (unknown.status_code, unknown.json()["code"]) == (403, "unknown_account")
    off = person(UserFactory(is_active=False)).get(ADDRESS)
    assert (off.status_code, off.json()["code"]) == (403, "account_disabled")


def private(kind: str) -> Any:
    match kind:
        case "RS256":
            return rsa.generate_private_key(65537, 2048)
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "ES384":
            return ec.generate_private_key(ec.SECP384R1())
        case "ES512":
            return ec.generate_private_key(ec.SECP521R1())
    return ed25519.Ed25519PrivateKey.generate()


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES384", "ES512", "EdDSA"])
def test_each_kind_of_public_key_has_its_algorithm(algorithm: str, settings: Settings) -> None:
    UserFactory(platform_id="user-1")
    key = private(algorithm)
    settings.INSPECTOR_JWT_KEYS = public(key).replace("\n", "\\n")
    assert with_token(jwt.encode(said(), key, algorithm=algorithm)).get(ADDRESS).status_code == 200


def test_an_algorithm_that_a_key_could_do_is_not_taken_for_its_own(settings: Settings) -> None:
    UserFactory(platform_id="user-1")
    key = private("RS256")
    settings.INSPECTOR_JWT_KEYS = public(key)
    for algorithm in ("RS512", "PS256"):
        assert with_token(jwt.encode(said(), key, algorithm=algorithm)).get(ADDRESS).status_code == 401


def test_one_of_several_keys_is_enough(settings: Settings) -> None:
    UserFactory(platform_id="user-1")
    settings.INSPECTOR_JWT_KEYS = public(STRANGER) + "\n" + inspector.PEM
    assert with_token(signed(said())).get(ADDRESS).status_code == 200


def test_a_shared_secret_counts_where_it_is_the_only_key(settings: Settings) -> None:
    UserFactory(platform_id="user-1")
    secret = "s" * 32
    settings.INSPECTOR_JWT_KEYS = f"hs256:{secret}"
    assert with_token(jwt.encode(said(), secret, algorithm="HS256")).get(ADDRESS).status_code == 200
    assert with_token(jwt.encode(said(), secret * 2, algorithm="HS512")).get(ADDRESS).status_code == 401
    assert with_token(signed(said())).get(ADDRESS).status_code == 401


def test_without_keys_nobody_is_let_in(settings: Settings) -> None:
    settings.INSPECTOR_JWT_KEYS = ""
    assert with_token(signed(said())).get(ADDRESS).status_code == 401


PRIVATE = private("EdDSA").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("hs256:short", "32 characters"),
        ("hs256:" + "s" * 40 + "\n" + inspector.PEM, ""),
        ("a password", "the address of a JWKS"),
        ("http://keys.example/jwks", "https"),
        (PRIVATE, "private"),
        (inspector.PEM.replace("MC", "XX"), "no public key"),
        (public(ec.generate_private_key(ec.SECP256K1())), "RSA from 2,048"),
        (public(rsa.generate_private_key(65537, 1024)), "RSA from 2,048"),  # noqa: S505
        (inspector.PEM + "and more", "the address of a JWKS"),
    ],
)
def test_a_setting_that_names_no_key_is_refused_in_words(setting: str, why: str, settings: Settings) -> None:
    if not why:  # a secret is all there is: a key behind it is a part of it
        assert [key.algorithm for key in keys.ring(setting).candidates(None)] == ["HS256"]
        return
    settings.INSPECTOR_JWT_KEYS = setting
    (said_so,) = run_checks(app_configs=None, tags=None)
    assert why in said_so.msg

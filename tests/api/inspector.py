"""Inspector, as far as it signs tokens: a person's, and a service's."""

import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from rest_framework.test import APIClient

from inspector_whatsapp.models import User

KEY = ed25519.Ed25519PrivateKey.generate()
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def claims(**more: Any) -> dict[str, Any]:
    """What every token of Inspector's says."""
    now = int(time.time())
    said = {"iss": settings.INSPECTOR_JWT_ISSUER, "aud": settings.INSPECTOR_JWT_AUDIENCE}
    return {**said, "iat": now, "exp": now + 300, **more}


def signed(said: dict[str, Any], *, headers: dict[str, Any] | None = None) -> str:
    return jwt.encode(said, KEY, algorithm="EdDSA", headers=headers)


def person_token(account: User, **more: Any) -> str:
    """A token of the website's session of this person, whom Inspector knows from now on."""
    if account.platform_id is None:
        account.platform_id = f"user-{account.pk}"
        account.save(update_fields=["platform_id"])
    return signed(claims(sub=account.platform_id, **more))


def service_token(scope: str, *, client: str = "backend") -> str:
    return signed(claims(sub=client, client_id=client, scope=scope))


def with_token(token: str) -> APIClient:
    """Whoever shows this token. An error of ours comes back as the API says it."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def person(account: User, **more: Any) -> APIClient:
    return with_token(person_token(account, **more))


def service(scope: str, *, client: str = "backend") -> APIClient:
    return with_token(service_token(scope, client=client))

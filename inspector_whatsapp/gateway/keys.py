"""With what Inspector's tokens are checked: the public keys of its JWKS, PEM files, or one shared secret.

Which algorithm goes with which key is said here and never by a token.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import jwt
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.core.checks import Error

logger = logging.getLogger(__name__)

FRESH: Final = 300.0  # seconds for which a JWKS counts without being read again
PAUSE: Final = 10.0  # seconds between two attempts: unknown key ids must not make us ask for each token
SECRET: Final = 32  # characters at least (RFC 7518, 3.2)
MOST_KEYS: Final = 50
_MOST_BYTES: Final = 256 * 1024
_TIMEOUT: Final = (2.0, 3.0)  # seconds to connect, and between two bytes
_RSA_BITS: Final = 2048
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_ASYMMETRIC: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_PEM: Final = re.compile(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", re.DOTALL)


class BadKeys(ValueError):
    """INSPECTOR_JWT_KEYS cannot be used; the words say why."""


class NoKeys(Exception):
    """There are no keys now: nobody can be let in, and nobody told that they are wrong."""


@dataclass(frozen=True)
class Key:
    """A key and the one algorithm that it is used with. kid: its name in a JWKS."""

    algorithm: str
    material: Any = field(repr=False)
    kid: str | None = None


class Ring(Protocol):
    """Where keys are looked up."""

    def candidates(self, kid: str | None) -> Sequence[Key]:
        """The keys that a token with this `kid` may be signed with. Raises NoKeys."""


def candidates(kid: str | None) -> Sequence[Key]:
    """The keys that a token with this `kid` may be signed with; none when no key is known by it.

    Raises NoKeys when a JWKS has never been read and cannot be now.
    """
    return ring(settings.INSPECTOR_JWT_KEYS).candidates(kid)


@cache
def ring(setting: str) -> Ring:
    """What INSPECTOR_JWT_KEYS names. Raises BadKeys."""
    setting = setting.strip()
    if setting.startswith("hs256:"):
        return _Fixed((_secret(setting.removeprefix("hs256:")),))
    if setting.startswith(("https://", "http://")):
        address = urlsplit(setting)
        if address.scheme != "https" and address.hostname not in _LOOPBACK:
            raise BadKeys("INSPECTOR_JWT_KEYS must be an https:// address.")
        return _Jwks(setting)
    if not setting:
        return _Fixed(())
    return _Fixed(tuple(_pem(block) for block in _blocks(setting)))


def check_setting(**asked: object) -> list[Error]:
    """A check of Django's: INSPECTOR_JWT_KEYS can be used."""
    try:
        ring(settings.INSPECTOR_JWT_KEYS)
    except BadKeys as why:
        return [Error(str(why), id="inspector_whatsapp.E001")]
    return []


@dataclass(frozen=True)
class _Fixed:
    keys: Sequence[Key]

    def candidates(self, kid: str | None) -> Sequence[Key]:
        return self.keys  # these have no names


@dataclass
class _Jwks:
    """The keys of an address, read again when they are old or a name is new.

    One thread reads; the others go on with what there is. What was read last counts while it cannot be read.
    """

    url: str
    keys: Sequence[Key] = ()
    read_at: float = float("-inf")
    tried_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def candidates(self, kid: str | None) -> Sequence[Key]:
        found = self._named(kid)
        now = time.monotonic()
        wanted = now - self.read_at > FRESH or not found
        if wanted and now - self.tried_at > PAUSE:
            self._read()
            found = self._named(kid)
        if not self.keys:
            raise NoKeys("Inspector's keys cannot be read.")
        return found

    def _named(self, kid: str | None) -> Sequence[Key]:
        if kid is None:  # without a name only one can be meant
            return self.keys if len(self.keys) == 1 else ()
        return [key for key in self.keys if key.kid == kid]

    def _read(self) -> None:
        if not self.lock.acquire(blocking=not self.keys):
            return
        try:
            if time.monotonic() - self.tried_at <= PAUSE:
                return  # somebody was faster
            self.keys = _parsed(_fetched(self.url))
            self.read_at = time.monotonic()
        except (requests.RequestException, ValueError) as error:
            logger.warning("Inspector's keys could not be read: %s", type(error).__name__)
        finally:
            self.tried_at = time.monotonic()
            self.lock.release()


def _fetched(url: str) -> bytes:
    """The bytes at an address that an admin configured; no redirect is followed."""
    with requests.get(url, timeout=_TIMEOUT, allow_redirects=False, stream=True) as answer:
        answer.raise_for_status()
        if answer.status_code != 200:
            raise ValueError(f"answered {answer.status_code}")
        body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
    if len(body) > _MOST_BYTES:
        raise ValueError("too large for a JWKS")
    return bytes(body)


def _parsed(body: bytes) -> Sequence[Key]:
    """The signing keys of a JWKS; those of other kinds, and whatever is no key, are passed over.

    Raises ValueError when none is left.
    """
    document = json.loads(body)
    listed = document.get("keys") if isinstance(document, dict) else None
    found = [key for one in (listed or [])[:MOST_KEYS] if (key := _jwk(one)) is not None]
    if not found:
        raise ValueError("no key to check a signature with")
    return found


def _jwk(listed: object) -> Key | None:
    if not isinstance(listed, dict) or listed.get("kty") not in ("RSA", "EC", "OKP"):
        return None  # a secret has no place in a public list
    if listed.get("use", "sig") != "sig" or listed.get("alg") not in (None, *_ASYMMETRIC):
        return None
    public = {name: value for name, value in listed.items() if name != "d"}
    try:
        key = jwt.PyJWK.from_dict(public)
    except (jwt.PyJWTError, ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if key.algorithm_name not in _ASYMMETRIC or _is_weak(key.key):
        return None
    kid = listed.get("kid")
    return Key(key.algorithm_name, key.key, kid if isinstance(kid, str) else None)


def _secret(secret: str) -> Key:
    if len(secret) < SECRET:
        raise BadKeys(f"The secret of INSPECTOR_JWT_KEYS must have {SECRET} characters or more.")
    return Key("HS256", secret.encode())


def _blocks(setting: str) -> list[str]:
    text = setting.replace("\\n", "\n")
    blocks = _PEM.findall(text)
    if not blocks or _PEM.sub("", text).strip(" \r\n\t,"):
        raise BadKeys(
            "INSPECTOR_JWT_KEYS must be the address of a JWKS, public keys as PEM, or hs256:<secret>."
        )
    if any("PRIVATE" in block.splitlines()[0] for block in blocks):
        raise BadKeys("INSPECTOR_JWT_KEYS takes public keys; this one is private and should be replaced now.")
    return [str(block) for block in blocks]


def _pem(block: str) -> Key:
    try:
        key = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadKeys("INSPECTOR_JWT_KEYS holds a PEM that is no public key.") from None
    algorithm = _algorithm(key)
    if algorithm is None or _is_weak(key):
        raise BadKeys("INSPECTOR_JWT_KEYS takes RSA from 2,048 bits, P-256, P-384, P-521 and Ed25519.")
    return Key(algorithm, key)


def _algorithm(key: object) -> str | None:
    match key:
        case rsa.RSAPublicKey():
            return "RS256"
        case ec.EllipticCurvePublicKey():
            return _CURVES.get(key.curve.name)
        case ed25519.Ed25519PublicKey():
            return "EdDSA"
    return None


def _is_weak(key: object) -> bool:
    return isinstance(key, rsa.RSAPublicKey) and key.key_size < _RSA_BITS

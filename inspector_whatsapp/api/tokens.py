"""Inspector's tokens: JWTs that say who calls, and on whose behalf."""

from dataclasses import dataclass
from typing import Any, Final

import jwt
from django.conf import settings

from inspector_whatsapp.gateway import keys

LEEWAY: Final = 30  # seconds by which two clocks may differ
LONGEST: Final = 8192  # characters; a token is read before it is known to be anybody's
NAME: Final = 64  # characters of an id of Inspector's
# A header that names a key, or asks for what we do not know, tries to have a say in how it is checked.
_REFUSED_HEADERS: Final = ("jku", "jwk", "x5u", "x5c", "crit", "b64")
_TYPES: Final = ("jwt", "at+jwt", "application/at+jwt")
_OPTIONS: Final[Any] = {"require": ["exp", "iss", "aud", "sub"], "strict_aud": False}


class Rejected(Exception):
    """The token is not one that counts here. Whoever shows it is not told why."""


@dataclass(frozen=True)
class Token:
    """What a token says, once it has been checked.

    subject: Inspector's id of a person, or the name of a service, which then is `client` too. session: the
    website's session that it was made for, where it says so.
    """

    subject: str
    client: str
    scopes: frozenset[str]
    session: str

    @property
    def is_service(self) -> bool:
        return self.client == self.subject


def read(text: str) -> Token:
    """Check a token. Raises Rejected, or keys.NoKeys when it cannot be checked now."""
    if len(text) > LONGEST:
        raise Rejected("too long")
    try:
        header = jwt.get_unverified_header(text)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise Rejected("no token") from error
    kind, kid = header.get("typ", "JWT"), header.get("kid")
    if any(name in header for name in _REFUSED_HEADERS):
        raise Rejected("a header that is not taken")
    if not isinstance(kind, str) or kind.lower() not in _TYPES or not isinstance(kid, str | None):
        raise Rejected("another kind of token")
    for key in keys.candidates(kid):
        claims = _claims(text, key)
        if claims is not None:
            return _token(claims)
    raise Rejected("no key of ours fits")


def _claims(text: str, key: keys.Key) -> dict[str, Any] | None:
    """What it says, if this key signed it; None for another key's. Raises Rejected for what is none."""
    try:
        return jwt.decode(
            text,
            key.material,
            algorithms=[key.algorithm],
            audience=settings.INSPECTOR_JWT_AUDIENCE,
            issuer=settings.INSPECTOR_JWT_ISSUER,
            leeway=LEEWAY,
            options=_OPTIONS,
        )
    except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError, jwt.InvalidKeyError):
        return None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise Rejected(type(error).__name__) from error


def _token(claims: dict[str, Any]) -> Token:
    subject, client = claims["sub"], claims.get("client_id", "")
    scope, session = claims.get("scope", ""), claims.get("sid", "")
    words = (subject, client, scope, session)
    if not all(isinstance(word, str) and "\x00" not in word and word.isprintable() for word in words):
        raise Rejected("claims of another type")
    if not 0 < len(subject) <= NAME or len(session) > 255:
        raise Rejected("claims that are too long")
    return Token(subject, client, frozenset(scope.split()), session)

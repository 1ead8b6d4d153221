"""Meta's signature on a webhook: HMAC-SHA256 of the raw body with the app secret."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

_HEADER: Final = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)


def sign(raw: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def verify(raw: bytes, header: str | bytes | None, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets (two while they are rotated) signed exactly these bytes.

    Anything but `sha256=` and 64 lower-case hex digits is False; never raises.
    """
    if isinstance(header, bytes):
        header = header.decode("latin-1")
    if header is None or (match := _HEADER.fullmatch(header)) is None:
        return False
    # Every secret is tried, so that the time doesn't tell which one it was.
    results = [hmac.compare_digest(sign(raw, secret), match[0]) for secret in secrets if secret]
    return any(results)

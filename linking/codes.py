"""The six digits that prove a mailbox: how one is made, read out of a message, kept and compared.

A code is kept as an HMAC-SHA256 under a pepper that comes from SECRET_KEY. What it is bound to (the
challenge, the asking WhatsApp identity, our own number) goes into the digest, so that it is worth nothing
anywhere else.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 6
PEPPER = "1"  # the version that new digests are made with; kept in front of each

# Digits that belong together, in groups or one by one: 123456, 123 456, 1-2-3-4-5-6.
_RUN = re.compile(r"[0-9](?:[\s\-‐-―−_]{0,3}[0-9])*")


@dataclass(frozen=True)
class Asker:
    """Who is typing a code: the chat in which a challenge was begun. `identity` is as `phone:+234…`."""

    challenge_id: int
    identity: str


_asker: ContextVar[Asker | None] = ContextVar("linking_asker", default=None)


@contextmanager
def asked_by(asker: Asker) -> Iterator[None]:
    """Within this block a code is checked for `asker`; outside of one no linking code is ever right."""
    token = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(token)


def asker() -> Asker | None:
    """Who is typing, None outside of a chat (in the admin's log-in, for one)."""
    return _asker.get()


def new() -> str:
    """Six digits that nobody can guess."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def spaced(code: str) -> str:
    """`123 456`, as people read it out."""
    return f"{code[:3]} {code[3:]}"


def code_in(text: str) -> str | None:
    """The one code in what somebody typed; None if there is none, or more than one.

    Reads any script's digits, full-width ones and keycaps, and passes over spaces and dashes. Digits next to
    each other are one number: a phone number in groups holds no code.
    """
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    runs = ("".join(filter(str.isdecimal, run)) for run in _RUN.findall(plain))
    codes = [run for run in runs if len(run) == DIGITS]
    return codes[0] if len(codes) == 1 else None


def may_hold(text: str) -> bool:
    """Whether six digits or more stand together in it: a code, one typed twice or with a digit too many."""
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    return any(len(re.sub(r"\D", "", run)) >= DIGITS for run in _RUN.findall(plain))


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    # Marks that are not seen: directions, joiners, the frame of a keycap.
    return "" if unicodedata.category(character) in ("Cf", "Mn", "Me") else character


def digest(asker: Asker, code: str) -> str:
    """What is kept of a code, with the pepper's version in front."""
    return f"{PEPPER}${_hmac(PEPPER, asker, code, settings.SECRET_KEY)}"


def matches(kept: str, asker: Asker, code: str) -> bool:
    """Whether `kept` is the digest of this code, typed by this asker. An empty digest matches nothing.

    Does the same work whatever the answer; keys of SECRET_KEY_FALLBACKS count while they are rotated out.
    """
    version, _, expected = kept.partition("$")
    found = False
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        same = constant_time_compare(_hmac(version or PEPPER, asker, code, secret), expected or "none")
        found = found or same
    return found


def address_digest(address: str) -> str:
    """Tells addresses apart without keeping them."""
    return salted_hmac("linking.address", address, algorithm="sha256").hexdigest()


def _hmac(version: str, asker: Asker, code: str, secret: str) -> str:
    # The identity stands last: it alone may hold any character.
    bound = f"{asker.challenge_id}|{settings.WHATSAPP_PHONE_NUMBER_ID}|{code}|{asker.identity}"
    return salted_hmac(f"linking.code.{version}", bound, secret=secret, algorithm="sha256").hexdigest()

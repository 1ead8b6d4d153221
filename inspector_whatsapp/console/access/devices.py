"""An account's second factor: one authenticator app (TOTP), and recovery codes for when its phone is gone.

Codes and keys reach no log, no audit and no history. Recovery codes are kept as digests: what is in the
database or in a copy of it lets nobody in.
"""

import hashlib
import math
import re
import secrets
from base64 import b32encode
from binascii import unhexlify

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from inspector_whatsapp.models import User

RECOVERY_CODES = 10
NAME = "console"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_LENGTH = 12  # of 31 letters: 59 bits


class Wrong(Exception):
    """The code is wrong, is of another time, or was used already."""


class Wait(Exception):
    """Wrong codes were given: the next is not looked at before so many seconds have passed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def has_app(user: User) -> bool:
    """Whether a code is asked for when this account logs in."""
    return _apps(user).exists()


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user, device__name=NAME).count())


def new_key() -> str:
    return str(default_key())


def address_of(user: User, key: str) -> str:
    """What the app reads from the QR code."""
    return str(TOTPDevice(user=user, key=key).config_url)


def spelled(key: str) -> str:
    """The key as somebody types it into an app: `ABCD EFGH …`."""
    return " ".join(re.findall(".{1,4}", b32encode(unhexlify(key)).decode()))


def enrol(user: User, *, key: str, code: str, instead: bool = False) -> tuple[TOTPDevice, list[str]]:
    """Take the app that has `key` and shows `code`; with the recovery codes, which are never seen again.

    Wrong when the code is not its; or when the account has an app meanwhile, unless it takes its place.
    """
    app = TOTPDevice(user=user, name=NAME, key=key, confirmed=True)
    with transaction.atomic():  # what is wrong leaves nothing behind
        User.objects.select_for_update().get(pk=user.pk)  # one enrolment at a time
        if has_app(user) and not instead:
            raise Wrong
        if not app.verify_token(_plain(code)):
            raise Wrong
        TOTPDevice.objects.filter(user=user).exclude(pk=app.pk).delete()
        return app, new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    """Ten, instead of any earlier ones; only their digests are kept."""
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_LENGTH // 4))
        for _ in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        device, _made = StaticDevice.objects.select_for_update().get_or_create(user=user, name=NAME)
        device.token_set.all().delete()
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return codes


def remove(user: User) -> bool:
    """Without its app and its codes; the next log-in sets up another. Whether there was one."""
    with transaction.atomic():
        gone, _rows = _apps(user).delete()
        StaticDevice.objects.filter(user=user).delete()
    return bool(gone)


def prove(user: User, code: str) -> Device:
    """The device that says it is them: the app by its digits, or a recovery code, which is used up by it.

    Raises Wrong, or Wait. Two requests with one code: one of them is Wrong.
    """
    typed = _plain(code)
    with transaction.atomic():
        if typed.isdecimal() and len(typed) <= 8:
            device: Device | None = _apps(user).select_for_update().first()
        else:
            device = StaticDevice.objects.select_for_update().filter(user=user, name=NAME).first()
            typed = _digest(typed)
        if device is None:
            raise Wrong
        allowed, why = device.verify_is_allowed()
        if not allowed:
            until = (why or {}).get("locked_until")
            left = (until - timezone.now()).total_seconds() if until else 1
            raise Wait(max(1, math.ceil(left)))
        right = device.verify_token(typed)
    if not right:
        raise Wrong
    return device


def _apps(user: User) -> QuerySet[TOTPDevice]:
    apps: QuerySet[TOTPDevice] = TOTPDevice.objects.filter(user=user, confirmed=True)
    return apps


def _plain(code: str) -> str:
    """As it was meant: without what people put between, in small letters."""
    return re.sub(r"[\s\-.]", "", code).lower()[:64]


def _digest(code: str) -> str:
    """Sixteen letters, as many as the column has room for: 80 bits."""
    return b32encode(hashlib.sha256(_plain(code).encode()).digest()).decode()[:16].lower()

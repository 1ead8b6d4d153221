"""Somebody of the staff at the door of the console."""

import re
import time
from base64 import b32decode
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from time_machine import travel

from inspector_whatsapp.console.access import devices
from inspector_whatsapp.models import User
from tests.factories import UserFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
else:
    Answer = object

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """As much work as Django makes of each would take most of the time of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """The clock stands in the middle of a code's half minute: none runs out while a test is at it."""
    with travel(datetime.fromtimestamp(time.time() // 30 * 30 + 15, UTC), tick=False):
        yield


def later(**span: float) -> AbstractContextManager[Any]:
    return travel(timezone.now() + timedelta(**span), tick=False)


def somebody(email: str = "eze@example.com", **more: Any) -> User:
    user: User = UserFactory(email=email, **({"is_staff": True} | more))
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def eze(quick_passwords: None) -> User:
    return somebody(is_superuser=True)


def code_of(key: str, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    totp = TOTP(b32decode(key.replace(" ", "")))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


@dataclass
class App:
    """An authenticator app on somebody's phone. It never shows a code twice: the next one is a step later."""

    key: str
    recovery: list[str] = field(default_factory=list)
    _steps: int = -2

    def code(self) -> str:
        self._steps += 1
        return code_of(self.key, steps=self._steps)


@pytest.fixture
def app(eze: User) -> App:
    """Eze's, set up a while ago."""
    key = devices.new_key()
    app = App(devices.spelled(key))
    _device, app.recovery = devices.enrol(eze, key=key, code=app.code())
    assert TOTPDevice.objects.filter(user=eze).count() == 1
    return app


def gives_password(
    client: Client, password: str = PASSWORD, *, email: str = "eze@example.com", then: str = "/admin/account/"
) -> Answer:
    return client.post(f"/admin/login/?next={then}", {"username": email, "password": password})


def gives_code(client: Client, code: str, *, recovery: bool = False) -> Answer:
    return client.post("/admin/login/code/" + ("?recovery" if recovery else ""), {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/admin/account/").status_code == 200


def said(answer: Answer) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

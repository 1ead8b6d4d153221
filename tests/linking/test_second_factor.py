"""A linking code opens no door but its own."""

import django_otp
import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from inspector_whatsapp.models import Contact, User
from linking.models import LinkCodeDevice
from tests.linking.conftest import Asked, check

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_with_a_code(ada: User, phone: Contact, asked: Asked) -> tuple[User, str]:
    """Somebody who asked for a linking code, and was given staff rights before it ran out."""
    _, code = asked(phone)
    ada.set_password("a long enough password")
    ada.is_staff = True
    ada.save()
    return ada, code


def test_a_linking_code_is_not_found_among_the_devices_of_an_account(
    staff_with_a_code: tuple[User, str],
) -> None:
    user, code = staff_with_a_code
    assert LinkCodeDevice.objects.filter(user=user).exists()
    assert list(django_otp.devices_for_user(user)) == []
    assert not django_otp.user_has_device(user)
    assert django_otp.match_token(user, code) is None


@pytest.mark.parametrize("confirmed", [True, False, None])
def test_a_linking_code_is_refused_by_every_device_asked_outside_its_chat(
    staff_with_a_code: tuple[User, str], confirmed: bool | None
) -> None:
    user, code = staff_with_a_code
    devices = list(django_otp.devices_for_user(user, confirmed=confirmed))
    assert not any(django_otp.verify_token(user, device.persistent_id, code) for device in devices)


@pytest.mark.parametrize("has_an_app", [False, True])
def test_the_consoles_way_in_refuses_a_linking_code_and_makes_none(
    staff_with_a_code: tuple[User, str], client: Client, mailoutbox: list[EmailMessage], has_an_app: bool
) -> None:
    user, code = staff_with_a_code
    if has_an_app:
        TOTPDevice.objects.create(user=user, name="console")
    client.post("/admin/login/", {"username": user.email, "password": "a long enough password"})
    assert client.post("/admin/login/code/", {"code": code}).status_code == (200 if has_an_app else 302)
    assert client.post("/admin/login/code/?recovery", {"code": code}).status_code == (
        200 if has_an_app else 302
    )
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert len(mailoutbox) == 1


def test_a_linking_device_cannot_be_confirmed(ada: User, phone: Contact, asked: Asked) -> None:
    asked(phone)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkCodeDevice.objects.update(confirmed=True)


def test_the_same_code_is_right_in_its_chat(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    assert django_otp.match_token(ada, code) is None
    assert check(phone, challenge, code).is_ == "right"

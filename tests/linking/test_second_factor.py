"""A linking code opens no door but its own."""

import django_otp
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django_otp.admin import OTPAdminAuthenticationForm

from inspector_whatsapp.models import Contact, User
from linking.models import LinkCodeDevice
from tests.linking.conftest import Asked, check

pytestmark = pytest.mark.django_db


def logged_in_by(form: OTPAdminAuthenticationForm) -> object:
    return form.get_user().otp_device if form.is_valid() else None


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


@pytest.mark.parametrize("names_the_device", [False, True])
def test_the_admins_login_form_refuses_a_linking_code_even_if_it_names_the_device(
    staff_with_a_code: tuple[User, str], names_the_device: bool
) -> None:
    user, code = staff_with_a_code
    device = LinkCodeDevice.objects.get(user=user)
    request = RequestFactory().post("/admin/login/")
    request.user = AnonymousUser()
    data = {"username": user.email, "password": "a long enough password", "otp_token": code}
    if names_the_device:
        data["otp_device"] = device.persistent_id
    assert logged_in_by(OTPAdminAuthenticationForm(request, data=data)) is None


def test_the_admins_login_form_makes_no_linking_code(
    staff_with_a_code: tuple[User, str], mailoutbox: list[EmailMessage]
) -> None:
    user, _code = staff_with_a_code
    device = LinkCodeDevice.objects.get(user=user)
    request = RequestFactory().post("/admin/login/")
    request.user = AnonymousUser()
    data = {
        "username": user.email,
        "password": "a long enough password",
        "otp_device": device.persistent_id,
        "otp_challenge": "1",
    }
    form = OTPAdminAuthenticationForm(request, data=data)
    assert logged_in_by(form) is None
    assert len(mailoutbox) == 1
    assert LinkCodeDevice.objects.get(user=user).digest == device.digest


def test_a_linking_device_cannot_be_confirmed(ada: User, phone: Contact, asked: Asked) -> None:
    asked(phone)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkCodeDevice.objects.update(confirmed=True)


def test_the_same_code_is_right_in_its_chat(ada: User, phone: Contact, asked: Asked) -> None:
    challenge, code = asked(phone)
    assert django_otp.match_token(ada, code) is None
    assert check(phone, challenge, code).is_ == "right"

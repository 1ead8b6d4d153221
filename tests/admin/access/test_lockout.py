"""Wrong passwords and codes shut an account for the address they come from, for a quarter of an hour."""

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import AuditEntry, User
from tests.admin.access.conftest import App, gives_code, gives_password, is_in, later, said, somebody

pytestmark = pytest.mark.django_db
ODD = ["x" * 5000, "\x00", "", "a@b" * 80, "<script>", "\u202eevil@example.com", "☃" * 254]
WRONG = "not the password"
SHUT = "Too many wrong tries. Try again in 15 minutes."


def tries(client: Client, times: int, **more: str) -> None:
    for _ in range(times):
        gives_password(client, WRONG, **more)


def test_after_five_wrong_passwords_the_right_one_is_refused_for_a_quarter_of_an_hour(
    client: Client, app: App
) -> None:
    tries(client, 4)
    fifth = gives_password(client, WRONG)
    assert (fifth.status_code, SHUT in said(fifth)) == (429, True)
    right = gives_password(Client())  # another browser, the same address
    assert (right.status_code, SHUT in said(right)) == (429, True)
    with later(minutes=10):
        assert "Try again in 5 minutes." in said(gives_password(client))
    with later(minutes=15, seconds=1):
        assert gives_password(client)["Location"] == "/admin/login/code/"


def test_four_wrong_ones_shut_nothing_and_are_forgotten_when_the_right_one_comes(
    client: Client, app: App
) -> None:
    for _ in range(2):
        tries(client, 4)
        gives_password(client)
        assert gives_code(client, app.code()).status_code == 302
        client.post("/admin/logout/")


def test_trying_on_does_not_keep_it_shut(client: Client, app: App) -> None:
    tries(client, 5)
    with later(minutes=14):
        tries(client, 5)
    with later(minutes=16):
        assert gives_password(client).status_code == 302


def test_it_is_the_account_and_the_address_that_are_shut(client: Client, app: App) -> None:
    somebody("ada@example.com")
    tries(client, 5)
    assert gives_password(client, email="ada@example.com").status_code == 302
    assert gives_password(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
    assert gives_password(client, email=" EZE@Example.com").status_code == 429  # however it is written


def test_an_account_that_is_not_there_is_shut_like_one_that_is(client: Client, eze: User) -> None:
    tries(client, 5, email="nobody@example.com")
    assert SHUT in said(gives_password(client, email="nobody@example.com"))
    somebody("seeker@example.com", is_staff=False)
    for _ in range(5):
        answer = gives_password(client, email="seeker@example.com")  # the right one, without rights here
    assert (answer.status_code, SHUT in said(answer)) == (429, True)


def test_behind_a_proxy_on_a_socket_too(client: Client, app: App, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(5):  # there the proxy itself has no address
        visitor = Client(headers={"x-forwarded-for": f"10.0.0.{n}, 192.0.2.1"}, REMOTE_ADDR="")
        gives_password(visitor, WRONG)
    again = Client(headers={"x-forwarded-for": "10.0.0.9, 192.0.2.1"}, REMOTE_ADDR="")
    assert gives_password(again).status_code == 429


def test_behind_proxies_it_is_the_visitors_address_that_counts(
    client: Client, app: App, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1

    def from_(address: str) -> Client:
        return Client(headers={"x-forwarded-for": f"10.9.8.7, {address}"})

    for n in range(5):  # what a visitor writes of himself changes nothing
        gives_password(Client(headers={"x-forwarded-for": f"10.0.0.{n}, 192.0.2.1"}), WRONG)
    assert gives_password(from_("192.0.2.1")).status_code == 429
    assert gives_password(from_("192.0.2.2")).status_code == 302
    assert gives_password(from_("not an address")).status_code == 302


def test_wrong_codes_count_as_well_and_begin_again_at_the_password(client: Client, app: App) -> None:
    gives_password(client)
    for n in range(5):
        with later(minutes=n):  # past the waiting after each
            answer = gives_code(client, "000000")
    assert answer["Location"] == "/admin/login/"
    with later(minutes=4, seconds=30):
        assert SHUT in said(client.get("/admin/login/"))
        assert gives_password(client).status_code == 429
    assert not is_in(client)


def test_who_is_shut_out_while_between_the_steps_cannot_go_on(client: Client, app: App) -> None:
    gives_password(client)
    tries(Client(), 5)
    assert gives_code(client, app.code())["Location"] == "/admin/login/"
    assert not is_in(client)


def test_a_superuser_lets_them_try_again(client: Client, staff: Client, app: App) -> None:
    eze = User.objects.get(email="eze@example.com")
    page = f"/admin/inspector_whatsapp/user/{eze.pk}"
    assert "Shut for" not in said(staff.get(f"{page}/change/"))
    tries(client, 5)
    tries(Client(REMOTE_ADDR="192.0.2.7"), 5)
    assert "Shut for 2 addresses" in said(staff.get(f"{page}/change/"))
    assert staff.post(f"{page}/unlock/").status_code == 302
    assert gives_password(client).status_code == 302
    assert AuditEntry.objects.filter(says="let log in again after wrong tries", object_id=eze.pk).exists()


def test_what_was_refused_is_noted_and_what_is_tried_on_is_not(client: Client, eze: User) -> None:
    tries(client, 9)
    tries(client, 9, email="nobody@example.com")
    entries = AuditEntry.objects.filter(act=Act.REFUSED).order_by("id")
    assert [entry.says for entry in entries] == ["a wrong password"] * 4 + [
        "a wrong password; shut from there for 15 minutes"
    ]
    assert {(entry.actor, entry.object_id, entry.address) for entry in entries} == {
        (None, str(eze.pk), "127.0.0.1")
    }


@pytest.mark.parametrize(
    "email", ["x" * 5000, "\x00", "", "a@b" * 80, "<script>", "\u202eevil@example.com", "☃" * 254]
)
def test_whatever_is_typed_as_an_address_is_answered(client: Client, email: str) -> None:
    assert gives_password(client, WRONG, email=email).status_code == 200
    assert not TOTPDevice.objects.exists()

"""The way into the console: password, code, and setting up the app at the first log-in."""

import re
from urllib.parse import unquote

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from inspector_whatsapp.audit import Act
from inspector_whatsapp.console.access import devices
from inspector_whatsapp.models import AuditEntry, User
from tests.admin.access.conftest import App, code_of, gives_code, gives_password, is_in, later, said, somebody
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
NO_CODES = ["", "0", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "9" * 40, "a" * 5000, "<b>", "'--", "\x00"]
EVIL = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]


# --- password and code ------------------------------------------------------------------------------------
def test_the_password_and_the_code_lead_to_what_was_asked_for(client: Client, eze: User, app: App) -> None:
    assert client.get("/admin/account/")["Location"] == "/admin/login/?next=/admin/account/"
    assert gives_password(client)["Location"] == "/admin/login/code/"
    assert not is_in(client)
    assert gives_code(client, app.code())["Location"] == "/admin/account/"
    assert is_in(client)
    entry = AuditEntry.objects.get(act=Act.LOGGED_IN)
    assert (entry.actor, entry.says, entry.address) == (eze, "by TOTP device", "127.0.0.1")


def test_with_the_password_alone_nothing_opens(client: Client, app: App) -> None:
    gives_password(client)
    for path in ("/admin/", "/admin/account/", "/admin/inspector_whatsapp/user/", "/admin/password_change/"):
        assert client.get(path)["Location"].startswith("/admin/login/"), path
    assert client.get("/admin/login/app/")["Location"] == "/admin/login/code/"  # no other app instead


def test_a_code_without_the_password_is_not_looked_at(client: Client, app: App) -> None:
    assert gives_code(client, app.code())["Location"] == "/admin/login/"
    assert not is_in(client)


def test_a_code_counts_once(client: Client, app: App) -> None:
    code = app.code()
    gives_password(client)
    gives_code(client, code)
    other = Client()
    gives_password(other)
    assert "wrong, or was used already" in said(gives_code(other, code))
    assert not is_in(other)


def test_a_code_is_read_as_people_type_it(client: Client, app: App) -> None:
    gives_password(client)
    code = app.code()
    assert gives_code(client, f" {code[:3]} {code[3:]}\t").status_code == 302


@pytest.mark.parametrize(
    "typed", ["", "0", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "9" * 40, "<b>", "'--", "\x00"]
)
def test_what_is_no_code_is_refused_in_words(client: Client, app: App, typed: str) -> None:
    gives_password(client)
    answer = gives_code(client, typed)
    assert answer.status_code == 200
    assert not is_in(client)


def test_after_a_wrong_code_the_next_one_has_to_wait(client: Client, app: App) -> None:
    gives_password(client)
    gives_code(client, "000000")
    code = app.code()
    assert "wait for 1 second" in said(gives_code(client, code))
    with later(seconds=1.5):
        assert gives_code(client, code).status_code == 302


def test_who_takes_too_long_begins_again(client: Client, app: App) -> None:
    gives_password(client)
    with later(minutes=11):
        assert gives_code(client, app.code())["Location"] == "/admin/login/"
        assert "That took too long" in said(client.get("/admin/login/"))


def test_a_changed_password_or_an_account_switched_off_ends_the_way_in(
    client: Client, eze: User, app: App
) -> None:
    gives_password(client)
    eze.set_password("quite another password")
    eze.save()
    assert gives_code(client, app.code())["Location"] == "/admin/login/"
    gives_password(client, "quite another password")
    User.objects.update(is_active=False)
    assert gives_code(client, app.code())["Location"] == "/admin/login/"


def test_only_the_person_themselves_may_use_their_code(client: Client, app: App) -> None:
    ada = somebody("ada@example.com")
    devices.enrol(ada, key=(key := devices.new_key()), code=code_of(devices.spelled(key)))
    gives_password(client, email="ada@example.com")
    gives_code(client, app.code())
    gives_code(client, app.recovery[0], recovery=True)
    assert not is_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_log_in_leads_nowhere_else(client: Client, app: App, target: str) -> None:
    client.post(
        f"/admin/login/?next={target}", {"username": "eze@example.com", "password": "a long enough password"}
    )
    assert gives_code(client, app.code())["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.com", "a long enough password"),
        ("seeker@example.com", "a long enough password"),
        ("gone@example.com", "a long enough password"),
        ("eze@example.com", "another password"),
    ],
)
def test_it_is_not_told_which_accounts_there_are(
    client: Client, eze: User, email: str, password: str
) -> None:
    somebody("seeker@example.com", is_staff=False)
    somebody("gone@example.com", is_active=False)
    answer = gives_password(client, password, email=email)
    assert answer.status_code == 200
    assert "The e-mail address or the password is wrong." in said(answer)
    assert not is_in(client)


# --- the first log-in -------------------------------------------------------------------------------------
def key_on(page: str) -> str:
    found = re.search(r'<code id="key">([A-Z2-7 ]+)</code>', page)
    assert found, page
    return found[1]


def test_the_first_log_in_sets_up_the_app_and_gives_recovery_codes(client: Client, eze: User) -> None:
    assert gives_password(client)["Location"] == "/admin/login/app/"
    assert not is_in(client)
    page = client.get("/admin/login/app/").content.decode()
    assert 'src="data:image/svg+xml' in page
    key = key_on(page)
    assert key_on(client.get("/admin/login/app/").content.decode()) == key  # another look, the same key
    done = client.post("/admin/login/app/", {"code": code_of(key)})
    codes = re.findall(r"<li><code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert 'href="/admin/account/"' in done.content.decode()  # "I have kept them" leads to what was asked for
    assert done["Cache-Control"].startswith("max-age=0")
    assert is_in(client)
    assert TOTPDevice.objects.get(user=eze).confirmed
    says = list(AuditEntry.objects.order_by("id").values_list("act", "says"))
    assert says == [("logged_in", "by TOTP device"), ("changed", "set up an authenticator app")]


def test_the_picture_holds_the_key_and_whose_it_is(eze: User) -> None:
    address = unquote(devices.address_of(eze, devices.new_key()))
    assert address.startswith("otpauth://totp/Inspector WhatsApp:eze@example.com?secret=")
    assert address.endswith("&issuer=Inspector WhatsApp")


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(client: Client, eze: User) -> None:
    gives_password(client)
    key = key_on(client.get("/admin/login/app/").content.decode())
    answer = client.post("/admin/login/app/", {"code": "000000"})
    assert "not the one that the app shows" in said(answer)
    assert key_on(answer.content.decode()) == key
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    assert not is_in(client)


def test_each_log_in_shows_a_key_of_its_own(client: Client, eze: User) -> None:
    """Or whoever saw the page of an enrolment that was not finished would have the key of the next."""
    keys = set()
    for browser in (client, Client()):
        gives_password(browser)
        keys.add(key_on(browser.get("/admin/login/app/").content.decode()))
    assert len(keys) == 2


def test_of_two_who_set_up_an_app_one_comes_first(client: Client, eze: User) -> None:
    other = Client()
    for browser in (client, other):
        gives_password(browser)
    keys = [key_on(browser.get("/admin/login/app/").content.decode()) for browser in (client, other)]
    client.post("/admin/login/app/", {"code": code_of(keys[0])})
    assert other.post("/admin/login/app/", {"code": code_of(keys[1])})["Location"] == "/admin/login/code/"
    assert not is_in(other)
    assert TOTPDevice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_code_lets_in_one_of_two_who_give_it_at_the_same_moment(eze: User, app: App) -> None:
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        gives_password(browser)
    code = app.code()
    at_once(*[lambda browser=browser: gives_code(browser, code) for browser in browsers])
    assert sum(is_in(browser) for browser in browsers) == 1


# --- recovery codes ---------------------------------------------------------------------------------------
def test_a_recovery_code_lets_in_once(client: Client, app: App) -> None:
    gives_password(client)
    answer = gives_code(client, app.recovery[3].upper().replace("-", " "), recovery=True)
    assert answer["Location"] == "/admin/account/"
    assert "9 are left" in said(client.get("/admin/account/"))
    other = Client()
    gives_password(other)
    gives_code(other, app.recovery[3], recovery=True)
    assert not is_in(other)
    with later(seconds=5):
        gives_code(other, app.recovery[4], recovery=True)
        assert is_in(other)


def test_recovery_codes_are_kept_as_digests(app: App) -> None:
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    for code in app.recovery:
        assert code not in kept
        assert code.replace("-", "") not in kept
    # What is in the table is no code either.
    user = TOTPDevice.objects.get().user
    for token in kept:
        with pytest.raises((devices.Wrong, devices.Wait)):
            devices.prove(user, token)


def test_new_recovery_codes_take_a_fresh_code_and_end_the_old_ones(
    client: Client, eze: User, app: App
) -> None:
    gives_password(client)
    gives_code(client, app.code())
    assert "wrong" in said(client.post("/admin/account/", {"deed": "codes", "code": "000000"}))
    assert devices.recovery_codes_left(eze) == 10
    with later(seconds=2):
        done = client.post("/admin/account/", {"deed": "codes", "code": app.code()})
    new = re.findall(r"<li><code>([a-z2-9-]{14})</code>", done.content.decode())
    assert len(new) == 10
    assert not set(new) & set(app.recovery)
    with pytest.raises(devices.Wrong):
        devices.prove(eze, app.recovery[0])


# --- another phone ----------------------------------------------------------------------------------------
def test_the_app_moves_to_another_phone_and_the_old_one_counts_no_more(
    client: Client, eze: User, app: App
) -> None:
    gives_password(client)
    gives_code(client, app.code())
    assert client.get("/admin/login/app/")["Location"] == "/admin/account/"  # not without a fresh code
    assert (
        client.post("/admin/account/", {"deed": "move", "code": app.code()})["Location"]
        == "/admin/login/app/"
    )
    key = key_on(client.get("/admin/login/app/").content.decode())
    assert TOTPDevice.objects.get().key  # the old one counts until the new one is there
    client.post("/admin/login/app/", {"code": code_of(key)})
    assert is_in(client)
    assert devices.spelled(TOTPDevice.objects.get(user=eze).key) == key
    other = Client()
    gives_password(other)
    gives_code(other, app.code())
    assert not is_in(other)


def test_where_a_code_is_demanded_nobody_goes_without_an_app(client: Client, app: App) -> None:
    gives_password(client)
    gives_code(client, app.code())
    assert "Remove the app" not in said(client.get("/admin/account/"))
    client.post("/admin/account/", {"deed": "remove", "code": app.code()})
    assert TOTPDevice.objects.exists()


def test_a_superuser_removes_the_app_of_who_has_lost_everything(
    client: Client, staff: Client, app: App
) -> None:
    gives_password(client)
    gives_code(client, app.code())
    eze = User.objects.get(email="eze@example.com")
    assert "10 recovery codes are left" in said(staff.get(f"/admin/inspector_whatsapp/user/{eze.pk}/change/"))
    assert staff.get(f"/admin/inspector_whatsapp/user/{eze.pk}/forget-app/").status_code == 405
    assert staff.post(f"/admin/inspector_whatsapp/user/{eze.pk}/forget-app/").status_code == 302
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert not is_in(client)  # what was opened with it is shut
    assert gives_password(client)["Location"] == "/admin/login/app/"
    entry = AuditEntry.objects.get(says="removed the authenticator app")
    assert entry.actor is not None
    assert (entry.actor.email, entry.object_id) == ("root@example.com", str(eze.pk))


def test_nobody_else_removes_an_app(
    client: Client, visitor: Client, helper: User, eze: User, app: App
) -> None:
    for deed in ("forget-app", "unlock"):
        assert visitor.post(f"/admin/inspector_whatsapp/user/{eze.pk}/{deed}/").status_code == 403
    assert TOTPDevice.objects.exists()


# --- on a laptop ------------------------------------------------------------------------------------------
def test_on_a_laptop_the_password_is_enough_and_the_app_is_offered(
    client: Client, eze: User, settings: Settings
) -> None:
    settings.DEBUG = True
    assert gives_password(client)["Location"] == "/admin/account/"
    assert "Set up an authenticator app" in said(client.get("/admin/account/"))
    key = key_on(client.get("/admin/login/app/").content.decode())
    client.post("/admin/login/app/", {"code": code_of(key)})
    other = Client()
    assert gives_password(other)["Location"] == "/admin/login/code/"  # who has one is asked for it
    app = App(key, _steps=0)
    assert "password alone" in said(
        client.post("/admin/account/", {"deed": "remove", "code": app.code()}, follow=True)
    )
    assert not TOTPDevice.objects.exists()
    assert gives_password(other)["Location"] == "/admin/account/"


# --- nothing leaks ----------------------------------------------------------------------------------------
def test_devices_have_no_pages_that_would_show_their_secrets() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert not names & {"otp_totp.TOTPDevice", "otp_static.StaticDevice", "linking.LinkCodeDevice"}
    assert not {name for name in names if name.startswith("axes.")}


def test_no_code_and_no_key_is_noted_anywhere(
    client: Client, eze: User, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    typed = [app.recovery[0], "000000", "314159"]
    gives_password(client, "a wrong password 42")
    gives_password(client)
    for code in typed:
        gives_code(client, code)
    rows = [*AccessAttempt.objects.values(), *AuditEntry.objects.values()]
    noted = repr(rows) + caplog.text
    for secret in (*typed, *app.recovery, app.key, app.key.replace(" ", ""), "wrong password 42"):
        assert secret not in noted
    assert "eze@example.com" not in caplog.text

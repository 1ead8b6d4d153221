"""The console's pages about people's data: who may, who must show themselves once more, and what is noted."""

import csv
import io
import time
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from inspector_whatsapp import clock
from inspector_whatsapp.admin.privacy import again
from inspector_whatsapp.audit import Act
from inspector_whatsapp.console.access import devices
from inspector_whatsapp.models import AuditEntry, Contact, Erasure, LegalHold, PersonExport, User
from inspector_whatsapp.privacy import erasing
from notifications.models import ConsentEntry
from tests.factories import ContactFactory, LinkFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def log_in(user: User, *rights: str) -> Client:
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    TOTPDevice.objects.create(user=user, name=devices.NAME, confirmed=True)
    device = StaticDevice.objects.create(user=user, name=devices.NAME)
    for number in range(9):  # recovery codes, as they are kept
        device.token_set.create(token=devices._digest(f"code{number}"))
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


@pytest.fixture
def officer() -> User:
    return UserFactory(email="officer@example.com", is_staff=True, password=PASSWORD)


@pytest.fixture
def staff(officer: User) -> Client:
    """Whoever may see, copy and erase people, and nothing else."""
    return log_in(officer, "view_user", "view_contact", "export_person", "erase_person")


@pytest.fixture
def whom() -> User:
    account = UserFactory(email="ada@example.com", name="Ada Obi")
    LinkFactory(account=account, contact=ContactFactory(phone="+2348030000001", last_inbound_at=None))
    return account


def at(name: str, account: User, sort: str = "account") -> str:
    return reverse(f"admin:privacy_{name}", args=[sort, account.pk])


SHOWN = {"password": PASSWORD, "code": "code1"}


def test_the_page_of_an_account_leads_to_what_is_kept_of_it(boss: User, whom: User) -> None:
    client = log_in(boss)
    page = client.get(f"/admin/inspector_whatsapp/user/{whom.pk}/change/").content.decode()
    assert f"/admin/inspector_whatsapp/user/{whom.pk}/privacy/" in page
    shown = client.get(f"/admin/inspector_whatsapp/user/{whom.pk}/privacy/", follow=True)
    assert shown.redirect_chain[-1][0] == at("person", whom)
    text = shown.content.decode()
    assert "Which WhatsApp spoke for which account" in text
    assert "+2348030000001" not in text
    ConsentEntry.objects.create(
        account=whom, scope="whatsapp", given=True, wording="connect-1", at=clock.now()
    )
    ConsentEntry.objects.create(scope="whatsapp", given=True, wording="connect-2", at=clock.now())
    log = client.get(shown.context["consents"]).context["cl"]
    assert [one.wording for one in log.result_list] == ["connect-1"]
    contact = Contact.objects.get()
    assert (
        client.get(f"/admin/inspector_whatsapp/contact/{contact.pk}/privacy/", follow=True).status_code == 200
    )


@pytest.mark.parametrize(
    ("name", "rights"),
    [
        ("person", ("view_user",)),
        ("export", ("view_user", "export_person")),
        ("erase", ("view_user", "erase_person")),
    ],
)
def test_each_page_wants_all_of_its_rights(
    officer: User, whom: User, name: str, rights: tuple[str, ...]
) -> None:
    client = log_in(officer)
    for granted in range(len(rights)):
        assert client.get(at(name, whom)).status_code == 403
        assert client.post(at(name, whom), SHOWN).status_code == 403
        officer.user_permissions.add(Permission.objects.get(codename=rights[granted]))
    assert client.get(at(name, whom)).status_code == 200
    assert client.get(at(name, whom, "nobody")).status_code == 404


def test_a_copy_wants_the_password_and_a_code_once_more(staff: Client, whom: User) -> None:
    for wrong in ({}, {"password": PASSWORD}, SHOWN | {"password": "guessed"}, SHOWN | {"code": "code99"}):
        assert staff.post(at("export", whom), wrong).status_code == 200
        assert not PersonExport.objects.exists()
    # Who guesses waits a moment longer each time; that is the device's own affair.
    StaticDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    staff.post(at("export", whom), SHOWN)
    assert PersonExport.objects.count() == 1
    # For five minutes that is enough; then not.
    staff.post(at("export", whom))
    assert PersonExport.objects.count() == 2
    session = staff.session
    session[again.KEY] = time.time() - again.LASTS - 1
    session.save()
    staff.post(at("export", whom))
    assert PersonExport.objects.count() == 2


def test_wrong_codes_are_counted_and_noted_there_as_at_the_door(
    staff: Client, officer: User, whom: User
) -> None:
    for _ in range(5):
        StaticDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
        staff.post(at("export", whom), SHOWN | {"code": "code99"})
    assert AuditEntry.objects.filter(act=Act.REFUSED, object_id=str(officer.pk)).count() == 5
    StaticDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert staff.post(at("export", whom), SHOWN).status_code == 429
    assert not PersonExport.objects.exists()


def test_who_opens_any_page_about_a_person_has_seen_them(boss: User, whom: User) -> None:
    client = log_in(boss)
    for number, name in enumerate(("person", "export", "erase"), 1):
        clock.move(timedelta(hours=1))
        assert client.get(at(name, whom)).status_code == 200
        looks = AuditEntry.objects.filter(act=Act.SAW, page="inspector_whatsapp.user", object_id=str(whom.pk))
        assert looks.count() == number, name


def test_a_link_to_a_copy_is_not_kept_in_the_audit(staff: Client, whom: User) -> None:
    link = staff.post(at("export", whom), SHOWN).context["link"].removeprefix("http://testserver")
    stranger = log_in(UserFactory(is_staff=True), "view_user")
    assert stranger.get(link).status_code == 403
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(list(AuditEntry.objects.values_list("says", "details")))


def test_a_copy_is_fetched_once_by_a_press_and_not_by_a_look(
    staff: Client, officer: User, whom: User
) -> None:
    page = staff.post(at("export", whom), SHOWN)
    link = page.context["link"].removeprefix("http://testserver")
    for _ in range(2):
        assert b"fetched once" in staff.get(link).content
    content = b"".join(staff.post(link))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "ada@example.com" in archive.read("data.json").decode()
    assert staff.post(link).status_code == 410
    assert staff.get(link).status_code == 410
    acts = AuditEntry.objects.filter(act=Act.EXPORTED, actor=officer).order_by("pk")
    assert [(one.page, one.address) for one in acts] == [
        ("inspector_whatsapp.user", "127.0.0.1"),
        ("inspector_whatsapp.personexport", "127.0.0.1"),
    ]


def test_a_link_is_worth_nothing_to_who_has_not_the_right(staff: Client, whom: User) -> None:
    link = staff.post(at("export", whom), SHOWN).context["link"].removeprefix("http://testserver")
    stranger = log_in(UserFactory(is_staff=True), "view_user")
    assert stranger.get(link).status_code == 403
    assert stranger.post(link).status_code == 403
    assert Client().post(link).status_code == 302
    clock.move(timedelta(days=1, minutes=1))
    assert staff.post(link).status_code == 410


def test_whom_one_erases_is_typed(staff: Client, officer: User, whom: User) -> None:
    page = staff.get(at("erase", whom)).content.decode()
    assert "ada@example.com" not in page
    for wrong in (SHOWN, SHOWN | {"whom": "bola@example.com"}, {"whom": "ada@example.com"}):
        assert staff.post(at("erase", whom), wrong).status_code == 200
        assert not Erasure.objects.exists()
    sent = staff.post(at("erase", whom), {"whom": " ADA@example.com", "password": PASSWORD, "code": "code2"})
    erasure = Erasure.objects.get()
    assert sent["Location"] == reverse("admin:privacy_erasure", args=[erasure.pk])
    assert (erasure.account, erasure.asked_by) == (whom, officer)
    assert b"under way" in staff.get(sent["Location"]).content
    staff.post(at("erase", whom), {"whom": "ada@example.com"})  # a second click
    assert Erasure.objects.count() == 1
    assert erasing.run_all() == 1
    assert b"Done at" in staff.get(sent["Location"]).content
    acts = AuditEntry.objects.filter(act=Act.CHANGED, object_id=str(whom.pk))
    assert [one.details for one in acts] == [{"erasure": erasure.pk}] * 2


def test_staff_are_not_erased_and_the_page_says_why(staff: Client, boss: User) -> None:
    assert b"rights in the console" in staff.get(at("erase", boss)).content
    sent = staff.post(at("erase", boss), SHOWN | {"whom": boss.email}, follow=True)
    assert b"rights in the console" in sent.content
    assert not Erasure.objects.exists()


def test_a_hold_is_placed_and_lifted_and_never_changed(boss: User, whom: User) -> None:
    client = log_in(boss)
    add = reverse("admin:inspector_whatsapp_legalhold_add")
    assert b"one of the two" in client.post(add, {"why": "Case 12"}).content
    client.post(add, {"account": whom.pk, "why": "Case 12"})
    hold = LegalHold.objects.get()
    assert hold.placed_by == boss
    page = client.get(at("person", whom)).content.decode()
    assert f"Hold {hold.pk} forbids it: Case 12" in page
    change = reverse("admin:inspector_whatsapp_legalhold_change", args=[hold.pk])
    assert client.post(change, {"why": "x"}).status_code == 403
    listed = reverse("admin:inspector_whatsapp_legalhold_changelist")
    client.post(listed, {"action": "lift", "_selected_action": [hold.pk]})
    hold.refresh_from_db()
    assert hold.lifted_at is not None
    assert AuditEntry.objects.filter(page="inspector_whatsapp.legalhold").count() == 2


def test_what_is_kept_says_how_much_is_due(boss: User) -> None:
    page = log_in(boss).get(reverse("admin:privacy_kept")).content.decode()
    for words in ("webhook bodies", "link requests", "tombstones", "Due now", "Their account: name"):
        assert words in page
    assert log_in(UserFactory(is_staff=True)).get(reverse("admin:privacy_kept")).status_code == 403


def test_whom_a_breach_affects_is_found_and_taken_along_as_a_file(boss: User, whom: User) -> None:
    client, today = log_in(boss), str(localdate(clock.now()))
    address = reverse("admin:privacy_breach")
    wish = {"ask": "inspector_whatsapp.Link", "since": today, "until": today}
    assert b"ada@example.com" in client.get(address, wish).content
    assert b"after the last" in client.get(address, wish | {"since": "2099-01-01"}).content
    file = client.get(address, wish | {"as": "csv"})
    assert file["Content-Type"].startswith("text/csv")
    line = next(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert (line["e-mail"], line["phone"]) == ("ada@example.com", "•••0001")
    stranger = log_in(UserFactory(is_staff=True), "view_auditentry")  # may see no people
    assert stranger.get(address, wish).status_code == 403
    assert address not in stranger.get("/admin/account/").content.decode()
    auditor = log_in(UserFactory(is_staff=True), "view_auditentry", "view_user")
    assert auditor.get(address, wish).status_code == 200
    assert auditor.get(address, wish | {"as": "csv"}).status_code == 403

"""What staff can see and do about links."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from linking.models import AccountGuard, LinkChallenge, LinkCodeDevice
from tests.factories import LinkFactory, UserFactory
from tests.linking.conftest import Asked

pytestmark = pytest.mark.django_db

LINKS = "/admin/inspector_whatsapp/link/"


def log_in(client: Client, user: User) -> Client:
    """With the second factor that the console asks for."""
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = StaticDevice.objects.create(user=user, name="paper").persistent_id
    session.save()
    return client


@pytest.fixture
def staff(client: Client) -> Client:
    return log_in(client, UserFactory(is_staff=True, is_superuser=True))


@pytest.mark.parametrize(("action", "state"), [("unlink", LinkState.ENDED), ("suspend", LinkState.SUSPENDED)])
def test_staff_end_or_pause_links_and_are_told_how_many(
    ada: User, phone: Contact, staff: Client, action: str, state: str
) -> None:
    link = LinkFactory(account=ada, contact=phone)
    page = staff.post(LINKS, {"action": action, "_selected_action": [link.pk]}, follow=True)
    assert "1 link was" in page.content.decode()
    link.refresh_from_db()
    assert link.state == state
    assert link.ended_why == "admin"


def test_whoever_may_only_look_ends_no_link(ada: User, phone: Contact, client: Client) -> None:
    link = LinkFactory(account=ada, contact=phone)
    viewer = UserFactory(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_link"))
    log_in(client, viewer)
    assert client.get(LINKS).status_code == 200
    client.post(LINKS, {"action": "unlink", "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert link.state == LinkState.ACTIVE


@pytest.mark.parametrize(
    "model", [(Link, LinkFactory), (Contact, None), (LinkChallenge, None), (AccountGuard, None)]
)
def test_nothing_is_added_or_changed_by_hand(
    ada: User, phone: Contact, asked: Asked, staff: Client, model: tuple[type, Callable[..., Link] | None]
) -> None:
    asked(phone)
    link = LinkFactory(account=ada, contact=phone)
    kind = model[0]
    meta = kind._meta  # type: ignore[attr-defined]
    place = f"/admin/{meta.app_label}/{meta.model_name}/"
    row = link if kind is Link else kind.objects.first()  # type: ignore[attr-defined]
    page = staff.get(place).content.decode()
    assert "+2348030000001" not in page
    assert staff.get(f"{place}{row.pk}/change/").status_code == 200
    assert staff.get(f"{place}add/").status_code == 403
    assert staff.post(f"{place}{row.pk}/change/", {"state": "ended"}).status_code == 403
    assert staff.post(f"{place}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_no_page_shows_codes_or_what_is_kept_of_them(
    ada: User, phone: Contact, asked: Asked, staff: Client
) -> None:
    challenge, code = asked(phone)
    assert LinkCodeDevice not in admin.site._registry
    page = staff.get(f"/admin/linking/linkchallenge/{challenge.pk}/change/").content.decode()
    for secret in (code, challenge.address_digest, challenge.device.digest):
        assert secret not in page


def test_staff_let_a_closed_account_be_linked_from_chats_again(ada: User, staff: Client) -> None:
    guard = AccountGuard.objects.create(account=ada, wrong_in_a_row=50, closed_at="2026-11-22T10:00:00Z")
    staff.post("/admin/linking/accountguard/", {"action": "reopen", "_selected_action": [guard.pk]})
    guard.refresh_from_db()
    assert guard.closed_at is None

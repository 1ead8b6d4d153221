"""A link's page: how it was proved, what became of it, what was beside it; and no way to make one."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client

from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from linking import rules
from linking.rules import Why
from tests.admin.conftest import EVIL, address, log_in
from tests.at_once import at_once
from tests.factories import ContactFactory, LinkFactory, SeekerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> User:
    return UserFactory(name="Root", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(root: User) -> Client:
    return log_in(Client(), root)


def shown(client: Client, link: Link) -> str:
    return client.get(address(link, "change")).content.decode()


def act(client: Client, link: Link, what: str) -> str:
    path = f"/admin/inspector_whatsapp/link/{link.pk}/link/{what}/"
    return client.post(path, follow=True).content.decode()


def proved(**proof: object) -> Link:
    return LinkFactory(proof=proof)


def test_it_is_told_how_it_was_proved_and_what_was_agreed_to_but_no_digest(staff: Client) -> None:
    consent = {"wording": f"Connect? {EVIL}", "at": "2026-11-20T10:00:00+00:00", "wamid": "wamid.x"}
    page = shown(staff, proved(how="web", intent=7, session="5e551011d19e57", consent=consent))
    assert "Confirmed on the website by its signed-in owner" in page
    assert "/admin/linking/linkintent/7/change/" in page
    assert "20 Nov 2026 11:00" in page
    assert "5e551011d19e57" not in page
    assert "<script>alert" not in page
    page = shown(staff, proved(how="code", challenge=5))
    assert "Proved by a code from the account" in page
    assert "/admin/linking/linkchallenge/5/change/" in page


@pytest.mark.parametrize(
    "proof", [{}, {"how": 1}, {"how": "web", "intent": "x", "consent": "x"}, [], "x", None]
)
def test_a_proof_of_another_shape_is_shown_all_the_same(staff: Client, proof: object) -> None:
    link = LinkFactory()
    if proof is not None:
        Link.objects.filter(pk=link.pk).update(proof=proof)
    assert "Made" in shown(staff, link)


def test_what_became_of_it_is_told_by_whom_and_why(staff: Client, root: User) -> None:
    link = proved(how="code", challenge=5)
    act(staff, link, "suspend")
    page = shown(staff, link)
    assert f"Paused until proved again, by {root}" in page
    assert "by an admin" in page
    act(staff, link, "unlink")
    page = shown(staff, link)
    assert f"Ended, by {root}" in page
    for what in ("unlink", "suspend"):
        assert f"/link/{what}/" not in page


def test_earlier_and_other_links_of_the_pair_stand_beside_it_with_the_number_masked(staff: Client) -> None:
    account, contact = SeekerFactory(), ContactFactory()
    earlier = LinkFactory(account=account, contact=ContactFactory(), made_at=datetime(2026, 1, 1, tzinfo=UTC))
    rules.unlink(link=earlier, why=Why.REPLACED, now=clock.now())
    shared = LinkFactory(contact=contact, account=SeekerFactory(email="other@example.com"))
    Link.objects.filter(pk=shared.pk).update(current=False)
    stranger = LinkFactory()
    page = shown(staff, LinkFactory(account=account, contact=contact)).partition("beside")[2]
    assert address(earlier, "change") in page
    assert "took its place" in page
    assert "other@example.com" in page
    assert address(stranger, "change") not in page
    assert str(earlier.contact.phone) not in page


def test_a_button_asks_first_and_a_second_click_changes_nothing(staff: Client) -> None:
    link = LinkFactory()
    path = f"/admin/inspector_whatsapp/link/{link.pk}/link/unlink/"
    assert "Disconnect this WhatsApp?" in staff.get(path).content.decode()
    link.refresh_from_db()
    assert link.state == "active"
    assert "The link was ended." in act(staff, link, "unlink")
    told = OutboxMessage.objects.count()
    assert "nothing was changed" in act(staff, link, "unlink")
    assert OutboxMessage.objects.count() == told
    assert "nothing to do" in staff.get(path).content.decode()
    assert staff.post(path.replace("unlink", "connect")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_one_ends_it() -> None:
    link = LinkFactory()
    clients = [log_in(Client(), UserFactory(is_staff=True, is_superuser=True)) for _ in range(2)]
    pages = at_once(*[lambda client=client: act(client, link, "unlink") for client in clients])
    assert sorted("The link was ended." in page for page in pages) == [False, True]


def test_whoever_may_only_look_is_shown_no_button_and_refused_by_the_address() -> None:
    viewer = UserFactory(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_link"))
    client, link = log_in(Client(), viewer), LinkFactory()
    assert "/link/unlink/" not in shown(client, link)
    for what in ("unlink", "suspend"):
        path = f"/admin/inspector_whatsapp/link/{link.pk}/link/{what}/"
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    link.refresh_from_db()
    assert link.state == "active"


def test_a_link_can_be_made_nowhere_and_no_page_has_a_code_or_a_digest(staff: Client) -> None:
    assert staff.get("/admin/inspector_whatsapp/link/add/").status_code == 403
    for model, page in admin.site._registry.items():
        if model._meta.app_label != "linking" and model is not Link:
            continue
        names = {str(getattr(field, "__name__", field)) for field in page.fields or ()}
        names |= {str(getattr(column, "__name__", column)) for column in page.list_display}
        hidden = {
            name for name in names if any(part in name for part in ("digest", "code", "token", "proof"))
        }
        assert not hidden - {"code_expires_at"}, model


# --- a person's page --------------------------------------------------------------------------------------
def test_a_contacts_page_leads_to_its_accounts_conversation_messages_and_consent(staff: Client) -> None:
    link = LinkFactory()
    page = staff.get(address(link.contact, "change")).content.decode()
    assert address(link, "change") in page
    for path in (
        f"/admin/inspector_whatsapp/outboxmessage/?contact__id__exact={link.contact_id}",
        f"/admin/notifications/consententry/?contact__id__exact={link.contact_id}",
        f"/admin/linking/linkchallenge/?contact__id__exact={link.contact_id}",
    ):
        assert path in page
        assert staff.get(path).status_code == 200


def test_an_accounts_page_leads_to_its_whatsapp_and_to_what_is_its(staff: Client) -> None:
    link = LinkFactory()
    page = staff.get(address(link.account, "change")).content.decode()
    around = page.partition('class="around"')[2].partition("</nav>")[0]
    assert address(link, "change") in around
    assert f"•••{str(link.contact.phone)[-4:]}" in around
    inspections = f"/admin/inspector_whatsapp/inspection/?seeker__id__exact={link.account_id}"
    assert inspections in around
    assert staff.get(inspections).status_code == 200


def test_whoever_may_see_contacts_alone_is_shown_no_way_further() -> None:
    viewer = UserFactory(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_contact"))
    link = LinkFactory()
    page = log_in(Client(), viewer).get(address(Contact.objects.get(pk=link.contact_id), "change"))
    assert page.status_code == 200
    assert 'class="around"' not in page.content.decode()
    assert link.account.email not in page.content.decode()

"""Accounts at the console: who makes them, and who may give rights."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from inspector_whatsapp.models import Change, Link, Role, User
from inspector_whatsapp.models.contacts import LinkState
from tests.admin.conftest import address, log_in
from tests.factories import LinkFactory, SeekerFactory

pytestmark = pytest.mark.django_db
NEW = {
    "email": "New.Person@Example.com",
    "name": "New Person",
    "role": "agent",
    "phone": "0803 000 0042",
    "time_zone": "Africa/Lagos",
    "language": "pcm",
    "usable_password": "true",
    "password1": "a long enough password",
    "password2": "a long enough password",
}


def as_it_stands(user: User, **changed: Any) -> dict[str, Any]:
    """What the account's page posts when nothing else is touched."""
    names = ("email", "name", "role", "phone", "time_zone", "language")
    posted = {name: getattr(user, name) for name in names}
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)}
    return posted | flags | changed


@pytest.fixture
def clerk(helper: User) -> User:
    """Staff who look after accounts and are no superuser."""
    helper.user_permissions.set(
        Permission.objects.filter(codename__in=("add_user", "change_user", "view_user"))
    )
    return helper


def test_an_account_is_made_with_an_email_and_a_password(staff: Client) -> None:
    assert staff.post(address(User, "add/"), NEW).status_code == 302
    made = User.objects.get(email="new.person@example.com")
    assert (made.role, made.phone, made.language) == (Role.AGENT, "+2348030000042", "pcm")
    assert made.check_password("a long enough password")
    assert (made.is_staff, made.is_superuser) == (False, False)
    assert Change.objects.get(kind="account_added").origin == "admin"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "12"}, "no phone number"),
        ({"time_zone": "Lagos"}, "no such time zone"),
        ({"email": "ADA@inspector.example"}, "already exists"),
        ({"password2": "another password!"}, "match"),
    ],
)
def test_what_cannot_be_is_refused_in_words(staff: Client, wrong: dict[str, str], said: str) -> None:
    SeekerFactory(email="ada@inspector.example")
    answer = staff.post(address(User, "add/"), NEW | wrong)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not User.objects.filter(name="New Person").exists()


@pytest.mark.parametrize("changed", [{"email": "ada@else.example"}, {"phone": "+2348030000077"}])
def test_another_address_or_number_pauses_the_accounts_link(staff: Client, changed: dict[str, str]) -> None:
    ada = SeekerFactory(email="ada@inspector.example")
    link = LinkFactory(account=ada)
    assert staff.post(address(ada, "change"), as_it_stands(ada, **changed)).status_code == 302
    assert Link.objects.get(pk=link.pk).state == LinkState.SUSPENDED
    recorded = Change.objects.get(kind="account_changed")
    assert recorded.data == {"fields": list(changed)}
    assert recorded.actor is not None
    assert recorded.actor.email == "root@example.com"


def test_another_name_leaves_the_link_and_no_change_leaves_no_trace(staff: Client) -> None:
    ada = SeekerFactory()
    link = LinkFactory(account=ada)
    staff.post(address(ada, "change"), as_it_stands(ada))
    assert not Change.objects.exists()
    staff.post(address(ada, "change"), as_it_stands(ada, name="Ada Eze"))
    ada.refresh_from_db()
    assert ada.name == "Ada Eze"
    assert Link.objects.get(pk=link.pk).state == LinkState.ACTIVE


def test_only_superusers_give_rights(clerk: User, visitor: Client, staff: Client) -> None:
    ada = SeekerFactory()
    assert 'name="is_superuser"' not in visitor.get(address(ada, "change")).content.decode()
    wish = as_it_stands(ada, is_staff="on", is_superuser="on", name="Changed")
    assert visitor.post(address(ada, "change"), wish).status_code == 302
    ada.refresh_from_db()
    assert (ada.name, ada.is_staff, ada.is_superuser) == ("Changed", False, False)
    staff.post(address(ada, "change"), wish)
    ada.refresh_from_db()
    assert ada.is_staff


def test_nobody_but_a_superuser_changes_an_account_with_rights(
    clerk: User, visitor: Client, root: User
) -> None:
    password = root.password
    for guarded in (root, clerk):
        wish = as_it_stands(guarded, email="mine@example.com")
        assert visitor.post(address(guarded, "change"), wish).status_code == 403
        taken = {"password1": "taken over by me", "password2": "taken over by me", "usable_password": "true"}
        assert visitor.post(address(guarded, "password"), taken).status_code == 403
    root.refresh_from_db()
    assert (root.email, root.password) == ("root@example.com", password)


def test_nobody_but_a_superuser_changes_what_a_group_may_do(
    helper: User, visitor: Client, staff: Client
) -> None:
    """Or whoever is in one could give themselves every right."""
    mine = Group.objects.create(name="Mine")
    helper.groups.add(mine)
    helper.user_permissions.set(Permission.objects.filter(content_type__model="group"))
    right = Permission.objects.get(codename="erase_person")
    wish = {"name": "Mine", "permissions": [right.pk]}
    assert visitor.get(address(mine, "change")).status_code == 200
    assert visitor.post(address(mine, "change"), wish).status_code == 403
    assert visitor.post(address(Group, "add/"), wish | {"name": "Other"}).status_code == 403
    assert visitor.post(address(mine, "delete"), {"post": "yes"}).status_code == 403
    assert not mine.permissions.exists()
    assert staff.post(address(mine, "change"), wish).status_code == 302
    assert mine.permissions.get() == right


def test_a_clerk_makes_accounts_without_rights(clerk: User, visitor: Client) -> None:
    assert visitor.post(address(User, "add/"), NEW | {"is_superuser": "on"}).status_code == 302
    assert not User.objects.get(email="new.person@example.com").is_superuser


def test_accounts_are_switched_off_and_not_deleted(staff: Client) -> None:
    ada = SeekerFactory()
    assert staff.post(address(ada, "delete"), {"post": "yes"}).status_code == 403
    wish = as_it_stands(ada)
    del wish["is_active"]
    link = LinkFactory(account=ada)
    staff.post(address(ada, "change"), wish)
    ada.refresh_from_db()
    assert not ada.is_active
    assert Link.objects.get(pk=link.pk).state == LinkState.SUSPENDED


def test_a_password_is_changed_with_the_present_one_and_the_way_out_is_on_the_page(
    root: User,
) -> None:
    root.set_password("a long enough password")
    root.save()
    staff = log_in(Client(), root)
    page = staff.get("/admin/password_change/").content.decode()
    assert page.count('type="password"') == 3  # masked, and nothing keeps anybody from pasting
    assert "onpaste" not in page
    assert "/admin/logout/" in page
    wish = {"new_password1": "another long password", "new_password2": "another long password"}
    for old, changed in (("guessed", False), ("a long enough password", True)):
        staff.post("/admin/password_change/", wish | {"old_password": old})
        root.refresh_from_db()
        assert root.check_password("another long password") is changed

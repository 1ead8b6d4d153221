"""The console's groups: made by a migration as the table has them, and the admins' own from then on."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from inspector_whatsapp.console import groups
from inspector_whatsapp.models import User

pytestmark = pytest.mark.django_db


def kept(name: str) -> set[str]:
    found = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def wanted(name: str) -> set[str]:
    return {
        f"{label.partition('.')[0]}.{codename}"
        for label, codename in groups.GROUPS[name]
        if groups._name(label, codename) is not None
    }


@pytest.fixture
def as_migrated() -> None:
    """A test before may have emptied the tables with transactions of its own."""
    groups.make()


@pytest.mark.usefixtures("as_migrated")
@pytest.mark.parametrize("name", groups.GROUPS)
def test_a_migrated_database_has_what_the_table_says(name: str) -> None:
    assert kept(name) == wanted(name)


def test_each_page_of_the_console_is_in_the_table() -> None:
    """A new page: put its model in, and call `groups.give` in a migration."""
    pages = {model._meta.label for model in admin.site._registry}
    assert pages - set(groups.GROUPS[groups.AUDITOR].view) == set()


def test_the_table_holds_what_it_promises() -> None:
    rights = {name: set(table) for name, table in groups.GROUPS.items()}
    verbs = {name: {code.partition("_")[0] for _label, code in table} for name, table in rights.items()}
    assert verbs["Auditor"] == {"view", "export"}
    assert not any("delete" in found for found in verbs.values())
    assert {name for name, table in rights.items() if groups.SEE_NUMBERS in table} == {"Support"}
    assert {name for name, table in rights.items() if groups.EXPORT_LISTS in table} == {
        "Operations",
        "Auditor",
    }
    people = {(label, f"view_{label.partition('.')[2].lower()}") for label in groups.PEOPLE + groups.TALKS}
    assert not people & rights["Content"]
    audit = ("inspector_whatsapp.AuditEntry", "view_auditentry")
    assert {name for name, table in rights.items() if audit in table} == {"Auditor"}
    for table in rights.values():
        assert not {code for _label, code in table} & {
            "change_user", "add_user", "change_group", "add_group", "export_person", "erase_person",
        }  # fmt: skip


@pytest.mark.usefixtures("as_migrated")
def test_what_an_admin_changed_stays_and_a_new_page_adds_its_own() -> None:
    support = Group.objects.get(name="Support")
    support.permissions.remove(Permission.objects.get(codename="see_numbers"))
    support.permissions.remove(*Permission.objects.filter(content_type__model="feedback"))
    groups.make()
    assert "inspector_whatsapp.see_numbers" not in kept("Support")
    groups.give("inspector_whatsapp.Feedback")
    assert kept("Support") == wanted("Support") - {"inspector_whatsapp.see_numbers"}


def test_in_an_empty_database_the_migration_makes_the_permissions_as_django_would() -> None:
    Group.objects.all().delete()
    made_by_django = dict(Permission.objects.values_list("codename", "name"))
    Permission.objects.all().delete()
    past = MigrationExecutor(connection).loader.project_state(("inspector_whatsapp", "0034_groups")).apps
    for _ in range(2):
        groups.make(past)
    assert {name: kept(name) for name in groups.GROUPS} == {name: wanted(name) for name in groups.GROUPS}
    for codename, name in Permission.objects.values_list("codename", "name"):
        assert name == made_by_django[codename]


def test_who_is_in_no_group_is_told_so(visitor: Client, helper: User) -> None:
    said = visitor.get("/admin/").content.decode()
    assert "You have no rights here yet." in said
    assert "/admin/inspector_whatsapp/" not in said
    groups.make()
    helper.groups.add(Group.objects.get(name="Content"))
    said = visitor.get("/admin/").content.decode()
    assert "You have no rights here yet." not in said
    assert "/admin/inspector_whatsapp/property/" in said
    assert "/admin/inspector_whatsapp/contact/" not in said

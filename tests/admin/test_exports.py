"""Every list leaves as CSV: for those who may, with numbers for those who may see them, and noted."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import models
from django.test import Client

from inspector_whatsapp import audit, exports
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import AuditEntry, Contact, OutboxMessage, User
from tests.admin.conftest import OURS, World, address, grow
from tests.admin.test_trail import grant

pytestmark = pytest.mark.django_db


def export(client: Client, model: type[models.Model], *rows: models.Model, query: str = "") -> Any:
    """Of the chosen rows, or of all that the list shows."""
    chosen = rows or model._default_manager.all()[:1]
    form = {"action": "export", "_selected_action": [row.pk for row in chosen]}
    return client.post(f"{address(model)}{query}", form if rows else {**form, "select_across": "1"})


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer
    text = b"".join(answer).decode()
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_every_list_leaves_with_its_words_harmless(evil: World, staff: Client, root: User) -> None:
    for model in OURS:
        header, row = table(export(staff, model, evil[model]))
        assert len(header) == len(row) >= 2, model
        assert row[0].removeprefix("'") == str(evil[model].pk)
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "@", "\t", "＝")), (model, cell)
            assert not any(mark in cell for mark in ("\u202e", "<bdi", "&lt;")), (model, cell)
        entry = AuditEntry.objects.filter(act=Act.EXPORTED).latest("pk")
        assert (entry.actor, entry.page, entry.details["rows"]) == (root, model._meta.label_lower, 1)


def test_words_leave_as_they_were_written(evil: World, staff: Client) -> None:
    Contact.objects.filter(pk=evil[Contact].pk).update(profile_name='=1+1 "x", <b>\ny')
    header, row = table(export(staff, Contact, evil[Contact]))
    assert row[header.index("profile name")] == '\'=1+1 "x", <b>\ny'


def test_all_that_the_filters_leave_can_be_taken(world: World, staff: Client) -> None:
    for _ in range(3):
        grow()
    OutboxMessage.objects.filter(pk=world[OutboxMessage].pk).update(status="read")
    rows = table(export(staff, OutboxMessage, query="?status__exact=failed&q=" + "alert"))[1:]
    assert len(rows) == 3
    [entry] = AuditEntry.objects.filter(act=Act.EXPORTED)
    assert entry.details == {
        "rows": 3,
        "filters": {"status__exact": "failed"},
        "digest": audit.digest("alert"),
        "numbers": "whole",
    }


def test_of_words_typed_into_a_filter_the_audit_keeps_that_there_were_some(
    world: World, staff: Client
) -> None:
    """It is never changed, so nobody could be erased from it."""
    account = world[User]
    export(staff, User, query=f"?email={account.email}&name__exact={account.name}&role__exact=seeker")
    entry = AuditEntry.objects.get(act=Act.EXPORTED)
    assert entry.details["filters"] == {"email": "•••", "name__exact": "•••", "role__exact": "seeker"}


def test_numbers_leave_whole_only_with_whoever_may_see_them(
    world: World, visitor: Client, helper: User
) -> None:
    grant(helper, "view_contact", "export_lists")
    phone = world[Contact].phone
    header, row = table(export(visitor, Contact, world[Contact]))
    assert row[header.index("phone")] == f"•••{phone[-4:]}"
    assert AuditEntry.objects.get(act=Act.EXPORTED).details["numbers"] == "masked"
    grant(helper, "see_numbers")
    header, row = table(export(visitor, Contact, world[Contact]))
    assert row[header.index("phone")] == f"'{phone}"  # as text: a spreadsheet would count with it


def test_whoever_may_not_export_gets_no_file(world: World, visitor: Client, helper: User) -> None:
    grant(helper, "view_contact", "see_numbers")
    assert "Export as CSV" not in visitor.get(address(Contact)).content.decode()
    answer = export(visitor, Contact, world[Contact])
    assert "attachment" not in answer.get("Content-Disposition", "")
    assert not AuditEntry.objects.filter(act=Act.EXPORTED).exists()
    grant(helper, "export_lists")
    assert "Export as CSV" in visitor.get(address(Contact)).content.decode()
    assert export(visitor, User, world[User]).status_code == 403  # a list that they may not see


def test_more_than_a_file_holds_is_said_in_words_and_nothing_leaves(
    world: World, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow()
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    answer = export(staff, Contact)
    assert answer.status_code == 302
    assert "narrow the list" in staff.get(answer["Location"]).content.decode()
    assert not AuditEntry.objects.filter(act=Act.EXPORTED).exists()
    assert table(export(staff, Contact, world[Contact]))


def test_a_long_list_asks_the_database_once(
    world: World, staff: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        grow()
    with django_assert_max_num_queries(20):
        table(export(staff, OutboxMessage))

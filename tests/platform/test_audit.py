"""The audit and the log of consent: what was written once stays, whoever tries and as whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inspector_whatsapp import audit, clock, retention
from inspector_whatsapp.audit import Act
from inspector_whatsapp.models import AuditEntry, Contact
from notifications.models import ConsentEntry
from tests.conftest import NEVER_EMPTIED
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
TABLES = ("inspector_whatsapp_auditentry", "notifications_consententry")


def entry_of(days: int) -> AuditEntry:
    return AuditEntry.objects.create(at=clock.now() - timedelta(days=days), act=Act.SAW, page="home")


def consent() -> ConsentEntry:
    return ConsentEntry.objects.create(
        contact=ContactFactory(),
        scope="marketing",
        given=True,
        wording="Yes",
        channel="whatsapp",
        how="word",
        at=clock.now(),
    )


def test_an_act_names_its_row_and_its_page() -> None:
    contact, actor = ContactFactory(), UserFactory()
    of_row = audit.record(Act.REVEALED, actor=actor, subject=contact)
    of_list = audit.record(Act.EXPORTED, actor=actor, subject=Contact, rows=3)
    assert (of_row.page, of_row.object_id) == ("inspector_whatsapp.contact", str(contact.pk))
    assert (of_list.page, of_list.object_id, of_list.details) == (
        "inspector_whatsapp.contact",
        "",
        {"rows": 3},
    )


def test_nobody_changes_or_deletes_what_was_written() -> None:
    entry = audit.record(Act.SAW, actor=None, page="home")
    entries = AuditEntry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entries.update(says="nothing happened")
    with pytest.raises(DatabaseError, match="kept for 365 days"), transaction.atomic():
        entries.delete()
    assert entries.get().says == ""


def test_not_even_an_old_one_is_changed() -> None:
    entry = entry_of(4_000)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(at=clock.now())


def test_what_is_younger_than_a_year_goes_by_no_mistake() -> None:
    young, old = entry_of(364), entry_of(366)
    with pytest.raises(DatabaseError, match="kept for 365 days"), transaction.atomic():
        AuditEntry.objects.all().delete()
    AuditEntry.objects.filter(pk=old.pk).delete()
    assert list(AuditEntry.objects.all()) == [young]


@pytest.mark.parametrize("table", TABLES)
def test_neither_table_is_emptied(table: str) -> None:
    audit.record(Act.SAW, actor=None, page="home")
    consent()
    with connection.cursor() as cursor:
        # Elsewhere the tests need it off: see tests/conftest.py. What waits to be checked hinders it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(NEVER_EMPTIED)
        for guarded, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {guarded} ENABLE TRIGGER {trigger}")
        with pytest.raises(DatabaseError, match=r"never (emptied|changed)"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
    assert AuditEntry.objects.exists()
    assert ConsentEntry.objects.exists()


def test_the_retention_deletes_what_is_two_years_old(settings: Any) -> None:
    ages = {days: entry_of(days) for days in (800, 731, 729, 400, 1)}
    assert retention.run()["the audit"] == 2
    assert set(AuditEntry.objects.all()) == {ages[729], ages[400], ages[1]}
    settings.RETENTION_AUDIT_DAYS = 365
    assert retention.run()["the audit"] == 2
    assert set(AuditEntry.objects.all()) == {ages[1]}

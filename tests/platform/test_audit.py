"""The audit and the log of consent: what was written once stays, whoever tries and as whom."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings as project
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from django.test import Client
from psycopg import sql

from inspector_whatsapp import audit, clock, inspections, retention
from inspector_whatsapp.audit import Act
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import AuditEntry, Contact, OutboxMessage, User
from notifications.models import ConsentEntry
from tests.admin.conftest import log_in
from tests.bot import world
from tests.bot.phone import Phone, deliver_mail
from tests.conftest import NEVER_EMPTIED
from tests.factories import ContactFactory, SeekerFactory, SlotFactory, UserFactory

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


# --- as the role that owns nothing ------------------------------------------------------------------------
def documented(role: str) -> list[str]:
    """The statements of docs/operating.md, for a role of that name."""
    page = (project.BASE_DIR / "docs" / "operating.md").read_text()
    part = page.partition("## A role of its own")[2].partition("\n## ")[0]
    found = "\n".join(re.findall(r"```sql\n(.*?)```", part, re.DOTALL))
    found = re.sub(r"--.*", "", found).replace("inspector_app", role)
    return [statement.strip() for statement in found.split(";") if statement.strip()]


@pytest.fixture
def role(transactional_db: None) -> Iterator[str]:
    """The role that docs/operating.md makes; one per database, as a server's roles are shared by all."""
    name = f"app_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP ROLE IF EXISTS "{name}"')
        for statement in documented(f'"{name}"'):
            cursor.execute(statement)
    yield name
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f'DROP OWNED BY "{name}"')
        cursor.execute(f'DROP ROLE "{name}"')


@pytest.fixture
def as_role(role: str) -> Iterator[Callable[[str], Any]]:
    """Runs SQL on a connection of the role's own; what PostgreSQL says to it."""
    here = connection.settings_dict
    with psycopg.connect(
        host=here["HOST"],
        port=here["PORT"],
        dbname=here["NAME"],
        user=role,
        password="change me",
        autocommit=True,
    ) as own:

        def run(statement: str) -> Any:
            return own.execute(sql.SQL(statement))  # type: ignore[arg-type]

        yield run


INSERT = """
    INSERT INTO inspector_whatsapp_auditentry (at, act, page, object_id, says, details)
    VALUES (now(), 'saw', 'home', '', '', '{}')
"""


def test_the_apps_role_appends_to_the_audit_and_can_do_nothing_else_to_it(
    as_role: Callable[[str], Any],
) -> None:
    as_role(INSERT)
    consent()
    audit_table, consent_table = TABLES
    trigger = AuditEntry._meta.triggers[0].get_pgid(AuditEntry)  # type: ignore[attr-defined]
    for statement in (
        f"UPDATE {audit_table} SET says = 'nothing happened'",
        f"UPDATE {audit_table} SET at = at - interval '10 years'",
        f"SELECT * FROM {audit_table} FOR UPDATE",
        f"TRUNCATE {audit_table}",
        f"DROP TRIGGER {trigger} ON {audit_table}",
        f"ALTER TABLE {audit_table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {audit_table} DISABLE TRIGGER {trigger}",
        f"ALTER TABLE {audit_table} OWNER TO current_user",
        f"DROP TABLE {audit_table}",
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "SET session_replication_role = replica",
        "CREATE TABLE elsewhere (id int)",
        f"GRANT ALL ON {audit_table} TO current_user",
        f"UPDATE {consent_table} SET given = false",
        f"DELETE FROM {consent_table}",
        f"TRUNCATE {consent_table}",
        "INSERT INTO inspector_whatsapp_clockoffset (id, \"offset\") VALUES (1, interval '9 years')",
        "UPDATE inspector_whatsapp_clockoffset SET \"offset\" = interval '9 years'",
        "DELETE FROM django_migrations",
    ):
        if statement.startswith("GRANT"):
            # PostgreSQL only warns: there is nothing that it could give away.
            as_role(statement)
            continue
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(statement)
    with pytest.raises(psycopg.errors.RestrictViolation, match="kept for 365 days"):
        as_role(f"DELETE FROM {audit_table}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role(f"UPDATE {audit_table} SET says = 'nothing happened'")
    assert AuditEntry.objects.get().says == ""
    as_role(f"UPDATE {consent_table} SET contact_id = NULL")  # whose it was may be taken out


def test_the_service_works_as_that_role(role: str) -> None:
    world.build()
    phone = Phone(world.linked("ada@inspector.example"))
    seeker, slot = SeekerFactory(), SlotFactory()
    root = User.objects.create(
        email="root@example.com", password=make_password("a long password"), is_staff=True, is_superuser=True
    )
    old = entry_of(731)
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')
    assert phone.says("menu")
    assert phone.says("stop")  # consent is kept
    assert ConsentEntry.objects.exists()
    inspections.book(seeker=seeker, slot=slot, origin=Origin.API)
    assert deliver_mail(), list(OutboxMessage.objects.values_list("kind", "channel", "status", "reason"))
    client = log_in(Client(), root)
    message = OutboxMessage.objects.latest("pk")
    page = f"/admin/inspector_whatsapp/outboxmessage/{message.pk}/change/"
    assert client.get(page).status_code == 200
    assert AuditEntry.objects.filter(actor=root, object_id=str(message.pk)).exists()
    retention.run()
    assert not AuditEntry.objects.filter(pk=old.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (role,)

"""The service as a role that owns nothing: docs/operating.md makes it, and here it is tried."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pgtrigger
import psycopg
import pytest
from django.conf import settings as project
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from psycopg import sql

from inspector_whatsapp import clock, inspections, retention
from inspector_whatsapp.audit import Act
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import AuditEntry, OutboxMessage, User
from inspector_whatsapp.privacy import erasing
from notifications.models import ConsentEntry
from tests.admin.conftest import log_in
from tests.bot import world
from tests.bot.phone import Phone, deliver_mail
from tests.factories import ContactFactory, SeekerFactory, SlotFactory

pytestmark = pytest.mark.django_db(transaction=True)
AUDIT, CONSENT = "inspector_whatsapp_auditentry", "notifications_consententry"


def documented(role: str) -> list[str]:
    """The statements of docs/operating.md, for a role of that name."""
    page = (project.BASE_DIR / "docs" / "operating.md").read_text()
    part = page.partition("## A role of its own")[2].partition("\n## ")[0]
    found = "\n".join(re.findall(r"```sql\n(.*?)```", part, re.DOTALL))
    found = re.sub(r"--.*", "", found).replace("inspector_app", role)
    return [statement.strip() for statement in found.split(";") if statement.strip()]


@pytest.fixture
def role(db: None) -> Iterator[str]:
    """The role that docs/operating.md makes; one per database, as a server's roles are shared by all."""
    name = f"app_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is not None:  # of a run that was killed
            _drop(name)
        for statement in documented(f'"{name}"'):
            cursor.execute(statement)
    yield name
    _drop(name)


def _drop(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f'DROP OWNED BY "{role}"')
        cursor.execute(f'DROP ROLE "{role}"')


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
            return own.execute(sql.SQL(statement))

        yield run


INSERT = """
    INSERT INTO inspector_whatsapp_auditentry (at, act, page, object_id, says, details)
    VALUES (now(), 'saw', 'home', '', '', '{}')
"""


def test_the_apps_role_appends_to_the_audit_and_does_nothing_else_to_it(
    as_role: Callable[[str], Any],
) -> None:
    as_role(INSERT)
    ConsentEntry.objects.create(
        contact=ContactFactory(),
        scope="marketing",
        given=True,
        channel="whatsapp",
        how="word",
        at=clock.now(),
    )
    trigger = pgtrigger.registered("inspector_whatsapp.AuditEntry:append_only")[0][1].get_pgid(AuditEntry())
    for statement in (
        f"UPDATE {AUDIT} SET says = 'nothing happened'",
        f"UPDATE {AUDIT} SET at = at - interval '10 years'",
        f"SELECT * FROM {AUDIT} FOR UPDATE",
        f"TRUNCATE {AUDIT}",
        f"DROP TRIGGER {trigger} ON {AUDIT}",
        f"ALTER TABLE {AUDIT} DISABLE TRIGGER ALL",
        f"ALTER TABLE {AUDIT} DISABLE TRIGGER {trigger}",
        f"ALTER TABLE {AUDIT} OWNER TO current_user",
        f"DROP TABLE {AUDIT}",
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "SET session_replication_role = replica",
        "CREATE TABLE elsewhere (id int)",
        f"GRANT ALL ON {AUDIT} TO current_user",
        f"UPDATE {CONSENT} SET given = false",
        f"DELETE FROM {CONSENT}",
        f"TRUNCATE {CONSENT}",
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
        as_role(f"DELETE FROM {AUDIT}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role(f"UPDATE {AUDIT} SET says = 'nothing happened'")
    assert AuditEntry.objects.get().says == ""
    as_role(f"UPDATE {CONSENT} SET contact_id = NULL")  # whose it was may be taken out


def test_no_word_of_a_session_opens_the_audit(as_role: Callable[[str], Any]) -> None:
    """Neither pgtrigger's own way around its triggers, nor another clock."""
    as_role(INSERT)
    trigger = pgtrigger.registered("inspector_whatsapp.AuditEntry:append_only")[0][1].get_pgid(AuditEntry())
    as_role(f"SET pgtrigger.ignore = '{{{trigger},{AUDIT}:{trigger}}}'")
    with pytest.raises(psycopg.errors.RestrictViolation, match="kept for 365 days"):
        as_role(f"DELETE FROM {AUDIT}")
    as_role('CREATE TEMP TABLE inspector_whatsapp_clockoffset (id int, "offset" interval)')
    as_role("INSERT INTO pg_temp.inspector_whatsapp_clockoffset VALUES (1, interval '9 years')")
    with pytest.raises(psycopg.errors.RestrictViolation, match="kept for 365 days"):
        as_role(f"DELETE FROM {AUDIT}")
    assert AuditEntry.objects.exists()


def test_somebody_is_erased_by_that_role(role: str) -> None:
    account, root = SeekerFactory(), SeekerFactory(is_staff=True)
    consent = ConsentEntry.objects.create(
        account=account,
        scope="marketing",
        given=True,
        channel="whatsapp",
        how="word",
        evidence="wamid.HBgNMjM0",
        at=clock.now(),
    )
    erasure = erasing.ask(account=account, by=root)
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')
    assert erasing.run(erasure)
    consent.refresh_from_db()
    assert consent.account is None
    assert consent.evidence.startswith("erased:")


def test_the_service_works_as_that_role(role: str) -> None:
    world.build()
    phone = Phone(world.linked("ada@inspector.example"))
    seeker, slot = SeekerFactory(), SlotFactory()
    root = User.objects.create(
        email="root@example.com", password=make_password("a long password"), is_staff=True, is_superuser=True
    )
    old = AuditEntry.objects.create(at=clock.now() - timedelta(days=731), act=Act.SAW, page="home")
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')
    assert phone.says("menu")
    assert phone.says("stop")  # consent is kept
    assert ConsentEntry.objects.exists()
    inspection = inspections.book(seeker=seeker, slot=slot, origin=Origin.API)
    inspections.cancel(inspection=inspection, actor=None, origin=Origin.API)
    assert deliver_mail()
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

"""The long lists of the console, with ten thousand rows in each."""

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bot.models import Conversation, InboundEvent
from inspector_whatsapp.models import Change, Contact, OutboxMessage, User
from tests.admin.conftest import World, address
from tests.admin.test_every_page import MOST_QUERIES

pytestmark = pytest.mark.django_db
ROWS = 10_000


def copies(row: models.Model, **instead: str) -> str:
    """A statement that copies a row ten thousand times, with other values in some columns."""
    table = row._meta.db_table
    kept = {field.column for field in row._meta.fields if field.column} - {"id"}
    chosen = ", ".join(sorted(kept))
    values = ", ".join(instead.get(column, column) for column in sorted(kept))
    return (
        f"INSERT INTO {table} ({chosen}) SELECT {values} "
        f"FROM {table}, generate_series(1, {ROWS}) n WHERE {table}.id = {row.pk}"
    )


@pytest.fixture
def many(world: World) -> World:
    with connection.cursor() as cursor:
        cursor.execute(
            copies(
                world[User],
                email="'many' || n || '@example.com'",
                phone="'+234801' || lpad(n::text, 7, '0')",
                platform_id="NULL",
                is_staff="false",
            )
        )
        contact = {"phone": "'+234801' || lpad(n::text, 7, '0')", "user_id": "'NG.many' || n"}
        cursor.execute(copies(world[Contact], **contact))
        each = "(SELECT id FROM inspector_whatsapp_contact WHERE user_id = 'NG.many' || n)"
        cursor.execute(copies(world[Conversation], contact_id=each))
        cursor.execute(
            copies(world[InboundEvent], contact_id=each, key="'many' || n", provider_id="'wamid.many' || n")
        )
        cursor.execute(copies(world[OutboxMessage], contact_id=each, key="NULL", provider_id="NULL"))
        cursor.execute(copies(world[Change], xid="xid"))
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself, where somebody lets go of what they wrote
    return world


def test_a_page_of_ten_thousand_rows_asks_as_little_as_one_of_ten(many: World, staff: Client) -> None:
    for model in (User, Contact, Conversation, InboundEvent, OutboxMessage, Change):
        assert model._default_manager.count() > ROWS
        staff.get(address(model))  # the first also looks up content types
        for query in ({}, {"q": "Person"}, {"p": "50"}):
            with CaptureQueriesContext(connection) as asked:
                page = staff.get(address(model), query)
            assert page.status_code == 200
            statements = [statement["sql"][:200] for statement in asked]
            # A search looks in the tables of both sides, and is noted.
            most = MOST_QUERIES + 6 if "q" in query else MOST_QUERIES
            assert len(statements) <= most, (model, query, statements)

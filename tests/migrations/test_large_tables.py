"""A migration keeps nobody waiting, however many rows there are, and leaves the release before what that needs.

By squawk, which reads the SQL of migrations. Those that the first release begins with may do as they like:
nobody worked with the tables that they changed.
"""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Q

from inspector_whatsapp.models import Contact

pytestmark = pytest.mark.django_db

FIRST_RELEASE = {"bot": 9, "inspector_whatsapp": 36, "linking": 2, "notifications": 17}

# By squawk's rules. What these name holds a lock for as long as a table is read or written anew, or breaks
# what the release before does meanwhile.
INSTEAD = {
    "adding-field-with-default": "give it a default that is the same for all rows; fill what differs in batches",
    "adding-foreign-key-constraint": "add the field with db_constraint=False, then the constraint by RunSQL, NOT "
    "VALID, and VALIDATE it in a migration of its own",
    "adding-not-nullable-field": "AddConstraintNotValid of a check that it is not null, ValidateConstraint in a "
    "migration of its own, and this in a third",
    "ban-drop-default": "give the field a db_default, too: the release before writes rows without it",
    "changing-column-type": "add another field, fill it in batches, and read it from the release after on",
    "constraint-missing-not-valid": "AddConstraintNotValid, and ValidateConstraint in a migration of its own",
    "disallowed-unique-constraint": "a UNIQUE INDEX CONCURRENTLY by RunSQL, then the constraint USING that INDEX",
    "renaming-column": "keep its name by db_column",
    "renaming-table": "keep its name by db_table",
    "require-concurrent-index-creation": "AddIndexConcurrently in a migration with atomic = False",
    "require-concurrent-index-deletion": "RemoveIndexConcurrently in a migration with atomic = False",
}


def refused(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """What of a migration must not be done so, each with what to do instead."""
    apart = connection.copy()  # in no transaction, as this test is: an index by itself would refuse
    with closing(apart), apart.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(before, editor, collect_sql=True)
        statements = "\n".join(str(each) for each in editor.collected_sql)
    asked = [str(Path(sys.executable).with_name("squawk")), "--reporter", "json", "--pg-version", "15"]
    asked += ["--assume-in-transaction"] if migration.atomic else []
    found = subprocess.run(asked, input=statements, capture_output=True, text=True, check=False)
    assert found.returncode in (0, 1), found.stderr
    return [
        f"{migration.app_label}.{migration.name}: {each['rule_name']}: {INSTEAD[each['rule_name']]}"
        for each in json.loads(found.stdout)
        if each["rule_name"] in INSTEAD
    ]


def test_no_migration_locks_a_large_table_for_long() -> None:
    loader = MigrationLoader(connection, replace_migrations=False)
    newer = [
        (app, name)
        for app, name in loader.disk_migrations
        if app in FIRST_RELEASE and int(name[:4]) > FIRST_RELEASE[app]
    ]
    assert [
        sentence
        for each in newer
        for sentence in refused(loader.get_migration(*each), loader.project_state(each, at_end=False))
    ] == []


def one(*operations: Operation, atomic: bool = True) -> migrations.Migration:
    migration = migrations.Migration("9999_one", "inspector_whatsapp")
    migration.operations, migration.atomic = list(operations), atomic
    return migration


def added(name: str, field: "models.Field[Any, Any]") -> Operation:
    return migrations.AddField("outboxmessage", name, field)


def altered(name: str, field: "models.Field[Any, Any]") -> Operation:
    return migrations.AlterField("outboxmessage", name, field)


NAMED = models.CheckConstraint(condition=~Q(lane=""), name="named")
ONE_EACH = models.UniqueConstraint(fields=["lane"], name="one_each")
BY_LANE = models.Index(fields=["lane"], name="by_lane")
BAD = {
    "adding-field-with-default": added("token", models.UUIDField(db_default=RandomUUID())),
    "adding-foreign-key-constraint": added("by", models.ForeignKey(Contact, models.CASCADE, null=True)),
    "adding-not-nullable-field": altered("expires_at", models.DateTimeField()),
    "ban-drop-default": added("rank", models.IntegerField(default=0)),
    "changing-column-type": altered("error_code", models.BigIntegerField(null=True)),
    "constraint-missing-not-valid": migrations.AddConstraint("outboxmessage", NAMED),
    "disallowed-unique-constraint": migrations.AddConstraint("outboxmessage", ONE_EACH),
    "renaming-column": migrations.RenameField("outboxmessage", "text", "words"),
    "renaming-table": migrations.AlterModelTable("outboxmessage", "outbox"),
    "require-concurrent-index-creation": migrations.AddIndex("outboxmessage", BY_LANE),
    "require-concurrent-index-deletion": migrations.RemoveIndex("outboxmessage", "outbox_next"),
}
GOOD = {
    "a column": one(added("rank", models.IntegerField(db_default=0))),
    "a table": one(
        migrations.CreateModel(
            "Badge", [("id", models.BigAutoField(primary_key=True)), ("lane", models.TextField())]
        ),
        migrations.AddIndex("badge", BY_LANE),
    ),
    "an index": one(AddIndexConcurrently("outboxmessage", BY_LANE), atomic=False),
    "a constraint": one(AddConstraintNotValid("outboxmessage", NAMED)),
}


@pytest.mark.parametrize("rule", BAD)
def test_what_locks_for_long_is_refused_with_what_to_do_instead(rule: str) -> None:
    sentences = refused(one(BAD[rule]), MigrationLoader(connection).project_state())
    assert f"inspector_whatsapp.9999_one: {rule}: {INSTEAD[rule]}" in sentences


@pytest.mark.parametrize("way", GOOD)
def test_what_is_to_be_done_instead_is_not_refused(way: str) -> None:
    assert refused(GOOD[way], MigrationLoader(connection).project_state()) == []

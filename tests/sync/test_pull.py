"""What only the reading of Inspector's views has to do."""

from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from inspector_whatsapp import clock, sync, tasks
from inspector_whatsapp.models import Incident, OutboxMessage, Property, User, Watermark
from inspector_whatsapp.privacy import erasing
from inspector_whatsapp.sync import views
from tests.sync import rows
from tests.sync.rows import account, everybody, home
from tests.sync.ways import ROOT, Pull, id_of

pytest_plugins = ("tests.sync.fixtures",)
pytestmark = pytest.mark.django_db


def at_inspector(pull: Pull, statement: str, *values: Any) -> None:
    with psycopg.connect(pull.url, autocommit=True) as theirs:
        theirs.execute(statement, values)


def checked(*arguments: str) -> tuple[list[str], bool]:
    """What the command says, and whether it is content."""
    out = StringIO()
    try:
        call_command("check_inspector", *arguments, stdout=out)
    except CommandError:
        return out.getvalue().splitlines(), False
    return out.getvalue().splitlines(), True


def test_without_the_setting_nothing_is_read(settings: Settings) -> None:
    settings.INSPECTOR_DATABASE_URL = ""
    assert sync.pull() == {}
    assert sync.compare_and_report() == {}
    assert checked() == (["INSPECTOR_DATABASE_URL is not set: there is nothing to read."], False)


def test_the_first_reading_is_quiet_and_the_next_is_not(pull: Pull) -> None:
    everybody(pull)
    OutboxMessage.objects.all().delete()
    Watermark.objects.filter(view="interests").delete()
    pull.send("interests", rows.interest())
    assert not OutboxMessage.objects.exists()
    pull.send("interests", rows.interest(version=2, deleted=True))
    pull.send("interests", rows.interest(version=3))
    assert {message.kind for message in OutboxMessage.objects.all()} == {"interest_shown"}


def test_only_what_changed_is_read_again(pull: Pull) -> None:
    everybody(pull)
    mark = clock.now() + sync.pulling.OVERLAP + timedelta(minutes=1)
    Watermark.objects.all().update(changed_at=mark)
    User.objects.filter(platform_id=id_of("ada")).update(version=0, name="Somebody")
    assert set(sync.pull().values()) == {0}
    assert account("ada").name == "Somebody"


def test_many_rows_of_one_moment_are_read_page_by_page(pull: Pull) -> None:
    at_inspector(
        pull,
        "INSERT INTO members (uid, mail, kind, touched)"
        " SELECT gen_random_uuid(), 'p' || n || '@inspector.example', 'tenant', now()"
        " FROM generate_series(1, 2500) AS n",
    )
    assert sync.pull()["users"] == 2500
    assert User.objects.count() == 2500
    assert sync.pull()["users"] == 0


def test_trouble_is_an_incident_until_it_works_again(pull: Pull, settings: Settings) -> None:
    settings.INSPECTOR_DATABASE_URL = "postgres://nobody@127.0.0.1:9/nothing"
    assert sync.pull() == {}
    assert sync.pull() == {}
    assert Incident.objects.get(kind="sync_failing", closed_at=None).times == 2
    settings.INSPECTOR_DATABASE_URL = pull.url
    sync.pull()
    assert not Incident.objects.filter(kind="sync_failing", closed_at=None).exists()


def test_a_view_that_is_missing_is_trouble(pull: Pull) -> None:
    at_inspector(pull, "ALTER VIEW inspector_whatsapp_slots RENAME TO elsewhere")
    try:
        sync.pull()
        assert Incident.objects.filter(kind="sync_failing", closed_at=None).exists()
        said, content = checked()
    finally:
        at_inspector(pull, "ALTER VIEW elsewhere RENAME TO inspector_whatsapp_slots")
    assert said == ["inspector_whatsapp_slots: the view is missing, or this user may not read it."]
    assert not content


def test_rows_that_were_refused_are_named_and_read_again_until_they_fit(pull: Pull) -> None:
    everybody(pull)
    pull.send("properties", rows.property("castle", kind="castle"))
    incident = Incident.objects.get(kind="sync_refused")
    assert id_of("castle") in incident.sentence
    assert "kind" in incident.sentence
    Watermark.objects.all().update(changed_at=clock.now() + timedelta(hours=1))
    assert not Property.objects.filter(platform_id=id_of("castle")).exists()
    at_inspector(pull, "UPDATE listings SET category = 'duplex' WHERE category = 'castle'")
    sync.pull()
    assert Property.objects.get(platform_id=id_of("castle")).kind == "duplex"
    incident.refresh_from_db()
    assert incident.closed_at is not None


def test_nothing_can_be_written_over_there(pull: Pull) -> None:
    with views.connected() as theirs, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        theirs.execute("DELETE FROM members")


def test_the_views_of_the_documents_are_all_right(pull: Pull) -> None:
    everybody(pull)
    pull.send("inspections", rows.inspection())
    assert checked() == (["All is well."], True)


def test_what_is_missing_or_of_the_wrong_type_is_said_column_by_column(pull: Pull) -> None:
    view = "inspector_whatsapp_interests"
    at_inspector(pull, f"ALTER VIEW {view} RENAME TO kept")
    try:
        at_inspector(
            pull,
            f"CREATE VIEW {view} AS SELECT id, version::numeric AS version, seeker, deleted,"
            " changed_at AT TIME ZONE 'UTC' AS changed_at, 'red' AS colour FROM kept",
        )
        said, content = checked()
    finally:
        at_inspector(pull, f"DROP VIEW IF EXISTS {view}")
        at_inspector(pull, f"ALTER VIEW kept RENAME TO {view}")
    assert sorted(said) == [
        f"{view}.changed_at: it is timestamp without time zone, and must be timestamp with time zone.",
        f"{view}.colour: there is no such field; it is not read.",
        f"{view}.property: the column is missing.",
        f"{view}.version: it is numeric, and must be bigint, integer or smallint.",
    ]
    assert not content


def test_rows_that_nobody_says_when_they_changed_are_said_and_compared(pull: Pull) -> None:
    """As where a column of updates is empty until the first one."""
    everybody(pull)
    view = "inspector_whatsapp_slots"
    columns = "version, property, inspector, starts_at, ends_at, capacity, state"
    at_inspector(pull, f"ALTER VIEW {view} RENAME TO kept")
    try:
        at_inspector(
            pull,
            f"CREATE VIEW {view} AS SELECT id::text, {columns}, changed_at FROM kept"
            f" UNION ALL SELECT 'never', {columns}, NULL FROM kept"
            f" UNION ALL SELECT NULL, {columns}, NULL FROM kept",
        )
        sync.pull()
        said, content = checked()
        found = {one.kind: one for one in sync.compare()}
    finally:
        at_inspector(pull, f"DROP VIEW IF EXISTS {view}")
        at_inspector(pull, f"ALTER VIEW kept RENAME TO {view}")
    assert f"{view}.id: it is null in some rows, which are never read." in said
    assert f"{view}.changed_at: it is null in some rows, which are never read." in said
    assert not content
    assert found["slots"].missing_here == ("never",)


def test_values_that_would_be_refused_are_said(pull: Pull) -> None:
    everybody(pull)
    at_inspector(pull, "UPDATE members SET kind = 'landlord' WHERE mail = 'ada@inspector.example'")
    said, content = checked()
    assert len(said) == 1
    assert said[0].startswith("inspector_whatsapp_users.role: It must be one of: seeker, agent")
    assert not content


def test_rows_that_do_not_fit_in_themselves_are_said_before_they_are_read(
    pull: Pull, settings: Settings
) -> None:
    """A photo at another host, and a slot that ends when it begins; also where no property is here yet."""
    settings.INSPECTOR_PHOTO_HOSTS = ["photos.inspector.example"]
    everybody(pull)
    photo = {"version": 1, "property": id_of("home"), "position": 0}
    pull.send(
        "photos",
        {**photo, "id": id_of("front"), "url": "https://photos.inspector.example/1.jpg"},
        {**photo, "id": id_of("kitchen"), "url": "https://elsewhere.example/1.jpg"},
        {**photo, "id": id_of("gone"), "url": "https://elsewhere.example/1.jpg", "deleted": True},
    )
    at_inspector(pull, "UPDATE openings SET minutes = 0")
    Watermark.objects.all().delete()
    Property.objects.all().update(platform_id=None)
    said, content = checked()
    assert [line.split(":")[0] for line in said] == [
        "inspector_whatsapp_photos.url",
        "inspector_whatsapp_slots.ends_at",
    ]
    assert f"(row {id_of('kitchen')})" in said[0]
    assert not content


def test_the_first_thousand_rows_are_tried(pull: Pull) -> None:
    at_inspector(
        pull,
        "INSERT INTO members (uid, mail, kind, touched)"
        " SELECT gen_random_uuid(), 'p' || n || '@inspector.example',"
        " CASE n WHEN 900 THEN 'landlord' ELSE 'tenant' END, now() + n * interval '1 ms'"
        " FROM generate_series(1, 1500) AS n",
    )
    said, _content = checked()
    assert [line.split(":")[0] for line in said] == ["inspector_whatsapp_users.role"]


def test_a_row_that_was_refused_is_tried_wherever_it_stands(pull: Pull) -> None:
    at_inspector(
        pull,
        "INSERT INTO members (uid, mail, kind, touched)"
        " SELECT gen_random_uuid(), 'p' || n || '@inspector.example',"
        " CASE n WHEN 1400 THEN 'landlord' ELSE 'tenant' END, now() + n * interval '1 ms'"
        " FROM generate_series(1, 1500) AS n",
    )
    assert sync.pull()["users"] == 1499
    said, _content = checked()
    assert [line.split(":")[0] for line in said] == ["inspector_whatsapp_users.role"]


def test_what_the_last_reading_refused_is_said_too(pull: Pull) -> None:
    """Whatever the reason: here an agent who is not there."""
    everybody(pull)
    pull.send("properties", rows.property("stray", agent=id_of("late")))
    said, content = checked()
    assert said == [
        f"inspector_whatsapp_properties: the last reading refused 1 ({id_of('stray')});"
        " see the incident sync_refused."
    ]
    assert not content
    pull.send("users", rows.user("late", "agent"))
    assert checked() == (["All is well."], True)


def test_a_view_that_may_not_be_read_is_a_line_and_the_others_are_checked(
    pull: Pull, settings: Settings
) -> None:
    everybody(pull)
    pull.send("inspections", rows.inspection())
    at_inspector(pull, "UPDATE members SET kind = 'landlord' WHERE mail = 'ada@inspector.example'")
    at_inspector(pull, "UPDATE visits SET status = 'dreamt of'")
    reader = f"reader_of_{pull.url.rpartition('/')[2]}"
    at_inspector(pull, f"CREATE ROLE {reader}")
    try:
        at_inspector(pull, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
        at_inspector(pull, f"REVOKE SELECT ON inspector_whatsapp_photos FROM {reader}")
        settings.INSPECTOR_DATABASE_URL = f"{pull.url}?options=-c%20role%3D{reader}"
        said, content = checked()
    finally:
        at_inspector(pull, f"DROP OWNED BY {reader}")
        at_inspector(pull, f"DROP ROLE {reader}")
    assert [line.split(":")[0] for line in said] == [
        "inspector_whatsapp_users.role",
        "inspector_whatsapp_photos",
        "inspector_whatsapp_inspections.state",
    ]
    assert said[1] == (
        "inspector_whatsapp_photos: it cannot be read: permission denied for view inspector_whatsapp_photos"
    )
    assert not content


def test_a_database_that_is_not_there_is_said(settings: Settings) -> None:
    settings.INSPECTOR_DATABASE_URL = "postgres://nobody@127.0.0.1:9/nothing"
    said, content = checked()
    assert said[0].startswith("The database cannot be read:")
    assert not content
    with pytest.raises(psycopg.OperationalError):
        sync.compare()


def test_the_comparison_lists_what_differs(pull: Pull) -> None:
    everybody(pull)
    at_inspector(pull, "UPDATE listings SET touched = now() - interval '1 hour', price_kobo = 5")
    at_inspector(pull, "UPDATE members SET touched = now() - interval '1 hour'")
    at_inspector(pull, "DELETE FROM openings")
    User.objects.filter(platform_id=id_of("ife")).update(platform_id=None)
    found = {one.kind: one for one in sync.compare()}
    assert found["users"].missing_here == (id_of("ife"),)
    assert found["properties"].different == (f"{id_of('home')} (price)",)
    assert found["slots"].missing_there == (id_of("ten"),)
    said, content = checked("--compare")
    assert f"slots: 1 missing at Inspector ({id_of('ten')})." in said
    assert not content

    assert sync.compare_and_report()["properties"] == 1
    assert Incident.objects.filter(kind="sync_differs", closed_at=None).count() == 3
    Property.objects.filter(pk=home().pk).update(price="0.05")
    sync.compare_and_report()
    assert not Incident.objects.filter(kind="sync_differs", key="properties", closed_at=None).exists()


def test_whoever_was_erased_is_empty_here_and_no_difference(pull: Pull) -> None:
    everybody(pull)
    for table in ("members", "listings", "openings"):
        at_inspector(pull, f"UPDATE {table} SET touched = now() - interval '1 hour'")
    seeker = User.objects.get(platform_id=id_of("ada"))
    boss = User.objects.create_superuser("boss@example.com")
    erasing.ask(account=seeker, by=boss)
    assert erasing.run_all() == 1
    assert not any(one.rows for one in sync.compare())
    Watermark.objects.all().delete()  # everything is read once more
    sync.pull()
    seeker.refresh_from_db()
    assert (seeker.name, seeker.phone, seeker.is_active) == ("", "", False)
    at_inspector(pull, "UPDATE members SET full_name = 'New Name', touched = now() + interval '1 second'")
    sync.pull()
    seeker.refresh_from_db()
    assert seeker.name == "New Name"


def test_what_has_just_changed_is_no_difference_yet(pull: Pull) -> None:
    everybody(pull)
    at_inspector(pull, "UPDATE listings SET price_kobo = 5")
    assert not any(one.rows for one in sync.compare())


@pytest.mark.django_db(transaction=True)
def test_the_schedules_do_it(pull: Pull) -> None:
    everybody(pull)
    at_inspector(pull, "UPDATE members SET full_name = 'Ada Obi', touched = now() + interval '1 second'")
    assert tasks.pull_inspector()["users"] == 4
    assert tasks.compare_inspector() == dict.fromkeys(sync.KINDS, 0)
    assert tasks.fetch_photos() == {"photos fetched": 0}


def test_the_documents_list_every_field() -> None:
    said, _content = checked("--fields")
    assert "\n".join(said).strip() in (ROOT / "docs" / "integrating.md").read_text()

"""The feed skips nothing and repeats nothing, whatever commits when."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.db.models import Max
from pytest_django import DjangoAssertNumQueries

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.gateway import events, feed
from inspector_whatsapp.models import Change, Property
from tests.api.inspector import person, service
from tests.at_once import at_once
from tests.factories import PropertyFactory, UserFactory

pytest_plugins = ("tests.gateway.fixtures", "tests.api.fixtures")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_clock")]

ADDRESS = "/api/v1/changes"


def happens(property: Property, word: str, kind: str = "availability_changed") -> Change:
    return changes.record(kind, property, actor=None, origin=Origin.SYNC, before="live", after=word)


def words(page: feed.Page) -> list[str]:
    return [change.data["after"] for change in page.changes]


def others_end() -> None:
    """Other tests use this server at the same time: what is under way there ends before we look."""
    last = Change.objects.aggregate(last=Max("xid"))["last"] or 0
    until = time.monotonic() + 900
    while feed._under_way()[0] <= last and time.monotonic() < until:
        time.sleep(0.05)


def read(cursor: str = "", *, limit: int = 10) -> feed.Page:
    others_end()
    return feed.after(cursor, limit=limit)


def test_what_is_committed_late_is_not_skipped() -> None:
    property = PropertyFactory()
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> str:
        with transaction.atomic():
            happens(property, "slow")
            written.set()
            assert go_on.wait(300)
        return ""

    def meanwhile() -> str:
        assert written.wait(300)
        happens(property, "fast")  # a higher number, and seen before the other
        seen = feed.after("", limit=10)
        assert words(seen) == []  # not yet: something older is under way
        go_on.set()
        return seen.cursor

    _, cursor = at_once(slowly, meanwhile)
    page = read(cursor)
    assert words(page) == ["slow", "fast"]
    assert words(read(page.cursor)) == []


def test_a_reader_among_many_writers_gets_everything_once_and_in_order() -> None:
    property = PropertyFactory()
    writers, each = 6, 25
    over = threading.Event()

    def write(writer: int) -> list[str]:
        for number in range(each):
            with transaction.atomic():
                happens(property, f"{writer}.{number}")
        return []

    def follow() -> list[str]:
        got: list[str] = []
        cursor = ""
        while True:
            ended = over.is_set()
            page = read(cursor, limit=7) if ended else feed.after(cursor, limit=7)
            got += words(page)
            cursor = page.cursor
            if ended and not page.changes:
                return got

    reading: list[list[str]] = []

    def reader() -> None:
        reading.append(follow())
        connection.close()

    thread = threading.Thread(target=reader)
    thread.start()
    at_once(*[lambda writer=writer: write(writer) for writer in range(writers)])
    over.set()
    thread.join(1_000)
    (got,) = reading
    assert sorted(got) == sorted(f"{w}.{n}" for w in range(writers) for n in range(each))
    for writer in range(writers):
        own = [word for word in got if word.startswith(f"{writer}.")]
        assert own == [f"{writer}.{number}" for number in range(each)]


def test_it_goes_on_where_it_was_left_page_by_page() -> None:
    property = PropertyFactory()
    for number in range(5):
        happens(property, str(number))
    first = read(limit=2)
    second = read(first.cursor, limit=2)
    third = read(second.cursor, limit=2)
    assert (words(first), words(second), words(third)) == (["0", "1"], ["2", "3"], ["4"])
    assert (first.more, second.more, third.more) == (True, True, False)
    assert read(third.cursor, limit=2).cursor == third.cursor


def test_what_is_nobodys_business_but_ours_is_not_in_it() -> None:
    happens(PropertyFactory(), "x", kind="identity_changed")
    assert read().changes == []


def test_a_change_that_was_undone_is_not_in_it() -> None:
    property = PropertyFactory()
    with transaction.atomic():
        happens(property, "undone")
        transaction.set_rollback(True)
    happens(property, "kept")
    assert words(read()) == ["kept"]


def test_a_cursor_of_before_a_restore_into_another_server_goes_on() -> None:
    property = PropertyFactory()
    happens(property, "read before")
    cursor = read().cursor
    number = Change.objects.get().pk
    Change.objects.update(xid=0)  # as docs/operating.md says
    with connection.cursor() as database:
        database.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (young,) = database.fetchone()
    of_the_old_server = feed._written(young + 1_000_000, number)
    happens(property, "new")
    assert words(read(of_the_old_server)) == ["new"]
    assert words(read()) == ["read before", "new"]
    assert cursor


@pytest.mark.parametrize(
    "cursor", ["x", "MQ", "LTEuMQ", "é", "MS4xLjE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x", "\x00"]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(feed.BadCursor):
        feed.after(cursor, limit=10)


def test_a_page_takes_a_query_per_sort_of_thing(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(20):
        happens(PropertyFactory(), "x")
    page = read(limit=100)
    with django_assert_max_num_queries(1):
        assert len(events.shown_as(page.changes)) == 20


def test_a_service_reads_it_by_the_api_page_by_page(inspectors_keys: None) -> None:
    property = PropertyFactory(platform_id="P-1")
    for number in range(3):
        happens(property, str(number))
    reader = service("read")
    others_end()
    first = reader.get(ADDRESS, {"limit": 2}).json()
    assert [one["data"]["after"] for one in first["results"]] == ["0", "1"]
    assert first["results"][0]["data"]["origin"] == "sync"
    second = reader.get(first["next"]).json()
    assert [one["data"]["after"] for one in second["results"]] == ["2"]
    assert second["next"] is None
    happens(property, "3")
    others_end()
    later = reader.get(ADDRESS, {"after": second["cursor"]}).json()
    assert [one["data"]["after"] for one in later["results"]] == ["3"]
    assert reader.get(ADDRESS, {"after": later["cursor"]}).json() == {
        "results": [],
        "next": None,
        "cursor": later["cursor"],
    }


@pytest.mark.parametrize(
    "wanted",
    [{"after": "x"}, {"after": "y" * 81}, {"limit": "0"}, {"limit": "101"}, {"limit": "a"}, {"page": "2"}],
)
def test_what_is_asked_for_wrongly_is_refused(inspectors_keys: None, wanted: dict[str, str]) -> None:
    answer = service("read").get(ADDRESS, wanted)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("scope", ["sync events notify", ""])
def test_it_is_for_services_that_may_read(inspectors_keys: None, scope: str) -> None:
    assert service(scope).get(ADDRESS).status_code == 403
    assert person(UserFactory()).get(ADDRESS).status_code == 403

"""The figures of a day: counted from its rows while they change, and kept when these are gone."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from pytest_django import Settings

from inspector_whatsapp import clock, figures, retention, tasks
from inspector_whatsapp.alone import FIGURES, alone
from inspector_whatsapp.figures import buckets, counting, days
from inspector_whatsapp.models import (
    DayFigure,
    FigureDay,
    OutboxMessage,
    ShareBooking,
    ShareChat,
    ShareCount,
)
from tests.at_once import at_once
from tests.factories import ContactFactory, GroupFactory, InspectionFactory, LinkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(the_clock_runs: None) -> None:
    """It is six o'clock, so that no test goes past a midnight by itself."""
    tomorrow = days.Day(days.of(clock.now()) + days.ONE)
    clock.move(tomorrow.start + timedelta(hours=6) - clock.now())


def noon(*, back: int = 0) -> datetime:
    """Of a day so many days ago, in the service's zone."""
    return days.Day(days.of(clock.now()) - days.ONE * back).start + timedelta(hours=12)


def day(*, back: int = 0) -> date:
    return days.of(noon(back=back))


def message(at: datetime, **fields: Any) -> OutboxMessage:
    defaults = {"kind": "reply", "channel": "whatsapp", "lane": "x", "status": "read", "not_before": at}
    return OutboxMessage.objects.create(created_at=at, **defaults | fields)


def kept(name: str, *, back: int = 0) -> dict[str, int]:
    return dict(DayFigure.objects.filter(day=day(back=back), name=name).values_list("label", "count"))


# --- what is counted --------------------------------------------------------------------------------------
def test_messages_are_counted_on_the_day_they_were_written_by_where_they_stand() -> None:
    for status in ("read", "read", "sent"):
        message(noon(back=3), status=status)
    message(noon(), channel="email", status="delivered")
    figures.keep()
    assert kept("messages", back=3) == {"whatsapp:read": 2, "whatsapp:sent": 1}
    assert kept("messages") == {"email:delivered": 1}


def test_midnight_is_the_services_own() -> None:
    midnight = days.Day(day(back=2)).start
    assert (midnight.astimezone(UTC).hour, midnight.astimezone(UTC).date()) == (23, day(back=3))
    message(midnight - timedelta(microseconds=1))
    message(midnight)
    figures.keep()
    assert (kept("messages", back=3), kept("messages", back=2)) == (
        {"whatsapp:read": 1},
        {"whatsapp:read": 1},
    )


def test_a_reason_is_kept_by_its_code_or_without_what_may_be_somebodys() -> None:
    message(noon(), status="failed", error_code=131026, reason="whatever Meta says of +2348030000001")
    for reason in (
        "unknown whether it arrived: whoever sent it was gone",
        "refused by ada@inspector.example, call 08030000001; last: x",
        "they stopped offers",
        "",
    ):
        message(noon(), status="withheld", reason=reason)
    message(noon(), status="waiting", reason="Meta is down for a moment.")
    figures.keep()
    assert kept("failed") == {"whatsapp:131026": 1}
    assert kept("withheld") == {
        "whatsapp:unknown whether it arrived": 1,
        "whatsapp:refused by … call …": 1,
        "whatsapp:they stopped offers": 1,
        "whatsapp:": 1,
    }


def test_endless_reasons_are_put_together() -> None:
    for number in range(counting.MOST_LABELS + 5):
        message(noon(), status="failed", reason="ab" + "c" * number)
    message(noon(), status="failed", reason="often")
    message(noon(), status="failed", reason="often")
    figures.keep()
    found = kept("failed")
    assert len(found) == counting.MOST_LABELS + 1
    assert (found["whatsapp:often"], found[counting.REST]) == (2, 6)


def test_links_inspections_and_shared_links_are_counted() -> None:
    LinkFactory(made_at=noon(back=1))
    booked = InspectionFactory(created_at=noon(back=1))
    InspectionFactory(created_at=noon(back=200), state="completed", reported_at=noon())
    InspectionFactory(created_at=noon(back=200), state="no_show", reported_at=noon())
    InspectionFactory(created_at=noon(back=200), state="confirmed", reported_at=noon())
    source = GroupFactory()
    for step, people, by in (("opened", 30, source), ("asked", 9, source), ("opened", 500, None)):
        ShareCount.objects.create(
            property=booked.property, source=by, day=day(back=1), step=step, people=people
        )
    ShareChat.objects.create(
        source=source, property=booked.property, contact=ContactFactory(), at=noon(back=1)
    )
    ShareBooking.objects.create(source=source, inspection=booked)
    figures.keep()
    assert (kept("links_made", back=1), kept("booked", back=1)) == ({"": 1}, {"": 1})
    assert (kept("completed"), kept("no_show")) == ({"": 1}, {"": 1})
    assert kept("shared", back=1) == {"opened": 30, "asked": 9, "chatted": 1, "booked": 1}


# --- how it is kept ---------------------------------------------------------------------------------------
def test_counting_twice_changes_nothing() -> None:
    message(noon())
    figures.keep()
    once = list(DayFigure.objects.values_list("day", "name", "label", "count").order_by("day", "name"))
    figures.keep()
    figures.recount(day(back=5), day())
    again = list(DayFigure.objects.values_list("day", "name", "label", "count").order_by("day", "name"))
    assert again == once != []


def test_a_first_count_takes_all_days_that_may_still_change_and_then_today_and_one_more() -> None:
    assert figures.keep() == counting.CHANGING
    assert figures.keep() == 2


def test_a_late_status_is_found_within_a_round_of_all_days() -> None:
    late = message(noon(back=20), status="sent")
    figures.keep()
    OutboxMessage.objects.filter(pk=late.pk).update(status="read")
    for _ in range(180):  # an hour and a half
        clock.move(timedelta(seconds=30))
        figures.keep()
        if kept("messages", back=20) == {"whatsapp:read": 1}:
            return
    pytest.fail("the day was not counted again")


def test_no_day_is_forgotten_and_yesterday_comes_oftenest() -> None:
    figures.keep()
    times: dict[date, int] = {}
    for _ in range(200):
        clock.move(timedelta(seconds=30))
        before = dict(FigureDay.objects.values_list("day", "counted_at"))
        figures.keep()
        for one in FigureDay.objects.all():
            if before.get(one.day) != one.counted_at:
                times[one.day] = times.get(one.day, 0) + 1
    today = days.of(clock.now())
    assert set(times) == {today - days.ONE * back for back in range(counting.CHANGING)}
    assert times[today - days.ONE] == max(many for when, many in times.items() if when != today)


def test_a_day_is_counted_once_more_when_it_has_ended() -> None:
    figures.keep()
    yesterday = day()
    message(days.Day(yesterday).end - timedelta(seconds=1))
    clock.move(days.Day(yesterday).end - clock.now() + timedelta(seconds=5))
    figures.keep()
    assert kept("messages", back=1) == {"whatsapp:read": 1}
    assert kept("messages") == {}


def test_figures_stay_when_the_retention_deletes_what_they_were_of(settings: Settings) -> None:
    settings.RETENTION_MESSAGES_DAYS = 10
    settings.RETENTION = ("inspector_whatsapp.retention.rules",)
    for back in (5, 9, 11):
        message(noon(back=back))
    figures.recount(day(back=9), day())
    DayFigure.objects.create(day=day(back=11), name="messages", label="whatsapp:read", count=7)
    retention.run()
    assert OutboxMessage.objects.count() < 3
    for _ in range(60):
        clock.move(timedelta(seconds=1))
        figures.keep()
    assert kept("messages", back=11) == {"whatsapp:read": 7}
    assert kept("messages", back=5) == {"whatsapp:read": 1}
    with pytest.raises(figures.Gone, match="have been deleted"):
        figures.recount(day(back=11), day())
    assert kept("messages", back=11) == {"whatsapp:read": 7}


def test_a_count_that_breaks_off_leaves_the_day_as_it_was(settings: Settings) -> None:
    message(noon())
    figures.keep()
    settings.FIGURES = (*settings.FIGURES, "tests.platform.test_figures.break_off")
    message(noon())
    with pytest.raises(RuntimeError):
        figures.keep()
    assert kept("messages") == {"whatsapp:read": 1}


def break_off(_day: days.Day) -> list[figures.Figure]:
    raise RuntimeError("the worker was killed")


@pytest.mark.django_db(transaction=True)
def test_many_who_count_the_same_day_leave_it_counted_once() -> None:
    for _ in range(3):
        message(noon())
    found = at_once(*[lambda: figures.recount(day(back=1), day()) for _ in range(6)])
    assert [one for one in found if one != 2] == []
    assert kept("messages") == {"whatsapp:read": 3}


@pytest.mark.django_db(transaction=True)
def test_only_one_worker_counts_at_a_time() -> None:
    def hold() -> dict[str, int]:
        with alone(FIGURES) as free:
            assert free
            (other,) = at_once(lambda: dict(tasks.keep_figures()))
            return other

    assert hold() == {}
    assert tasks.keep_figures() == {"days counted": counting.CHANGING}


def test_a_day_is_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT count(*) FROM inspector_whatsapp_outboxmessage "
            "WHERE created_at >= now() - interval '1 day' AND created_at < now()"
        )
        assert "outbox_by_day" in "".join(line for (line,) in cursor.fetchall())


# --- the command ------------------------------------------------------------------------------------------
def test_a_span_of_days_is_counted_by_command() -> None:
    message(noon(back=2))
    said = StringIO()
    call_command("recount_figures", "--from", str(day(back=3)), "--until", str(day(back=1)), stdout=said)
    assert said.getvalue() == "3 days counted.\n"
    assert DayFigure.objects.filter(name="messages").aggregate(all=Sum("count"))["all"] == 1
    call_command("recount_figures", "--from", str(day()), "--until", str(day(back=-9)), stdout=said)
    assert said.getvalue().endswith("\n1 days counted.\n")


def test_a_span_that_makes_no_sense_is_refused_in_a_sentence() -> None:
    with pytest.raises(CommandError, match="must not be before"):
        call_command("recount_figures", "--from", str(day()), "--until", str(day(back=1)))
    with pytest.raises(CommandError, match="have been deleted"):
        call_command("recount_figures", "--from", "2001-01-01")


# --- percentiles ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seconds", [0.004, 0.01, 0.37, 1, 1.9, 64, 86_000])
def test_what_is_read_from_a_bucket_is_within_five_per_cent(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + buckets.OF_SECONDS.format("%s::float"), [seconds, buckets.LEAST, buckets.GROWTH]
        )
        (bucket,) = cursor.fetchone()
    read = buckets.percentile({bucket: 1}, 50)
    assert read is not None
    assert read == pytest.approx(max(seconds, buckets.LEAST), rel=0.05)


def test_percentiles_are_of_all_days_together() -> None:
    assert buckets.percentile({}, 50) is None
    assert buckets.percentile({10: 95, 40: 5}, 95) == buckets.middle(10)
    assert buckets.percentile({10: 94, 40: 6}, 95) == buckets.middle(40)
    assert buckets.percentile({10: 1, 20: 1, 30: 1}, 50) == buckets.middle(20)

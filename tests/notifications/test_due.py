"""When a reminder is due by somebody's clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.due import Due, due, moment
from notifications.models import ReminderRule

ZONES = ("Africa/Lagos", "Europe/London", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe")
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def by_the_clock(at: time, *, days_before: int = 1, not_after: time = time(23, 59)) -> ReminderRule:
    return ReminderRule(at_time=at, days_before=days_before, not_after=not_after)


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(date(year, month, day), time(hour, minute))


def shown(found: datetime, zone: ZoneInfo) -> datetime:
    return found.astimezone(zone).replace(tzinfo=None)


@given(day=days, at=times, zone=zones)
def test_it_is_the_first_moment_at_which_the_clocks_show_that_time_or_have_passed_it(
    day: date, at: time, zone: ZoneInfo
) -> None:
    found, wanted = moment(day, at, zone), datetime.combine(day, at)
    assert shown(found, zone) >= wanted
    # No clock jumps by more than two hours: a moment before, each shows less.
    for before in (timedelta(seconds=1), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)):
        assert shown(found - before, zone) < wanted


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/London", date(2026, 3, 29), time(1, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # skipped
        (
            "Europe/London",
            date(2026, 10, 25),
            time(1, 30),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # twice
        ("America/New_York", date(2026, 3, 8), time(2, 0), datetime(2026, 3, 8, 7, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 1), time(1, 59), datetime(2026, 11, 1, 5, 59, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), time(0, 0), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Africa/Lagos", date(2028, 2, 29), time(18, 0), datetime(2028, 2, 29, 17, tzinfo=UTC)),
    ],
)
def test_a_time_the_clocks_skip_is_when_they_skip_it_and_one_they_show_twice_is_the_first(
    zone: str, day: date, at: time, utc: datetime
) -> None:
    assert moment(day, at, ZoneInfo(zone)) == utc


@pytest.mark.parametrize(
    ("starts", "day"),
    [
        (wall(2028, 3, 1, 10), date(2028, 2, 29)),
        (wall(2027, 3, 1, 10), date(2027, 2, 28)),
        (wall(2027, 1, 1, 0, 30), date(2026, 12, 31)),
        (wall(2026, 8, 1, 23, 30), date(2026, 7, 31)),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_the_day_before_is_that_of_the_persons_calendar(starts: datetime, day: date, zone: str) -> None:
    tz = ZoneInfo(zone)
    found = due(by_the_clock(time(18)), starts_at=starts.replace(tzinfo=tz), zone=tz)
    assert found is not None
    assert shown(found.at, tz) == datetime.combine(day, time(18))


@given(
    day=days,
    start=times,
    at=times,
    zone=zones,
    before=st.integers(0, 30),
    lasts=st.integers(1, 600),
)
def test_it_is_of_use_for_a_while_and_never_after_the_start(
    day: date, start: time, at: time, zone: ZoneInfo, before: int, lasts: int
) -> None:
    starts_at = moment(day, start, zone)
    end = min(datetime.combine(day, at) + timedelta(minutes=lasts), datetime.combine(day, time(23, 59)))
    found = due(by_the_clock(at, days_before=before, not_after=end.time()), starts_at=starts_at, zone=zone)
    if found is None:
        assert before == 0 or shown(starts_at, zone) < datetime.combine(day, time(3))
        return
    assert found.at + timedelta(minutes=5) <= found.until <= starts_at


@pytest.mark.parametrize(
    ("rule", "starts", "expected"),
    [
        ({"at": time(8), "days_before": 0}, time(7, 30), None),  # the inspection is over by then
        ({"at": time(8), "days_before": 0}, time(8, 4), None),
        ({"at": time(8), "days_before": 0, "not_after": time(12)}, time(9), (time(8), time(9))),
        ({"at": time(8), "days_before": 0, "not_after": time(12)}, time(15), (time(8), time(12))),
    ],
)
def test_on_the_day_itself_it_ends_with_the_start(
    rule: dict[str, Any], starts: time, expected: tuple[time, time] | None
) -> None:
    day, zone = date(2026, 11, 28), ZoneInfo("Africa/Lagos")
    found = due(by_the_clock(**rule), starts_at=moment(day, starts, zone), zone=zone)
    assert found == (expected and Due(*(moment(day, at, zone) for at in expected)))


def test_an_offset_asks_no_clock() -> None:
    starts_at = datetime(2026, 3, 29, 12, tzinfo=UTC)  # the clocks went forward that night
    found = due(
        ReminderRule(minutes_before=1440, useful_until=180),
        starts_at=starts_at,
        zone=ZoneInfo("Europe/London"),
    )
    assert found == Due(starts_at - timedelta(hours=24), starts_at - timedelta(hours=3))

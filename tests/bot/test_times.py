"""Times of several visits, as people type them: what is read, what is refused, and what it comes to."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import times
from bot.times import Hours, Unread, Wanted, read, spread

LAGOS = ZoneInfo("Africa/Lagos")
WEDNESDAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)  # ten in the morning in Lagos


def nov(*days: int) -> tuple[date, ...]:
    return tuple(date(2026, 11, day) for day in days)


def hours(*spans: str) -> tuple[Hours, ...]:
    """`10-14`, `14`, `9:30-11`"""
    found = []
    for span in spans:
        start, _dash, end = span.partition("-")
        found.append(Hours(_time(start), _time(end) if end else None))
    return tuple(found)


def _time(text: str) -> time:
    hour, _colon, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


def wanted(typed: str) -> Wanted:
    found = read(typed, today=WEDNESDAY)
    assert isinstance(found, Wanted), found
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10:00 to 14:00 every 30 min", Wanted(hours=hours("10-14"), minutes=30)),
        ("Saturdays, 4 weeks", Wanted(days=nov(28), weeks=4, weekly=True)),
        ("Sat 28 Nov 2pm", Wanted(days=nov(28), hours=hours("14"))),
        ("saturday 10-2", Wanted(days=nov(28), hours=hours("10-14"))),
        (
            "every Saturday 10am-2pm for 4 weeks, 30 min each",
            Wanted(nov(28), hours("10-14"), minutes=30, weeks=4, weekly=True),
        ),
        (
            "abeg open saturday 10 to 2, every half hour",
            Wanted(days=nov(28), hours=hours("10-14"), minutes=30),
        ),
        ("28/11 14:00", Wanted(days=nov(28), hours=hours("14"))),
        ("28-30 nov 10am", Wanted(days=nov(28, 29, 30), hours=hours("10"))),
        ("10 to 2, 28 nov", Wanted(days=nov(28), hours=hours("10-14"))),
        ("the 28th by 2", Wanted(days=nov(28), hours=hours("14"))),
        ("sat and sun 2-5pm 45 mins each", Wanted(nov(28, 29), hours("14-17"), minutes=45)),
        ("sat 10, 11 and 2pm", Wanted(days=nov(28), hours=hours("10", "11", "14"))),
        ("8 and 9pm friday", Wanted(days=nov(27), hours=hours("20", "21"))),
        ("sat 10am-12pm and 3pm-5pm", Wanted(days=nov(28), hours=hours("10-12", "15-17"))),
        ("today 2pm for 3 hours, 30 min each", Wanted(nov(25), hours("14-17"), minutes=30)),
        ("tomorrow 9.30am to 12 noon", Wanted(days=nov(26), hours=hours("9:30-12"))),
        ("sat 10am to 1pm, 1 hr 30 each", Wanted(nov(28), hours("10-13"), minutes=90)),
        (
            "10 in the morning to 2 in the afternoon on saturday",
            Wanted(days=nov(28), hours=hours("10-14")),
        ),
        ("1 hour", Wanted(minutes=60)),
        ("weekends 10am", Wanted(days=nov(28, 29), hours=hours("10"), weekly=True)),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, expected: Wanted) -> None:
    assert wanted(typed) == expected


def test_until_a_day_is_every_week_or_every_day() -> None:
    saturdays = wanted("every saturday until 19 dec 10am to 1pm")
    assert saturdays.days == (*nov(28), date(2026, 12, 5), date(2026, 12, 12), date(2026, 12, 19))
    assert not saturdays.weekly, "nobody need say for how many weeks"
    assert wanted("from 28 nov to 30 nov 10am").days == nov(28, 29, 30)


def test_next_saturday_said_on_a_wednesday_is_not_the_one_of_this_week() -> None:
    assert wanted("next saturday 2pm").days == (date(2026, 12, 5),)
    assert wanted("next monday 2pm").days == nov(30)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "words"),
        ("any time", "words"),
        ("2", "words"),
        ("31 feb 2pm", "words"),
        ("sat 25:00", "words"),
        ("saturday but not 2pm", "words"),
        ("every other week sat 2pm", "words"),
        ("saturday in december", "words"),
        ("5 people sat 2pm", "words"),
        ("sat 2pm " * 60, "words"),
        ("20 nov 2pm", "over"),
        ("sunday 28 nov 2pm", "weekday"),
        ("12 june 2pm", "far"),
        ("saturdays for 99 weeks", "far"),
        ("saturday 14:00 to 10:00", "backwards"),
        ("sat 5pm to 2pm", "backwards"),
        ("sat 10am 5 min", "length"),
        ("sat 10am to 10:15am, 30 min", "length"),
    ],
)
def test_what_names_no_times_is_refused_with_its_reason(typed: str, why: str) -> None:
    found = read(typed, today=WEDNESDAY)
    assert isinstance(found, Unread)
    assert found.why == why


def test_a_stretch_is_cut_into_visits_that_fit_and_what_has_begun_is_left_out() -> None:
    found = spread(wanted("today 8am to 12pm, 45 min each"), now=NOW, zone=LAGOS)
    assert [start.astimezone(LAGOS).time() for start, _end in found] == [time(10, 15), time(11)]
    assert {end - start for start, end in found} == {timedelta(minutes=45)}


def test_every_week_comes_back_at_the_same_hour() -> None:
    found = spread(wanted("every saturday 10am-12pm, 4 weeks, 1 hour each"), now=NOW, zone=LAGOS)
    assert len(found) == 8
    assert [start.astimezone(LAGOS).hour for start, _end in found] == [10, 11] * 4


def test_times_that_overlap_are_found() -> None:
    found = spread(wanted("sat 10am and 10:30am, 45 min each"), now=NOW, zone=LAGOS)
    assert times.overlap(found) == (found[0][0], found[1][0])
    assert times.overlap(found[:1]) is None


def test_what_is_said_later_counts_where_both_say_something() -> None:
    both = wanted("saturdays 10am").then(wanted("2pm, 30 min"))
    assert both == Wanted(nov(28), hours("14"), minutes=30, weekly=True)


WORDS = """every saturday sundays sat,sun mon-fri today tomorrow next 28 nov 28/11 2026-12-01 the_28th 29th
    daily 10am 2pm 10-2 14:00 10:00-14:00 noon at by from to until till - , and between 10 2 8 for each 30_min
    1_hour half_an_hour 4_weeks weekly a_month weekends 5 people no 00:00 23:59 11pm 31 feb 12 99 0"""
PIECES = st.sampled_from(WORDS.split())


@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(PIECES, min_size=1, max_size=12).map(lambda words: " ".join(words).replace("_", " ")),
    ),
    st.dates(min_value=date(2024, 1, 1), max_value=date(2039, 12, 31)),
    st.times(),
    st.sampled_from(["Africa/Lagos", "Europe/London", "America/New_York", "Pacific/Chatham"]),
)
def test_whatever_is_typed_gives_a_bounded_number_of_coming_times_or_a_reason(
    typed: str, today: date, moment: time, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    now = datetime.combine(today, moment, zone)
    found = read(typed, today=today)
    if isinstance(found, Unread):
        return
    assert Wanted.from_json(found.to_json()) == found
    assert all(today <= day <= today + times.FARTHEST for day in times.all_days(found))
    for each in (found, found.then(Wanted(hours=found.hours or hours("9-17"), minutes=10, weeks=4))):
        if not times.fits(each):
            continue
        spans = spread(each, now=now, zone=zone)
        assert len(spans) <= times.MOST + 1, "one more says that there are too many"
        assert all(now < start < end for start, end in spans)
        assert spans == sorted(spans)

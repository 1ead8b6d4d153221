"""Stretches of days, told from today: weeks from Monday to Sunday, months, weekdays. Both ends count."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from bot.days import dates


@dataclass(frozen=True)
class Days:
    """From a day to a day.

    weekday: what was said is a bare weekday, which a date or a week beside it fixes. number: it is a bare day
    of a month ("the 10th"); month: and of this month, in no named year. As the end of a stretch each is the
    next one after its beginning.
    """

    first: date
    last: date
    weekday: int | None = None
    number: int | None = None
    month: int | None = None

    @property
    def is_one(self) -> bool:
        return self.first == self.last


def one(day: date) -> Days:
    return Days(day, day)


def ahead(today: date, days: int) -> Days | None:
    """The day so many days ahead, or ago; None beyond the calendar."""
    try:
        return one(today + timedelta(days=days))
    except OverflowError:
        return None


def months_ahead(today: date, months: int) -> date | None:
    """The same day so many months ahead; the last of that month where it has no such day."""
    year, month = today.year + (today.month - 1 + months) // 12, (today.month - 1 + months) % 12 + 1
    if not 1 <= year <= MAXYEAR:
        return None
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def week(today: date, weeks: int) -> Days:
    """The week so many weeks ahead; this one from today on."""
    monday = _monday(today, weeks)
    return Days(today if weeks == 0 else monday, monday + timedelta(days=6))


def weekday_of_week(today: date, weekday: int, weeks: int) -> Days:
    return one(_monday(today, weeks) + timedelta(days=weekday))


def weekend(today: date, weeks: int) -> Days:
    monday = _monday(today, weeks)
    return Days(monday + timedelta(days=5), monday + timedelta(days=6))


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def weekday_after(day: date, weekday: int) -> date:
    """The first one strictly after a day."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def coming(today: date, weekday: int) -> Days:
    day = weekday_after(today, weekday)
    return Days(day, day, weekday=weekday)


def past(today: date, weekday: int) -> Days:
    """The last one strictly before today."""
    return one(weekday_after(today, weekday) - timedelta(days=14 if weekday == today.weekday() else 7))


def day_of_month(today: date, day: int, month: int, year: int | None) -> Days | None:
    """A date; without a year the next one, today among them. None for 31 February and the like."""
    if year is not None:
        try:
            return one(date(year, month, day))
        except ValueError:
            return None
    found = dates(day, month, None, today) if 1 <= month <= 12 else []
    return Days(found[0], found[0], month=month, number=day) if found else None


def numbered(today: date, number: int) -> Days | None:
    """ "The 28th": the next day of that number, today among them."""
    first = today.replace(day=1)
    for months in range(4):
        month = months_ahead(first, months)
        if month is None or not 1 <= number <= 31:
            return None
        if number <= monthrange(month.year, month.month)[1] and month.replace(day=number) >= today:
            day = month.replace(day=number)
            return Days(day, day, number=number)
    return None


def month_of(today: date, month: int, year: int | None = None) -> Days | None:
    """The whole month; without a year the next one that is not over."""
    if not 1 <= month <= 12:
        return None
    year = year or (today.year if month >= today.month else today.year + 1)
    if year > MAXYEAR:
        return None
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def month(today: date, months: int) -> Days | None:
    """The month so many months ahead; this one from today on."""
    first = months_ahead(today.replace(day=1), months)
    if first is None:
        return None
    return Days(today if months == 0 else first, first.replace(day=monthrange(first.year, first.month)[1]))


def after(first: date, days: Days) -> Days:
    """The end of a stretch that begins on `first`: what was said of it, read from there."""
    if days.first >= first:
        return days
    if days.weekday is not None:
        return one(weekday_after(first, days.weekday))
    if days.number is not None and days.month is not None:
        return day_of_month(first, days.number, days.month, None) or days
    if days.number is not None:
        return numbered(first, days.number) or days
    return days

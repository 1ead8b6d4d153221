"""When a reminder is due, and for how long it is of use."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.models import ReminderRule

SHORTEST = timedelta(minutes=5)  # of use for at least so long


@dataclass(frozen=True)
class Due:
    """From `at` on it goes; at `until` it is of no use any more."""

    at: datetime
    until: datetime


def due(rule: ReminderRule, *, starts_at: datetime, zone: ZoneInfo) -> Due | None:
    """The rule's time before an inspection, for somebody in `zone`; None when it would be after the start."""
    if rule.minutes_before is not None and rule.useful_until is not None:
        return Due(
            starts_at - timedelta(minutes=rule.minutes_before),
            starts_at - timedelta(minutes=rule.useful_until),
        )
    # One of the two, says the database.
    assert rule.at_time is not None
    assert rule.days_before is not None
    assert rule.not_after is not None
    day = starts_at.astimezone(zone).date() - timedelta(days=rule.days_before)
    at = moment(day, rule.at_time, zone)
    until = min(starts_at, max(moment(day, rule.not_after, zone), at + SHORTEST))
    return Due(at, until) if at + SHORTEST <= starts_at else None


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of `zone` show this time on this day, in UTC.

    A time they show twice (clocks go back) is the first; one they skip is the moment at which they skip it.
    """
    shown = datetime.combine(day, at)
    found = shown.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == shown:
        return found
    # Skipped: read with the offset from before, it lies after the jump, and the other way round.
    before = int(shown.replace(tzinfo=zone, fold=1).timestamp())
    after = int(found.timestamp())
    offset = found.astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return datetime.fromtimestamp(after, UTC)

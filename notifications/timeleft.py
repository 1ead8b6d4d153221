"""How long until something begins, or since it was, as a person would say it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspector_whatsapp.words import Reader, label

_HOURS_UNTIL = timedelta(hours=6)  # further off, people think in days and times of day


@dataclass(frozen=True)
class TimeLeft:
    """From `now` to `at`: "in 35 minutes", "in 2 hours", "tomorrow at 2:00 pm"."""

    now: datetime
    at: datetime


@label.register(TimeLeft)
def _time_left(value: TimeLeft, spec: str, reader: Reader) -> str:
    left = value.at - value.now
    minutes = max(0, round(left.total_seconds() / 60))
    if minutes < 60:
        return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    if left < _HOURS_UNTIL:
        return _hours(round(minutes / 5) * 5)
    days = (value.at.astimezone(reader.tz).date() - value.now.astimezone(reader.tz).date()).days
    time = label(value.at, "time", reader)
    if days == 0:
        return _("today at %(time)s") % {"time": time}
    if days == 1:
        return _("tomorrow at %(time)s") % {"time": time}
    return _("on %(day)s at %(time)s") % {"day": label(value.at, "day", reader), "time": time}


def _hours(minutes: int) -> str:
    hours, minutes = divmod(minutes, 60)
    shown = ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    if not minutes:
        return shown
    rest = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return _("%(hours)s and %(minutes)s") % {"hours": shown, "minutes": rest}


@dataclass(frozen=True)
class Ago:
    """From `at` to `now`: "just now", "20 min ago", "2 h ago", "3 days ago"."""

    now: datetime
    at: datetime


@label.register(Ago)
def _ago(value: Ago, spec: str, reader: Reader) -> str:
    minutes = max(0, int((value.now - value.at).total_seconds() // 60))
    if minutes < 5:
        return _("just now")
    if minutes < 60:
        return _("%(count)d min ago") % {"count": minutes}
    hours = minutes // 60
    if hours < 24:
        return _("%(count)d h ago") % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}

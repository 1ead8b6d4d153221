"""Figures in words."""

from datetime import date, timedelta

from django.utils import dateformat
from django.utils.translation import gettext as _


def number(many: float) -> str:
    """`1,203`."""
    return f"{many:,.0f}"


def share(some: int, of: int) -> str:
    """`97 %`, and never 100 where one is missing; a dash where there is nothing to divide."""
    if not of:
        return "–"
    percent = some * 100 / of
    if some < of and percent > 99:
        return f"{min(percent, 99.9):.1f} %"
    return f"{percent:.0f} %"


def seconds(many: float | None) -> str:
    """`<0.1 s`, `0.4 s`, `42 s`, `3 min`, `2 h`; a dash where there is none."""
    if many is None:
        return "–"
    if 0 < many < 0.1:
        return "<0.1 s"
    if many < 9.95:
        return f"{many:.1f} s"
    if many < 90:
        return f"{many:.0f} s"
    if many < 5400:
        return f"{many / 60:.0f} min"
    return f"{many / 3600:.0f} h"


def age(span: timedelta) -> str:
    """How long something has waited."""
    if span < timedelta(seconds=1):
        return _("just now")
    if span > timedelta(days=2):
        return _("{days} days").format(days=span.days)
    return seconds(float(int(span.total_seconds()))).replace(".0 s", " s")


def day(when: date) -> str:
    """`27 Nov`."""
    return dateformat.format(when, "j M")

"""Times of visits as they are read back, and why they cannot be opened."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inspector_whatsapp.inspections import CannotOpen
from inspector_whatsapp.models import Inspection, Slot, TimeOff, User
from inspector_whatsapp.words import Words, join, say

DAYS_SHOWN = 5
Span = tuple[datetime, datetime]


def shown_by_day(spans: Sequence[Span], zone: tzinfo) -> list[Words]:
    """The times in a line per day: the first ones, the last and how many; so for the first days."""
    days = [
        (day, [start for start, _end in group])
        for day, group in groupby(spans, key=lambda span: span[0].astimezone(zone).date())
    ]
    lines = [say("{day}: {times}", day=day, times=_in_short(starts)) for day, starts in days[:DAYS_SHOWN]]
    left = len(days) - DAYS_SHOWN
    if left > 0:
        lines.append(
            say(
                ngettext_lazy(
                    "and {count} more day, the last one {day}",
                    "and {count} more days, the last one {day}",
                    left,
                ),
                count=left,
                day=days[-1][0],
            )
        )
    return lines


def _in_short(starts: Sequence[datetime]) -> Words:
    if len(starts) <= 4:
        return join(*(say("{start:time}", start=start) for start in starts), separator=", ")
    return say(
        _("{first:time}, {second:time} … {last:time} ({count} times)"),
        first=starts[0],
        second=starts[1],
        last=starts[-1],
        count=len(starts),
    )


def how(spans: Sequence[Span], places: int) -> Words:
    """How long each is, and for how many people."""
    start, end = spans[0]
    return say(
        ngettext_lazy(
            "{minutes} minutes each, {count} person at a time",
            "{minutes} minutes each, {count} people at a time",
            places,
        ),
        minutes=int((end - start).total_seconds()) // 60,
        count=places,
    )


def shown_by_whom(inspector: User | None) -> Words:
    """Who shows people round, as the agent reads it."""
    if inspector is None:
        return say(_("You show them round."))
    return say(_("With {inspector}"), inspector=inspector)


def why_not(refusal: CannotOpen, inspector: User | None) -> Words:
    """Why a time cannot be opened, in a sentence."""
    start, other = refusal.start, refusal.other
    match other:
        case TimeOff():
            return say(
                _("Not opened: {inspector} is off from {start} to {end}. Pick other times."),
                inspector=other.inspector,
                start=other.starts_at,
                end=other.ends_at,
            )
        case Slot() if inspector is not None and other.inspector_id == inspector.pk:
            return say(
                _(
                    "Not opened: {start} overlaps with {other:time}, when {inspector} is at {property}. "
                    "Pick other times."
                ),
                inspector=inspector,
                property=other.property,
                other=other,
                start=start,
            )
        case Inspection():
            return say(
                _(
                    "Not opened: {start} overlaps with {other:time}, when {inspector} has {other}. "
                    "Pick other times."
                ),
                inspector=inspector,
                other=other,
                start=start,
            )
        case Slot():
            return say(
                _("Not opened: {start} overlaps with {other:time} at {property}. Pick other times."),
                start=start,
                other=other,
                property=other.property,
            )
    return say(_("Not opened: two of these times overlap, at {start}. Pick other times."), start=start)

"""What the platform itself counts of a day: messages, links, inspections and what is around them, shares."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from inspector_whatsapp.figures.counting import Figure
from inspector_whatsapp.figures.days import Day
from inspector_whatsapp.models import (
    Ask,
    Delay,
    Distress,
    Enquiry,
    Inspection,
    Link,
    Presence,
    ShareBooking,
    ShareChat,
    ShareCount,
    Stay,
    Wait,
)
from inspector_whatsapp.models.inspections import InspectionState

# Messages written on a day, by where they stand now: so each figure is that of a list by day and status. Of a
# reason without a code the beginning is kept, without numbers and addresses: what follows may be people's.
_MESSAGES = r"""
SELECT channel, status, CASE
    WHEN status NOT IN ('failed', 'withheld', 'expired') THEN ''
    WHEN error_code IS NOT NULL THEN error_code::text
    ELSE left(regexp_replace(btrim(substring(reason FROM '^[^:;]*')), '\S*@\S*|\S*\d\S*', '…', 'g'), 80)
  END, count(*), count(repeats_id)
FROM inspector_whatsapp_outboxmessage
WHERE created_at >= %s AND created_at < %s
GROUP BY 1, 2, 3
"""


def count(day: Day) -> Iterable[Figure]:
    """`written` and `said_again` by channel, `messages` by channel and status; `failed`, `withheld` and
    `expired` by channel and reason.
    """
    yield from _messages(day)
    yield Figure("links_made", "", Link.objects.filter(made_at__gte=day.start, made_at__lt=day.end).count())
    yield from _inspections(day)
    yield from _waiting(day)
    yield from _who_came(day)
    yield from _enquiries(day)
    yield from _safety(day)
    yield from _inspectors(day)
    yield from _shared(day)


def _messages(day: Day) -> Iterable[Figure]:
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [day.start, day.end])
        found = cursor.fetchall()
    written: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for channel, status, why, many, repeating in found:
        written[channel] += many
        standing[f"{channel}:{status}"] += many
        again[channel] += repeating
        if status in ("failed", "withheld", "expired"):
            yield Figure(status, f"{channel}:{why}", many)
    for name, counts in (("written", written), ("messages", standing), ("said_again", again)):
        for label, many in counts.items():
            yield Figure(name, label, many)


def _inspections(day: Day) -> Iterable[Figure]:
    booked = Inspection.objects.filter(created_at__gte=day.start, created_at__lt=day.end)
    yield Figure("booked", "", booked.count())
    reported = Inspection.objects.filter(reported_at__gte=day.start, reported_at__lt=day.end)
    ended = reported.filter(state__in=(InspectionState.COMPLETED, InspectionState.NO_SHOW))
    for state, many in ended.order_by("state").values_list("state").annotate(many=Count("pk")):
        yield Figure(state, "", many)


def _waiting(day: Day) -> Iterable[Figure]:
    """Who began to wait for a place, and what became of those whose waiting ended."""
    joined = Wait.objects.filter(created_at__gte=day.start, created_at__lt=day.end)
    yield Figure("waiting", "joined", joined.count())
    ended = Wait.objects.filter(ended_at__gte=day.start, ended_at__lt=day.end)
    for state, many in ended.order_by("state").values_list("state").annotate(many=Count("pk")):
        yield Figure("waiting", state, many)


def _who_came(day: Day) -> Iterable[Figure]:
    """Of whom it was said that they were not there, by their part; what was taken back as well."""
    said = Presence.objects.filter(came=False, said_at__gte=day.start, said_at__lt=day.end)
    for part, many in said.order_by("part").values_list("part").annotate(many=Count("pk")):
        yield Figure("not_there", part, many)


def _enquiries(day: Day) -> Iterable[Figure]:
    """How often agents were asked whether a property is still there, and what became of the questions."""
    asked = Enquiry.objects.filter(asked_at__gte=day.start, asked_at__lt=day.end)
    yield Figure("enquiries", "asked", asked.count())
    ended = Enquiry.objects.filter(ended_at__gte=day.start, ended_at__lt=day.end)
    for state, many in ended.order_by("state").values_list("state").annotate(many=Count("pk")):
        yield Figure("enquiries", state, many)


def _safety(day: Day) -> Iterable[Figure]:
    """Who came to a visit, who did not leave it and did not answer, who felt unsafe and took it back."""
    steps: tuple[tuple[str, QuerySet[Stay] | QuerySet[Distress], str], ...] = (
        ("arrived", Stay.objects.all(), "arrived_at"),
        ("unanswered", Stay.objects.all(), "alerted_at"),
        ("unsafe", Distress.objects.all(), "at"),
        ("taken_back", Distress.objects.filter(taken_back_at__isnull=False), "at"),
    )
    for step, rows, at in steps:
        yield Figure("safety", step, rows.filter(**{f"{at}__gte": day.start, f"{at}__lt": day.end}).count())


def _inspectors(day: Day) -> Iterable[Figure]:
    """Who was late, by how many minutes; what came of asking others to take a visit over."""
    late = Delay.objects.filter(said_at__gte=day.start, said_at__lt=day.end)
    for minutes, many in late.order_by("minutes").values_list("minutes").annotate(many=Count("pk")):
        yield Figure("late", f"{minutes} minutes", many)
    ended = Ask.objects.filter(ended_at__gte=day.start, ended_at__lt=day.end)
    for state, many in ended.order_by("state").values_list("state").annotate(many=Count("pk")):
        yield Figure("asked", state, many)


def _shared(day: Day) -> Iterable[Figure]:
    """The way from a shared link to a visit, of those who came by a source."""
    steps = ShareCount.objects.filter(day=day.date, source__isnull=False).order_by("step")
    for step, many in steps.values_list("step").annotate(many=Sum("people")):
        yield Figure("shared", step, many)
    came = ShareChat.objects.filter(at__gte=day.start, at__lt=day.end)
    yield Figure("shared", "chatted", came.count())
    brought = ShareBooking.objects.filter(
        inspection__created_at__gte=day.start, inspection__created_at__lt=day.end
    )
    yield Figure("shared", "booked", brought.count())

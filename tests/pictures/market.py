"""What a console has to show after a month; the demo's begins empty. Runs in `manage.py shell`."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from random import Random

from django_celery_beat.models import PeriodicTask, PeriodicTasks

from inspector_whatsapp import clock, figures, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.figures import Figure, buckets, days
from inspector_whatsapp.inspections.refusals import CannotInspect
from inspector_whatsapp.models import DayFigure, FigureDay, Role, Slot, User


def book_a_day(*, ahead: int) -> None:
    """Have seekers of the demo book on a day to come, the same ones whenever this is done."""
    day = days.Day(days.of(clock.now()) + days.ONE * ahead)
    slots = list(Slot.objects.filter(starts_at__gte=day.start, starts_at__lt=day.end).order_by("pk"))
    Random(7).shuffle(slots)
    nobodys = [slot for slot in slots if slot.inspector_id is None][:1]
    others = User.objects.filter(role=Role.SEEKER, platform_id__gt="").exclude(name="Ada Obi")
    seekers = cycle(others.order_by("pk"))
    for slot in nobodys + [slot for slot in slots if slot.inspector_id][:9]:
        with suppress(CannotInspect):
            inspections.book(seeker=next(seekers), slot=slot, origin=Origin.API)


def live_a_month() -> None:
    """The figures of the days before today, as if there had been people on them; nobody counts these anew."""
    PeriodicTask.objects.filter(task="inspector_whatsapp.tasks.keep_figures").update(enabled=False)
    PeriodicTasks.update_changed()
    today = days.of(clock.now())
    some = Random(7)
    before = days.until(today - days.ONE, days=days.DAYS - 1)
    FigureDay.objects.filter(day__in=before).delete()
    DayFigure.objects.filter(day__in=before).delete()
    FigureDay.objects.bulk_create(FigureDay(day=day, counted_at=days.Day(day).end) for day in before)
    DayFigure.objects.bulk_create(
        DayFigure(day=day, name=one.name, label=one.label, count=one.count)
        for day in before
        for one in _figures(some, busy=0.6 if day.weekday() == 6 else 1)
        if one.count
    )


def count_today() -> None:
    """What is otherwise done twice a minute."""
    today = days.of(clock.now())
    figures.recount(today, today)


def _figures(some: Random, *, busy: float) -> Iterator[Figure]:
    def about(many: float) -> int:
        return round(many * busy * some.uniform(0.7, 1.3))

    received = about(90)
    yield Figure("received", "done", received)
    for status, share in (("read", 0.62), ("delivered", 0.22), ("sent", 0.05), ("withheld", 0.02)):
        yield Figure("messages", f"whatsapp:{status}", round(received * share * some.uniform(0.9, 1.1)))
    yield Figure("messages", "email:sent", about(9))
    failed = about(2)
    yield Figure("messages", "whatsapp:failed", failed)
    yield Figure("failed", "whatsapp:131026", failed)
    half, late = some.uniform(0.35, 0.7), some.uniform(1.6, 3)
    for bucket in range(70):
        seconds = buckets.middle(bucket)
        share = 12 if half / 2 < seconds < half * 1.6 else 2 if half < seconds < late else 0
        yield Figure("reply_time", str(bucket), share)
    yield Figure("links_made", "", about(2))
    yield Figure("booked", "", about(7))
    yield Figure("completed", "", about(4))
    yield Figure("no_show", "", int(some.random() < 0.3))

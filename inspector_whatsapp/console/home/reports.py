"""The figures as a table for a spreadsheet: a line per day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inspector_whatsapp import audit, callers, clock, exports, figures
from inspector_whatsapp.audit import Act
from inspector_whatsapp.figures import days
from inspector_whatsapp.figures.reading import Kept
from inspector_whatsapp.models.outbox import Status

MOST_DAYS: Final = 3 * 366
HEADER: Final = (
    *("day", "received", *(f"messages_{status}" for status in Status.values)),
    *("reply_seconds_p50", "reply_seconds_p95", "links_made", "booked", "completed", "no_shows"),
    *("shared_links_opened", "asked_in_whatsapp", "chats_by_links", "bookings_by_links"),
)


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponseBase:
    """The days from `from` until `until`, both included; without them those of the home page."""
    user = callers.staff(request)
    if not user.has_perm("inspector_whatsapp.export_lists"):
        raise PermissionDenied
    today = days.of(clock.now())
    try:
        last = date.fromisoformat(request.GET.get("until") or str(today))
        first = date.fromisoformat(request.GET.get("from") or str(days.until(last)[0]))
        many = (last - first).days + 1
    except (ValueError, OverflowError):
        return _refused(_("A day is written as in 2026-11-27."))
    if not 0 < many <= MOST_DAYS:
        return _refused(_("Ask for 1 to {most} days, the first one first.").format(most=MOST_DAYS))
    span = days.between(first, last)
    rows = list(lines(figures.read(span)))
    audit.record(
        Act.EXPORTED,
        actor=user,
        page="figures",
        address=callers.ip(request),
        says=f"figures of {many} days",
        first=str(first),
        last=str(last),
        rows=len(rows),
    )
    return exports.table(f"figures-{first}-{last}", HEADER, rows)


def lines(kept: Kept) -> Iterable[Sequence[str]]:
    """A line per day, the first day first; an empty cell where nothing was measured."""
    for day in kept.days:
        by_status: dict[str, int] = {}
        for label, many in kept.labels("messages", day=day).items():
            status = label.partition(":")[2]
            by_status[status] = by_status.get(status, 0) + many
        seconds = [kept.seconds("reply_time", percent, day=day) for percent in (50, 95)]
        counts = [
            kept.total("received", day=day),
            *(by_status.get(status, 0) for status in Status.values),
            *("" if one is None else f"{one:.2f}" for one in seconds),
            *(kept.total(name, day=day) for name in ("links_made", "booked", "completed", "no_show")),
            *(kept.total("shared", step, day=day) for step in ("opened", "asked", "chatted", "booked")),
        ]
        yield [str(day), *map(str, counts)]


def _refused(why: str) -> HttpResponse:
    return HttpResponse(why, status=400, content_type="text/plain; charset=utf-8")

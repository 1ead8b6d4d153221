"""Who is at a visit, who has not left it, and who feels unsafe."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.models import Distress, Stay

_STANDS = {
    "unanswered": (_("does not answer"), Q(alerted_at__isnull=False, left_at=None)),
    "asked": (_("asked"), Q(asked_at__isnull=False, alerted_at=None, left_at=None)),
    "there": (_("there"), Q(asked_at=None, left_at=None)),
    "left": (_("has left"), Q(left_at__isnull=False)),
}


class StandsFilter(admin.SimpleListFilter):
    """Whether they are there still, and whether they answer."""

    title = _("stands")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(name, title) for name, (title, _which) in _STANDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stay]) -> QuerySet[Stay]:
        known = _STANDS.get(self.value() or "")
        return queryset.filter(known[1]) if known else queryset


@admin.register(Stay)
class StayAdmin(ReadOnly):
    """Who came to a visit, and whether they have left it, as they say; the newest first."""

    list_display = ("id", "person", "inspection", "stands", "arrived_at", "left_at", "due_at")
    list_filter = (StandsFilter, ("arrived_at", ByDay), ("alerted_at", ByDay))
    list_filter_submit = True
    list_select_related = ("person", "inspection")
    search_fields = ("=inspection__ref", "=person__email")

    @display(
        description=_("stands"),
        label={"unanswered": "danger", "asked": "warning", "there": "info", "left": None},
    )  # type: ignore[untyped-decorator]
    def stands(self, stay: Stay) -> tuple[str, Any]:
        if stay.left_at is not None:
            name = "left"
        elif stay.alerted_at is not None:
            name = "unanswered"
        else:
            name = "asked" if stay.asked_at is not None else "there"
        return name, _STANDS[name][0]


@admin.register(Distress)
class DistressAdmin(ReadOnly):
    """Who felt unsafe at a visit, taken back or not; the newest first. Their page leads to their chat."""

    list_display = ("id", "person", "inspection", "at", "taken_back_at")
    list_filter = (("taken_back_at", admin.EmptyFieldListFilter), ("at", ByDay))
    list_filter_submit = True
    list_select_related = ("person", "inspection")
    search_fields = ("=inspection__ref", "=person__email")
    date_hierarchy = "at"

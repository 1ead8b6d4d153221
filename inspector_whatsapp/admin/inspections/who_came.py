"""Who came to inspections and who did not, as people say: to be looked at, nothing follows by itself."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.models import Presence


class Contradicted(admin.SimpleListFilter):
    """Where one says that they came and another that they did not, or each that the other did not."""

    title = _("contradicted")
    parameter_name = "contradicted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Presence]) -> QuerySet[Presence]:
        if self.value() != "yes":
            return queryset
        others = Presence.objects.filter(inspection=OuterRef("inspection"), withdrawn_at=None)
        against = Q(about=OuterRef("about")) & ~Q(came=OuterRef("came"))
        each_other = Q(said_by=OuterRef("about"), came=False) | Q(about=OuterRef("said_by"), came=False)
        return queryset.filter(withdrawn_at=None).filter(
            Exists(others.exclude(pk=OuterRef("pk")).exclude(said_by=OuterRef("said_by")).filter(against))
            | Exists(others.exclude(said_by=F("about")).exclude(pk=OuterRef("pk")).filter(each_other))
        )


@admin.register(Presence)
class PresenceAdmin(ReadOnly):
    """Each word of each person, with its time; what contradicts stands side by side."""

    list_display = (
        *("inspection", "about", "part", "word", "said_by", "said_at"),
        *("withdrawn_at", "outcome"),
    )
    list_filter = (
        *("came", "part", Contradicted, ("withdrawn_at", admin.EmptyFieldListFilter)),
        ("said_at", ByDay),
    )
    list_filter_submit = True
    list_select_related = ("inspection", "about", "said_by")
    search_fields = ("=inspection__ref", "=about__email", "=said_by__email")
    date_hierarchy = "said_at"
    ordering = ("-said_at", "-pk")

    @display(description=_("says"), ordering="came", label={"came": "success", "missing": "warning"})  # type: ignore[untyped-decorator]
    def word(self, presence: Presence) -> tuple[str, Any]:
        return ("came", _("was there")) if presence.came else ("missing", _("was not there"))

    @admin.display(description=_("outcome"))
    def outcome(self, presence: Presence) -> str:
        """What was reported of the inspection."""
        return presence.inspection.get_outcome_display() or "–"

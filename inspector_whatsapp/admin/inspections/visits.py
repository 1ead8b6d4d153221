"""Inspections: the list, the page of one, and a day by inspector."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from inspector_whatsapp import clock, inspections, numbers
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.inspections import day_view
from inspector_whatsapp.admin.inspections.assigning import (
    AssignForm,
    assign,
    is_to_come,
    may_assign,
    named,
    options,
)
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.admin.photos import PhotoInline, WithPhotos
from inspector_whatsapp.models import Incident, Inspection, InspectionPhoto, Presence, Role, User
from inspector_whatsapp.models.inspections import LIVE_STATES

if TYPE_CHECKING:
    from django.contrib.admin import TabularInline
else:
    from unfold.admin import TabularInline

MOST_AT_ONCE = 50  # visits that are given to somebody together


class InspectionPhotoInline(PhotoInline):
    """The photos of a report."""

    model = InspectionPhoto


class PresenceInline(TabularInline):  # type: ignore[type-arg]
    """Who came to it, as each says; what was taken back as well."""

    model = Presence
    verbose_name_plural = _("who came")
    hide_title = True  # a line of its own above each row
    extra = 0
    fields = readonly_fields = ("about", "part", "came", "said_by", "said_at", "withdrawn_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InspectorFilter(admin.SimpleListFilter):
    """By whoever carries it out, or by nobody."""

    title = _("inspector")
    parameter_name = "inspector"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        inspectors = User.objects.filter(role=Role.INSPECTOR).order_by("name", "pk")
        return [("none", _("nobody yet")), *((str(one.pk), named(one)) for one in inspectors)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inspection]) -> QuerySet[Inspection]:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(inspector=None)
        return queryset.filter(inspector=int(value)) if value.isdecimal() else queryset


@admin.register(Inspection)
class InspectionAdmin(WithPhotos, ReadOnly):
    """Inspections; those still to come are given to an inspector here, one by one, several, or by day."""

    photos = InspectionPhoto
    list_display = ("ref", "starts_at", "property", "seeker", "inspector", "stands", "outcome", "clashes")
    list_filter = (
        *("state", "outcome", "clash", InspectorFilter),
        *(("starts_at", ByDay), ("created_at", ByDay), ("reported_at", ByDay)),
    )
    list_filter_submit = True
    list_select_related = ("property", "seeker", "inspector")
    search_fields = ("ref", "=property__ref", "=seeker__email", "=inspector__email")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")
    inlines = (PresenceInline, InspectionPhotoInline)
    actions = ("assign_chosen",)
    list_before_template = "admin/inspector_whatsapp/inspection/to_day.html"
    # A form of its own, outside the page's.
    change_form_outer_before_template = "admin/inspector_whatsapp/inspection/assign.html"

    class Media:
        css = {"all": ("inspector_whatsapp/day.css",)}

    @display(
        description=_("state"),
        ordering="state",
        label={
            "requested": "warning",
            "confirmed": "info",
            "completed": "success",
            "no_show": "danger",
            "cancelled": None,
            "declined": None,
        },
    )  # type: ignore[untyped-decorator]
    def stands(self, inspection: Inspection) -> tuple[str, str]:
        return inspection.state, inspection.get_state_display()

    @display(description=_("clash"), ordering="clash", label={"clash": "danger"})  # type: ignore[untyped-decorator]
    def clashes(self, inspection: Inspection) -> tuple[str, Any] | None:
        return ("clash", _("clash")) if inspection.clash else None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_fields(request, obj), "door_code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "door_code")

    @admin.display(description=_("door code"))
    def door_code(self, inspection: Inspection) -> str | None:
        """Shown with the numbers, to whoever may see these, and of whom it is noted."""
        if inspection.state not in LIVE_STATES:
            return None
        return inspections.door_code(inspection) if numbers.are_whole() else "••••"

    # --- one by one ---------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("day/", guarded(require_safe(self.day)), name="inspection_day"),
            path("<int:pk>/assign/", guarded(require_POST(self.assign)), name="inspection_assign"),
            *super().get_urls(),
        ]

    def beside(self, request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
        day = day_view.local_day(inspection)
        shown = {
            "day_of_it": day,
            "against": list(inspections.against(inspection)[:10]),
            "clash_told": _clash_told(inspection),
        }
        if may_assign(request) and is_to_come(inspection, now=clock.now()):
            shown["assign_options"] = options(inspections.of_day(day), inspection)
        return shown

    def assign(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the whole visit to an inspector; what is refused is said in words."""
        if not may_assign(request):
            raise PermissionDenied
        inspection = get_object_or_404(Inspection.objects.select_related("slot"), pk=pk)
        form = AssignForm(request.POST)
        if form.is_valid():
            chosen = form.cleaned_data
            done = assign(request, inspection, inspector=chosen["inspector"], revision=chosen["revision"])
            if done is not None:
                self.log_change(request, inspection, done)
        else:
            self.message_user(request, _("Choose an inspector."), messages.ERROR)
        if "day" in request.POST:
            return redirect(f"{reverse('admin:inspection_day')}?day={day_view.local_day(inspection)}")
        return redirect("admin:inspector_whatsapp_inspection_change", pk)

    # --- several ------------------------------------------------------------------------------------------

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return may_assign(request)

    @admin.action(description=_("Give the chosen ones to an inspector"), permissions=["assign"])
    def assign_chosen(self, request: HttpRequest, chosen: QuerySet[Inspection]) -> HttpResponse | None:
        """Ask to whom; then each by itself, so that one that is refused keeps no other."""
        rows = list(
            chosen.select_related("slot", "property", "seeker", "inspector").order_by("starts_at", "pk")[
                : MOST_AT_ONCE + 1
            ]
        )
        if len(rows) > MOST_AT_ONCE:
            too_many = _("Choose %d inspections at most.") % MOST_AT_ONCE
            self.message_user(request, too_many, messages.ERROR)
            return None
        form = AssignForm(request.POST if "given" in request.POST else None)
        if form.is_bound and form.is_valid():
            for inspection in rows:
                seen = request.POST.get(f"revision_{inspection.pk}", "")
                done = assign(
                    request,
                    inspection,
                    inspector=form.cleaned_data["inspector"],
                    revision=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
                )
                if done is not None:
                    self.log_change(request, inspection, done)
            return None
        context = self.admin_site.each_context(request) | {
            "title": _("Who carries them out?"),
            "opts": self.opts,
            "form": form,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/inspector_whatsapp/inspection/assign_chosen.html", context)

    # --- by day -------------------------------------------------------------------------------------------

    def day(self, request: HttpRequest) -> HttpResponse:
        """A day by inspector."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("A day by inspector"),
            "opts": self.opts,
            "media": self.media,
            **day_view.context(request),
        }
        return TemplateResponse(request, "admin/inspector_whatsapp/inspection/day.html", context)


def _clash_told(inspection: Inspection) -> Incident | None:
    """What was told of its clash last, and what became of that."""
    told = Incident.objects.filter(kind="clash", key=inspection.ref).select_related("seen_by", "closed_by")
    return told.order_by("-pk").first()

"""Slots and inspections."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget

from inspector_whatsapp import changes, clock, inspections
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import NoDelete, ReadOnly, in_short
from inspector_whatsapp.admin.photos import PhotoInline, WithPhotos
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, InspectionPhoto, Role, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.words import harmless


class SlotForm(forms.ModelForm):  # type: ignore[type-arg]
    """A slot takes no fewer people than have booked it."""

    class Meta:
        model = Slot
        fields = ("property", "inspector", "starts_at", "ends_at", "capacity", "state")

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if capacity < self.instance.taken:
            raise ValidationError(_("More places than that are taken."))
        return capacity

    def clean(self) -> dict[str, Any]:
        """A new slot sends no inspector to two places, or anywhere while they are off."""
        super().clean()
        inspector, start, end = (
            self.cleaned_data.get(name) for name in ("inspector", "starts_at", "ends_at")
        )
        if self.instance.pk is None and inspector and start and end:
            other = inspections.busy(inspector, start=start, end=end)
            if other is not None:
                raise ValidationError(_("That inspector has something else then: %s.") % other)
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        # Django leaves out what is not in the form; a constraint asks how many places are taken.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {"taken"}


@admin.register(Slot)
class SlotAdmin(NoDelete):
    """When properties can be inspected. A slot that moves takes everybody along who has booked it."""

    form = SlotForm
    list_display = ("id", "property", "inspector", "starts_at", "ends_at", "taken", "capacity", "state")
    list_filter = ("state",)
    list_select_related = ("property", "inspector")
    search_fields = ("=property__ref", "=inspector__email")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")
    autocomplete_fields = ("property", "inspector")
    fields = (*SlotForm.Meta.fields, "taken", "platform_id", "version")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        written = ("taken", "platform_id", "version")
        # Those who booked it were told the property and the inspector.
        return ("property", "inspector", *written) if obj else written

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the platform's rules refuse is said in words, and nothing has changed."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except inspections.TooLate:
            refused: object = _("That slot, or its new time, has begun or is over.")
        except inspections.CannotInspect as why:
            refused = why
        except IntegrityError:
            refused = _("Somebody changed it, or booked it, in the same moment. Look again.")
        self.message_user(request, str(refused), messages.ERROR)
        return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Slot, form: Any, change: bool) -> None:
        actor = request.user
        assert isinstance(actor, User)  # the console lets nobody else in
        if not change:
            obj.save()
            changes.record("slot_added", obj, actor=actor, origin=Origin.ADMIN, property=obj.property.ref)
            return
        fields = set(form.changed_data)
        if fields & {"starts_at", "ends_at"}:
            inspections.move_slot(
                slot=obj, starts_at=obj.starts_at, ends_at=obj.ends_at, actor=actor, origin=Origin.ADMIN
            )
        rest = sorted(fields - {"starts_at", "ends_at"})
        if rest:
            obj.save(update_fields=rest)
            changes.record("slot_changed", obj, actor=actor, origin=Origin.ADMIN, fields=rest)


class InspectorChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An inspector, by name and address."""

    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, User)
        return f"{harmless(obj.name, markup=False)} ({obj.email})"


class AssignForm(forms.Form):
    """Who is to carry an inspection out."""

    inspector = InspectorChoice(
        queryset=User.objects.filter(role=Role.INSPECTOR, is_active=True).order_by("name", "pk"),
        label=_("Inspector"),
        widget=UnfoldAdminSelectWidget,
    )


class InspectionPhotoInline(PhotoInline):
    """The photos of a report."""

    model = InspectionPhoto


@admin.register(Inspection)
class InspectionAdmin(WithPhotos, ReadOnly):
    """Inspections, day by day; on the page of one that is still to come, its inspector is assigned."""

    photos = InspectionPhoto
    list_display = ("ref", "starts_at", "property", "seeker", "inspector", "state", "outcome", "clash")
    list_filter = (
        *("state", "outcome", "clash", ("inspector", admin.EmptyFieldListFilter)),
        *(("created_at", ByDay), ("reported_at", ByDay)),
    )
    list_filter_submit = True
    list_select_related = ("property", "seeker", "inspector")
    search_fields = ("ref", "=property__ref", "=seeker__email", "=inspector__email")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")
    inlines = (InspectionPhotoInline,)
    # A form of its own, outside the page's.
    change_form_outer_before_template = "admin/inspector_whatsapp/inspection/assign.html"

    def get_urls(self) -> list[URLPattern]:
        assign = self.admin_site.admin_view(require_POST(self.assign))
        return [path("<int:pk>/assign/", assign, name="inspection_assign"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        inspection = self.get_object(request, object_id)
        if isinstance(inspection, Inspection) and _may_assign(request) and _is_to_come(inspection):
            form = AssignForm(initial={"inspector": inspection.inspector_id})
            extra_context = (extra_context or {}) | {"assign_form": form}
        return super().change_view(request, object_id, form_url, extra_context)

    def assign(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the whole visit to an inspector; what is refused is said in words."""
        actor = request.user
        if not isinstance(actor, User) or not _may_assign(request):
            raise PermissionDenied
        inspection = get_object_or_404(Inspection.objects.select_related("slot"), pk=pk)
        form = AssignForm(request.POST)
        if not form.is_valid():
            self.message_user(request, _("Choose an inspector."), messages.ERROR)
            return redirect("admin:inspector_whatsapp_inspection_change", pk)
        inspector = form.cleaned_data["inspector"]
        try:
            inspections.assign(inspection=inspection, inspector=inspector, actor=actor, origin=Origin.ADMIN)
        except inspections.CannotInspect as refusal:
            self.message_user(request, _why_not(refusal), messages.ERROR)
        else:
            done = _("%(inspector)s carries it out, for everybody who comes at that time.")
            sentence = done % {"inspector": inspector}
            self.log_change(request, inspection, sentence)
            self.message_user(request, sentence, messages.SUCCESS)
        return redirect("admin:inspector_whatsapp_inspection_change", pk)


@admin.register(TimeOff)
class TimeOffAdmin(ReadOnly):
    """When inspectors are sent nowhere; they say so in the chat."""

    list_display = ("id", "inspector", "starts_at", "ends_at", "created_at")
    list_select_related = ("inspector",)
    search_fields = ("=inspector__email",)
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")


def _may_assign(request: HttpRequest) -> bool:
    return request.user.has_perm("inspector_whatsapp.change_inspection")


def _is_to_come(inspection: Inspection) -> bool:
    return inspection.state in LIVE_STATES and inspection.starts_at > clock.now()


def _why_not(refusal: inspections.CannotInspect) -> str:
    match refusal:
        case inspections.Overlapping(other=Inspection() as other):
            return _("That inspector has %(ref)s at that time.") % {"ref": other.ref}
        case inspections.Overlapping(other=Slot() as other):
            return _("That inspector has a slot of %(ref)s at that time.") % {"ref": other.property.ref}
        case inspections.TimeOffThen(time_off=time_off):
            times = {"start": in_short(time_off.starts_at), "end": in_short(time_off.ends_at)}
            return _("That inspector is off from %(start)s to %(end)s.") % times
        case inspections.TooLate():
            return str(_("It has begun, is over, or was called off: nobody can be assigned any more."))
    return str(_("Somebody changed it in the same moment. Look again."))

"""When properties can be inspected, who waits for a place, when inspectors are late or away, who is asked."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import changes, inspections
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.inspections.assigning import what_else, why_not
from inspector_whatsapp.admin.pages import NoDelete, ReadOnly
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Ask, Delay, Slot, TimeOff, User, Wait
from inspector_whatsapp.words import Reader, say


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
                raise ValidationError(what_else(other))
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
    list_filter = ("state", ("starts_at", ByDay))
    list_filter_submit = True
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
            refused = why_not(why)
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


@admin.register(Wait)
class WaitAdmin(ReadOnly):
    """Who waits for a place, the newest first. An offered place counts as taken in its slot."""

    list_display = (
        *("id", "seeker", "property", "waits_for", "state", "offered_at", "answer_by", "created_at"),
        "inspection",
    )
    list_filter = ("state", ("created_at", ByDay))
    list_filter_submit = True
    list_select_related = ("seeker", "property", "slot", "offered", "inspection")
    search_fields = ("=property__ref", "=seeker__email")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")

    @admin.display(description=_("waits for"))
    def waits_for(self, wait: Wait) -> str:
        if wait.slot is not None:
            return say("{slot:when}", slot=wait.slot).put(Reader(markup=False))
        return say(_("any time on {since:day}"), since=wait.since).put(Reader(markup=False))


@admin.register(Ask)
class AskAdmin(ReadOnly):
    """Who was asked to take a visit over whose inspector cannot come, the newest first."""

    list_display = (
        "id",
        "inspection",
        "starts_at",
        "inspector",
        "state",
        "asked_at",
        "answer_by",
        "ended_at",
    )
    list_filter = ("state", ("asked_at", ByDay))
    list_filter_submit = True
    list_select_related = ("inspection", "inspector")
    search_fields = ("=inspection__ref", "=inspector__email")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "-pk")


@admin.register(Delay)
class DelayAdmin(ReadOnly):
    """Which inspectors said that they are late, the newest first."""

    list_display = (
        "id",
        "inspector",
        "property",
        "starts_at",
        "minutes",
        "expected_at",
        "said_at",
        "ended_at",
    )
    list_filter = (("ended_at", admin.EmptyFieldListFilter), ("said_at", ByDay))
    list_filter_submit = True
    list_select_related = ("inspector", "property")
    search_fields = ("=property__ref", "=inspector__email")
    date_hierarchy = "said_at"
    ordering = ("-said_at", "-pk")

    @admin.display(description=_("expected at"))
    def expected_at(self, delay: Delay) -> datetime:
        return delay.expected_at


@admin.register(TimeOff)
class TimeOffAdmin(ReadOnly):
    """When inspectors are sent nowhere; they say so in the chat."""

    list_display = ("id", "inspector", "starts_at", "ends_at", "created_at")
    list_select_related = ("inspector",)
    search_fields = ("=inspector__email",)
    list_filter = (("starts_at", ByDay),)
    list_filter_submit = True
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")

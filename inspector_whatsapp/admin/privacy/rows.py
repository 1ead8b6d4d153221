"""Holds, copies and erasures as lists."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import NoDelete, ReadOnly
from inspector_whatsapp.callers import staff
from inspector_whatsapp.models import Erasure, LegalHold, PersonExport
from inspector_whatsapp.privacy import holds


class _OfPeople(ReadOnly):
    """Rows that name a person by a number only: a contact that was erased has no row any more."""

    @admin.display(description=_("whose"), ordering="account_id")
    def whom(self, row: Any) -> str:
        return str(row.whose)


@admin.register(Erasure)
class ErasureAdmin(_OfPeople):
    """Who asked for whose erasure, and how it ended."""

    list_display = ("id", "whom", "asked_by", "asked_at", "done_at", "trouble")
    list_select_related = ("asked_by",)
    fields: ClassVar[Any] = (
        "whom",
        "contacts",
        "asked_by",
        "asked_at",
        "done_at",
        "attempts",
        "did",
        "trouble",
    )


@admin.register(PersonExport)
class PersonExportAdmin(_OfPeople):
    """Copies that were made, by whom, and whether they were fetched."""

    list_display = ("id", "whom", "made_by", "made_at", "expires_at", "fetched_at", "rows")
    list_select_related = ("made_by",)
    fields: ClassVar[Any] = ("whom", "made_by", "made_at", "expires_at", "fetched_at", "rows")


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keys are typed: a list of everybody to choose from would show everybody."""

    class Meta:
        model = LegalHold
        fields = ("account", "contact", "why", "until")


@admin.register(LegalHold)
class LegalHoldAdmin(NoDelete):
    """Whose data must be kept for now. A hold is placed and lifted; it is never changed or deleted."""

    form = HoldForm
    list_display = ("id", "whom", "why", "until", "placed_by", "placed_at", "lifted_at")
    list_select_related = ("placed_by",)
    raw_id_fields = ("account", "contact")
    ordering = ("-pk",)
    actions = ("lift",)

    @admin.display(description=_("whose"), ordering="account_id")
    def whom(self, hold: LegalHold) -> str:
        return hold.whose

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_legalhold")

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        obj.placed_by, obj.placed_at = staff(request), clock.now()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Lift the chosen holds"), permissions=["lift"])
    def lift(self, request: HttpRequest, chosen: "QuerySet[LegalHold]") -> None:
        lifted = [hold for hold in chosen if holds.lift(hold)]
        told = ngettext("%d hold was lifted.", "%d holds were lifted.", len(lifted)) % len(lifted)
        for hold in lifted:
            self.log_change(request, hold, told)
        self.message_user(request, told, messages.SUCCESS if lifted else messages.WARNING)

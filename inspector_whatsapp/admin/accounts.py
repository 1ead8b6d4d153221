"""Accounts: who may log in here, and who is who on Inspector."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from inspector_whatsapp import changes, contacts, numbers
from inspector_whatsapp.admin.access import WayIn
from inspector_whatsapp.admin.around import WithWays
from inspector_whatsapp.admin.pages import NoDelete, Page
from inspector_whatsapp.admin.privacy.person import WithPrivacy
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.console import trail
from inspector_whatsapp.models import User

STAFF_FIELDS = ("is_staff", "is_superuser", "groups", "user_permissions")


class _Fields(forms.BaseModelForm):  # type: ignore[type-arg]
    """What both forms say of an address, a number and a zone."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().casefold()

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        phone = contacts.e164(typed) if typed else ""
        if phone is None:
            raise ValidationError(_("That is no phone number; write it as in +2348030000001."))
        return phone

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise ValidationError(_("There is no such time zone; write it as in Africa/Lagos."))
        return zone


class NewAccountForm(_Fields, UserCreationForm):  # type: ignore[misc]
    """An account with a password, or without one until the website gives it one."""

    class Meta:
        model = User
        fields = ("email", "name", "role", "phone", "time_zone", "language")


class AccountForm(_Fields, UserChangeForm):  # type: ignore[misc]
    """An account as it stands; its password is changed on a page of its own."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class AccountAdmin(WithWays, WithPrivacy, WayIn, NoDelete, UserAdmin):  # type: ignore[type-arg]
    """A changed address or number pauses the account's links, as it does when Inspector says so.

    Rights are given by superusers alone, and nobody else changes an account that has some.
    """

    add_form = NewAccountForm
    form = AccountForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "role", "masked", "language", "is_staff", "is_active")
    list_filter = ("role", "language", "is_staff", "is_active")
    search_fields = ("email", "name", "=phone")
    ordering = ("email",)
    readonly_fields = ("last_login", "joined_at", "platform_id", "version")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "role", "phone", "time_zone", "language")}),
        (_("Rights in this console"), {"fields": ("is_active", *STAFF_FIELDS)}),
        (_("Times and Inspector's own id"), {"fields": readonly_fields}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (*NewAccountForm.Meta.fields, "usable_password", "password1", "password2"),
            },
        ),
    )

    @admin.display(description=_("phone"))
    def masked(self, user: User) -> str | None:
        return numbers.masked(user.phone) if user.phone else None

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        shown = (*self.readonly_fields, "masked")
        return shown if _rules(request) else (*shown, *STAFF_FIELDS)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """A number is changed by whoever sees it: where it is masked it is only to be read."""
        found = super().get_fieldsets(request, obj)
        if obj is None or _sees_number(request):
            return found

        def put(names: Any) -> Any:
            return tuple("masked" if name == "phone" else name for name in names)

        return [(title, {**options, "fields": put(options["fields"])}) for title, options in found]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        guarded = isinstance(obj, User) and (obj.is_staff or obj.is_superuser)
        return _rules(request) or not guarded

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor = request.user
        assert isinstance(actor, User)  # the console lets nobody else in
        if not change:
            super().save_model(request, obj, form, change)
            changes.record("account_added", obj, actor=actor, origin=Origin.ADMIN)
            return
        fields = sorted(set(form.changed_data) - {"groups", "user_permissions"})
        if fields:
            obj.save(update_fields=fields)
            changes.record("account_changed", obj, actor=actor, origin=Origin.ADMIN, fields=fields)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(Page, DjangoGroupAdmin):
    """What those who have it may do here: given by superusers alone, or whoever is in a group could give
    themselves any right by it."""

    has_numbers = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _rules(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _rules(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _rules(request)


def _rules(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def _sees_number(request: HttpRequest) -> bool:
    """On the page that shows it, and when that page is sent back."""
    return trail.may_see_numbers(request) and (numbers.are_whole() or "phone" in request.POST)

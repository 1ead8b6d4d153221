"""On an account's page, for superusers: how somebody of the staff gets in, and what helps who cannot."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from inspector_whatsapp.console.access import devices, entrance, lockout
from inspector_whatsapp.models import User

if TYPE_CHECKING:
    from inspector_whatsapp.admin.pages import Page as _Page
else:
    _Page = object

# Their own pages, which they register when they are imported, show keys and codes.
for plugin in ("otp_totp", "otp_static"):
    import_module(f"django_otp.plugins.{plugin}.admin")
admin.site.unregister([TOTPDevice, StaticDevice])


class WayIn(_Page):
    """A panel above the form; its buttons are for superusers."""

    change_form_outer_before_template = "admin/inspector_whatsapp/user/way_in.html"

    def get_urls(self) -> list[URLPattern]:
        ours = [
            path("<path:object_id>/unlock/", self.admin_site.admin_view(self.unlock), name="account_unlock"),
            path(
                "<path:object_id>/forget-app/",
                self.admin_site.admin_view(self.forget_app),
                name="account_forget_app",
            ),
        ]
        return [*ours, *super().get_urls()]

    def beside(self, request: HttpRequest, account: User) -> dict[str, Any]:
        shown: dict[str, Any] = super().beside(request, account)
        if account.is_staff and _rules(request):
            shown["way_in"] = {
                "has_app": devices.has_app(account),
                "codes_left": devices.recovery_codes_left(account),
                "shut": lockout.addresses_shut(account),
            }
        return shown

    @method_decorator(require_POST)
    def unlock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """They may try again at once, from everywhere."""
        account = self._account(request, object_id)
        lockout.open_again(account)
        entrance.note(request, account, "let log in again after wrong tries")
        messages.success(request, _("They may try again now."))
        return redirect("admin:inspector_whatsapp_user_change", account.pk)

    @method_decorator(require_POST)
    def forget_app(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Their next log-in sets up another app: for whom phone and recovery codes are gone."""
        account = self._account(request, object_id)
        if devices.remove(account):
            entrance.note(request, account, "removed the authenticator app")
        messages.success(request, _("Their app and their recovery codes are removed."))
        return redirect("admin:inspector_whatsapp_user_change", account.pk)

    def _account(self, request: HttpRequest, object_id: str) -> User:
        if not _rules(request):
            raise PermissionDenied
        found = int(object_id) if object_id.isdecimal() else None
        return get_object_or_404(User, pk=found, is_staff=True)


def _rules(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)

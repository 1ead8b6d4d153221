"""The console: the Django admin in its theme, guarded by django-otp."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django_otp.admin import OTPAdminAuthenticationForm
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from inspector_whatsapp.console.home import page, reports


class Console(UnfoldAdminSite):  # type: ignore[misc]
    """Asks for a one-time code as well (TOTP, or a static one to begin with); a laptop's demo does not."""

    site_header = site_title = "Inspector WhatsApp"
    index_title = _("What is going on")
    index_template = "inspector_whatsapp/home.html"
    login_form = AuthenticationForm if settings.DEBUG else OTPAdminAuthenticationForm
    login_template = None if settings.DEBUG else "otp/admin111/login.html"

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return settings.DEBUG or bool(request.user.is_verified())  # type: ignore[union-attr]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The home page."""
        answer: HttpResponse = super().index(request, page.context(request) | (extra_context or {}))
        return answer

    def extra_urls(self) -> list[URLPattern]:
        """Pages that are no model's."""
        return [path("figures.csv", self.admin_view(reports.figures_csv), name="figures_csv")]

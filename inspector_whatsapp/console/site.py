"""The console: the Django admin in its theme, guarded by django-otp."""

from django.conf import settings
from django.http import HttpRequest
from django_otp.admin import OTPAdminAuthenticationForm
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from inspector_whatsapp.console.searching import Searching


class Console(Searching, UnfoldAdminSite):  # type: ignore[misc]
    """Asks for a one-time code as well (TOTP, or a static one to begin with); a laptop's demo does not."""

    site_header = site_title = "Inspector WhatsApp"
    index_title = "What is going on"
    login_form = AuthenticationForm if settings.DEBUG else OTPAdminAuthenticationForm
    login_template = None if settings.DEBUG else "otp/admin111/login.html"

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return settings.DEBUG or bool(request.user.is_verified())  # type: ignore[union-attr]

"""The console: the Django admin in its theme, guarded by django-otp."""

from functools import wraps
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django_otp.admin import OTPAdminAuthenticationForm
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite


class Console(UnfoldAdminSite):  # type: ignore[misc]
    """Asks for a one-time code as well (TOTP, or a static one to begin with); a laptop's demo does not."""

    site_header = site_title = "Inspector WhatsApp"
    index_title = "What is going on"
    login_form = AuthenticationForm if settings.DEBUG else OTPAdminAuthenticationForm
    login_template = None if settings.DEBUG else "otp/admin111/login.html"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """PostgreSQL takes no NUL, wherever in an address it was typed."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "\x00" in unquote(request.get_full_path()):
                return HttpResponseBadRequest(_("There is a character in this address that no name has."))
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return outer

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return settings.DEBUG or bool(request.user.is_verified())  # type: ignore[union-attr]

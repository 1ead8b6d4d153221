"""The console: the Django admin in its theme, and the way into it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from unfold.sites import UnfoldAdminSite

from inspector_whatsapp.console import trail
from inspector_whatsapp.console.access import account, entrance
from inspector_whatsapp.console.home import page, reports
from inspector_whatsapp.console.searching import Searching
from inspector_whatsapp.models import User

Entered = Callable[[HttpRequest], HttpResponseBase]


class Console(Searching, UnfoldAdminSite):  # type: ignore[misc]
    """Lets in whoever has given a one-time code as well; with DEBUG it may be the password alone."""

    site_header = site_title = "Inspector WhatsApp"
    index_title = _("What is going on")
    index_template = "inspector_whatsapp/home.html"

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return settings.DEBUG or bool(request.user.is_verified())  # type: ignore[union-attr]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Pages that belong to no table; they register others with this site, which is not there yet above.
        from inspector_whatsapp.admin import privacy

        ours = [
            *privacy.addresses(self),
            path("figures.csv", self.admin_view(reports.figures_csv), name="figures_csv"),
            path("login/code/", _open_to_all(self.code), name="code"),
            path("login/app/", _open_to_all(self.enrol), name="enrol"),
            path("account/", self.admin_view(_guarded(self.account)), name="account"),
        ]
        return [*ours, *super().get_urls()]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Every page of the console is one whose visitors are noted; and none is asked for a NUL, of which
        PostgreSQL knows nothing."""
        guarded: Callable[..., Any] = super().admin_view(trail.noted(view), cacheable)

        @wraps(view)
        def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if "\x00" in unquote(request.get_full_path()):
                return HttpResponseBadRequest(_("There is a character in this address that no name has."))
            answer: HttpResponseBase = guarded(request, *args, **kwargs)
            return answer

        return outer

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The password; see `entrance` for what follows."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            **(extra_context or {}),
        }
        return entrance.PasswordStep.as_view(extra_context=context, next_page="admin:index")(request)

    def code(self, request: HttpRequest) -> HttpResponseBase:
        return entrance.code(request, self.each_context(request))

    def enrol(self, request: HttpRequest) -> HttpResponseBase:
        return entrance.enrol(request, self.each_context(request), user=self._entered(request))

    def account(self, request: HttpRequest) -> HttpResponseBase:
        user = self._entered(request)
        assert user is not None  # admin_view lets nobody else through
        return account.account(request, self.each_context(request), user=user)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if not request.user.get_all_permissions():
            nothing = {**self.each_context(request), "title": _("Welcome"), **(extra_context or {})}
            return TemplateResponse(request, "inspector_whatsapp/console/no_rights.html", nothing)
        found: TemplateResponse = super().index(request, page.context(request) | (extra_context or {}))
        return found

    def _entered(self, request: HttpRequest) -> User | None:
        """The row itself, whom request.user only stands for."""
        if not self.has_permission(request) or request.user.pk is None:
            return None
        return User.objects.get(pk=request.user.pk)


_guarded = sensitive_post_parameters("code")


def _open_to_all(page: Entered) -> Entered:
    """The steps between the password and the console, which look themselves who comes."""
    return never_cache(login_not_required(_guarded(page)))

"""The security policy of every page (CSP): nothing from elsewhere, and nothing written into a page is run."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse


def is_console(request: HttpRequest) -> bool:
    """Whether it asks for a page of the console, there or not."""
    try:
        return request.path.startswith(reverse("admin:index"))
    except NoReverseMatch:  # these addresses have none
        return False


class PolicyMiddleware(CSPMiddleware):
    """The console, and nothing else, may do what its theme needs. A page that brings a policy keeps it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if is_console(request):
            parts.update = {**settings.CONSOLE_POLICY, **(parts.update or {})}
        return parts

"""The security policy of every page (CSP): nothing from elsewhere, and nothing written into a page is run."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def is_console(request: HttpRequest) -> bool:
    """Whether it was asked for a page of the console."""
    return request.resolver_match is not None and "admin" in request.resolver_match.namespaces


class PolicyMiddleware(CSPMiddleware):
    """The console, and nothing else, may do what its theme needs. A page that brings a policy keeps it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if is_console(request):
            parts.update = {**settings.CONSOLE_POLICY, **(parts.update or {})}
        return parts

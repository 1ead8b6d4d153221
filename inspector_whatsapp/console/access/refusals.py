"""Whoever of the staff asks for what they have no right to is noted, whichever page refused it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from inspector_whatsapp import audit, callers
from inspector_whatsapp.audit import Act
from inspector_whatsapp.console.policy import is_console
from inspector_whatsapp.marks import plain
from inspector_whatsapp.models import User


class RefusalMiddleware:
    """Notes every 403 of the console, with the address asked for and without what stood behind its `?`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 403 and is_console(request):
            # Anybody may be refused without a log-in, as often as they like: that fills no table.
            actor = request.user
            if isinstance(actor, User):
                audit.record(
                    Act.REFUSED,
                    actor=actor,
                    page="console",
                    says=plain(f"{request.method} {_asked_for(request)}", most=400),
                    address=callers.ip(request),
                )
        return response


def _asked_for(request: HttpRequest) -> str:
    """The address, without a token that is in it."""
    token = request.resolver_match.kwargs.get("token") if request.resolver_match else None
    return request.path.replace(token, "•••") if token else request.path

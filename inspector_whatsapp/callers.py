"""Who sent a request, and from where."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from inspector_whatsapp.models import User


def staff(request: HttpRequest) -> User:
    """Who of the staff, on a page of the console."""
    assert isinstance(request.user, User)  # the console lets nobody else in
    return request.user


def address(request: HttpRequest) -> str:
    """The client's, as the last proxy that we trust has seen it; what stands before it anybody can write."""
    written = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    # Who called us is a hop even where it has no address, as on a socket: or the count would be one off.
    hops = [*filter(None, written), request.META.get("REMOTE_ADDR") or ""]
    seen: str = hops[-1 - min(settings.TRUSTED_PROXIES, len(hops) - 1)]
    return seen


def ip(request: HttpRequest) -> str | None:
    """The same, where it is an address: a proxy may write what it likes."""
    try:
        return str(ipaddress.ip_address(address(request)))
    except ValueError:
        return None

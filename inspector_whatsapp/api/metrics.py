"""/metrics, for Prometheus."""

import hmac
import ipaddress

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from inspector_whatsapp.metrics import exposition

_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Shown to whoever has METRICS_TOKEN; without one, to this machine alone."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    elif not _from_here(request):
        return HttpResponse(status=403)
    try:
        shown = exposition()
    except (OperationalError, InterfaceError):
        return HttpResponse(status=503)
    return HttpResponse(shown, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _from_here(request: HttpRequest) -> bool:
    """Whether a program of this machine asks: not a proxy on it, which asks for somebody else."""
    if any(header in request.headers for header in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "").is_loopback
    except ValueError:
        return False

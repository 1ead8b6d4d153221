"""Wrong passwords and wrong codes: after five from one address, the account is shut for it (django-axes)."""

import math
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from inspector_whatsapp import callers
from inspector_whatsapp.models import User


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """What django-axes counts by: the e-mail as it is kept, however it was typed."""
    typed = str((credentials or {}).get("username") or "")
    return typed.replace("\0", "").strip().casefold()[:254]


def answer(request: HttpRequest, response: HttpResponse, credentials: Any = None) -> HttpResponse:
    """Our own page, which says how long; with the status that programs understand."""
    if response.status_code == 200:  # not a redirect to it
        response.status_code = 429
    return response


def is_shut(request: HttpRequest, email: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": email})


def count(request: HttpRequest, email: str) -> bool:
    """One more that was wrong; whether the account is shut for this address by now."""
    user_login_failed.send(__name__, credentials={"username": email}, request=request)
    return bool(getattr(request, "axes_locked_out", False))


def how_long(request: HttpRequest, email: str) -> str:
    """`Too many wrong tries. Try again in 15 minutes.` The same whether or not there is such an account."""
    tries = AccessAttempt.objects.filter(
        username=username(request, {"username": email}), ip_address=callers.ip(request)
    )
    newest = tries.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    left = newest + settings.AXES_COOLOFF_TIME - timezone.now()
    minutes = max(1, math.ceil(left.total_seconds() / 60))
    return ngettext(
        "Too many wrong tries. Try again in %(minutes)s minute.",
        "Too many wrong tries. Try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


def addresses_shut(user: User) -> int:
    """From how many addresses this account may not log in at the moment."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    tries: dict[str | None, int] = {}
    rows = AccessAttempt.objects.filter(username=user.email.casefold(), attempt_time__gte=since)
    for address, failures in rows.values_list("ip_address", "failures_since_start"):
        tries[address] = tries.get(address, 0) + failures
    return sum(1 for failures in tries.values() if failures >= settings.AXES_FAILURE_LIMIT)


def open_again(user: User) -> None:
    """From everywhere."""
    AxesProxyHandler.reset_attempts(username=user.email.casefold())

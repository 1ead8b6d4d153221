"""How long a log-in lasts: eight hours, and half an hour without anything being done. By the real clock."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspector_whatsapp.console.policy import is_console

SINCE, SEEN = "since", "seen"
_STEP = 60  # seconds; what a request writes of itself at most, so that not each writes its session


def begin(request: HttpRequest) -> None:
    """Somebody has just logged in."""
    request.session[SINCE] = request.session[SEEN] = int(time.time())


class SessionMiddleware:
    """Ends what has lasted for too long. A page that only asks for news (`X-Poll`) keeps nothing alive."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asks_for_news = "X-Poll" in request.headers
        # Only what has a session is looked at: the webhook and the API have none, and pay nothing.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._look(request, asks_for_news=asks_for_news)
        if asks_for_news and is_console(request) and not request.user.is_authenticated:
            return HttpResponse(_("Log in again."), status=401, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def _look(self, request: HttpRequest, *, asks_for_news: bool) -> None:
        now = int(time.time())
        since = request.session.setdefault(SINCE, now)
        seen = request.session.setdefault(SEEN, now)
        idle = settings.SESSION_IDLE_MINUTES
        if now - since >= settings.SESSION_COOKIE_AGE:
            said = _("You were logged out: a log-in lasts for %(hours)s hours.") % {
                "hours": settings.SESSION_COOKIE_AGE // 3600
            }
        elif now - seen >= idle * 60:
            said = ngettext(
                "You were logged out: nothing was done for %(minutes)s minute.",
                "You were logged out: nothing was done for %(minutes)s minutes.",
                idle,
            ) % {"minutes": idle}
        else:
            if now - seen >= _STEP and not asks_for_news:
                request.session[SEEN] = now
            return
        logout(request)
        messages.info(request, said)

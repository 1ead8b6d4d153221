"""Somebody's own account in the console: their app, their recovery codes, their password."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from inspector_whatsapp.console.access import devices, entrance
from inspector_whatsapp.console.access.forms import CodeForm
from inspector_whatsapp.models import User

MOVE_WITHIN = 600  # seconds, from the old phone's code to the new one's
_DEEDS = ("codes", "move", "remove")


def account(request: HttpRequest, context: dict[str, Any], *, user: User) -> HttpResponseBase:
    """What there is; and with a fresh code: new recovery codes, another phone, no app at all."""
    has_app = devices.has_app(user)
    form = CodeForm(request.POST or None)
    for name in ("autofocus", "inputmode"):  # a recovery code has letters
        form.fields["code"].widget.attrs.pop(name)
    form.fields["code"].help_text = _("That your app shows now, or a recovery code.")
    deed = request.POST.get("deed", "")
    if request.method == "POST" and has_app and deed in _DEEDS and form.is_valid():
        device = entrance.proved(request, user, form)
        if device is not None:
            return _done(request, context, user, deed)
    page = {
        **context,
        "title": _("Your account"),
        "form": form,
        "has_app": has_app,
        "codes_left": devices.recovery_codes_left(user),
        "may_remove": settings.DEBUG,
    }
    return TemplateResponse(request, "inspector_whatsapp/console/account.html", page)


def _done(request: HttpRequest, context: dict[str, Any], user: User, deed: str) -> HttpResponseBase:
    if deed == "codes":
        codes = devices.new_recovery_codes(user)
        entrance.note(request, user, "made new recovery codes")
        return entrance.recovery_codes(request, context, codes, reverse("admin:account"))
    if deed == "move":
        request.session.pop(entrance.KEY, None)
        request.session[entrance.MOVES] = int(time.time()) + MOVE_WITHIN
        return redirect("admin:enrol")
    if settings.DEBUG:  # where it is demanded, it is moved, and not removed
        devices.remove(user)
        entrance.note(request, user, "removed the authenticator app")
        messages.success(request, _("The app is removed: you log in with your password alone."))
    return redirect("admin:account")

"""The way in: the password, then the code; whoever has no app yet sets it up there. Nobody is in between.

Between the two steps the session holds who it is, and nothing opens by it: the last step logs them in.
"""

import time
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from inspector_whatsapp import audit, callers
from inspector_whatsapp.audit import Act
from inspector_whatsapp.console.access import devices, lockout, sessions
from inspector_whatsapp.console.access.forms import CodeForm, PasswordForm
from inspector_whatsapp.models import User

HALF = "half_in"  # who gave the right password, in the session
KEY = "key_to_enrol"
MOVES = "moves_to_another_phone"  # until when, in the session
HALF_FOR = 600  # seconds
BACKEND = "django.contrib.auth.backends.ModelBackend"
_PAGES = "inspector_whatsapp/console"


class PasswordStep(LoginView):
    """First the password."""

    authentication_form = PasswordForm
    template_name = f"{_PAGES}/password.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._was_shut = lockout.is_shut(request, request.POST.get("username", ""))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user, target = form.get_user(), self.get_success_url()
        if not (devices.has_app(user) or _is_demanded()):
            _let_in(self.request, user, anew=True)
            return redirect(target)
        session = self.request.session
        session.cycle_key()
        session[HALF] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "at": int(time.time()),
            "next": target,
        }
        session.pop(KEY, None)
        return redirect("admin:code" if devices.has_app(user) else "admin:enrol")

    def form_invalid(self, form: Any) -> HttpResponse:
        email = str(form.cleaned_data.get("username") or "").strip().casefold()
        # Addresses that nobody has here are counted by the lockout, and noted nowhere else.
        user = User.objects.filter(email=email).first()
        if user is not None and not self._was_shut:  # what is tried while it is shut is not noted each time
            _note_refusal(self.request, user, "a wrong password")
        return super().form_invalid(form)


def code(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """Then the code; or the recovery code, for whom the phone is gone."""
    half = _half_in(request)
    if half is None:
        return _from_the_start(request)
    if not devices.has_app(half):
        return redirect("admin:enrol")
    recovery = "recovery" in request.GET
    form = CodeForm(request.POST or None, recovery=recovery)
    if request.method == "POST" and form.is_valid():
        device = proved(request, half, form)
        if device is not None:
            return _through(request, half, device)
        if getattr(request, "axes_locked_out", False):
            return _from_the_start(request, said=lockout.how_long(request, half.email))
    page = {**context, "title": _("One-time code"), "form": form, "recovery": recovery, "who": half.email}
    return TemplateResponse(request, f"{_PAGES}/code.html", page)


def enrol(request: HttpRequest, context: dict[str, Any], *, user: User | None) -> HttpResponseBase:
    """Set up the app: by its QR code, or its key. Half in at the first log-in, or logged in as `user`."""
    who = user or _half_in(request)
    if who is None:
        return _from_the_start(request)
    moves = user is not None and request.session.get(MOVES, 0) > time.time()
    if devices.has_app(who) and not moves:
        return redirect("admin:account" if user else "admin:code")
    key = request.session.setdefault(KEY, devices.new_key())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            app, codes = devices.enrol(who, key=key, code=form.cleaned_data["code"], instead=moves)
        except devices.Wrong:
            form.add_error("code", _("That code is not the one that the app shows for this key just now."))
        else:
            target = reverse("admin:account") if user else request.session[HALF]["next"]
            _let_in(request, who, app, anew=user is None)
            note(request, who, "set up an authenticator app")
            return recovery_codes(request, context, codes, target)
    page = {
        **context,
        "title": _("Set up your authenticator app"),
        "form": form,
        "who": who.email,
        "picture": segno.make(devices.address_of(who, key), error="m").svg_data_uri(scale=5, border=3),
        "key": devices.spelled(key),
        "inside": user is not None,
    }
    return TemplateResponse(request, f"{_PAGES}/enrol.html", page)


def recovery_codes(
    request: HttpRequest, context: dict[str, Any], codes: list[str], target: str
) -> HttpResponse:
    """The page that shows them, this once: nothing keeps them."""
    page = {**context, "title": _("Your recovery codes"), "codes": codes, "target": target}
    return TemplateResponse(request, f"{_PAGES}/recovery_codes.html", page)


def proved(request: HttpRequest, user: User, form: forms.Form) -> Device | None:
    """The device whose code was typed; else the form says why not, and what was wrong is counted and noted.

    For any page that wants a fresh code of whoever is logged in.
    """
    if lockout.is_shut(request, user.email):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        form.add_error("code", lockout.how_long(request, user.email))
        return None
    try:
        return devices.prove(user, form.cleaned_data["code"])
    except devices.Wait as wait:
        form.add_error(
            "code",
            ngettext(
                "The last code was wrong: wait for %(seconds)s second, and type a new one.",
                "The last code was wrong: wait for %(seconds)s seconds, and type a new one.",
                wait.seconds,
            )
            % {"seconds": wait.seconds},
        )
    except devices.Wrong:
        shut = lockout.count(request, user.email)
        _note_refusal(request, user, "a wrong code")
        form.add_error(
            "code",
            lockout.how_long(request, user.email) if shut else _("That code is wrong, or was used already."),
        )
    return None


def note(request: HttpRequest, user: User, says: str) -> None:
    """Something of an account's way in was changed."""
    by = request.user if isinstance(request.user, User) else user
    audit.record(Act.CHANGED, actor=by, subject=user, says=says, address=callers.ip(request))


# --- between the steps ------------------------------------------------------------------------------------
def _is_demanded() -> bool:
    return not settings.DEBUG


def _half_in(request: HttpRequest) -> User | None:
    """Who gave the right password a moment ago, if it still counts."""
    half = request.session.get(HALF)
    if not half or time.time() - half["at"] > HALF_FOR:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(half["hash"], user.get_session_auth_hash()):
        return None
    return user


def _from_the_start(request: HttpRequest, *, said: str = "") -> HttpResponse:
    was_begun = request.session.pop(HALF, None) is not None
    request.session.pop(KEY, None)
    if said or was_begun:
        messages.error(request, said or _("That took too long. Log in again."))
    return redirect("admin:login")


def _through(request: HttpRequest, user: User, device: Device) -> HttpResponse:
    target = request.session[HALF]["next"]
    _let_in(request, user, device, anew=True)
    if isinstance(device, StaticDevice):
        left = devices.recovery_codes_left(user)
        messages.warning(
            request,
            ngettext(
                "You used a recovery code; %(left)s is left. Under Your account you move to another phone.",
                "You used a recovery code; %(left)s are left. Under Your account you move to another phone.",
                left,
            )
            % {"left": left},
        )
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "admin:index")


def _let_in(request: HttpRequest, user: User, device: Device | None = None, *, anew: bool) -> None:
    """The last step; by a new session, and with what it was opened by."""
    for name in (HALF, KEY, MOVES):
        request.session.pop(name, None)
    if device is not None:
        user.otp_device = device  # type: ignore[attr-defined]  # django-otp takes it from there
    login(request, user, backend=BACKEND)
    if anew:
        sessions.begin(request)
        by = "the password alone" if device is None else device._meta.verbose_name
        audit.record(Act.LOGGED_IN, actor=user, subject=user, says=f"by {by}", address=callers.ip(request))


def _note_refusal(request: HttpRequest, user: User, why: str) -> None:
    if getattr(request, "axes_locked_out", False):
        why += f"; shut from there for {int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)} minutes"
    audit.record(Act.REFUSED, actor=None, subject=user, says=why, address=callers.ip(request))

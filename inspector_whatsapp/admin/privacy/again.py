"""Whoever hands out or erases somebody's data shows once more who they are: password, and code if any.

For five minutes that counts. By the real time, as a session does.
"""

import time
from typing import Any, Final

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from inspector_whatsapp.callers import staff
from inspector_whatsapp.console.access import devices, entrance

KEY: Final = "showed_themselves_at"
LASTS: Final = 300  # seconds


def lately(request: HttpRequest) -> bool:
    """Whether this session has shown who it is in the last five minutes."""
    at = request.session.get(KEY, 0)
    return isinstance(at, int | float) and 0 <= time.time() - at < LASTS


class Again(forms.Form):
    """Asks for nothing where it was shown a moment ago."""

    password = forms.CharField(
        label=_("Your password"), widget=UnfoldAdminPasswordWidget({"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=_("Code of your authenticator"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.recent = lately(request)
        if self.recent:
            del self.fields["password"]
        if self.recent or not devices.has_app(staff(request)):
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.recent or self.errors:
            return values
        user = staff(self.request)
        # By the ordinary way in, so that whoever guesses is shut out as there.
        known = authenticate(self.request, username=user.email, password=values["password"])
        if known != user:
            raise ValidationError(_("That is not your password."))
        # Counted and noted as at the door; a recovery code is as good as there.
        if "code" in self.fields and entrance.proved(self.request, user, self) is None:
            return values
        self.request.session[KEY] = time.time()
        return values

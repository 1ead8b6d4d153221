"""What is typed to get in."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from inspector_whatsapp.console.access import lockout


class PasswordForm(AuthenticationForm):  # type: ignore[misc]
    """Says the same of an account that is not there, has no rights here, or has another password."""

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        if not (user.is_active and user.is_staff):  # type: ignore[attr-defined]
            # Counted like a wrong one, or whoever tries would learn that the password is right.
            lockout.count(self.request, self.cleaned_data["username"])
            raise self.get_invalid_login_error()

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            return ValidationError(lockout.how_long(self.request, self.cleaned_data["username"]))
        return ValidationError(_("The e-mail address or the password is wrong."))


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "off",
                "spellcheck": "false",
                "autofocus": "",
            }
        ),
        error_messages={"required": _("Type the code that your app shows.")},
    )

    def __init__(self, *args: Any, recovery: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if recovery:
            field = self.fields["code"]
            field.label = _("Recovery code")
            field.error_messages["required"] = _("Type one of your recovery codes.")
            field.widget.attrs |= {"autocomplete": "off", "inputmode": "text"}

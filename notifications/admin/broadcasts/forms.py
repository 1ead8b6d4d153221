"""What staff type: a draft, and how many people it goes to."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inspector_whatsapp.models import Property
from notifications.models import Broadcast
from notifications.recipients import ROLES

SAID = ("name", "kind", "text", "text_pcm")
MEANT = ("roles", "area", "active_days", "ahead", "spare_days")
WHEN = ("starts_at", "per_minute")


class BroadcastForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.label) for role in ROLES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Who is meant."),
    )
    area = forms.ChoiceField(
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Only who looks for, lists or inspects homes there."),
    )

    class Meta:
        model = Broadcast
        fields = (*SAID, *MEANT, *WHEN)
        widgets: ClassVar[Any] = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": 3}) for name in ("text", "text_pcm")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "area" in self.fields:
            areas = set(Property.objects.exclude(area="").values_list("area", flat=True).distinct())
            areas |= {self.instance.area} - {""}
            self.fields["area"].choices = [("", _("everywhere")), *((area, area) for area in sorted(areas))]  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        return _in_a_line(self.cleaned_data["text"])

    def clean_text_pcm(self) -> str:
        return _in_a_line(self.cleaned_data["text_pcm"])

    def clean_per_minute(self) -> int:
        pace: int = self.cleaned_data["per_minute"]
        most = settings.WHATSAPP_MESSAGES_PER_SECOND * 60
        if not 1 <= pace <= most:
            raise ValidationError(_("Between 1 and %(most)d: no more leave in a minute.") % {"most": most})
        return pace


class SureForm(forms.Form):
    """How many people it goes to, typed by whoever has understood that."""

    number = forms.IntegerField(
        min_value=1,
        label=gettext_lazy("How many people"),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


def _in_a_line(text: str) -> str:
    """A value of a template has no line breaks."""
    return " ".join(text.split())

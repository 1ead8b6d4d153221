"""The sources of shared links, and what came of them. Campaigns are begun here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from inspector_whatsapp import sharing
from inspector_whatsapp.admin.pages import NoDelete, on_page
from inspector_whatsapp.marks import short
from inspector_whatsapp.models import ShareSource

COUNTS = ("opened", "asked", "chatted", "booked")


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """A campaign's name."""

    label = forms.CharField(max_length=60, label=_("name"), widget=UnfoldAdminTextInputWidget)

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"].strip()
        if ShareSource.objects.filter(agent=None, label__iexact=label).exists():
            raise forms.ValidationError(_("There is a campaign of that name."))
        return label


@admin.register(ShareSource)
class ShareSourceAdmin(NoDelete):
    """By which links people came. A campaign's code is put behind any property's link: /p/PR-1042?s=code"""

    has_numbers = False
    form = CampaignForm
    list_display = (
        *("source", "kind", "agent", "code", "created_at"),
        *COUNTS,
    )
    list_filter = ("kind",)
    list_select_related = ("agent",)
    search_fields = ("label", "=code", "=agent__email")
    ordering: ClassVar[Any] = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: ShareSource | None = None) -> Any:
        return ("label",) if obj is None else self.get_readonly_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: ShareSource | None = None) -> Any:
        if obj is None:
            return ()
        names = ("label", "kind", "agent", "code", "created_at")
        return (*(on_page(ShareSource, name) for name in names), *COUNTS)

    @admin.display(description=_("source"))
    def source(self, source: ShareSource) -> str:
        return short(str(source))

    @admin.display(description=_("opened"))
    def opened(self, source: Any) -> int:
        return int(source.opened)

    @admin.display(description=_("tapped Ask"))
    def asked(self, source: Any) -> int:
        return int(source.asked)

    @admin.display(description=_("chats"))
    def chatted(self, source: Any) -> int:
        return int(source.chatted)

    @admin.display(description=_("bookings"))
    def booked(self, source: Any) -> int:
        return int(source.booked)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return sharing.with_counts(super().get_queryset(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ShareSource, form: Any, change: bool) -> None:
        made = sharing.begin_campaign(obj.label)
        obj.pk, obj.code = made.pk, made.code

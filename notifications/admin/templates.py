"""Message templates: how they stand at Meta, their wording, and a look at what people read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextareaWidget

from inspector_whatsapp.admin.pages import NoDelete, in_short, on_page
from inspector_whatsapp.cloud_api.errors import CloudError
from inspector_whatsapp.marks import visible
from inspector_whatsapp.models import User
from notifications import registry
from notifications.models import MessageTemplate, TemplateCategory
from notifications.registry import shape, used

_FACTS = [
    on_page(MessageTemplate, name)
    for name in (
        *("name", "version", "language", "name_at_meta", "category", "category_at_meta", "status", "reason"),
        *("quality", "meta_id", "submitted_at", "synced_at", "differs", "components"),
    )
]


@dataclass(frozen=True)
class Preview:
    """What people read: filled with the values of a message that was sent, or with the examples."""

    body: SafeString
    buttons: Sequence[SafeString]
    message: int | None
    why: SafeString | None


class WordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another wording of a template."""

    titles = forms.CharField(
        label=_("Buttons"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("One per line, as many as now, in the same order: what each begins stays the same."),
    )

    class Meta:
        model = MessageTemplate
        fields = ("body",)
        help_texts = {
            "body": _("Saving makes a new version, to be submitted. The variables must stay the same ones.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "titles" in self.fields:
            self.initial["titles"] = "\n".join(self.instance.buttons)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "body" in self.cleaned_data and "titles" in self.cleaned_data:
            registry.reworded(self.instance, body=self.cleaned_data["body"], buttons=self.buttons())
        return self.cleaned_data

    def buttons(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["titles"].splitlines()]
        return [line for line in lines if line]


@admin.register(MessageTemplate)
class MessageTemplateAdmin(NoDelete):
    """Declared in code: nothing is added here. Another wording is a new version."""

    has_numbers = False
    form = WordingForm
    list_display = (
        *("name", "version", "language", "status", "category_now", "quality", "differs", "last_used"),
        *("submitted_at", "synced_at"),
    )
    list_filter = ("status", "category", "quality", "language")
    search_fields = ("name", "name_at_meta", "body")
    actions = ("submit_chosen",)
    # With forms of their own, outside the page's.
    change_form_outer_before_template = "admin/notifications/messagetemplate/above.html"
    change_list_template = "admin/notifications/messagetemplate/change_list.html"

    class Media:
        css = {"all": ("notifications/templates.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that the code has no more is only to be read."""
        return super().has_change_permission(request, obj) and (obj is None or bool(registry.declared(obj)))

    # --- what is shown ------------------------------------------------------------------------------------

    @admin.display(description=_("category"), ordering="category")
    def category_(self, row: MessageTemplate) -> str:
        return str(TemplateCategory(row.category_now).label)

    @admin.display(description=_("differs at Meta"))
    def differs(self, row: MessageTemplate) -> SafeString | None:
        return visible(difference) if (difference := registry.difference(row)) else None

    def prepare(self, rows: Iterable[Any]) -> None:
        lately = used.lately()
        for row in rows:
            row.use = lately.get((row.name_at_meta, row.language))

    @admin.display(description=_("last used"))
    def last_used(self, row: Any) -> str | None:
        return in_short(row.use.at) if row.use else None

    @admin.display(description=_("body"))
    def words(self, row: MessageTemplate) -> SafeString:
        return visible(row.body)

    @admin.display(description=_("buttons"))
    def titles(self, row: MessageTemplate) -> SafeString:
        return format_html_join(", ", "{}", ((visible(title),) for title in row.buttons))

    def get_fields(self, request: HttpRequest, obj: MessageTemplate | None = None) -> Any:
        editable = obj is not None and self.has_change_permission(request, obj)
        return [*(("body", "titles") if editable else ("words", "titles")), *_FACTS]

    def get_readonly_fields(self, request: HttpRequest, obj: MessageTemplate | None = None) -> Any:
        editable = obj is not None and self.has_change_permission(request, obj)
        return [*(() if editable else ("words", "titles")), *_FACTS]

    def beside(self, request: HttpRequest, row: MessageTemplate) -> dict[str, Any]:
        return {
            "preview": _preview(row),
            "may_act": _may_act(request),
            "may_submit": row.status in registry.SUBMITTABLE,
            "show_save_and_continue": False,
        }

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"may_act": _may_act(request)})

    # --- what is done -------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        row = MessageTemplate.objects.get(pk=obj.pk)  # `obj` has the form's wording already
        obj.written = registry.edit(row, body=form.cleaned_data["body"], buttons=form.buttons())

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        written: MessageTemplate = obj.written
        if written.pk != obj.pk:
            done = _("Saved as %(template)s. It is sent once you have submitted it and Meta approves it.")
            self.message_user(request, done % {"template": written}, messages.SUCCESS)
        return redirect("admin:notifications_messagetemplate_change", written.pk)

    def get_urls(self) -> list[URLPattern]:
        def guarded(view: Any) -> Any:
            return self.admin_site.admin_view(require_POST(view))

        return [
            path("sync/", guarded(self.sync), name="template_sync"),
            path("<int:pk>/template/<str:act>/", guarded(self.act), name="template_act"),
            *super().get_urls(),
        ]

    def sync(self, request: HttpRequest) -> HttpResponse:
        """Ask Meta how they stand."""
        if not _may_act(request):
            raise PermissionDenied
        try:
            synced = registry.sync()
        except CloudError as error:
            self.message_user(request, _("Meta could not be asked: %(why)s") % {"why": error}, messages.ERROR)
        else:
            done = _("Meta has %(found)d of them; %(changed)d stood otherwise than we knew.")
            counts = {"found": synced.found, "changed": synced.changed}
            self.message_user(request, done % counts, messages.SUCCESS)
        return redirect("admin:notifications_messagetemplate_changelist")

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Submit one, or send it to oneself."""
        user = request.user
        if not isinstance(user, User) or not _may_act(request):
            raise PermissionDenied
        row = get_object_or_404(MessageTemplate, pk=pk)
        match act:
            case "submit":
                self._submit(request, row)
            case "test":
                self._send_test(request, row, user)
            case _:
                raise Http404
        return redirect("admin:notifications_messagetemplate_change", pk)

    @admin.action(description=_("Submit the chosen templates to Meta"), permissions=["change"])
    def submit_chosen(self, request: HttpRequest, chosen: QuerySet[MessageTemplate]) -> None:
        many = sum(self._submit(request, row) for row in chosen)
        done = ngettext("%d template was submitted.", "%d templates were submitted.", many) % many
        self.message_user(request, done, messages.SUCCESS if many else messages.WARNING)

    def _submit(self, request: HttpRequest, row: MessageTemplate) -> bool:
        try:
            registry.submit(row)
        except registry.CannotSubmit as why:
            self.message_user(request, str(why), messages.WARNING)
            return False
        except CloudError as error:
            sentence = _("Not submitted, %(template)s: %(why)s") % {"template": row, "why": error}
            self.message_user(request, sentence, messages.ERROR)
            return False
        sentence = _("Submitted: %(template)s. Meta takes minutes to a day.") % {"template": row}
        self.log_change(request, row, sentence)
        self.message_user(request, sentence, messages.SUCCESS)
        return True

    def _send_test(self, request: HttpRequest, row: MessageTemplate, user: User) -> None:
        try:
            registry.send_test(row, to=user)
        except registry.NoNumber as why:
            self.message_user(request, _where_to_add_it(request, user, str(why)), messages.WARNING)
            return
        except registry.CannotSendTest as why:
            self.message_user(request, str(why), messages.WARNING)
            return
        sentence = _("The test is on its way to your WhatsApp.")
        self.log_change(request, row, sentence)
        self.message_user(request, sentence, messages.SUCCESS)


def _may_act(request: HttpRequest) -> bool:
    return request.user.has_perm("notifications.change_messagetemplate")


def _preview(row: MessageTemplate) -> Preview:
    values, message = used.values(row)
    why = registry.why_not(row)
    return Preview(
        body=visible(shape.filled(row.body, values)),
        buttons=[visible(title) for title in row.buttons],
        message=message,
        why=visible(why) if why else None,
    )


def _where_to_add_it(request: HttpRequest, user: User, why: str) -> SafeString | str:
    """With the way to the admin's own account, or to whoever may change it."""
    accounts = admin.site.get_model_admin(User)
    if not accounts.has_change_permission(request, user):
        return f"{why} {_('Somebody who may change accounts can do that.')}"
    page = reverse("admin:inspector_whatsapp_user_change", args=[user.pk])
    return format_html('{} <a class="link" href="{}">{}</a>', why, page, _("Your account"))

"""How free text was understood: to be looked at, and marked where it was wrong."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from bot.assistant import examples
from bot.assistant.commands import SLOTS_OF, Command, Intent, NotACommand
from bot.models import Interpretation, Mark
from inspector_whatsapp import audit, callers, clock
from inspector_whatsapp.admin import exports
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import NoDelete, masked, on_page
from inspector_whatsapp.admin.paging import Capped
from inspector_whatsapp.audit import Act
from inspector_whatsapp.callers import staff
from inspector_whatsapp.marks import pretty, short, visible
from inspector_whatsapp.models import OutboxMessage

_WHAT = (on_page(Interpretation, "text"), "understood_as", "source", "in_percent", "answered", "replied")
_HOW = (
    *("sender", "chat", "role", "held", "milliseconds", "at"),
    *(on_page(Interpretation, name) for name in ("model", "error")),
)
_MARKED = ("marked_by", "marked_at")
UNSURE = 0.6  # below it a message is worth a look


class IntentFilter(admin.SimpleListFilter):
    """Those understood as one intent."""

    title = gettext_lazy("understood as")
    parameter_name = "intent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(intent.value, intent.value) for intent in Intent]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(command__intent=self.value()) if self.value() else queryset


class SureFilter(admin.SimpleListFilter):
    """Those that were guessed."""

    title = gettext_lazy("how sure")
    parameter_name = "sure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("Guessed")), ("yes", gettext_lazy("Sure"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "no":
                return queryset.filter(sure__lt=UNSURE)
            case "yes":
                return queryset.filter(sure__gte=UNSURE)
        return queryset


class MarkForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an admin says of it; the command that was meant, where another one was."""

    intent = forms.ChoiceField(
        label=gettext_lazy("What was meant"),
        required=False,
        choices=[("", "---"), *((intent.value, intent.value) for intent in Intent)],
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Where it was wrong, and you know."),
    )
    slots = forms.JSONField(
        label=gettext_lazy("with"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=gettext_lazy('As JSON, like {"areas": ["Yaba"], "bedrooms_min": 2}; empty: nothing.'),
    )

    class Meta:
        model = Interpretation
        fields = ("marked",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meant = self.instance.meant or self.instance.command or {}
        if "intent" in self.fields:  # not for whoever may only look
            self.fields["intent"].initial = (self.instance.meant or {}).get("intent", "")
            self.fields["slots"].initial = meant.get("slots", {})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.meant: Command | None = None
        if data.get("marked") == Mark.WRONG and data.get("intent"):
            self.meant = self._command(data["intent"], data.get("slots") or {})
        elif data.get("intent") and data.get("marked") != Mark.WRONG:
            self.add_error("marked", _("Mark it wrong, or leave out what was meant."))
        return data

    def _command(self, intent: str, slots: Any) -> Command | None:
        try:
            return Command.from_json({"intent": intent, "slots": slots})
        except NotACommand as why:
            takes = ", ".join(sorted(SLOTS_OF[Intent(intent)])) or _("nothing")
            sentence = _("That is no such command: %(why)s. %(intent)s takes: %(takes)s.")
            message = sentence % {"why": why, "intent": intent, "takes": takes}
            self.add_error("slots", ValidationError(message))
            return None


@admin.register(Interpretation)
class InterpretationAdmin(NoDelete):
    """Newest first. What is marked becomes an example."""

    form = MarkForm
    list_display = ("id", "sender", "said", "understood", "source", "in_percent", "answered", "marked", "at")
    list_filter = ("marked", "source", SureFilter, IntentFilter, ("at", ByDay))
    list_filter_submit = True
    list_select_related = ("event__contact",)
    ordering: ClassVar[Any] = ("-pk",)
    show_full_result_count = False
    paginator = Capped
    actions = ("download",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interpretation]:
        rows: QuerySet[Interpretation] = super().get_queryset(request)
        return rows.select_related("event__contact", "event__conversation", "marked_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*_WHAT, *_HOW, *_MARKED)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        form = ("marked", "intent", "slots") if self.has_change_permission(request, obj) else ("marked",)
        return (
            (None, {"fields": (*_WHAT, *form)}),
            (_("How it came about"), {"fields": _HOW}),
            (_("Marked"), {"fields": _MARKED}),
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        mark = Mark(obj.marked) if obj.marked else None
        examples.mark(obj, mark, meant=form.meant, admin=staff(request))

    @admin.action(description=gettext_lazy("Download as examples"), permissions=["export"])
    def download(self, request: HttpRequest, rows: QuerySet[Interpretation]) -> StreamingHttpResponse:
        """Those of which it is known what was meant, a line each."""
        audit.record(
            Act.EXPORTED,
            actor=staff(request),
            subject=Interpretation,
            address=callers.ip(request),
            rows=rows.count(),
            filters=self.narrowed_by(request),
            numbers="left out",
        )
        file = f"examples-{localtime(clock.now()):%Y-%m-%d}.jsonl"
        return StreamingHttpResponse(
            (json.dumps(record, ensure_ascii=False) + "\n" for record in examples.records(rows)),
            content_type="application/x-ndjson; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{file}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(exports.may_export(request))

    @admin.display(description=gettext_lazy("from"))
    def sender(self, row: Interpretation) -> str | None:
        return masked(row.event.contact)

    @admin.display(description=gettext_lazy("said"))
    def said(self, row: Interpretation) -> SafeString:
        return short(row.text)

    @admin.display(description=gettext_lazy("understood as"))
    def understood(self, row: Interpretation) -> SafeString:
        return short(in_a_line(row.command))

    @admin.display(description=gettext_lazy("understood as"))
    def understood_as(self, row: Interpretation) -> SafeString:
        return pretty(row.command)

    @admin.display(description=gettext_lazy("what was said to it"))
    def replied(self, row: Interpretation) -> SafeString | None:
        reply = OutboxMessage.objects.filter(key=f"reply:{row.event_id}").only("text").first()
        return visible(reply.text) if reply else None

    @admin.display(description=gettext_lazy("what the chat held"))
    def held(self, row: Interpretation) -> SafeString:
        return pretty(row.context)

    @admin.display(description=gettext_lazy("sure"), ordering="sure")
    def in_percent(self, row: Interpretation) -> str:
        return f"{row.sure:.0%}"

    @admin.display(description=gettext_lazy("chat"))
    def chat(self, row: Interpretation) -> SafeString | None:
        talk = row.event.conversation_id
        if talk is None:
            return None
        address = reverse("admin:bot_conversation_change", args=[talk])
        return format_html('<a href="{}#in-{}">{}</a>', address, row.event_id, _("See it in the chat"))


def in_a_line(command: dict[str, Any]) -> str:
    """`search_properties · areas: Yaba · bedrooms_min: 2`"""
    slots = [
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in (command.get("slots") or {}).items()
    ]
    return " · ".join((str(command.get("intent", "")), *slots))

"""Messages: what leaves, and what became of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from inspector_whatsapp import outbox
from inspector_whatsapp.admin import sought, story
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.many import many
from inspector_whatsapp.admin.pages import ReadOnly, in_short, recipient
from inspector_whatsapp.admin.sifting import (
    CategoryFilter,
    ChannelFilter,
    KindFilter,
    PersonFilter,
    ReasonFilter,
    StatusFilter,
)
from inspector_whatsapp.callers import staff
from inspector_whatsapp.gateway.replaying import DEAD, REPLAYABLE
from inspector_whatsapp.jobs import NotDone
from inspector_whatsapp.jobs.messages import BY_MAIL, CANCEL, PERMISSION, REPLAY, RETRY
from inspector_whatsapp.jobs.messages import by_mail as say_by_mail
from inspector_whatsapp.jobs.messages import cancel as stop
from inspector_whatsapp.jobs.messages import replay as send_once_more
from inspector_whatsapp.jobs.messages import retry as say_again
from inspector_whatsapp.marks import short
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import TO_INSPECTOR, WAITING_STATES, Status

COLOURS = {
    Status.PENDING.value: "info",
    Status.SENDING.value: "info",
    Status.WAITING.value: "warning",
    Status.HELD.value: "info",
    Status.ACCEPTED.value: "info",
    Status.SENT.value: "info",
    Status.DELIVERED.value: "success",
    Status.READ.value: "success",
    Status.UNCERTAIN.value: "warning",
    Status.FAILED.value: "danger",
    Status.WITHHELD.value: "",
    Status.EXPIRED.value: "danger",
}


@dataclass(frozen=True)
class Button:
    """Something that can be done to the message of a page."""

    name: str
    title: Any
    hint: Any
    look: str = ""


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly):
    """Replies, notifications and e-mails in one list, newest first; each with the story of it."""

    list_display = ("id", "created", "standing", "kind_of", "channel", "to", "reason", "account", "ended")
    list_filter = (
        *(StatusFilter, PersonFilter, ReasonFilter, ChannelFilter, KindFilter, CategoryFilter),
        ("created_at", ByDay),
    )
    list_filter_submit = True
    list_select_related = ("contact", "account")
    sortable_by = ("id", "created")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER  # each would count every message
    fields = (
        *("why", "said", "kind", "channel", "contact", "account"),
        *("category", "priority", "status", "reason", "error_code", "attempts"),
        *("created_at", "not_before", "expires_at", "accepted_at", "sent_at", "delivered_at", "read_at"),
        *("failed_at", "uncertain_at", "provider_id", "price_category", "billable", "repeats", "key"),
        *("lane", "if_uncertain", "lease_until", "arguments", "body"),
    )
    search_fields = ("pk",)  # there is a search; what it finds is said in `sought`
    search_help_text = _("Name, number or its end, e-mail, ref, Meta's id, or words (of the newest 500)")
    actions = (many(RETRY), many(BY_MAIL), many(CANCEL), many(REPLAY))
    change_form_outer_before_template = "admin/inspector_whatsapp/outboxmessage/acts.html"

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<int:pk>/act/<str:act>/", act, name="outboxmessage_act"), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage], search_term: str
    ) -> tuple[QuerySet[OutboxMessage], bool]:
        """By all that the console's one box takes."""
        return sought.messages(queryset, search_term, of_account=True) if search_term else queryset, False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its story and its words; whoever wants to know more opens the rest."""
        names: Any = self.fields
        told, kept = names[:2], names[2:]
        return [
            (None, {"fields": told}),
            (_("Everything that is kept of it"), {"fields": kept, "classes": ["collapse"]}),
        ]

    def beside(self, request: HttpRequest, message: OutboxMessage) -> dict[str, Any]:
        return {"message_acts": list(_offered(message)) if self.has_rules_permission(request) else []}

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Say it again, by e-mail, stop it or replay it; what may have arrived asks first."""
        if not self.has_rules_permission(request):
            raise PermissionDenied
        do = _ACTS.get(act)
        if do is None:
            raise Http404
        message = get_object_or_404(
            OutboxMessage.objects.select_related("contact", "account", "cause"), pk=pk
        )
        sure = request.POST.get("sure") == "yes"
        if do.asks and outbox.may_have_arrived(message) and outbox.again_of(message) is None and not sure:
            return self._ask(request, message, do)
        try:
            with transaction.atomic():
                says = do.verb(message, actor=staff(request), **({"sure": sure} if do.asks else {}))
                self.log_change(request, message, says)
        except NotDone as why:
            self.message_user(request, str(why), messages.WARNING)
        else:
            self.message_user(request, says, messages.SUCCESS)
        return redirect("admin:inspector_whatsapp_outboxmessage_change", pk)

    def _ask(self, request: HttpRequest, message: OutboxMessage, do: "_Act") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": do.title,
            "message": message,
            "said": story.said(message),
        }
        return TemplateResponse(request, "admin/inspector_whatsapp/outboxmessage/sure.html", context)

    @admin.display(description=_("why"))
    def why(self, message: OutboxMessage) -> str:
        return story.told(message)

    @admin.display(description=_("what it says"))
    def said(self, message: OutboxMessage) -> SafeString | None:
        return story.said(message)

    @display(description=_("status"), label=COLOURS)  # type: ignore[untyped-decorator]
    def standing(self, message: OutboxMessage) -> tuple[str, str]:
        return message.status, str(message.get_status_display())

    @admin.display(description=_("kind"))
    def kind_of(self, message: OutboxMessage) -> SafeString:
        return short(message.kind.replace("_", " "))

    def heading(self, row: OutboxMessage) -> str:
        return f"{self.opts.verbose_name} {row.pk}"

    @admin.display(description=_("to"))
    def to(self, message: OutboxMessage) -> str | None:
        return recipient(message.contact, message.account)

    @admin.display(description=_("created"), ordering="id")
    def created(self, message: OutboxMessage) -> str | None:
        return in_short(message.created_at)

    @admin.display(description=_("latest"))
    def ended(self, message: OutboxMessage) -> str | None:
        """When it came to where it stands."""
        found = (
            message.failed_at,
            message.read_at,
            message.delivered_at,
            message.sent_at,
            message.accepted_at,
        )
        return in_short(next((at for at in found if at is not None), None))


@dataclass(frozen=True)
class _Act:
    """asks: whether it asks first where the message may have arrived."""

    title: Any
    verb: Callable[..., str]
    asks: bool = False


_ACTS = {
    "retry": _Act(_("Say again"), say_again, asks=True),
    "by_mail": _Act(_("Say by e-mail instead"), say_by_mail, asks=True),
    "cancel": _Act(_("Stop it"), stop),
    "replay": _Act(_("Replay"), send_once_more),
}


def _offered(message: OutboxMessage) -> Iterator[Button]:
    """What makes sense where it stands; the verbs decide."""
    if message.channel in TO_INSPECTOR:
        if message.status in DEAD and message.kind in REPLAYABLE:
            yield Button("replay", _("Replay"), _("Send it to Inspector once more."), "act-main")
        return
    if message.status in WAITING_STATES:
        yield Button("cancel", _("Stop it"), _("It has not left yet."), "act-danger")
    if message.status in outbox.AGAIN and outbox.again_of(message) is None:
        yield Button("retry", _("Say again"), _("In a message of its own, by the same rules."), "act-main")
        if message.channel == "whatsapp":
            yield Button("by_mail", _("Say by e-mail instead"), _("To the mailbox of the account."))

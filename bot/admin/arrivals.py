"""What came in: bodies as Meta posted them, and the events found in them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bot.models import InboundEvent, WebhookBody
from inspector_whatsapp.admin import sought
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import ReadOnly, masked
from inspector_whatsapp.marks import visible

MOST_BYTES = 20_000  # of a body on its page; Meta posts up to 3 MB


@admin.register(InboundEvent)
class InboundEventAdmin(ReadOnly):
    """Events, newest first. A code that somebody typed is in none of them."""

    list_display = ("id", "kind", "sender", "state", "said_at", "received_at", "attempts", "error")
    list_filter = ("state", "kind", ("received_at", ByDay))
    list_filter_submit = True
    list_select_related = ("contact",)
    search_fields = ("pk",)  # there is a search; what it finds is said in `sought`
    search_help_text = _("Name, number or its end, e-mail, ref, Meta's id, or words (of the newest 500)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundEvent]:
        events: QuerySet[InboundEvent] = super().get_queryset(request)
        return events.defer("body__body")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[InboundEvent], search_term: str
    ) -> tuple[QuerySet[InboundEvent], bool]:
        """By all that the console's one box takes."""
        return sought.messages(queryset, search_term) if search_term else queryset, False

    @admin.display(description=_("from"))
    def sender(self, event: InboundEvent) -> str | None:
        return masked(event.contact)


@admin.register(WebhookBody)
class WebhookBodyAdmin(ReadOnly):
    """The raw bytes, as text."""

    list_display = ("id", "received_at", "state", "attempts")
    list_filter = ("state",)
    fields = ("received_at", "state", "attempts", "sha256", "content")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookBody]:
        bodies: QuerySet[WebhookBody] = super().get_queryset(request)
        return bodies.defer("body")  # a list needs none of them

    @admin.display(description="SHA-256")
    def sha256(self, body: WebhookBody) -> str:
        return bytes(body.digest).hex()

    @admin.display(description=_("body"))
    def content(self, body: WebhookBody) -> SafeString:
        raw = bytes(body.body)
        return visible(raw[:MOST_BYTES].decode(errors="replace") + ("…" if len(raw) > MOST_BYTES else ""))

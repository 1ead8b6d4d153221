"""Messages: what leaves, and what became of it."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspector_whatsapp import contacts, gateway
from inspector_whatsapp.admin import story
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import ReadOnly, in_short, recipient
from inspector_whatsapp.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly):
    """Replies, notifications and e-mails in one list, newest first; each with the story of it."""

    list_display = (
        *("id", "kind", "channel", "to", "account", "status", "reason", "created"),
        *("sent", "delivered", "read", "attempts", "error_code"),
    )
    list_filter = ("status", "channel", "category", "kind", ("created_at", ByDay))
    list_filter_submit = True
    list_select_related = ("contact", "account")
    fields = (
        *("why", "kind", "channel", "contact", "account", "text"),
        *("category", "priority", "status", "reason", "error_code", "attempts"),
        *("created_at", "not_before", "expires_at", "accepted_at", "sent_at", "delivered_at", "read_at"),
        *("failed_at", "uncertain_at", "provider_id", "price_category", "billable", "repeats", "key"),
        *("lane", "if_uncertain", "lease_until", "arguments", "body"),
    )
    search_fields = ("text", "=provider_id", "=account__email", "account__name")
    search_help_text = _("A person's name, whole e-mail address or number; a ref or words of the message.")
    actions = ("replay",)

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_outboxmessage")

    @admin.action(description=_("Replay: send once more what Inspector did not take"), permissions=["rules"])
    def replay(self, request: HttpRequest, chosen: QuerySet[OutboxMessage]) -> None:
        again = [message for message in chosen if gateway.replay(message)]
        sentence = ngettext(
            "%d message is sent once more.", "%d messages are sent once more.", len(again)
        ) % len(again)
        for message in again:
            self.log_change(request, message, sentence)
        self.message_user(request, sentence, messages.SUCCESS if again else messages.WARNING)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage], search_term: str
    ) -> tuple[QuerySet[OutboxMessage], bool]:
        """A number is one however it is written, and whoever has it: the WhatsApp or the account."""
        phone = contacts.e164(search_term)
        if phone is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(Q(contact__phone=phone) | Q(account__phone=phone)), False

    @admin.display(description=_("why"))
    def why(self, message: OutboxMessage) -> str:
        return story.told(message)

    @admin.display(description=_("to"))
    def to(self, message: OutboxMessage) -> str | None:
        return recipient(message.contact, message.account)

    @admin.display(description=_("created"), ordering="id")
    def created(self, message: OutboxMessage) -> str | None:
        return in_short(message.created_at)

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, message: OutboxMessage) -> str | None:
        return in_short(message.sent_at)

    @admin.display(description=_("delivered"), ordering="delivered_at")
    def delivered(self, message: OutboxMessage) -> str | None:
        return in_short(message.delivered_at)

    @admin.display(description=_("read"), ordering="read_at")
    def read(self, message: OutboxMessage) -> str | None:
        return in_short(message.read_at)

"""How sending is doing: channels that are shut, mailboxes that take nothing, what WhatsApp costs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspector_whatsapp import mailboxes, prices
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.filters import ValuesFilter
from inspector_whatsapp.admin.pages import Page, ReadOnly
from inspector_whatsapp.labels import masked_email
from inspector_whatsapp.models import ChannelState, Mailbox, PriceCategory, PriceCount
from inspector_whatsapp.outbox import circuit


@admin.register(ChannelState)
class ChannelStateAdmin(ReadOnly):
    """Channels that were ever shut, and until when they are."""

    has_numbers = False
    list_display = ("channel", "category", "shut_until", "times", "why", "code", "since")
    ordering = ("channel", "category")
    actions = ("try_now",)

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_channelstate")

    @admin.action(description=_("Try now"), permissions=["rules"])
    def try_now(self, request: HttpRequest, chosen: QuerySet[ChannelState]) -> None:
        tried = [state for state in chosen if circuit.try_now(state)]
        sentence = ngettext("%d channel is tried now.", "%d channels are tried now.", len(tried)) % len(tried)
        for state in tried:
            self.log_change(request, state, sentence)
        self.message_user(request, sentence, messages.SUCCESS if tried else messages.WARNING)


@admin.register(Mailbox)
class MailboxAdmin(ReadOnly):
    """Mailboxes that nothing is sent to, and why."""

    list_display = ("masked", "why", "at", "times", "details")
    list_filter = ("why",)
    search_fields = ("=address",)
    search_help_text = _("A whole address.")
    actions = ("clear",)

    @admin.display(description=_("address"))
    def masked(self, mailbox: Mailbox) -> str:
        return masked_email(mailbox.address)

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_mailbox")

    @admin.action(description=_("Clear: write to them again"), permissions=["rules"])
    def clear(self, request: HttpRequest, chosen: QuerySet[Mailbox]) -> None:
        cleared = list(chosen)
        sentence = ngettext("%d mailbox was cleared.", "%d mailboxes were cleared.", len(cleared))
        for mailbox in cleared:
            self.log_change(request, mailbox, sentence % len(cleared))
            mailboxes.clear(mailbox)
        self.message_user(request, sentence % len(cleared), messages.SUCCESS)


@admin.register(PriceCount)
class PriceCountAdmin(ReadOnly):
    """Delivered messages by day, under the sums of the last months."""

    has_numbers = False
    list_display = ("day", "category", "billable", "count")
    list_filter = (("category", ValuesFilter), "billable", ("day", ByDay))
    list_filter_submit = True
    ordering = ("-day", "category")
    date_hierarchy = "day"
    list_before_template = "admin/inspector_whatsapp/pricecount/months.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"months": prices.months(), **(extra_context or {})})


@admin.register(PriceCategory)
class PriceCategoryAdmin(Page):
    """What a delivered message of each category costs."""

    has_numbers = False
    list_display = ("category", "price", "currency")
    ordering = ("category",)

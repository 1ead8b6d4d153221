"""What people want to be told, and what they have agreed to or stopped. All of it is read here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.admin.pages import ReadOnly, masked
from notifications.models import ConsentEntry, Preference, Reachability


@admin.register(ConsentEntry)
class ConsentEntryAdmin(ReadOnly):
    """The log of consent: who said yes or no, to what, when and how."""

    list_display = ("id", "whatsapp", "account", "scope", "given", "channel", "how", "at")
    list_filter = ("scope", "given", "channel", "how")
    list_select_related = ("contact", "account")
    search_fields = ("=account__email", "=contact__phone", "=evidence")
    date_hierarchy = "at"

    @admin.display(description=_("WhatsApp"))
    def whatsapp(self, entry: ConsentEntry) -> str | None:
        return masked(entry.contact)


@admin.register(Preference)
class PreferenceAdmin(ReadOnly):
    """Which topics an account wants on which channel; what is not here it wants."""

    list_display = ("id", "account", "topic", "channel", "wanted")
    list_filter = ("topic", "channel", "wanted")
    list_select_related = ("account",)
    search_fields = ("=account__email",)


@admin.register(Reachability)
class ReachabilityAdmin(ReadOnly):
    """Quiet hours, and what an account has stopped."""

    list_display = ("account", "quiet", "quiet_from", "quiet_until", "stopped_at", "mail_offers_stopped_at")
    list_filter = ("quiet",)
    list_select_related = ("account",)
    search_fields = ("=account__email",)

"""The console's sidebar: its pages by subject, each for those who may see it."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By the names of their models: those of the other apps are not imported here.
SECTIONS: tuple[tuple[Any, tuple[tuple[Any, ...], ...]], ...] = (
    (
        gettext_lazy("Conversations"),
        (
            ("bot.Conversation", "forum"),
            ("inspector_whatsapp.OutboxMessage", "send"),
            ("bot.InboundEvent", "call_received"),
            ("bot.Interpretation", "psychology"),
        ),
    ),
    (
        gettext_lazy("People"),
        (
            ("inspector_whatsapp.Link", "link"),
            ("inspector_whatsapp.Contact", "smartphone"),
            ("inspector_whatsapp.User", "person"),
            ("linking.LinkChallenge", "password"),
            ("linking.LinkIntent", "captive_portal"),
            ("linking.AccountGuard", "gpp_maybe"),
            ("linking.WrongToken", "link_off"),
            ("notifications.ConsentEntry", "handshake"),
            ("notifications.Preference", "tune"),
            ("notifications.Reachability", "do_not_disturb_on"),
        ),
    ),
    (
        gettext_lazy("Inspections"),
        (
            ("inspector_whatsapp.Inspection", "event"),
            (
                "admin:inspection_day",
                "view_timeline",
                gettext_lazy("Day by inspector"),
                "inspector_whatsapp.view_inspection",
            ),
            ("inspector_whatsapp.Slot", "calendar_clock"),
            ("inspector_whatsapp.Wait", "hourglass_empty"),
            ("inspector_whatsapp.Presence", "how_to_reg"),
            ("inspector_whatsapp.Enquiry", "contact_support"),
            ("inspector_whatsapp.Ask", "person_search"),
            ("inspector_whatsapp.Delay", "schedule"),
            ("inspector_whatsapp.TimeOff", "beach_access"),
            ("inspector_whatsapp.Stay", "where_to_vote"),
            ("inspector_whatsapp.Distress", "sos"),
            ("inspector_whatsapp.Feedback", "thumbs_up_down"),
            ("inspector_whatsapp.ProblemReport", "report"),
        ),
    ),
    (
        gettext_lazy("Properties"),
        (
            ("inspector_whatsapp.Property", "home"),
            ("inspector_whatsapp.Interest", "bookmark"),
            ("inspector_whatsapp.SavedSearch", "saved_search"),
            ("inspector_whatsapp.SearchLess", "search_off"),
            ("notifications.Alert", "notifications_active"),
            ("inspector_whatsapp.ShareSource", "share"),
            ("inspector_whatsapp.FraudSign", "fingerprint"),
        ),
    ),
    (
        gettext_lazy("What is sent when"),
        (
            ("notifications.Broadcast", "campaign"),
            ("notifications.MessageTemplate", "description"),
            ("notifications.ReminderRule", "alarm"),
            ("notifications.Reminder", "alarm_on"),
            ("django_celery_beat.PeriodicTask", "schedule"),
        ),
    ),
    (
        gettext_lazy("Service"),
        (
            ("inspector_whatsapp.Incident", "warning"),
            ("inspector_whatsapp.Job", "checklist"),
            ("inspector_whatsapp.ChannelState", "electric_bolt"),
            ("inspector_whatsapp.Mailbox", "unsubscribe"),
            ("inspector_whatsapp.PriceCount", "payments"),
            ("inspector_whatsapp.PriceCategory", "sell"),
            ("inspector_whatsapp.Change", "history"),
            ("bot.WebhookBody", "data_object"),
            ("inspector_whatsapp.Heartbeat", "cardiology"),
        ),
    ),
    (
        gettext_lazy("Access"),
        (
            ("auth.Group", "groups"),
            ("inspector_whatsapp.AuditEntry", "policy"),
        ),
    ),
    (
        gettext_lazy("Privacy"),
        (
            ("inspector_whatsapp.Erasure", "person_off"),
            ("inspector_whatsapp.PersonExport", "folder_zip"),
            ("inspector_whatsapp.LegalHold", "gavel"),
            # Pages without a table of their own: their address, what they are called, and who may see them.
            (
                "admin:privacy_kept",
                "inventory_2",
                gettext_lazy("What is kept"),
                "inspector_whatsapp.view_erasure",
            ),
            (
                "admin:privacy_breach",
                "crisis_alert",
                gettext_lazy("Who is affected"),
                "inspector_whatsapp.view_auditentry inspector_whatsapp.view_user",
            ),
        ),
    ),
)


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections as the theme wants them, with no more in them than this person may open."""
    home = {"items": [{"title": _("Home"), "icon": "monitoring", "link": reverse("admin:index")}]}
    shown: list[dict[str, Any]] = [
        {
            "title": str(title),
            "collapsible": True,
            "items": [item for page in pages if (item := _item(request, *page))],
        }
        for title, pages in SECTIONS
    ]
    items: list[dict[str, Any]] = [item for section in shown for item in section["items"]]
    # A day of inspections stands below their list: where one's address begins another's, the longer is meant.
    here = max((item["link"] for item in items if request.path.startswith(item["link"])), key=len, default="")
    for item in items:
        item["active"] = item["link"] == here
    return [home, *(section for section in shown if section["items"])]


def account(request: HttpRequest) -> list[dict[str, Any]]:
    """What somebody's own name leads to, besides the way out."""
    return [
        {"title": _("Your account"), "link": reverse("admin:account")},
        {"title": _("Change password"), "link": reverse("admin:password_change")},
    ]


def icon(request: HttpRequest) -> str:
    """In the browser's tab."""
    return static("inspector_whatsapp/icon.svg")


def _item(
    request: HttpRequest, name: str, icon: str, called: str = "", right: str = ""
) -> dict[str, Any] | None:
    if right:
        if not request.user.has_perms(right.split()):
            return None
        return {"title": str(called), "icon": icon, "link": reverse(name)}
    model = apps.get_model(name)
    page = admin.site.get_model_admin(model)
    if not page.has_view_permission(request):
        return None
    title = str(page.opts.verbose_name_plural)
    link = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return {"title": title[:1].upper() + title[1:], "icon": icon, "link": link}

"""By what the list of conversations is narrowed."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bot.scripts import FLOWS
from inspector_whatsapp import clock
from inspector_whatsapp.models import Link, Role
from inspector_whatsapp.models.contacts import LinkState
from notifications.facts import WINDOW


class _Filter(admin.SimpleListFilter):
    """Some of the conversations, by one choice."""

    choices_: tuple[tuple[str, Any], ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.choices_)


class PersonFilter(_Filter):
    """Those in which a person of ours is wanted, or answers."""

    title = _("who answers")
    parameter_name = "person"
    choices_ = (
        ("yes", _("A person of ours")),
        ("wanted", _("A person is asked for")),
        ("mine", _("I")),
        ("no", _("The bot")),
    )

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        silent = Q(human_until__gt=clock.now())
        match self.value():
            case "yes":
                return queryset.filter(silent)
            case "wanted":
                return queryset.filter(silent, human_by=None)
            case "mine":
                return queryset.filter(silent, human_by=request.user)
            case "no":
                return queryset.exclude(Q(human_until__isnull=False) & silent)
        return queryset


class PendingFilter(_Filter):
    """Those somebody waits in."""

    title = _("pending")
    parameter_name = "pending"
    choices_ = (("yes", _("Waits for the bot")), ("no", _("Nothing waits")))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(pending_since__isnull=self.value() == "no")


class FlowFilter(_Filter):
    """Those in one flow; asks the database for none of their names."""

    title = _("flow")
    parameter_name = "flow"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        named = sorted((flow.title, name) for name, flow in FLOWS.items())
        return [("-", _("At the menu")), *((name, title) for title, name in named)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset if value is None else queryset.filter(flow="" if value == "-" else value)


class RoleFilter(_Filter):
    """Those with somebody of one role."""

    title = _("role")
    parameter_name = "role"
    choices_ = tuple((role.value, role.label) for role in Role if role != Role.ADMIN)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(Exists(_links().filter(account__role=self.value())))


class LinkedFilter(_Filter):
    """Those whose WhatsApp speaks for an account, and strangers."""

    title = _("linked")
    parameter_name = "linked"
    choices_ = (("yes", _("To an account")), ("no", _("Nobody we know")))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "yes":
                return queryset.filter(Exists(_links()))
            case "no":
                return queryset.filter(~Exists(_links()))
        return queryset


class WindowFilter(_Filter):
    """Those that can be answered in words of one's own, and those in which that is over soon."""

    title = _("can be answered")
    parameter_name = "window"
    choices_ = (("open", _("Yes")), ("soon", _("For less than 2 hours")), ("closed", _("No")))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        shut = clock.now() - WINDOW
        match self.value():
            case "open":
                return queryset.filter(contact__last_inbound_at__gt=shut)
            case "soon":
                soon = shut + timedelta(hours=2)
                return queryset.filter(contact__last_inbound_at__gt=shut, contact__last_inbound_at__lt=soon)
            case "closed":
                open = Q(contact__last_inbound_at__isnull=False, contact__last_inbound_at__gt=shut)
                return queryset.exclude(open)
        return queryset


def _links() -> Any:
    return Link.objects.filter(contact=OuterRef("contact"), state=LinkState.ACTIVE)

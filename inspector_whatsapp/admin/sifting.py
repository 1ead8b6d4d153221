"""By what messages are sifted in their list. Nothing here reads through all of them."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from inspector_whatsapp.cloud_api import codes
from inspector_whatsapp.cloud_api.errors import explain
from inspector_whatsapp.gateway.replaying import REPLAYABLE
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Category, Status

Rows = QuerySet[OutboxMessage]
Choices = list[tuple[str, Any]]


class Sieve(DropdownFilter):  # type: ignore[misc]
    """One of several, by a column of that name."""

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class StatusFilter(Sieve):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, page: Any) -> Choices:
        return list(Status.choices)


class ChannelFilter(Sieve):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, page: Any) -> Choices:
        return [(name, name) for name in settings.CHANNELS]


class CategoryFilter(Sieve):
    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, page: Any) -> Choices:
        return list(Category.choices)


class KindFilter(Sieve):
    """By what this release can say; to look what there is would read every message."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, page: Any) -> Choices:
        return [(name, name.replace("_", " ")) for name in sorted({"reply", *REPLAYABLE, *_kinds()})]


def _kinds() -> Iterable[str]:
    for module in map(import_module, settings.KINDS):
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__:
                name = getattr(value, "name", None)
                if isinstance(name, str):
                    yield name


# What Meta's codes come to, as cloud_api names it, for people.
GROUPS: dict[str, Any] = {
    "Unreachable": _("Cannot be reached on WhatsApp"),
    "WindowClosed": _("The 24 hours were over"),
    "OptedOut": _("They stopped offers"),
    "Refused": _("Refused as it was"),
    "NotAllowed": _("We were not let in"),
    "TryLater": _("Asked for patience"),
    "Uncertain": _("No readable answer"),
}
WITHHELD, UNKNOWN = "withheld", "unknown"


class ReasonFilter(DropdownFilter):  # type: ignore[misc]
    """Why it did not arrive: by groups, or by one code of those there are."""

    title = _("reason")
    parameter_name = "because"

    def lookups(self, request: HttpRequest, page: Any) -> Choices:
        there = _codes()
        groups = {_group(code) for code in there}
        return [
            (WITHHELD, _("Withheld by us: consent, preference, reach")),
            (UNKNOWN, _("Unknown whether it arrived")),
            *((name, says) for name, says in GROUPS.items() if name in groups),
            *((str(code), f"{code}: {explain(code)}") for code in there),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case None | "":
                return queryset
            case "withheld":
                return queryset.filter(status=Status.WITHHELD)
            case "unknown":
                undecided = Q(status__in=[Status.UNCERTAIN, Status.FAILED])
                return queryset.filter(undecided, uncertain_at__isnull=False)
            case str(group) if group in GROUPS:
                return queryset.filter(error_code__in=[code for code in _codes() if _group(code) == group])
            case str(code) if code.isascii() and code.isdigit() and len(code) < 10:
                return queryset.filter(error_code=int(code))
        return queryset.none()


def _codes() -> list[int]:
    """Those that some message has: an index holds them alone."""
    found = OutboxMessage.objects.filter(error_code__isnull=False).order_by("error_code")
    return [code for code in found.values_list("error_code", flat=True).distinct() if code is not None]


def _group(code: int) -> str:
    rule = codes.rule(code)
    return rule.kind if rule else "Refused"


class PersonFilter(DropdownFilter):  # type: ignore[misc]
    """Those of which nobody knows whether they arrived, and that wait for a person to decide."""

    title = _("who decides")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, page: Any) -> Choices:
        return [("yes", _("A person: it may have arrived"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() != "yes":
            return queryset
        undecided = Q(status=Status.UNCERTAIN)
        left_to_a_person = Q(status=Status.FAILED, uncertain_at__isnull=False, repeated_by=None) & ~Q(
            reason__startswith="unknown whether it arrived; "  # said again, or otherwise, by itself
        )
        return queryset.filter(undecided | left_to_a_person)

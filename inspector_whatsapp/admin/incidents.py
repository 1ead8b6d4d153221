"""Incidents: what is wrong, what to do about it, and where to look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import display

from inspector_whatsapp import incidents
from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import ReadOnly, in_short
from inspector_whatsapp.callers import staff
from inspector_whatsapp.incidents import Severity, at_once, kind_of, worth_a_mail
from inspector_whatsapp.models import Incident
from inspector_whatsapp.outbox import circuit


@dataclass(frozen=True)
class Place:
    """Where somebody looks: the row of a model whose `by` is the incident's key; else its list, by `query`.

    Models are named: those of the other apps are not imported here.
    """

    model: str
    title: str | Promise
    by: str = ""
    query: str = ""


_EVENT: Final = Place("bot.InboundEvent", _("Open what came in"), by="key")
_TEMPLATE: Final = Place("notifications.MessageTemplate", _("See the templates"), query="q={name}")
_SCHEDULES: Final = Place("django_celery_beat.PeriodicTask", _("See the schedules"))
_CHANNELS: Final = Place("inspector_whatsapp.ChannelState", _("See the channels"))
_TO_INSPECTOR: Final = Place(
    "inspector_whatsapp.OutboxMessage", _("See what was sent to Inspector"), query="channel=inspector"
)
PLACES: Final[Mapping[str, Place]] = {
    "token_refused": _CHANNELS,
    "channel_shut": _CHANNELS,
    "language_model_fails": Place(
        "bot.Interpretation", _("See what it was asked"), query="source__exact=language_model"
    ),
    "transcription_fails": Place("bot.InboundEvent", _("See what came in"), query="kind=message"),
    "webhook_silent": Place("bot.WebhookBody", _("See what came last")),
    "signatures_refused": Place("bot.WebhookBody", _("See what came last")),
    "webhook_unparseable": Place("bot.WebhookBody", _("Open the webhook"), by="pk"),
    "webhook_foreign": Place("bot.InboundEvent", _("See what came in"), query="state=foreign"),
    "webhook_item_unknown": _EVENT,
    "webhook_replayed": _EVENT,
    "monthly_budget": Place("inspector_whatsapp.PriceCount", _("See what WhatsApp costs")),
    "broadcast_paused": Place("notifications.Broadcast", _("Open the broadcast"), by="pk"),
    "message_quarantined": Place("bot.InboundEvent", _("Open the message"), by="pk"),
    "message_uncertain": Place("inspector_whatsapp.OutboxMessage", _("Open the message"), by="pk"),
    "message_not_prepared": Place(
        "inspector_whatsapp.OutboxMessage", _("See these messages"), query="kind={key}&status__exact=failed"
    ),
    "human_wanted": Place("bot.Conversation", _("Open the conversation"), by="contact_id"),
    "reminders_missed": Place(
        "notifications.Reminder", _("See these reminders"), query="rule__id__exact={key}&state__exact=missed"
    ),
    "template_unusable": _TEMPLATE,
    "template_lost": _TEMPLATE,
    "template_edited": _TEMPLATE,
    "template_category_changed": _TEMPLATE,
    "template_category_will_change": _TEMPLATE,
    "template_sync_failed": Place("notifications.MessageTemplate", _("See the templates")),
    "beat_silent": Place("inspector_whatsapp.Heartbeat", _("See which processes are alive")),
    "clock_skew": Place("inspector_whatsapp.Heartbeat", _("See which processes are alive")),
    "schedule_failing": Place("django_celery_beat.PeriodicTask", _("Open the schedule"), by="pk"),
    "inspector_wanted": Place("inspector_whatsapp.Inspection", _("Open the inspection"), by="ref"),
    "clash": Place("inspector_whatsapp.Inspection", _("Open the inspection"), by="ref"),
    "problem_reported": Place("inspector_whatsapp.ProblemReport", _("Open the report"), by="pk"),
    "unsafe": Place("inspector_whatsapp.Distress", _("See who and where"), by="pk"),
    "unsafe_taken_back": Place("inspector_whatsapp.Distress", _("See who and where"), by="pk"),
    "visit_overdue": Place("inspector_whatsapp.Stay", _("See who and where"), by="pk"),
    "linking_closed": Place("linking.AccountGuard", _("Open the account's guard"), by="account_id"),
    "link_codes_flood": Place("linking.LinkChallenge", _("See who asks")),
    "sync_failing": _SCHEDULES,
    "sync_refused": _SCHEDULES,
    "sync_differs": _SCHEDULES,
    "photo_not_fetched": Place(
        "inspector_whatsapp.Property", _("Open the property"), by="photos__platform_id"
    ),
    "webhook_dead": Place(
        "inspector_whatsapp.OutboxMessage",
        _("See what was not taken"),
        query="channel=webhook&status__exact=failed",
    ),
    "command_refused": _TO_INSPECTOR,
    "command_unanswered": _TO_INSPECTOR,
    "command_conflict": _TO_INSPECTOR,
    "answer_not_taken_in": _TO_INSPECTOR,
}


class StateFilter(admin.SimpleListFilter):
    """Open, seen by somebody, or closed."""

    title = _("state")
    parameter_name = "state"
    _STATES: Final[Mapping[str, dict[str, Any]]] = {
        "open": {"closed_at": None, "seen_at": None},
        "seen": {"closed_at": None, "seen_at__isnull": False},
        "closed": {"closed_at__isnull": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return (("open", _("open")), ("seen", _("seen")), ("closed", _("closed")))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        wanted = self._STATES.get(self.value() or "")
        return queryset.filter(**wanted) if wanted else queryset


class SeverityFilter(admin.SimpleListFilter):
    """Whether the admins are told of it."""

    title = _("how urgent")
    parameter_name = "severity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(severity.value, severity.label) for severity in Severity]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        match self.value():
            case Severity.NOW:
                return queryset.filter(kind__in=at_once())
            case Severity.ACT:
                return queryset.filter(kind__in=worth_a_mail()).exclude(kind__in=at_once())
            case Severity.LOOK:
                return queryset.exclude(kind__in=worth_a_mail())
        return queryset


class KindFilter(admin.SimpleListFilter):
    """By what is wrong, in words."""

    title = _("what is wrong")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        there = Incident.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_of(kind).title) for kind in there]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    """What a person should look at; those first that nobody has seen. Seen ones are still counted."""

    list_display = ("title", "state", "sentence", "urgency", "times", "opened", "last", "seen_by")
    list_filter = (
        *(StateFilter, SeverityFilter, KindFilter),
        *(("opened_at", ByDay), ("closed_at", admin.EmptyFieldListFilter)),
    )
    list_filter_submit = True
    list_select_related = ("seen_by",)
    search_fields = ("sentence", "=key", "=kind")
    ordering = (F("closed_at").desc(nulls_first=True), F("seen_at").asc(nulls_first=True), "-last_at")
    fields = (
        *("sentence", "kind", "key", "times", "opened_at", "last_at", "told_at"),
        *("seen_at", "seen_by", "closed_at", "closed_by"),
    )
    actions = ("see", "close")
    list_before_template = "admin/inspector_whatsapp/incident/told.html"
    # Forms of their own, outside the page's.
    change_form_outer_before_template = "admin/inspector_whatsapp/incident/above.html"

    # --- what is shown ------------------------------------------------------------------------------------

    @admin.display(description=_("what is wrong"), ordering="kind")
    def title(self, incident: Incident) -> str:
        return str(kind_of(incident.kind).title)

    def heading(self, row: Incident) -> str:
        return self.title(row)

    @display(description=_("state"), label={"open": "danger", "seen": "warning", "closed": "success"})  # type: ignore[untyped-decorator]
    def state(self, incident: Incident) -> tuple[str, Any]:
        return _state(incident)

    @display(description=_("how urgent"), label={"now": "danger", "act": "danger", "look": None})  # type: ignore[untyped-decorator]
    def urgency(self, incident: Incident) -> tuple[str, Any]:
        severity = kind_of(incident.kind).severity
        return severity.value, severity.label

    @admin.display(description=_("since"), ordering="opened_at")
    def opened(self, incident: Incident) -> str | None:
        return in_short(incident.opened_at)

    @admin.display(description=_("last"), ordering="last_at")
    def last(self, incident: Incident) -> str | None:
        return in_short(incident.last_at)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shut = ("email", "") in circuit.shut()
        return super().changelist_view(request, {"no_mail": shut, **(extra_context or {})})

    def beside(self, request: HttpRequest, incident: Incident) -> dict[str, Any]:
        state, in_words = _state(incident)
        return {
            "kind": kind_of(incident.kind),
            "state": state,
            "state_in_words": in_words,
            "where": where(incident),
            "may_act": self.has_rules_permission(request),
            "tells": kind_of(incident.kind).severity != Severity.LOOK,
        }

    # --- what is done -------------------------------------------------------------------------------------

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_incident")

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<int:pk>/incident/<str:act>/", act, name="incident_act"), *super().get_urls()]

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """See or close the one of this page."""
        if not self.has_rules_permission(request):
            raise PermissionDenied
        incident = get_object_or_404(Incident, pk=pk)
        match act:
            case "see":
                self._tell(request, self._see(request, [incident]), seen=True)
            case "close":
                self._tell(request, self._close(request, [incident]), seen=False)
            case _:
                raise Http404
        return redirect("admin:inspector_whatsapp_incident_change", pk)

    @admin.action(description=_("I look into the chosen incidents"), permissions=["rules"])
    def see(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        self._tell(request, self._see(request, chosen), seen=True)

    @admin.action(description=_("Close the chosen incidents"), permissions=["rules"])
    def close(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        self._tell(request, self._close(request, chosen), seen=False)

    def _see(self, request: HttpRequest, chosen: Iterable[Incident]) -> int:
        actor = staff(request)
        seen = [incident for incident in chosen if incidents.see(incident, by=actor)]
        for incident in seen:
            self.log_change(request, incident, _("Seen."))
        return len(seen)

    def _close(self, request: HttpRequest, chosen: Iterable[Incident]) -> int:
        actor = staff(request)
        closed = [
            incident
            for incident in chosen
            if not incident.closed_at and incidents.close(incident.kind, key=incident.key, by=actor)
        ]
        for incident in closed:
            self.log_change(request, incident, _("Closed."))
        return len(closed)

    def _tell(self, request: HttpRequest, many: int, *, seen: bool) -> None:
        if seen:
            sentence = ngettext("You look into %d incident.", "You look into %d incidents.", many) % many
        else:
            sentence = ngettext("%d incident was closed.", "%d incidents were closed.", many) % many
        self.message_user(request, sentence, messages.SUCCESS if many else messages.WARNING)


def where(incident: Incident) -> tuple[str | Promise, str] | None:
    """Where to look: what the link says, and the address; None where the console has no such page."""
    place = PLACES.get(incident.kind) or (_EVENT if incident.kind.startswith("meta_") else None)
    if place is None:
        return None
    model = apps.get_model(place.model)
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
    if place.by:
        row = _row_of(model, place.by, incident.key)
        if row is not None:
            return place.title, reverse(f"{page}change", args=[row])
    # A template's incidents are keyed by its name, or by `name (language)`.
    words = {"key": quote(incident.key), "name": quote(incident.key.partition(" (")[0])}
    query = place.query.format_map(words)
    return place.title, reverse(f"{page}changelist") + (f"?{query}" if query else "")


def _row_of(model: Any, by: str, key: str) -> Any:
    """The row's key; None where there is none any more, or the key is of another shape."""
    if by == "ref" and key.startswith("slot "):  # a whole visit is looked for: any of it leads there
        by, key = "slot_id", key.removeprefix("slot ")
    try:
        return model._default_manager.filter(**{by: key}).order_by("-pk").values_list("pk", flat=True).first()
    except (ValueError, OverflowError):
        return None


def _state(incident: Incident) -> tuple[str, Any]:
    if incident.closed_at is not None:
        return "closed", _("closed")
    return ("seen", _("seen")) if incident.seen_at is not None else ("open", _("open"))

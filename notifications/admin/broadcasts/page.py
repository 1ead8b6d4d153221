"""Broadcasts: written, looked at, tried on oneself, confirmed, and watched on their way."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from unfold.decorators import display

from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import NoDelete, in_short, on_page
from inspector_whatsapp.callers import staff
from inspector_whatsapp.marks import short, visible
from inspector_whatsapp.models import User
from notifications import broadcasts, registry
from notifications.admin.broadcasts import shown
from notifications.admin.broadcasts.forms import MEANT, SAID, WHEN, BroadcastForm, SureForm
from notifications.broadcasts import PERMISSION
from notifications.models import Broadcast
from notifications.models.broadcasts import Standing
from notifications.recipients import ROLES

COLOURS = {
    Standing.DRAFT.value: "info",
    Standing.PLANNED.value: "info",
    Standing.GOING.value: "info",
    Standing.PAUSED.value: "warning",
    Standing.DONE.value: "success",
    Standing.STOPPED.value: "warning",
    Standing.FAILED.value: "danger",
}
WHO = ("created_by", "created_at", "confirmed_by", "confirmed_at")
LATER = ("paused_by", "paused_at", "paused_why", "stopped_by", "stopped_at")
SHOWN = {name: on_page(Broadcast, name) for name in (*SAID, *MEANT, *WHEN, *WHO, *LATER)}  # where not edited


@admin.register(Broadcast)
class BroadcastAdmin(NoDelete):
    """A draft is written here; once it is confirmed it is only watched, paused, resumed and stopped."""

    form = BroadcastForm
    has_numbers = False
    list_display = ("name", "standing", "kind", "people_count", "begins", "created_by", "confirmed_by")
    list_filter = ("kind",)
    ordering = ("-pk",)
    search_fields = ("name",)
    # With forms of their own, outside the page's.
    change_form_outer_before_template = "admin/notifications/broadcast/above.html"

    class Media:
        css = {"all": ("notifications/templates.css",)}
        js = ("inspector_whatsapp/job.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Broadcast]:
        found: Any = super().get_queryset(request)
        rows: QuerySet[Broadcast] = found.with_job().select_related("created_by", "confirmed_by")
        return rows

    # --- what is shown ------------------------------------------------------------------------------------

    def prepare(self, rows: Iterable[Any]) -> None:
        now = clock.now()
        for row in rows:
            row.stands = row.standing(now)

    @display(description=gettext_lazy("state"), label=COLOURS)  # type: ignore[untyped-decorator]
    def standing(self, row: Any) -> tuple[str, str]:
        return row.stands.value, str(row.stands.label)

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def begins(self, row: Broadcast) -> str | None:
        return in_short(row.starts_at or row.confirmed_at)

    @admin.display(description=gettext_lazy("who is meant"))
    def for_roles(self, row: Broadcast) -> str:
        return ", ".join(str(role.label) for role in ROLES if role in row.roles)

    def heading(self, row: Broadcast) -> str:
        return row.name

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is confirmed is never changed."""
        return super().has_change_permission(request, obj) and (obj is None or obj.confirmed_at is None)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        editable = obj is None or self.has_change_permission(request, obj)

        def fields(*names: str) -> list[Any]:
            if editable:
                return list(names)
            return ["for_roles" if name == "roles" else SHOWN[name] for name in names]

        later = [] if obj is None else [(_("Who did what"), {"fields": self._facts(obj)})]
        return [
            (None, {"fields": fields(*SAID)}),
            (_("Who gets it"), {"fields": fields(*MEANT)}),
            (_("When"), {"fields": fields(*WHEN)}),
            *later,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = self.get_fieldsets(request, obj)
        editable = obj is None or self.has_change_permission(request, obj)
        return [name for _title, options in (sets[3:] if editable else sets) for name in options["fields"]]

    def _facts(self, row: Broadcast) -> list[Any]:
        names = WHO if row.confirmed_at else WHO[:2]
        return [SHOWN[name] for name in (*names, *(each for each in LATER if getattr(row, each)))]

    def beside(self, request: HttpRequest, row: Broadcast) -> dict[str, Any]:
        now = clock.now()
        standing, named = row.standing(now), request.user.has_perm("inspector_whatsapp.view_user")
        context = {
            "standing": standing.label,
            "said": shown.said(row, staff(request)),
            "may_test": super().has_change_permission(request),
            "may_send": _may_send(request),
            "is_draft": standing == Standing.DRAFT,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
        }
        if standing == Standing.DRAFT:
            counts = broadcasts.counts(row, now=now)
            return context | {
                "getting": counts.get("", 0),
                "some": shown.some(row, counts, named=named),
            }
        found = broadcasts.progress(row)
        return context | {
            "far": shown.far(row),
            "paused_why": visible(row.paused_why) if row.paused_why else "",
            "reasons": [{"why": short(why or "–"), "many": many} for why, many in found.reasons],
            "may_pause": standing in (Standing.PLANNED, Standing.GOING)
            or (standing == Standing.DONE and found.queued),
            "may_resume": standing == Standing.PAUSED,
            "may_stop": standing != Standing.STOPPED and (found.queued or standing == Standing.PAUSED),
            "not_arrived": shown.not_arrived(row) if named else (),
        }

    # --- what is done -------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by, obj.created_at = staff(request), clock.now()
        obj.revision += 1
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: Any = None) -> HttpResponse:
        return self._look_at(request, obj)

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        return self._look_at(request, obj)

    def _look_at(self, request: HttpRequest, obj: Model) -> HttpResponse:
        self.message_user(request, _("Saved. Nothing is sent before you confirm it."), messages.SUCCESS)
        return _page(obj.pk)

    def get_urls(self) -> list[URLPattern]:
        here = self.admin_site.admin_view
        return [
            path("<int:pk>/far/", here(require_GET(self.far_by_now)), name="broadcast_far"),
            path("<int:pk>/confirm/", here(self.confirm), name="broadcast_confirm"),
            path("<int:pk>/broadcast/<str:act>/", here(require_POST(self.act)), name="broadcast_act"),
            *super().get_urls(),
        ]

    def far_by_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far it is, for the page that shows it."""
        row = get_object_or_404(Broadcast.objects.with_job(), pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return JsonResponse(shown.far(row))

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Says how many get it and what it costs at most, and asks for the number."""
        if not _may_send(request):
            raise PermissionDenied
        row = get_object_or_404(Broadcast, pk=pk)
        form = SureForm(request.POST or None, initial={"revision": row.revision})
        if row.confirmed_at is not None:
            self.message_user(request, _("It has been confirmed already."), messages.WARNING)
            return _page(pk)
        if request.method == "POST" and form.is_valid():
            try:
                row = broadcasts.confirm(row, **form.cleaned_data, actor=staff(request))
            except broadcasts.CannotSend as why:
                form.add_error("number", str(why))
            else:
                self.message_user(
                    request, _("It is on its way, at the time and pace you chose."), messages.SUCCESS
                )
                return _page(pk)
        now = clock.now()
        getting = broadcasts.counts(row, now=now).get("", 0)
        cost = broadcasts.cost_of(row, getting, now=now)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Confirm a broadcast"),
            "row": row,
            "called": short(row.name),
            "said": shown.said(row, staff(request)),
            "getting": getting,
            "cost": shown.in_words(cost),
            "obstacle": broadcasts.refusal(cost) or ("" if getting else _("Nobody would get it.")),
            "when": in_short(row.starts_at) if row.starts_at and row.starts_at > now else "",
            "minutes": -(-getting // row.per_minute),
            "form": form,
        }
        return TemplateResponse(request, "admin/notifications/broadcast/confirm.html", context)

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Try it on oneself; pause, resume or stop it."""
        if not (super().has_change_permission(request) if act == "test" else _may_send(request)):
            raise PermissionDenied
        row, actor = get_object_or_404(Broadcast, pk=pk), staff(request)
        match act:
            case "test":
                self._test(request, row, actor)
            case "pause":
                self._say(
                    request, broadcasts.pause(row, actor=actor), _("Paused: nothing more of it leaves.")
                )
            case "resume":
                self._say(request, broadcasts.resume(row, actor=actor), _("It goes on."))
            case "stop":
                withdrawn = broadcasts.stop(row, actor=actor)
                many = withdrawn or 0
                sentence = ngettext(
                    "Stopped for good: %d message was withdrawn.",
                    "Stopped for good: %d messages were withdrawn.",
                    many,
                )
                self._say(request, withdrawn is not None, sentence % many)
            case _:
                raise Http404
        return _page(pk)

    def _say(self, request: HttpRequest, done: bool, sentence: str) -> None:
        if done:
            self.message_user(request, sentence, messages.SUCCESS)
        else:
            self.message_user(
                request, _("It does not stand so any more: look at it again."), messages.WARNING
            )

    def _test(self, request: HttpRequest, row: Broadcast, actor: User) -> None:
        try:
            broadcasts.send_test(row, to=actor)
        except registry.CannotSendTest as why:
            self.message_user(request, str(why), messages.WARNING)
            return
        sentence = _("The test is on its way to your WhatsApp.")
        self.log_change(request, row, sentence)
        self.message_user(request, sentence, messages.SUCCESS)


def _may_send(request: HttpRequest) -> bool:
    """Nobody sends what they may not see."""
    return request.user.has_perms((PERMISSION, "notifications.view_broadcast"))


def _page(pk: int) -> HttpResponse:
    return redirect("admin:notifications_broadcast_change", pk)

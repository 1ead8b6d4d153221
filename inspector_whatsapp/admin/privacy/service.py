"""What is kept for how long; and who is affected by a breach."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminSelectWidget,
)

from inspector_whatsapp import audit, callers, exports, retention
from inspector_whatsapp.admin.privacy.person import FOLDER
from inspector_whatsapp.audit import Act
from inspector_whatsapp.callers import staff
from inspector_whatsapp.models import User
from inspector_whatsapp.privacy import breach
from inspector_whatsapp.privacy.inventory import holdings

RETAIN = "inspector_whatsapp.tasks.retain"
MOST_DUE, MOST_SHOWN = 10_000, 500


@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, how much of it is due, and when that was last seen to."""
    if not request.user.has_perm("inspector_whatsapp.view_erasure"):
        raise PermissionDenied
    # The schedules are notifications', which stands above; by its name.
    runs: Any = apps.get_model("notifications.ScheduleRun")._default_manager
    run = runs.filter(entry__task=RETAIN).first()
    rules = [
        {
            "rule": rule,
            "since": rule.model._meta.get_field(rule.since).verbose_name,  # type: ignore[union-attr]
            "due": retention.due(rule, most=MOST_DUE + 1),
            "deleted": run.did.get(rule.what, "") if run is not None else "",
        }
        for rule in retention.everything()
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("What is kept"),
        "rules": rules,
        "most": MOST_DUE,
        "run": run,
        "holdings": holdings(),
    }
    return TemplateResponse(request, f"{FOLDER}/kept.html", context)


class BreachForm(forms.Form):
    """Which people are to be found."""

    ask = forms.ChoiceField(
        label=gettext_lazy("Whom it is about"),
        choices=(
            ("looked", gettext_lazy("of whom the staff saw, exported or revealed something")),
            ("linked", gettext_lazy("whose WhatsApp was linked at the end of the last day")),
        ),
        widget=UnfoldAdminSelectWidget(),
    )
    by = forms.ModelChoiceField(
        label=gettext_lazy("By whom of the staff (empty: anybody)"),
        queryset=User.objects.filter(is_staff=True).order_by("email"),
        required=False,
        to_field_name="pk",
        widget=UnfoldAdminSelectWidget(),
    )
    since = forms.DateField(label=gettext_lazy("First day"), widget=UnfoldAdminDateWidget())
    until = forms.DateField(label=gettext_lazy("Last day"), widget=UnfoldAdminDateWidget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [
            (model, _("with rows in: %(what)s") % {"what": what}) for model, what in breach.tables().items()
        ]
        ask = self.fields["ask"]
        assert isinstance(ask, forms.ChoiceField)
        ask.choices = [*ask.choices, *rows]  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and values["since"] > values["until"]:
            raise ValidationError(_("The first day is after the last one."))
        return values

    def people(self) -> list[breach.Affected]:
        values = self.cleaned_data
        since = _begin(values["since"])
        until = _begin(values["until"] + timedelta(days=1))
        match values["ask"]:
            case "looked":
                return breach.looked_at(since=since, until=until, by=values["by"])
            case "linked":
                return breach.linked(at=until)
        return breach.stored(tables=[values["ask"]], since=since, until=until)


def _begin(day: Any) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=get_default_timezone())


@never_cache
def affected(request: HttpRequest) -> HttpResponseBase:
    """Who is affected by a breach: a page, or the same as CSV."""
    # It names people, so whoever asks may see people as well.
    if not request.user.has_perms(("inspector_whatsapp.view_auditentry", "inspector_whatsapp.view_user")):
        raise PermissionDenied
    form = BreachForm(request.GET if "ask" in request.GET else None)
    people = form.people() if form.is_bound and form.is_valid() else []
    if form.is_bound and form.is_valid():
        wants_file = request.GET.get("as") == "csv"
        if wants_file and not request.user.has_perm("inspector_whatsapp.export_lists"):
            raise PermissionDenied
        audit.record(
            Act.EXPORTED if wants_file else Act.SAW,
            actor=staff(request),
            page="breach",
            says="looked for whom a breach affects",
            address=callers.ip(request),
            ask=form.cleaned_data["ask"],
            people=len(people),
        )
        if wants_file:
            return exports.table("affected", breach.HEADINGS, (one.cells for one in people))
    context = {
        **admin.site.each_context(request),
        "title": _("Who is affected"),
        "form": form,
        "people": people[:MOST_SHOWN],
        "many": len(people),
        "asked": form.is_bound and form.is_valid(),
        "query": request.GET.urlencode(),
        "may_export": request.user.has_perm("inspector_whatsapp.export_lists"),
    }
    return TemplateResponse(request, f"{FOLDER}/affected.html", context)

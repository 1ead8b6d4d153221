"""The schedules: what runs when."""

import json
from collections.abc import Iterable
from copy import copy
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django_celery_beat import admin as beat_admin  # noqa: F401 - registers what is replaced below
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from inspector_whatsapp.admin.pages import Page
from notifications import rules, runs, schedules
from notifications.models import ScheduleRun
from notifications.schedules import When

# The rows of times are shared between entries: an edit of one could stop a sweep. Each entry's page has them.
for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(model)


class WhenForm(forms.ModelForm):  # type: ignore[type-arg]
    """The times of an entry of the schedules, on the page of what it belongs to."""

    enabled = forms.BooleanField(
        required=False, initial=True, label=_("Switched on"), widget=UnfoldBooleanSwitchWidget
    )
    every = forms.IntegerField(
        required=False, min_value=1, label=_("Runs every … seconds"), widget=UnfoldAdminIntegerFieldWidget
    )
    times = forms.CharField(
        required=False,
        label=_("or at these times"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Crontab: minute, hour, day, month, day of the week. */5 8-20 * * * is every five minutes by day."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry = self.entry()
        when = schedules.of(entry) if entry else When(every=10)
        self.initial.update(every=when.every, times=when.crontab)
        if entry:
            self.initial["enabled"] = entry.enabled

    def entry(self) -> PeriodicTask | None:
        """The entry as it stands; None for a new one."""
        raise NotImplementedError

    def when(self) -> When:
        return When(every=self.cleaned_data.get("every"), crontab=self.cleaned_data.get("times", "").strip())

    def clean(self) -> dict[str, Any]:
        super().clean()
        schedules.check(
            self.entry() or PeriodicTask(), enabled=self.cleaned_data["enabled"], when=self.when()
        )
        return self.cleaned_data


class PeriodicTaskForm(WhenForm):
    """An entry: one of our tasks, at these times, with no arguments."""

    task = forms.ChoiceField(
        choices=lambda: [(name, name) for name in schedules.tasks()], widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = PeriodicTask
        fields = ("name", "task", "enabled", "description")
        help_texts: ClassVar[Any] = {"name": "", "description": _("What it is for.")}

    def entry(self) -> PeriodicTask | None:
        return self.instance if self.instance.pk else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.when().apply(self.instance)  # an entry without times is not valid in itself
        return cleaned

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.startswith(schedules.SWEEP):
            raise ValidationError(_("A sweep's name is not for another entry."))
        return name


class Entries(ChangeList):
    """The list, under our name for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opts = self.model_admin.opts
        self.title = str(_("Schedules"))


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(Page):
    """What runs when, and what came of it. A reminder rule's name is changed on its own page.

    What belongs to the service keeps its name and its task, and cannot be deleted.
    """

    has_numbers = False
    form = PeriodicTaskForm
    fieldsets = (
        (None, {"fields": ("name", "task", "arguments", "description")}),
        (_("When it runs"), {"fields": ("enabled", "every", "times", "runs", "next_run")}),
        (_("What came of it"), {"fields": ("last_result", "last_run_at", "total_run_count")}),
    )
    list_display = ("name", "enabled", "runs", "next_run", "last_result")
    list_select_related = ("interval", "crontab", "solar", "clocked", "run", "reminder_rule")
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    ordering = ("name",)
    actions = ("run_now", "delete_selected")
    change_form_template = "notifications/entry.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Called as the console calls them: the model's own names belong to the package that has it.
        self.opts = copy(self.opts)
        self.opts.verbose_name, self.opts.verbose_name_plural = _("schedule"), _("schedules")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Entries

    def get_object(self, *args: Any, **kwargs: Any) -> PeriodicTask | None:
        entry: PeriodicTask | None = super().get_object(*args, **kwargs)
        if entry is not None:
            entry._meta = self.opts  # the theme's way back asks the row what it is called
        return entry

    @admin.display(description=_("arguments"))
    def arguments(self, entry: PeriodicTask) -> str:
        return f"{entry.args} {entry.kwargs}" if entry.pk else "–"

    @admin.display(description=_("runs"))
    def runs(self, entry: PeriodicTask) -> str:
        return schedules.in_words(entry) if entry.pk else "–"

    @admin.display(description=_("next run"))
    def next_run(self, entry: PeriodicTask) -> str:
        return schedules.next_run(entry) if entry.pk else "–"

    @admin.display(description=_("last result"))
    def last_result(self, entry: PeriodicTask) -> str:
        return runs.in_words(getattr(entry, "run", None))

    def get_readonly_fields(self, request: HttpRequest, obj: PeriodicTask | None = None) -> tuple[str, ...]:
        always = ("arguments", "runs", "next_run", "last_result", "last_run_at", "total_run_count")
        return (*always, "name", "task") if obj and schedules.is_own(obj) else always

    def has_delete_permission(self, request: HttpRequest, obj: PeriodicTask | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and schedules.is_own(obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Those that somebody added; the others stay, whatever was ticked."""
        super().delete_queryset(request, queryset.filter(headers=json.dumps(schedules.ADDED)))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """An entry's last run goes with it. An own one is named among what may not be deleted."""
        gone, counts, needed, protected = super().get_deleted_objects(objs, request)
        own = [str(entry) for entry in objs if schedules.is_own(entry)]
        return gone, counts, needed - {ScheduleRun._meta.verbose_name}, [*protected, *own]

    def save_model(self, request: HttpRequest, obj: PeriodicTask, form: Any, change: bool) -> None:
        if not change:
            obj.headers = json.dumps(schedules.ADDED)
        if hasattr(obj, "reminder_rule"):
            rules.save(obj.reminder_rule, enabled=form.cleaned_data["enabled"], when=form.when())
            return
        form.when().apply(obj)
        obj.save()

    def response_change(self, request: HttpRequest, obj: PeriodicTask) -> HttpResponse:
        if "_run_now" not in request.POST:
            return super().response_change(request, obj)
        self._run([obj], request)
        return HttpResponseRedirect(request.path)

    @admin.action(description=_("Delete the chosen schedules"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, chosen: QuerySet[PeriodicTask]) -> HttpResponse | None:
        """Those that somebody added. What belongs to the service stays, whoever asks."""
        own = [entry.name for entry in chosen if schedules.is_own(entry)]
        if own:
            sentence = _("These belong to the service and stay: %(names)s. Nothing was deleted.")
            self.message_user(request, sentence % {"names": ", ".join(own)}, messages.WARNING)
            return None
        asked: HttpResponse | None = delete_selected(self, request, chosen)
        return asked

    @admin.action(description=_("Run the chosen schedules now"), permissions=["change"])
    def run_now(self, request: HttpRequest, chosen: QuerySet[PeriodicTask]) -> None:
        self._run(chosen, request)

    def _run(self, entries: Iterable[PeriodicTask], request: HttpRequest) -> None:
        started = []
        for entry in entries:
            try:
                schedules.run(entry)
            except schedules.CannotRun as why:
                self.message_user(request, f"{entry.name}: {why}", messages.ERROR)
                break
            started.append(entry)
            self.log_change(request, entry, _("Run now."))
        if started:
            names = ", ".join(entry.name for entry in started)
            sentence = _("Started: %(names)s. What comes of it is shown here in a moment.") % {"names": names}
            self.message_user(request, sentence, messages.SUCCESS)

"""The schedules: what runs when."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat import admin as beat_admin  # noqa: F401 - registers what is replaced below
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from notifications import rules, schedules
from notifications.schedules import When

# The rows of times are shared between entries: an edit of one could stop a sweep. Each entry's page has them.
for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(model)


class WhenForm(forms.ModelForm):  # type: ignore[type-arg]
    """The times of an entry of the schedules, on the page of what it belongs to."""

    enabled = forms.BooleanField(required=False, initial=True, label=_("Switched on"))
    every = forms.IntegerField(required=False, min_value=1, label=_("Runs every … seconds"))
    times = forms.CharField(
        required=False,
        label=_("or at these times"),
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

    task = forms.ChoiceField(choices=lambda: [(name, name) for name in schedules.tasks()])

    class Meta:
        model = PeriodicTask
        fields = ("name", "task", "enabled", "description")

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


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What runs when. A reminder rule's name is changed on its own page."""

    form = PeriodicTaskForm
    fields = (
        "name",
        "task",
        "arguments",
        "description",
        "enabled",
        "every",
        "times",
        "next_run",
        "last_run_at",
    )
    list_display = ("name", "task", "arguments", "enabled", "scheduler", "next_run")
    list_select_related = ("interval", "crontab", "solar", "clocked")
    list_filter = ("enabled",)
    search_fields = ("name", "task")

    @admin.display(description=_("arguments"))
    def arguments(self, entry: PeriodicTask) -> str:
        return f"{entry.args} {entry.kwargs}" if entry.pk else "–"

    @admin.display(description=_("next run"))
    def next_run(self, entry: PeriodicTask) -> str:
        return schedules.next_run(entry) if entry.pk else "–"

    def get_readonly_fields(self, request: HttpRequest, obj: PeriodicTask | None = None) -> tuple[str, ...]:
        always = ("arguments", "next_run", "last_run_at")
        return (*always, "name", "task") if obj and _belongs(obj) else always

    def has_delete_permission(self, request: HttpRequest, obj: PeriodicTask | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and _belongs(obj))

    def save_model(self, request: HttpRequest, obj: PeriodicTask, form: Any, change: bool) -> None:
        if not change:
            obj.expire_seconds = schedules.EXPIRES
        if hasattr(obj, "reminder_rule"):
            rules.save(obj.reminder_rule, enabled=form.cleaned_data["enabled"], when=form.when())
            return
        form.when().apply(obj)
        obj.save()


def _belongs(entry: PeriodicTask) -> bool:
    """Whether the entry is a sweep or a rule's: then its name and task are not its own."""
    return schedules.is_sweep(entry) or hasattr(entry, "reminder_rule")

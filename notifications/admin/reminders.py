"""Reminder rules, and the reminders planned by them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp.admin.pages import Page, ReadOnly
from notifications import rules, schedules
from notifications.admin.schedules import WhenForm
from notifications.models import Reminder, ReminderRule
from notifications.recipients import CHANNELS, ROLES


class ReminderRuleForm(WhenForm):
    """A rule and its entry on one page."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.label) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who is reminded."),
    )
    channels = forms.MultipleChoiceField(
        choices=[(channel, channel) for channel in CHANNELS], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ReminderRule
        fields = ("name", "minutes_before", "useful_until", "roles", "channels")

    def entry(self) -> PeriodicTask | None:
        return self.instance.schedule if self.instance.pk else None

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        entry = self.entry()
        if name.startswith(schedules.SWEEP):
            raise ValidationError(_("A sweep's name is not for a rule."))
        if PeriodicTask.objects.filter(name=name).exclude(pk=entry.pk if entry else None).exists():
            raise ValidationError(_("An entry of the schedules has that name."))
        return name


@admin.register(ReminderRule)
class ReminderRuleAdmin(Page):
    """What is changed here holds for every inspection to come: their reminders are planned anew."""

    form = ReminderRuleForm
    fields = (
        *("name", "minutes_before", "useful_until", "roles", "channels"),
        *("enabled", "every", "times", "next_run"),
    )
    readonly_fields = ("next_run",)
    list_display = ("name", "minutes_before", "roles", "channels", "enabled", "next_run")
    list_select_related = ("schedule__interval", "schedule__crontab")

    @admin.display(boolean=True, description=_("switched on"))
    def enabled(self, rule: ReminderRule) -> bool:
        return bool(rule.schedule.enabled)

    @admin.display(description=_("looks for due ones next"))
    def next_run(self, rule: ReminderRule) -> str:
        return schedules.next_run(rule.schedule) if rule.pk else "–"

    def save_model(self, request: HttpRequest, obj: ReminderRule, form: Any, change: bool) -> None:
        rules.save(obj, enabled=form.cleaned_data["enabled"], when=form.when())

    def delete_model(self, request: HttpRequest, obj: ReminderRule) -> None:
        rules.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ReminderRule]) -> None:
        for rule in queryset:
            rules.delete(rule)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The reminders of a rule go with it, though nobody may delete one by itself."""
        gone, counts, needed, protected = super().get_deleted_objects(objs, request)
        return gone, counts, needed - {Reminder._meta.verbose_name}, protected


@admin.register(Reminder)
class ReminderAdmin(ReadOnly):
    """Written by the planning; to be read."""

    list_display = ("inspection", "recipient", "rule", "due_at", "state", "scheduled_for")
    list_filter = ("state", "rule")
    list_select_related = ("inspection", "recipient", "rule")
    search_fields = ("inspection__ref",)
    date_hierarchy = "due_at"
    ordering = ("-due_at",)

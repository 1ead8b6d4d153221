"""Reminder rules, and the reminders planned by them."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from inspector_whatsapp.admin.by_day import ByDay
from inspector_whatsapp.admin.pages import Page, ReadOnly, in_short
from inspector_whatsapp.models.listings import ListingType
from notifications import rules, schedules
from notifications.admin.schedules import WhenForm
from notifications.models import Reminder, ReminderRule, ReminderState
from notifications.recipients import CHANNELS, ROLES

OFFSET = ("minutes_before", "useful_until")
BY_THE_CLOCK = ("at_time", "days_before", "not_after")


class ReminderRuleForm(WhenForm):
    """A rule and its entry on one page."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.label) for role in ROLES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Who is reminded."),
    )
    channels = forms.MultipleChoiceField(
        choices=[(channel, channel) for channel in CHANNELS], widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    listing_types = forms.MultipleChoiceField(
        choices=ListingType.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
        label=_("Kind of inspection"),
        help_text=_("Of which homes; none chosen: of all."),
    )

    class Meta:
        model = ReminderRule
        fields = (*("name", *OFFSET, *BY_THE_CLOCK), "listing_types", "roles", "channels", "unanswered_only")
        # Not Django's, which compares it with the clock of whoever sits before it.
        widgets: ClassVar[Any] = {
            name: UnfoldAdminTextInputWidget(attrs={"type": "time"}) for name in ("at_time", "not_after")
        }

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

    has_numbers = False
    form = ReminderRuleForm
    # Labels above their fields, so that several stand in a row.
    compressed_fields = False
    fieldsets = (
        (None, {"fields": (("name", "enabled"), "sentence", "planned")}),
        (_("So long before the start"), {"fields": (OFFSET,)}),
        (_("Or at a time of day"), {"fields": (BY_THE_CLOCK,)}),
        (_("Of what, to whom"), {"fields": (("listing_types", "roles", "channels"), "unanswered_only")}),
        (_("When it looks for due ones"), {"fields": (("every", "times", "next_run"),)}),
    )
    readonly_fields = ("sentence", "planned", "next_run")
    list_display = ("name", "words", "enabled", "next_run")
    list_select_related = ("schedule__interval", "schedule__crontab")

    @admin.display(description=_("in words"))
    def sentence(self, rule: ReminderRule) -> str:
        """As it is saved: it is written anew with every save."""
        return rules.in_words(rule) if rule.pk else "–"

    @admin.display(description=_("in words"))
    def words(self, rule: ReminderRule) -> str:
        return rules.in_words(rule)

    @admin.display(description=_("next reminder"))
    def planned(self, rule: ReminderRule) -> str:
        """The next that it has planned, and the way to all of them."""
        if not rule.pk:
            return "–"
        coming = Reminder.objects.filter(rule=rule, state=ReminderState.PLANNED).order_by("due_at")
        first = coming.select_related("inspection").first()
        if first is None:
            return str(_("None is planned: no inspection to come is among its own."))
        page = reverse("admin:notifications_reminder_changelist")
        values = {"when": in_short(first.due_at), "inspection": first.inspection}
        says = _("%(when)s, of %(inspection)s") % values
        return format_html('<a href="{}?rule__id__exact={}&state__exact=planned">{}</a>', page, rule.pk, says)

    @admin.display(boolean=True, description=_("switched on"))
    def enabled(self, rule: ReminderRule) -> bool:
        return bool(rule.schedule.enabled)

    @admin.display(description=_("looks for due ones next"))
    def next_run(self, rule: ReminderRule) -> str:
        return schedules.next_run(rule.schedule) if rule.pk else "–"

    def save_model(self, request: HttpRequest, obj: ReminderRule, form: Any, change: bool) -> None:
        rules.save(obj, enabled=form.cleaned_data["enabled"], when=form.when())
        self.message_user(request, rules.in_words(obj), messages.INFO)

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
    list_filter = ("state", "rule", ("due_at", ByDay))
    list_filter_submit = True
    list_select_related = ("inspection", "recipient", "rule")
    search_fields = ("inspection__ref",)
    date_hierarchy = "due_at"
    ordering = ("-due_at",)

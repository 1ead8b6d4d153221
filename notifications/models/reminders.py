"""Reminder rules, and the reminders planned by them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp.models import Inspection, Role


class ReminderRule(models.Model):
    """When to remind whom of an inspection, on which channels.

    Each rule is an entry of the schedules: switched off there, or with other hours, so are its reminders.
    """

    name = models.CharField(max_length=80, unique=True)
    minutes_before = models.PositiveIntegerField(
        validators=[MinValueValidator(5)], help_text="Minutes before the inspection starts: 1440 is a day."
    )
    useful_until = models.PositiveIntegerField(
        help_text="Minutes before the start until which a late reminder is still of use."
    )
    roles = ArrayField(
        models.CharField(max_length=16, choices=Role), help_text="Who is reminded: seeker, inspector, agent."
    )
    channels = ArrayField(models.CharField(max_length=16), help_text="whatsapp, email, or both.")
    schedule = models.OneToOneField(
        PeriodicTask, on_delete=models.PROTECT, related_name="reminder_rule", editable=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(useful_until__lt=F("minutes_before")), name="reminder_rule_useful_after_due"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReminderState(models.TextChoices):
    """What became of a reminder."""

    PLANNED = "planned", _("planned")
    QUEUED = "queued", _("queued")
    CANCELLED = "cancelled", _("cancelled")
    SKIPPED = "skipped", _("booked too late for it")
    MISSED = "missed", _("missed")


class Reminder(models.Model):
    """One person to be reminded of one inspection by one rule, at `due_at`."""

    rule = models.ForeignKey(ReminderRule, on_delete=models.CASCADE, related_name="reminders")
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    scheduled_for = models.DateTimeField(help_text="When the inspection starts, as it was planned.")
    revision = models.PositiveIntegerField(help_text="Of the inspection, as it was planned.")
    due_at = models.DateTimeField()
    useful_until = models.DateTimeField()
    state = models.CharField(max_length=16, choices=ReminderState, default=ReminderState.PLANNED)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "recipient", "rule", "scheduled_for"], name="reminder_once"
            )
        ]
        indexes = [models.Index(fields=["rule", "due_at"], name="reminder_due", condition=Q(state="planned"))]

    def __str__(self) -> str:
        return f"reminder {self.pk}"

"""Reminder rules, and the reminders planned by them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp.models import Inspection, Role
from inspector_whatsapp.models.listings import ListingType
from inspector_whatsapp.words import harmless

SOONEST, EARLIEST = 5, 30 * 24 * 60  # minutes before the start between which a reminder may go
MOST_DAYS = 30


class ReminderRule(models.Model):
    """When to remind whom of an inspection, on which channels.

    Either so many minutes before it starts, or when the clock of whoever is reminded shows a time, so many
    days before. Each rule is an entry of the schedules: switched off there, or with other hours, so are its
    reminders.
    """

    name = models.CharField(max_length=80, unique=True)
    minutes_before = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes before the inspection starts: 1440 is a day."
    )
    useful_until = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Minutes before the start until which a late reminder is still of use.",
    )
    at_time = models.TimeField(
        null=True, blank=True, help_text="Or at this time, by the clock of whoever is reminded …"
    )
    days_before = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="… so many days before: 1 is the day before, 0 the day itself."
    )
    not_after = models.TimeField(
        null=True, blank=True, help_text="The time of that day until which a late reminder is still of use."
    )
    listing_types = ArrayField(
        models.CharField(max_length=8, choices=ListingType),
        default=list,
        blank=True,
        help_text="Inspections of which homes; none chosen: of all.",
    )
    roles = ArrayField(
        models.CharField(max_length=16, choices=Role), help_text="Who is reminded: seeker, inspector, agent."
    )
    channels = ArrayField(models.CharField(max_length=16), help_text="whatsapp, email, or both.")
    unanswered_only = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Asks again: seekers who have not said whether they are coming, where they were not asked.",
    )
    schedule = models.OneToOneField(
        PeriodicTask, on_delete=models.PROTECT, related_name="reminder_rule", editable=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    minutes_before__isnull=False,
                    useful_until__isnull=False,
                    at_time__isnull=True,
                    days_before__isnull=True,
                    not_after__isnull=True,
                )
                | Q(
                    minutes_before__isnull=True,
                    useful_until__isnull=True,
                    at_time__isnull=False,
                    days_before__isnull=False,
                    not_after__isnull=False,
                ),
                name="reminder_rule_one_time",
                violation_error_message=_(
                    "Fill in either the minutes before the start, or a time and how many days before; "
                    "and until when it is of use."
                ),
            ),
            models.CheckConstraint(
                condition=Q(minutes_before__isnull=True) | Q(minutes_before__range=(SOONEST, EARLIEST)),
                name="reminder_rule_offset_within_bounds",
                violation_error_message=_(
                    "A reminder goes 5 minutes to 30 days (43,200 minutes) before the start."
                ),
            ),
            models.CheckConstraint(
                condition=Q(days_before__isnull=True) | Q(days_before__lte=MOST_DAYS),
                name="reminder_rule_days_within_bounds",
                violation_error_message=_("A reminder goes 30 days before the start at most."),
            ),
            models.CheckConstraint(
                condition=Q(useful_until__lt=F("minutes_before")),
                name="reminder_rule_useful_after_due",
                violation_error_message=_(
                    "It is of use until fewer minutes before the start than it goes itself."
                ),
            ),
            models.CheckConstraint(
                condition=Q(not_after__gt=F("at_time")),
                name="reminder_rule_not_after_is_later",
                violation_error_message=_("It is of use until a later time of that day than it goes itself."),
            ),
            models.CheckConstraint(
                condition=Q(unanswered_only=False) | Q(roles=[Role.SEEKER]),
                name="reminder_rule_seekers_are_asked",
                violation_error_message=_("Only seekers are asked again: choose no others."),
            ),
        ]

    def __str__(self) -> str:
        return harmless(self.name, markup=False)

    def is_for(self, inspection: Inspection) -> bool:
        """Whether inspections of such a home are among its own."""
        return not self.listing_types or inspection.property.listing_type in self.listing_types


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

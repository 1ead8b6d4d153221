"""What came of the entries of the schedules."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask


class Outcome(models.TextChoices):
    """How a run ended."""

    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ScheduleRun(models.Model):
    """The last run of an entry of the schedules. Times are PostgreSQL's own: they are about processes."""

    entry = models.OneToOneField(PeriodicTask, on_delete=models.CASCADE, primary_key=True, related_name="run")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it is running, or was killed.")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, help_text="Of what ended last.")
    did = models.JSONField(default=dict, help_text="How many of what.")
    error = models.CharField(max_length=80, blank=True, help_text="Its class; the log has the rest.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")

    def __str__(self) -> str:
        return f"last run of entry {self.entry_id}"

"""Who is to hear of which property that they look for, and whether they have."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Property


class AlertState(models.TextChoices):
    """What became of an alert."""

    NEW = "new", _("waits")
    TOLD = "told", _("told at once")
    DIGEST = "digest", _("told in a digest")
    DROPPED = "dropped", _("dropped")


class Alert(models.Model):
    """A property, and somebody who looks for it: there is one alert for the two of them, ever."""

    seeker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="alerts")
    searches = ArrayField(models.BigIntegerField(), help_text="The saved searches that it fits.")
    at_once = models.BooleanField(help_text="Whether it is told by itself; otherwise in the next digest.")
    state = models.CharField(max_length=8, choices=AlertState, default=AlertState.NEW)
    reason = models.CharField(max_length=80, blank=True, help_text="Why it was dropped.")
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("alert of a saved search")
        verbose_name_plural = _("alerts of saved searches")
        constraints = [
            models.UniqueConstraint(fields=["seeker", "property"], name="alert_once_per_seeker_and_property")
        ]
        indexes = [
            models.Index(fields=["at_once", "seeker"], name="alert_waiting", condition=Q(state="new")),
            # What somebody has heard today.
            models.Index(fields=["seeker", "told_at"], name="alert_told", condition=Q(told_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"

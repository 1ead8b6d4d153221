"""Inspectors who are late. That a visit has one delay at a time is said by a constraint."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inspector_whatsapp.models.listings import Property

MINUTES = (10, 20, 30, 45)


class Delay(models.Model):
    """An inspector comes later to a visit than it begins.

    A visit is known by who makes it, where and when: a visit that is moved or given to somebody else has no
    delay by that, and whoever books a place in it later has the one there is.
    """

    @property  # before the column of that name
    def expected_at(self) -> datetime:
        """When the inspector will be there."""
        return self.starts_at + timedelta(minutes=self.minutes)

    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delays")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="delays")
    starts_at = models.DateTimeField(help_text="When the visit was to begin.")
    minutes = models.PositiveSmallIntegerField()
    said_at = models.DateTimeField(help_text="When it was said last.")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When they said that they are there, or on time."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__in=MINUTES), name="delay_of_so_many_minutes"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("said_at")),
                name="delay_ends_once_said",
            ),
            models.UniqueConstraint(
                fields=["inspector", "property", "starts_at"],
                condition=Q(ended_at__isnull=True),
                name="delay_one_of_a_visit",
            ),
        ]
        indexes = [models.Index(fields=["said_at"], name="delay_by_day")]

    def __str__(self) -> str:
        return f"{self.minutes} minutes at property {self.property_id}, {self.starts_at:%Y-%m-%d %H:%M} UTC"

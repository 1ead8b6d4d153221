"""What Inspector has told by its events."""

from django.db import models


class InspectorEvent(models.Model):
    """One event, written with what it brought about: told again, it does nothing."""

    event_id = models.CharField(max_length=128, unique=True, help_text="Inspector's.")
    type = models.CharField(max_length=48)
    subject = models.CharField(
        max_length=300, blank=True, help_text="What it says something new of; the newest word on it counts."
    )
    at = models.DateTimeField(help_text="When it happened, by Inspector's clock.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what it said.")
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"

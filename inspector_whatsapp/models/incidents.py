"""What a person should look at."""

from django.db import models
from django.db.models import Q

from inspector_whatsapp.words import harmless


class Incident(models.Model):
    """Something is wrong that the service cannot mend itself. Open once per key."""

    kind = models.CharField(max_length=48)
    key = models.CharField(
        max_length=128, help_text="What it is about; the same trouble is not opened twice."
    )
    sentence = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(closed_at__isnull=True), name="incident_open_once"
            )
        ]

    def __str__(self) -> str:
        return harmless(f"{self.kind}: {self.sentence}", markup=False)

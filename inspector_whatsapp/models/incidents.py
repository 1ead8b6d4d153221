"""What a person should look at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.words import harmless


class Incident(models.Model):
    """Something is wrong that the service cannot mend itself. Open once per key: open → seen → closed."""

    kind = models.CharField(max_length=48)
    key = models.CharField(
        max_length=128, help_text="What it is about; the same trouble is not opened twice."
    )
    sentence = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the admins were sent an e-mail about it."
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who looks into it.",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: it was well by itself.",
    )

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(closed_at__isnull=True), name="incident_open_once"
            ),
            models.CheckConstraint(
                condition=(Q(seen_by=None) | Q(seen_at__isnull=False))
                & (Q(closed_by=None) | Q(closed_at__isnull=False)),
                name="incident_steps_have_times",
            ),
        ]
        indexes = [
            models.Index(fields=["told_at"], name="incident_told", condition=Q(told_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return harmless(f"{self.kind}: {self.sentence}", markup=False)

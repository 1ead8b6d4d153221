"""Who came to an inspection and who did not, as people say."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.accounts import Role
from inspector_whatsapp.models.inspections import Inspection


class Presence(models.Model):
    """Somebody says that one of an inspection was there, or was not.

    Nobody's word undoes another's: what contradicts stands side by side. What its speaker took back stays,
    with the time at which they did. Nothing follows from it by itself.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="presences")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    part = models.CharField(max_length=16, choices=Role, help_text="As what they were to be there.")
    came = models.BooleanField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When they took it back.")

    class Meta:
        verbose_name = _("statement on who came")
        verbose_name_plural = _("statements on who came")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "about", "said_by"],
                condition=Q(withdrawn_at__isnull=True),
                name="presence_said_once",
            ),
            models.CheckConstraint(
                condition=Q(came=True) | ~Q(about=F("said_by")), name="presence_nobody_misses_themselves"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("said_at")),
                name="presence_said_before_withdrawn",
            ),
        ]
        # A day's figures.
        indexes = [models.Index(fields=["said_at"], name="presence_by_day")]

    def __str__(self) -> str:
        return f"statement on who came to inspection {self.inspection_id}"

"""Inspectors who are asked to take a visit over. That one is asked at a time is said by constraints."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.inspections import Inspection, Slot


class AskState(models.TextChoices):
    """What came of asking somebody."""

    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("takes it")
    DECLINED = "declined", _("said no")
    UNANSWERED = "unanswered", _("did not answer in time")
    UNREACHED = "unreached", _("could not be told")
    WITHDRAWN = "withdrawn", _("no longer wanted")


class Ask(models.Model):
    """An inspector is asked to carry a visit out that nobody does: everybody in its slot, at that time."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="asks", help_text="It stands for the whole visit."
    )
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="asks", null=True, blank=True)
    starts_at = models.DateTimeField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asks")
    state = models.CharField(max_length=12, choices=AskState, default=AskState.ASKED)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(
        null=True, blank=True, help_text="Until when they may answer; empty until they have been told."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("asked inspector")
        verbose_name_plural = _("asked inspectors")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True)
                | (~Q(state="asked") & Q(ended_at__isnull=False)),
                name="ask_ends_once",
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state="asked"), name="ask_one_at_a_time_of_a_slot"
            ),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state="asked", slot__isnull=True),
                name="ask_one_at_a_time_of_an_inspection",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="ask_by_day"),
            models.Index(fields=["ended_at"], name="ask_ended_by_day", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk} of {self.inspector_id} for inspection {self.inspection_id}"

"""Who is at a visit, and who feels unsafe there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.inspections import Inspection, Slot


class Stay(models.Model):
    """Somebody came to a visit and left it, as they said themselves.

    The visit as it was then, by its slot and time: an inspection that is moved later is another visit.
    Of whoever carries it out there is one for everybody who comes at that time. `due_at` is when they are
    looked after next: asked whether they are well, and after that, unless they answered, the admins are told.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="stays")
    slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="stays")
    starts_at = models.DateTimeField(help_text="When the visit was to begin.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stays")
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="When they are asked, or the admins are told, unless they leave."
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When they were asked whether they are out."
    )
    alerted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the admins were told that they do not answer."
    )

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("who is there")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "person", "starts_at"], name="stay_once"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=False) | Q(left_at__isnull=False),
                name="stay_says_something",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="stay_leaves_after_it_comes",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(arrived_at__isnull=False, left_at=None, alerted_at=None),
                name="stay_due_while_there",
            ),
            models.CheckConstraint(
                condition=Q(alerted_at=None) | Q(asked_at__isnull=False), name="stay_asked_before_alert"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="stay_due", condition=Q(due_at__isnull=False)),
            # A day's figures.
            models.Index(fields=["arrived_at"], name="stay_by_day", condition=Q(arrived_at__isnull=False)),
            models.Index(fields=["alerted_at"], name="stay_alerts", condition=Q(alerted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"stay {self.pk} of {self.person_id} at inspection {self.inspection_id}"


class Distress(models.Model):
    """Somebody said that they feel unsafe at a visit; taken back or not, it is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="distress")
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="distress")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(
        null=True, blank=True, help_text="When they said that they are fine."
    )

    class Meta:
        verbose_name = _("call of distress")
        verbose_name_plural = _("calls of distress")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "inspection"], condition=Q(taken_back_at=None), name="distress_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=F("at")), name="distress_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="distress_by_day")]

    def __str__(self) -> str:
        return f"distress {self.pk} of {self.person_id} at inspection {self.inspection_id}"

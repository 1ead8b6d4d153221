"""Whether properties are still there: what their agents are asked, and who wants to know."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.listings import Property


class EnquiryState(models.TextChoices):
    """What became of a question to an agent."""

    ASKED = "asked", _("asked")
    THERE = "there", _("still there")
    UNDER_OFFER = "under_offer", _("under offer")
    TAKEN = "taken", _("taken")
    UNANSWERED = "unanswered", _("not answered")


class Enquiry(models.Model):
    """The agent of a property is asked whether it is still there: one question, however many want to know."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="enquiries", db_index=False)
    state = models.CharField(max_length=12, choices=EnquiryState, default=EnquiryState.ASKED)
    day = models.DateField(
        null=True, blank=True, help_text="The day of the inspections before which it is asked by itself."
    )
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(
        null=True, blank=True, help_text="Until when it waits; empty until its agent has been told."
    )
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was answered, or was given up; an answer may come later."
    )

    class Meta:
        verbose_name_plural = "enquiries"
        constraints = [
            models.UniqueConstraint(
                fields=["property"], condition=Q(state="asked"), name="enquiry_one_open_per_property"
            ),
            models.UniqueConstraint(
                fields=["property", "day"], condition=Q(day__isnull=False), name="enquiry_once_before_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True)
                | (~Q(state="asked") & Q(ended_at__isnull=False)),
                name="enquiry_ends_once",
            ),
        ]
        indexes = [
            # How it stands with a property: the last one.
            models.Index(fields=["property", "-id"], name="enquiry_of_property"),
            # A day's figures.
            models.Index(fields=["asked_at"], name="enquiry_by_day"),
            models.Index(
                fields=["ended_at"], name="enquiry_ended_by_day", condition=Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.pk} about property {self.property_id}"


class Enquirer(models.Model):
    """A seeker who wants to know, or whose inspection it is asked for: they hear what comes of it."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="enquirers", db_index=False)
    seeker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enquiries")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "seeker"], name="enquirer_once")]

    def __str__(self) -> str:
        return f"{self.seeker_id} of enquiry {self.enquiry_id}"

"""What people say of an inspection afterwards, and what went wrong."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.inspections import Inspection
from inspector_whatsapp.models.listings import Property
from inspector_whatsapp.models.mirrored import Mirrored


class AsListed(models.TextChoices):
    """Whether the property was what the listing says."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Interested(models.TextChoices):
    """Whether the seeker wants it."""

    YES = "yes", _("Yes")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("No")


class Feedback(Mirrored):
    """A seeker's two taps after an inspection."""

    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="feedback")
    as_listed = models.CharField(max_length=8, choices=AsListed)
    interested = models.CharField(max_length=8, choices=Interested, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"feedback on inspection {self.inspection_id}"


class Problem(models.TextChoices):
    """What is wrong."""

    FAKE = "fake", _("The listing is fake")
    MONEY = "money", _("Asked for money outside")
    UNSAFE = "unsafe", _("I felt unsafe")
    NOBODY_CAME = "nobody_came", _("Nobody came")
    OTHER = "other", _("Something else")


class ProblemReport(Mirrored):
    """Somebody tells the admins of a problem with a property or an inspection."""

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="problems")
    inspection = models.ForeignKey(
        Inspection, on_delete=models.SET_NULL, null=True, blank=True, related_name="problems"
    )
    problem = models.CharField(max_length=16, choices=Problem)
    words = models.TextField(blank=True, help_text="What they wrote about it.")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "property", "problem"],
                condition=Q(closed_at__isnull=True),
                name="problem_open_once_per_reporter",
            )
        ]

    def __str__(self) -> str:
        return f"problem {self.pk} with property {self.property_id}"

"""What is remembered of Inspector's rows beside the rows themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.listings import Property, PropertyPhoto
from inspector_whatsapp.models.mirrored import Mirrored


class PhotoState(models.TextChoices):
    """Where a photo of Inspector's stands."""

    WAITING = "waiting", _("to be fetched")
    DONE = "done", _("here")
    FAILED = "failed", _("not fetched")
    REMOVED = "removed", _("removed")


class PhotoSource(Mirrored):
    """A photo as Inspector has it, and ours of it. One that was removed stays: it never comes back."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    photo = models.OneToOneField(
        PropertyPhoto, on_delete=models.SET_NULL, null=True, blank=True, related_name="source"
    )
    position = models.PositiveSmallIntegerField(default=0)
    url = models.URLField(max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=PhotoState, default=PhotoState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="Why it could not be fetched.")

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"], name="photo_source_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"photo {self.platform_id} of property {self.property_id}"


class Watermark(models.Model):
    """How far one of Inspector's views has been read."""

    view = models.CharField(max_length=32, primary_key=True)
    changed_at = models.DateTimeField()
    refused = models.JSONField(
        default=list, help_text="Rows that could not be taken: they are read again every time."
    )

    def __str__(self) -> str:
        return f"{self.view} until {self.changed_at:%Y-%m-%d %H:%M:%S} UTC"

"""The feed of what changed on the platform."""

from django.conf import settings
from django.db import models


class Origin(models.TextChoices):
    """Where a change came from; what came from Inspector is not echoed to it."""

    CHAT = "chat"
    API = "api"
    ADMIN = "admin"
    SYNC = "sync"
    SERVICE = "service"  # nobody: time went by


class ThisTransaction(models.Func):
    """The number of the transaction that writes: by it the feed knows which have ended."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Change(models.Model):
    """One thing that happened to one object, written in the transaction that did it."""

    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=64, help_text="The ref or key of what changed.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(max_length=8, choices=Origin)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    xid = models.BigIntegerField(
        db_default=ThisTransaction(), editable=False, help_text="The transaction that wrote it."
    )

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="change_of_subject"),
            # The feed: as transactions began, for a row may be committed after one with a higher number.
            models.Index(fields=["xid", "id"], name="change_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

"""Who agreed to hear from us, and who asked us to stop: a log that nobody changes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Contact


class Scope(models.TextChoices):
    """What was agreed to or stopped."""

    WHATSAPP = "whatsapp", _("messages on WhatsApp")
    MARKETING = "marketing", _("offers")
    EVERYTHING = "everything", _("everything but security")


class ConsentEntry(models.Model):
    """One yes or no of somebody's: who, to what, in which words, when, where and how.

    Append-only: a trigger refuses changes and deletions. Somebody's erasure takes their keys out of it.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="consent"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="consent"
    )
    scope = models.CharField(max_length=16, choices=Scope)
    given = models.BooleanField(help_text="Yes, or no.")
    wording = models.TextField(blank=True, help_text="What they were asked, or what they wrote.")
    channel = models.CharField(max_length=16, help_text="Where: whatsapp, email, web, admin.")
    how = models.CharField(
        max_length=32, help_text="By a word, a tap, WhatsApp's own setting, Meta's error …"
    )
    evidence = models.CharField(max_length=255, blank=True, help_text="The message or event that shows it.")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "consent"
        verbose_name_plural = "consent"
        indexes = [
            models.Index(fields=["contact", "-id"], name="consent_of_contact"),
            models.Index(fields=["account", "-id"], name="consent_of_account"),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

"""Message templates as they stand: ours, and what Meta has of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateStatus(models.TextChoices):
    """How a template stands at Meta; only an approved one can be sent."""

    DRAFT = "draft", _("not submitted")
    PENDING = "pending", _("in review")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    PAUSED = "paused", _("paused")
    DISABLED = "disabled", _("disabled")
    IN_APPEAL = "in_appeal", _("in appeal")
    LIMIT_EXCEEDED = "limit_exceeded", _("over a limit")
    LOCKED = "locked", _("locked")
    ARCHIVED = "archived", _("archived")
    PENDING_DELETION = "pending_deletion", _("being deleted")
    DELETED = "deleted", _("deleted")
    UNKNOWN = "unknown", _("unknown")


class TemplateCategory(models.TextChoices):
    """What Meta bills a template as; marketing can be opted out of."""

    UTILITY = "utility", _("utility")
    MARKETING = "marketing", _("marketing")
    AUTHENTICATION = "authentication", _("authentication")


class TemplateQuality(models.TextChoices):
    """What people's reactions make Meta think of a template."""

    GREEN = "green", _("high")
    YELLOW = "yellow", _("medium")
    RED = "red", _("low")


class MessageTemplate(models.Model):
    """One version of a template in one language. Its text never changes once Meta has it.

    Another wording is another version, under a name of its own at Meta; the newest usable one is sent.
    """

    name = models.CharField(max_length=200, help_text="As the kinds of notifications name it.")
    version = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=16)
    name_at_meta = models.CharField("name at Meta", max_length=200)
    category = models.CharField(max_length=16, choices=TemplateCategory, help_text="What it is submitted as.")
    body = models.TextField()
    buttons = ArrayField(models.CharField(max_length=25), default=list, blank=True)
    examples = models.JSONField(default=dict, help_text="Its values by name, as Meta's reviewers see them.")

    status = models.CharField(max_length=16, choices=TemplateStatus, default=TemplateStatus.DRAFT)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it stands there, in Meta's words.")
    status_at = models.DateTimeField(null=True, blank=True, help_text="Since when: older news is ignored.")
    category_at_meta = models.CharField(
        "category at Meta", max_length=16, choices=TemplateCategory, blank=True
    )
    quality = models.CharField(max_length=8, choices=TemplateQuality, blank=True)
    meta_id = models.CharField("Meta's id", max_length=64, blank=True)
    components = models.JSONField(
        "text at Meta", null=True, blank=True, help_text="Nothing until it was seen there."
    )
    refused_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When Meta last refused a message by it, though it seemed to be usable.",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True, help_text="When it was last looked up at Meta.")

    class Meta:
        ordering = ("name", "language", "-version")
        constraints = [
            models.UniqueConstraint(fields=["name", "version", "language"], name="template_version_once"),
            models.UniqueConstraint(fields=["name_at_meta", "language"], name="template_at_meta_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name_at_meta} ({self.language})"

    @property
    def category_now(self) -> str:
        """What it is billed as: Meta's word once it is known."""
        return self.category_at_meta or self.category

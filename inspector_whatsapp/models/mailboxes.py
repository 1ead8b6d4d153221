"""Mailboxes that took no mail, or want none."""

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Trouble(models.TextChoices):
    """Why nothing more goes to a mailbox."""

    BOUNCED = "bounced", _("mail to it came back")
    REJECTED = "rejected", _("the mail service refuses to write to it")
    COMPLAINED = "complained", _("its owner called a mail of ours spam")


class Mailbox(models.Model):
    """An address that a mail service told us about; nothing is sent there until an admin clears it."""

    address = models.EmailField(unique=True, help_text="In small letters.")
    why = models.CharField(max_length=16, choices=Trouble)
    details = models.CharField(max_length=300, blank=True, help_text="In the mail service's words.")
    at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(address=Lower(F("address"))), name="mailbox_small_letters"
            )
        ]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"

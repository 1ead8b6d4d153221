"""What may be a fraud: for admins to look at, and never held against anybody by itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.contacts import Contact
from inspector_whatsapp.models.listings import Property


class SignKind(models.TextChoices):
    """What was noticed."""

    SAME_PHOTO = "same_photo", _("the same photo on two listings")
    LOW_PRICE = "low_price", _("a price far under its area")
    MANY_ACCOUNTS = "many_accounts", _("many accounts on one number")
    GONE_AGAIN = "gone_again", _("gone again and again")


class Judgement(models.TextChoices):
    """What an admin says of it."""

    HARMLESS = "harmless", _("harmless")
    FRAUD = "fraud", _("fraud")


class FraudSign(models.Model):
    """One thing that was noticed, with the rows behind it; looked for anew by `fraud.look`."""

    kind = models.CharField(max_length=16, choices=SignKind)
    key = models.CharField(max_length=64, editable=False, help_text="What it is about.")
    property = models.ForeignKey(
        Property, on_delete=models.CASCADE, null=True, blank=True, related_name="fraud_signs"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    rows = models.JSONField(default=list, help_text="The keys of the rows behind it.")
    figures = models.JSONField(default=dict, help_text="The numbers in its sentence.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="When it was seen last.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was not so any more.")
    judged = models.CharField(max_length=8, choices=Judgement, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sign of fraud")
        verbose_name_plural = _("signs of fraud")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="fraud_sign_once"),
            models.CheckConstraint(
                condition=Q(judged="", judged_at=None) | (~Q(judged="") & Q(judged_at__isnull=False)),
                name="fraud_sign_judged_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-last_at"], name="fraud_sign_open", condition=Q(ended_at=None, judged="")),
        ]

    def __str__(self) -> str:
        return f"sign of fraud {self.pk}"

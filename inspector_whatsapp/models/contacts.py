"""Who is behind a WhatsApp identity."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Right, Upper
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.accounts import Language


class Contact(models.Model):
    """A WhatsApp identity. Conversations, windows, consent and links hang on it.

    Meta may show a phone number, a business-scoped user id (BSUID), or both; a BSUID changes with the number.
    """

    phone = models.CharField(max_length=16, unique=True, null=True, blank=True, help_text="E.164.")
    user_id = models.CharField(
        "BSUID", max_length=160, unique=True, null=True, blank=True, help_text="Meta's id of the person."
    )
    username = models.CharField(max_length=64, blank=True)
    profile_name = models.CharField(
        max_length=256, blank=True, help_text="Chosen by the person: trust it not."
    )
    language = models.CharField(max_length=8, choices=Language, blank=True)
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="IANA name; empty: the account's. Chosen in the chat."
    )
    low_data = models.BooleanField(default=False, help_text="Photos only on request, and small.")
    created_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Meta's time of their last message: 24 hours from it the window closes.",
    )
    offers_stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="They stopped offers here: new homes, prices, what can be had again."
    )
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="They stopped everything: only answers to what they write go out."
    )
    blocked_reason = models.CharField(
        max_length=200, blank=True, help_text="Why Meta cannot deliver to them."
    )

    class Meta:
        permissions = [("see_numbers", _("Can see whole phone numbers"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=False) | Q(user_id__isnull=False), name="contact_has_an_identity"
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="contact_phone_is_e164",
            ),
        ]
        indexes = [
            # How staff find somebody: by a part of the name, by the end of the number.
            GinIndex(OpClass(Upper("profile_name"), name="gin_trgm_ops"), name="contact_by_name"),
            models.Index(Right("phone", 4), name="contact_by_last_digits"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class LinkState(models.TextChoices):
    """Whether a link counts."""

    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class Link(models.Model):
    """A contact speaks for an account. Made and ended by `linking` alone.

    A contact may hold several accounts, one of them current; an account has one active contact.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="links")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="links")
    state = models.CharField(max_length=16, choices=LinkState, default=LinkState.ACTIVE)
    current = models.BooleanField(default=True)
    proof = models.JSONField(
        default=dict, help_text="How it was proved, and the consent: wording, time, message."
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="active"), name="link_one_active_per_account"
            ),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(current=True), name="link_one_current_per_contact"
            ),
            models.CheckConstraint(
                condition=Q(current=False) | Q(state="active"), name="link_current_is_active"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="link_end_has_a_time"
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="link_by_day")]

    def __str__(self) -> str:
        return f"link {self.pk} of contact {self.contact_id} to account {self.account_id}"

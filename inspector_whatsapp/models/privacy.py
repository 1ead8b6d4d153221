"""What is done about people's data: copies handed out, erasures, holds, and what must not come back."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.contacts import Contact


class OfAPerson(models.Model):
    """A row about one person: an account of Inspector's, or a WhatsApp that speaks for none."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The WhatsApp itself is deleted when it is erased; its number here says nothing of whose it was.
    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def whose(self) -> str:
        """`account 12`, `contact 7`"""
        return f"account {self.account_id}" if self.account_id else f"contact {self.contact_id}"


class LegalHold(OfAPerson):
    """Somebody's data must be kept for now: nothing of it is erased until the hold ends or is lifted."""

    why = models.CharField(
        max_length=300, help_text=_("The case or order that demands it; not what the person said or did.")
    )
    until = models.DateField(null=True, blank=True, help_text=_("The last day; empty: until it is lifted."))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    placed_at = models.DateTimeField(editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, contact__isnull=True)
                | Q(account__isnull=True, contact__isnull=False),
                name="hold_of_one_person",
                violation_error_message=_("Name an account or a contact, one of the two."),
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk} on {self.whose}"


class PersonExport(OfAPerson):
    """A copy of what is kept of somebody, to be fetched once within a day."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    file = models.CharField(max_length=120, blank=True, help_text=_("Empty: it has been fetched or deleted."))
    rows = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("copy of a person's data")
        verbose_name_plural = _("copies of people's data")
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="person_export_expires")]

    def __str__(self) -> str:
        return f"copy {self.pk} of {self.whose}"


class Erasure(OfAPerson):
    """Somebody's data is to be erased, or was: what shows that it was done, and whom it was not done to."""

    contacts = ArrayField(
        models.BigIntegerField(), default=list, help_text=_("The WhatsApps that go with it.")
    )
    words = ArrayField(
        models.TextField(),
        default=list,
        editable=False,
        help_text=_("What names them, to be looked for everywhere; empty once it is done."),
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    did = models.JSONField(default=dict, help_text=_("How many rows of what."))
    trouble = models.CharField(max_length=300, blank=True, help_text=_("Why it stands still."))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("account"),
                condition=Q(done_at__isnull=True, account__isnull=False),
                name="erasure_one_open_per_account",
            ),
            models.UniqueConstraint(
                F("contact"),
                condition=Q(done_at__isnull=True, contact__isnull=False),
                name="erasure_one_open_per_contact",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(words=[]), name="erasure_done_names_nobody"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk} of {self.whose}"


class Tombstone(models.Model):
    """A message or an event of somebody who was erased: told again, it is not heard.

    A digest under this service's own secret, which says nothing of what or whose it was.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tombstone {self.pk}"

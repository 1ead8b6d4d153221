"""Broadcasts: one thing said to many people, and to whom of them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Job, OutboxMessage, Role
from inspector_whatsapp.models.jobs import OPEN_STATES, JobState

LONGEST = 600  # characters of its words: the template's own come around them
MOST_DAYS = 365


class BroadcastKind(models.TextChoices):
    """What it is in Meta's sense: the kind of notification, and the template, that it is said by."""

    NEWS = "broadcast_news", _("news of the service (utility)")
    OFFER = "broadcast_offer", _("an offer (marketing)")


class Ahead(models.TextChoices):
    """Whether those that are meant have an inspection to come."""

    YES = "yes", _("have an inspection ahead")
    NO = "no", _("have no inspection ahead")


class Standing(models.TextChoices):
    """Where a broadcast stands."""

    DRAFT = "draft", _("draft")
    PLANNED = "planned", _("planned")
    GOING = "going", _("on its way")
    PAUSED = "paused", _("paused")
    DONE = "done", _("all written")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("given up")


class Broadcasts(models.QuerySet["Broadcast"]):
    """With what a broadcast's standing takes."""

    def with_job(self) -> "Broadcasts":
        """Each with its job, but for the keys of that one's rows: they may be many."""
        return self.select_related("job").defer("job__rows")


class Broadcast(models.Model):
    """What is said to whom: a draft until somebody has confirmed it, and never changed after that.

    Its people are chosen when it is confirmed, and a job writes to them, so many a minute.
    """

    name = models.CharField(max_length=80, help_text="What it is called here; nobody else reads it.")
    kind = models.CharField(
        "template",
        max_length=16,
        choices=BroadcastKind,
        help_text="An offer goes only to who agreed to offers.",
    )
    text = models.CharField(
        "words in English", max_length=LONGEST, help_text="The template greets them by name before it."
    )
    text_pcm = models.CharField(
        "words in Pidgin",
        max_length=LONGEST,
        blank=True,
        help_text="Empty: who reads Pidgin gets the English.",
    )
    roles = ArrayField(models.CharField(max_length=16, choices=Role), help_text="Who is meant.")
    area = models.CharField(
        max_length=80, blank=True, help_text="Only who looks for, lists or inspects homes there; empty: all."
    )
    active_days = models.PositiveSmallIntegerField(
        "wrote within days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text="Only who wrote in the chat within so many days; empty: all.",
    )
    ahead = models.CharField("inspections", max_length=4, choices=Ahead, blank=True)
    spare_days = models.PositiveSmallIntegerField(
        "spared days",
        default=7,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text="Whoever got another broadcast within so many days is left out.",
    )
    starts_at = models.DateTimeField(
        "begins at",
        null=True,
        blank=True,
        help_text="Empty: at once. Who has quiet hours then gets it after them.",
    )
    per_minute = models.PositiveSmallIntegerField(
        "people a minute", default=60, help_text="Answers in the chat always leave before it."
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    token = models.UUIDField(
        default=uuid4, unique=True, editable=False, help_text="Of the job that writes it: once."
    )
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, editable=False, related_name="broadcast"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    people_count = models.PositiveIntegerField("people", null=True, editable=False)
    price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        editable=False,
        help_text="Of one message, when confirmed.",
    )
    currency = models.CharField(max_length=3, blank=True, editable=False)
    paced_at = models.DateTimeField(null=True, editable=False, help_text="Up to when its pace is used up.")
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_why = models.CharField(max_length=200, blank=True, editable=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    stopped_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = Broadcasts.as_manager()

    class Meta:
        permissions = [("send_broadcast", _("Can send broadcasts"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, people_count=None, job=None, paused_at=None, stopped_at=None)
                | Q(confirmed_at__isnull=False, people_count__gt=0),
                name="broadcast_confirmed_as_a_whole",
            ),
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="broadcast_has_a_pace"),
            models.CheckConstraint(condition=~Q(roles=[]), name="broadcast_is_for_somebody"),
        ]

    def __str__(self) -> str:
        return f"broadcast {self.pk}"

    @property
    def is_stopped(self) -> bool:
        """Whether nothing of it is to leave any more, wherever somebody said so."""
        return self.stopped_at is not None or (self.job is not None and self.job.cancel_asked_at is not None)

    def standing(self, now: datetime) -> Standing:
        """Where it stands."""
        if self.confirmed_at is None:
            return Standing.DRAFT
        if self.is_stopped:
            return Standing.STOPPED
        if self.job is not None and self.job.state == JobState.FAILED:
            return Standing.FAILED
        if self.paused_at is not None:
            return Standing.PAUSED
        if self.job is None or self.job.state not in OPEN_STATES:
            return Standing.DONE
        return Standing.PLANNED if self.starts_at is not None and self.starts_at > now else Standing.GOING

    def words(self, language: str) -> str:
        """What it says to who reads this language."""
        return (self.text_pcm if language == "pcm" else "") or self.text


class BroadcastRecipient(models.Model):
    """Somebody a broadcast is for, chosen when it was confirmed; `message` once it is written."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="recipients")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(
        OutboxMessage, on_delete=models.SET_NULL, null=True, related_name="broadcast_recipient"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "account"], name="broadcast_to_each_once"),
        ]
        indexes = [models.Index(fields=["account", "-at"], name="broadcasts_of_account")]

    def __str__(self) -> str:
        return f"account {self.account_id} in broadcast {self.broadcast_id}"

"""What leaves: one row per message to one recipient."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.changes import Change
from inspector_whatsapp.models.contacts import Contact


class Status(models.TextChoices):
    """The life of a message."""

    PENDING = "pending", _("pending")
    SENDING = "sending", _("sending")
    WAITING = "waiting", _("waiting to try again")
    HELD = "held", _("held for quiet hours")
    ACCEPTED = "accepted", _("accepted")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    READ = "read", _("read")
    UNCERTAIN = "uncertain", _("uncertain")
    FAILED = "failed", _("failed")
    WITHHELD = "withheld", _("withheld")
    EXPIRED = "expired", _("expired")


class IfUncertain(models.TextChoices):
    """What follows when nobody can say whether a message arrived, and no status came in ten minutes."""

    RESEND = "resend", _("say it once more")
    HOLD = "hold", _("leave it to a person")
    EMAIL = "email", _("say it by e-mail instead")


class Category(models.TextChoices):
    """What a message is, in Meta's sense: what it costs, and what a person may stop."""

    SERVICE = "service", _("an answer")
    UTILITY = "utility", _("about something of theirs")
    MARKETING = "marketing", _("an offer")
    AUTHENTICATION = "authentication", _("a code")


class Priority(models.IntegerChoices):
    """Who leaves first when there is more than may leave at once."""

    NOW = 0, _("somebody waits for it")
    SOON = 1, _("ordinary")
    BULK = 2, _("many at once")


WAITING_STATES = (Status.PENDING, Status.WAITING, Status.HELD)
# Channels that reach no person.
TO_INSPECTOR = ("inspector", "webhook")
LEFT_STATES = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ)


class OutboxMessage(models.Model):
    """A message to somebody: written with what brought it about, sent later, by one channel."""

    kind = models.CharField(max_length=48)
    channel = models.CharField(max_length=16)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lane = models.CharField(
        max_length=96, help_text="Whose messages leave in order: one lane, one at a time."
    )
    key = models.CharField(
        max_length=160, unique=True, null=True, blank=True, help_text="What must not be said twice."
    )
    category = models.CharField(max_length=16, choices=Category, default=Category.SERVICE)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NOW)
    cause = models.ForeignKey(
        Change,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The change that brought it about.",
    )
    arguments = models.JSONField(default=dict, help_text="What the kind needs to find its words.")
    body = models.JSONField(null=True, blank=True, help_text="What was said, as the channel puts it.")
    text = models.TextField(blank=True, help_text="The same in plain words; secrets left out.")

    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it stands there.")
    story = models.JSONField(
        default=list, blank=True, help_text="What was decided and what happened, in order, with the reasons."
    )
    error_code = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    put_off = models.PositiveSmallIntegerField(
        default=0, help_text="How often the provider asked for patience with this person."
    )
    if_uncertain = models.CharField(max_length=8, choices=IfUncertain, default=IfUncertain.RESEND)
    # By PostgreSQL's real time, not the clock: a lease is about a process.
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    provider_id = models.CharField(max_length=255, unique=True, null=True, blank=True)

    accepted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    uncertain_at = models.DateTimeField(null=True, blank=True)
    price_category = models.CharField(
        max_length=32, blank=True, help_text="As what Meta charged it; comes with its statuses."
    )
    billable = models.BooleanField(null=True, blank=True, help_text="Whether Meta charged it.")
    counted = models.BooleanField(default=False, help_text="Whether its price has been counted.")
    repeats = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="repeated_by",
        db_index=False,
        help_text="The message that this one says again; a duplicate, if that one arrived after all.",
    )

    class Meta:
        verbose_name = "message"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="outbox_sending_has_a_lease",
            ),
            # However many want it said again at once, and however: once.
            models.UniqueConstraint(
                fields=["repeats"], name="outbox_repeated_once", condition=Q(repeats__isnull=False)
            ),
        ]
        indexes = [
            # The claim: what may leave by each channel, oldest first within its priority.
            models.Index(
                fields=["channel", "priority", "not_before", "id"],
                name="outbox_next",
                condition=Q(status__in=["pending", "waiting", "held"]),
            ),
            # Whoever is still ahead in a lane.
            models.Index(
                fields=["lane", "id"],
                name="outbox_lane",
                condition=Q(status__in=["pending", "waiting", "held", "sending"]),
            ),
            # The sweep: leases that ran out, and what nobody has heard of.
            models.Index(fields=["lease_until"], name="outbox_leases", condition=Q(status="sending")),
            models.Index(fields=["uncertain_at"], name="outbox_uncertain", condition=Q(status="uncertain")),
            models.Index(
                fields=["expires_at"],
                name="outbox_expiring",
                condition=Q(status__in=["pending", "waiting", "held"], expires_at__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="outbox_uncounted",
                condition=Q(status__in=["delivered", "read"], counted=False) & ~Q(price_category=""),
            ),
            models.Index(fields=["contact", "-id"], name="outbox_of_contact"),
            # The console: what came to a bad end, newest first, among a million that did not.
            models.Index(
                fields=["status", "-id"],
                name="outbox_troubled",
                condition=Q(status__in=["failed", "withheld", "expired", "uncertain"]),
            ),
            models.Index(
                fields=["error_code", "-id"], name="outbox_by_error", condition=Q(error_code__isnull=False)
            ),
            # A day's figures, and the list of a day.
            models.Index(fields=["created_at"], name="outbox_by_day"),
            models.Index(fields=["account", "-id"], name="outbox_of_account"),
            # What staff look for by its words.
            GinIndex(SearchVector("text", config="simple"), name="outbox_words"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

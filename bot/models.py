"""What came in, and where each conversation stands."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Contact


class Source(models.TextChoices):
    """Who understood a text."""

    GRAMMAR = "grammar", _("grammar")
    MODEL = "model", _("model")
    LANGUAGE_MODEL = "language_model", _("language model")


class Mark(models.TextChoices):
    """What an admin says of how a text was understood."""

    RIGHT = "right", _("right")
    WRONG = "wrong", _("wrong")


class BodyState(models.TextChoices):
    """Whether a webhook's body has been taken apart."""

    NEW = "new", _("new")
    PARSED = "parsed", _("parsed")
    UNPARSEABLE = "unparseable", _("unparseable")


class WebhookBody(models.Model):
    """The raw bytes of one signed webhook, stored before anything reads them."""

    digest = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the bytes as they came.")
    body = models.BinaryField()
    # Set by PostgreSQL, so that storing a body asks nothing first.
    received_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=BodyState, default=BodyState.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "webhook bodies"
        indexes = [models.Index(fields=["id"], name="body_new", condition=Q(state="new"))]

    def __str__(self) -> str:
        return f"body {self.pk}"


class Conversation(models.Model):
    """One contact's talk with the bot: the flow they are in, and the answers they have given."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="conversation")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose answers these are.",
    )
    flow = models.CharField(max_length=48, blank=True, help_text="Empty: at the menu.")
    argument = models.CharField(max_length=64, blank=True, help_text="What the flow was begun with.")
    answers = models.JSONField(default=dict, blank=True)
    shown = models.JSONField(
        default=dict, blank=True, help_text="What the person saw last: a digit means it."
    )
    aside = models.JSONField(default=dict, blank=True, help_text="A flow left for another, to go on with.")
    wish = models.JSONField(default=dict, blank=True, help_text="What they wanted before they were linked.")
    understood = models.JSONField(
        default=dict, blank=True, help_text="What the assistant understood and showed last."
    )
    turned_at = models.DateTimeField(null=True, blank=True, help_text="When the bot last answered.")
    turns = models.PositiveIntegerField(default=0)

    human_since = models.DateTimeField(
        null=True, blank=True, help_text="A person of ours has been asked for, or answers, since then."
    )
    human_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then the bot keeps silent, unless it is handed back before."
    )
    human_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of ours has taken it; none while somebody is only asked for.",
    )
    minute_began_at = models.DateTimeField(
        null=True, blank=True, help_text="Their messages are counted by the minute: it began then."
    )
    minute_count = models.PositiveIntegerField(default=0)
    settling = models.CharField(
        max_length=64, blank=True, help_text="The key of an answer that a newer one takes the place of."
    )

    pending_since = models.DateTimeField(null=True, blank=True, help_text="Has work since then.")
    slow = models.BooleanField(
        default=False, help_text="The next message needs something slow before its turn."
    )
    # By PostgreSQL's real time: a lease is about a process.
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["pending_since"],
                name="conversation_with_work",
                condition=Q(pending_since__isnull=False),
            ),
            models.Index(
                fields=["human_until"],
                name="conversation_with_a_person",
                condition=Q(human_until__isnull=False),
            ),
            models.Index(F("turned_at").desc(nulls_last=True), F("id").desc(), name="conversation_newest"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Draft(models.Model):
    """The answers of long work, such as describing a property: it can be left and gone on with for days."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    flow = models.CharField(max_length=48)
    answers = models.JSONField(default=dict)
    touched_at = models.DateTimeField(help_text="Last worked on; a week later it is thrown away.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "flow"], name="draft_one_per_account_and_flow")
        ]
        indexes = [models.Index(fields=["touched_at"], name="draft_by_age")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Upload(models.Model):
    """A photo that a person sent, checked and cleaned; an answer names it until it is used."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    file = models.CharField(max_length=100, unique=True, help_text="Its name in the storage.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the cleaned file.")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="upload_by_age")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class InboundState(models.TextChoices):
    """What became of something that came in."""

    PENDING = "pending", _("pending")
    DONE = "done", _("done")
    IGNORED = "ignored", _("stored, never answered")
    FOREIGN = "foreign", _("for another number")
    PARKED = "parked", _("of an unknown message")
    QUARANTINED = "quarantined", _("quarantined")


class InboundEvent(models.Model):
    """One event of a webhook, once, whatever batch it came in."""

    key = models.CharField(max_length=300, unique=True, help_text="The same event has the same key.")
    body = models.ForeignKey(WebhookBody, on_delete=models.SET_NULL, null=True, related_name="events")
    kind = models.CharField(max_length=32)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="inbound")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, related_name="inbound"
    )
    content = models.JSONField(help_text="The event, typed; a secret in it is replaced by [code].")
    text = models.TextField(blank=True, help_text="What the person said or tapped; a secret left out.")
    provider_id = models.CharField(max_length=255, blank=True)
    said_at = models.DateTimeField(help_text="Meta's time; ours where that is missing or absurd.")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=InboundState)
    attempts = models.PositiveSmallIntegerField(default=0)
    prepared = models.JSONField(
        default=dict, blank=True, help_text="What was found out before the turn: a verdict, never a code."
    )
    error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="pending") | Q(conversation__isnull=False),
                name="inbound_pending_has_a_conversation",
            )
        ]
        indexes = [
            models.Index(
                fields=["conversation", "said_at", "id"],
                name="inbound_pending",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["contact", "-id"], name="inbound_of_contact"),
            # A day's figures, and the list of a day.
            models.Index(fields=["received_at"], name="inbound_by_day"),
            # What staff look for by its words.
            GinIndex(SearchVector("text", config="simple"), name="inbound_words"),
            models.Index(fields=["provider_id"], name="inbound_parked", condition=Q(state="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Interpretation(models.Model):
    """How free text was understood: all that it takes to understand it again, and what was made of it.

    The answer is the outbox's row `reply:<event>`.
    """

    event = models.OneToOneField(
        InboundEvent, on_delete=models.CASCADE, related_name="interpretation", help_text="What was said."
    )
    text = models.TextField(help_text="The words that were understood: several messages may be one.")
    role = models.CharField(max_length=16, blank=True)
    context = models.JSONField(default=dict, help_text="What the chat held then.")
    command = models.JSONField(help_text="What was understood: an intent and its slots.")
    source = models.CharField(max_length=16, choices=Source, help_text="Who understood it.")
    sure = models.FloatField(help_text="How sure that was, 0 to 1.")
    model = models.CharField(max_length=80, blank=True, help_text="The language model that was asked.")
    milliseconds = models.PositiveIntegerField(help_text="How long it took.")
    error = models.CharField(max_length=200, blank=True, help_text="Why the language model's was not taken.")
    answered = models.CharField(max_length=80, blank=True, help_text="What it led to: a flow, or an answer.")
    at = models.DateTimeField()

    marked = models.CharField(max_length=8, choices=Mark, blank=True, help_text="What an admin says of it.")
    meant = models.JSONField(null=True, blank=True, help_text="What was meant, where it was marked wrong.")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "understood message"
        verbose_name_plural = "understood messages"
        constraints = [
            models.CheckConstraint(
                condition=Q(meant__isnull=True) | Q(marked="wrong"), name="interpretation_meant_is_of_wrong"
            )
        ]
        indexes = [
            models.Index(fields=["at"], name="interpretation_by_time"),
            models.Index(fields=["-id"], name="interpretation_marked", condition=~Q(marked="")),
            # Budgets: how often a language model was asked today.
            models.Index(fields=["at", "id"], name="interpretation_asked", condition=~Q(model="")),
        ]

    def __str__(self) -> str:
        return f"interpretation {self.pk}"

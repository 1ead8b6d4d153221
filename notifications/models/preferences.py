"""How an account wants to be told, by topic and channel; and when not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kind import Topic


class Preference(models.Model):
    """Whether an account wants a topic on a channel. Without a row it does."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    topic = models.CharField(max_length=16, choices=Topic)
    channel = models.CharField(max_length=16)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "topic", "channel"], name="preference_once"),
            models.CheckConstraint(condition=~Q(topic=Topic.SECURITY), name="preference_never_of_security"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} by {self.channel} of account {self.account_id}"


class Reachability(models.Model):
    """When an account may be written to, and what it has stopped. Without a row: QUIET_HOURS, and nothing."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reachability"
    )
    quiet = models.BooleanField(default=True, help_text="Whether there are quiet hours at all.")
    quiet_from = models.TimeField(null=True, blank=True, help_text="Empty: as QUIET_HOURS says.")
    quiet_until = models.TimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="They stopped everything: only security news goes, by e-mail."
    )
    mail_offers_stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="They stopped offers by e-mail, or complained of one."
    )

    class Meta:
        verbose_name_plural = _("reachability")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="reachability_quiet_from_and_until",
            )
        ]

    def __str__(self) -> str:
        return f"reachability of account {self.account_id}"

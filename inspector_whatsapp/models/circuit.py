"""Which channels are shut, and since when."""

from django.db import models

from inspector_whatsapp.models.outbox import Category


class ChannelState(models.Model):
    """A channel, or a category of what it sends, and whether its provider takes it."""

    channel = models.CharField(max_length=16)
    category = models.CharField(
        max_length=16, choices=Category, blank=True, help_text="Only this is shut; empty: everything."
    )
    shut_until = models.DateTimeField(
        null=True, blank=True, help_text="Then one message is tried. Empty: it is open."
    )
    why = models.CharField(max_length=500, blank=True)
    code = models.IntegerField(null=True, blank=True, help_text="The provider's.")
    since = models.DateTimeField(help_text="Since when it is open, or shut.")
    times = models.PositiveIntegerField(default=0, help_text="How often it was found shut in a row.")
    probe = models.BigIntegerField(null=True, blank=True, help_text="The message that is tried now.")
    # By PostgreSQL's real time: it is about a process, like a lease.
    probing_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "category"], name="channel_state_once")]

    def __str__(self) -> str:
        return f"{self.channel} ({self.category})" if self.category else self.channel

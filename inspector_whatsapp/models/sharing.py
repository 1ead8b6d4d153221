"""Where shared links come from, how often they were opened, and what came of it.

Of those who open a link nothing is kept: no address, no browser, and after the day no mark either.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.contacts import Contact
from inspector_whatsapp.models.inspections import Inspection
from inspector_whatsapp.models.listings import Property
from inspector_whatsapp.words import harmless

CODE = "[2-9bcdfghjkmnqstvwxz]{8}"  # no vowels, so no words; neither p nor r, so never a ref


class SourceKind(models.TextChoices):
    """Where a link is shown."""

    AGENT = "agent", _("an agent's own link")
    GROUP = "group", _("group")
    CAMPAIGN = "campaign", _("campaign")


class ShareSource(models.Model):
    """An agent, a group or a campaign that links are shared by: `?s=` and its code."""

    code = models.CharField(max_length=8, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=SourceKind)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="share_sources",
        null=True,
        blank=True,
        help_text="Whose it is; none of a campaign.",
    )
    label = models.CharField(max_length=60, blank=True, help_text="The group's or campaign's name.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=f"^{CODE}$"), name="share_source_code"),
            models.CheckConstraint(
                condition=Q(kind=SourceKind.CAMPAIGN, agent=None)
                | (~Q(kind=SourceKind.CAMPAIGN) & Q(agent__isnull=False)),
                name="share_source_of_an_agent_or_campaign",
            ),
            models.CheckConstraint(
                condition=Q(kind=SourceKind.AGENT, label="") | (~Q(kind=SourceKind.AGENT) & ~Q(label="")),
                name="share_source_has_a_name",
            ),
            models.UniqueConstraint(
                "agent", Lower("label"), name="share_source_once_per_name", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return harmless(self.label, markup=False) or f"link of {self.agent_id}"


class Step(models.TextChoices):
    """What a visitor did."""

    OPENED = "opened", _("opened the link")
    ASKED = "asked", _("asked in WhatsApp")


class ShareCount(models.Model):
    """How many people did what on a day, each counted once. `day` by the service's time zone."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(
        ShareSource, on_delete=models.PROTECT, related_name="counts", null=True, blank=True
    )
    day = models.DateField()
    step = models.CharField(max_length=8, choices=Step)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["property", "source", "day", "step"],
                name="share_count_one_per_day",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["day"], name="share_count_by_day")]

    def __str__(self) -> str:
        return f"{self.people} on {self.day}"


class ShareDay(models.Model):
    """The secret of a day: it makes the marks of its visitors, and is thrown away with them."""

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=32)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.day)


class ShareVisit(models.Model):
    """A mark that somebody was counted today, for one property, source and step; it says nothing of whom."""

    digest = models.BinaryField(max_length=32, unique=True)
    day = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"visit {self.pk}"


class ShareChat(models.Model):
    """Somebody came to the chat by a source, about a property."""

    source = models.ForeignKey(ShareSource, on_delete=models.PROTECT, related_name="chats")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(help_text="Last.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "property", "contact"], name="share_chat_once")
        ]
        indexes = [models.Index(fields=["at"], name="share_chat_by_day")]

    def __str__(self) -> str:
        return f"chat {self.pk} by source {self.source_id}"


class ShareBooking(models.Model):
    """An inspection that a source has brought: the last one that its seeker came by."""

    source = models.ForeignKey(ShareSource, on_delete=models.PROTECT, related_name="bookings")
    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"inspection {self.inspection_id} by source {self.source_id}"

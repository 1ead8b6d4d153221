"""Who waits for a place. That an offered one is nobody else's, and goes to one, is said by constraints."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.inspections import Inspection, Slot
from inspector_whatsapp.models.listings import Property


class WaitState(models.TextChoices):
    """What became of waiting."""

    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("a place is offered")
    BOOKED = "booked", _("has a place")
    DECLINED = "declined", _("said no")
    UNANSWERED = "unanswered", _("did not answer in time")
    UNREACHED = "unreached", _("could not be told")
    LEFT = "left", _("left the list")
    OVER = "over", _("the time is gone")


OPEN_WAITS = (WaitState.WAITING, WaitState.OFFERED)


class Wait(models.Model):
    """A seeker waits for a place in one slot, or in any slot of a day.

    An offered place counts as taken in its slot (`Slot.taken`), so nobody books it meanwhile. Whoever does
    not take it waits no longer: a new wait is at the end of the list.
    """

    seeker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waits")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="waits", db_index=False)
    slot = models.ForeignKey(
        Slot,
        on_delete=models.CASCADE,
        related_name="waits",
        null=True,
        blank=True,
        help_text="The one that is waited for; none: any that begins from `since` on and before `until`.",
    )
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=WaitState, default=WaitState.WAITING)
    created_at = models.DateTimeField()
    offered = models.ForeignKey(
        Slot,
        on_delete=models.CASCADE,
        related_name="offers",
        null=True,
        blank=True,
        db_index=False,
        help_text="Where a place is, or was, offered.",
    )
    offered_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(
        null=True, blank=True, help_text="Until when it is theirs; empty until they have been told."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    inspection = models.OneToOneField(
        Inspection, on_delete=models.SET_NULL, related_name="waited", null=True, blank=True
    )

    class Meta:
        verbose_name = _("wait")
        verbose_name_plural = _("waiting list")
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__isnull=False, since__isnull=True, until__isnull=True)
                | Q(slot__isnull=True, since__isnull=False, until__gt=F("since")),
                name="wait_for_a_slot_or_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", offered__isnull=True, offered_at__isnull=True)
                | Q(state="offered", offered__isnull=False, offered_at__isnull=False)
                | ~Q(state__in=["waiting", "offered"]),
                name="wait_offered_names_a_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "offered"], ended_at__isnull=True)
                | (~Q(state__in=["waiting", "offered"]) & Q(ended_at__isnull=False)),
                name="wait_ends_once",
            ),
            models.UniqueConstraint(
                fields=["seeker", "slot"],
                condition=Q(state__in=["waiting", "offered"]),
                name="wait_once_for_a_slot",
            ),
            models.UniqueConstraint(
                fields=["seeker", "property", "since"],
                condition=Q(state__in=["waiting", "offered"], slot__isnull=True),
                name="wait_once_for_a_day",
            ),
        ]
        indexes = [
            # Who is next, of few that wait among all that ever did.
            models.Index(
                fields=["property", "created_at", "id"],
                name="wait_in_line",
                condition=Q(state__in=["waiting", "offered"]),
            ),
            models.Index(fields=["offered"], name="wait_offers", condition=Q(state="offered")),
            # A day's figures.
            models.Index(fields=["created_at"], name="wait_by_day"),
            models.Index(fields=["ended_at"], name="wait_ended_by_day", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"wait {self.pk} of {self.seeker_id} at property {self.property_id}"

"""Inspector's slots and inspections. The rules of booking are constraints here."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.listings import Property
from inspector_whatsapp.models.mirrored import Mirrored, NextRef


class Span(Func):
    """The half-open range from `starts_at` to `ends_at`: two that only touch do not overlap."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()

    def __init__(self) -> None:
        super().__init__(F("starts_at"), F("ends_at"), RangeBoundary())


class SlotState(models.TextChoices):
    """Whether a slot takes bookings; a full one stays open."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Slot(Mirrored):
    """A time at which a property can be inspected, by up to `capacity` seekers."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="slots")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="slots", null=True, blank=True
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(max_length=8, choices=SlotState, default=SlotState.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")), name="slot_taken_within_capacity"
            ),
            ExclusionConstraint(
                name="slot_inspector_at_one_place",
                expressions=[("inspector", RangeOperators.EQUAL), (Span(), RangeOperators.OVERLAPS)],
                # A closed slot with people in it still takes the inspector's time.
                condition=(Q(state=SlotState.OPEN) | Q(taken__gt=0)) & Q(inspector__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["property", "starts_at"],
                name="slot_free_of_property",
                condition=Q(state="open") & Q(taken__lt=F("capacity")),
            ),
            # Where few have a time on the days that are asked for.
            models.Index(
                fields=["starts_at", "property"],
                name="slot_free_by_time",
                condition=Q(state="open") & Q(taken__lt=F("capacity")),
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.pk} of property {self.property_id} at {self.starts_at:%Y-%m-%d %H:%M} UTC"


class InspectionState(models.TextChoices):
    """Where an inspection stands."""

    REQUESTED = "requested", _("requested")
    CONFIRMED = "confirmed", _("confirmed")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("declined")
    NO_SHOW = "no_show", _("no-show")


class Outcome(models.TextChoices):
    """What the inspector found when the time had come."""

    COMPLETED = "completed", _("completed")
    SEEKER_ABSENT = "seeker_absent", _("the seeker did not come")
    AGENT_ABSENT = "agent_absent", _("the agent did not come")
    NO_ACCESS = "no_access", _("no way in")


LIVE_STATES = (InspectionState.REQUESTED, InspectionState.CONFIRMED)
_LIVE = Q(state__in=LIVE_STATES) & Q(clash=False)


class Inspection(Mirrored):
    """A seeker's visit to a property. It has its own times: a slot may go while the visit stands."""

    ref = models.CharField(
        max_length=16, unique=True, editable=False, db_default=NextRef("IN", "inspection_ref")
    )
    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, related_name="inspections", null=True, blank=True
    )
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="inspections")
    seeker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inspections")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assigned", null=True, blank=True
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=InspectionState, default=InspectionState.REQUESTED)
    # Counts our changes: messages and calendar entries of an older one are out of date. Inspector's own
    # count is `version`.
    revision = models.PositiveIntegerField(default=1, editable=False)
    clash = models.BooleanField(
        default=False, help_text="Inspector has it, though its place was taken: a person must decide."
    )
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    notes = models.TextField(blank=True, help_text="What the inspector wrote about it.")
    reported_at = models.DateTimeField(
        null=True, blank=True, help_text="When the outcome was first reported; correctable for a day."
    )
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the inspector said that they will be there."
    )
    coming_at = models.DateTimeField(
        null=True, blank=True, help_text="When the seeker said that they come, at the time that it has."
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the agent was asked to confirm it; only while requested."
    )
    asked_again_at = models.DateTimeField(
        null=True, blank=True, help_text="When the agent was reminded of that."
    )
    why = models.CharField(
        max_length=300, blank=True, help_text="Why it was declined, released or cancelled; people's words."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="inspection_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["seeker", "slot"], condition=_LIVE, name="inspection_one_live_per_seeker_and_slot"
            ),
            ExclusionConstraint(
                name="inspection_seeker_at_one_place",
                expressions=[("seeker", RangeOperators.EQUAL), (Span(), RangeOperators.OVERLAPS)],
                condition=_LIVE,
            ),
        ]
        indexes = [
            models.Index(fields=["seeker", "starts_at"], name="inspection_of_seeker"),
            models.Index(fields=["inspector", "starts_at"], name="inspection_of_inspector"),
            models.Index(fields=["created_at"], name="inspection_by_day"),
            models.Index(
                fields=["reported_at"],
                name="inspection_reported_by_day",
                condition=Q(reported_at__isnull=False),
            ),
            # Requests that nobody has answered.
            models.Index(fields=["asked_at"], name="inspection_asked", condition=Q(state="requested")),
        ]

    def __str__(self) -> str:
        return self.ref


class InspectionPhoto(Mirrored):
    """A photo that the inspector added to their report."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="inspections")
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the file.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["inspection", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "digest"], name="inspection_photo_once")]

    def __str__(self) -> str:
        return f"photo {self.position} of inspection {self.inspection_id}"


class TimeOff(Mirrored):
    """Hours or days at which an inspector is not to be sent anywhere."""

    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="time_off")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "time off"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="time_off_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="time_off_once",
                expressions=[("inspector", RangeOperators.EQUAL), (Span(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"time off {self.pk} of {self.inspector_id}"

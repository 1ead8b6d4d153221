"""Work on many rows that one of the staff has asked for."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """The life of a job."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(models.Model):
    """One kind of work, done to rows that were chosen when it began: they never grow more."""

    work = models.CharField(max_length=48, help_text="Its name in JOBS.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    token = models.UUIDField(unique=True, editable=False, help_text="Of the form that began it: once.")
    chosen = models.CharField(max_length=500, blank=True, help_text="How its rows were chosen.")
    rows = ArrayField(models.BigIntegerField(), help_text="The keys of its rows, in their order.")
    total = models.PositiveIntegerField()
    place = models.PositiveIntegerField(default=0, help_text="How many of them have had their turn.")
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0, help_text="It could not be done to them.")
    failed = models.PositiveIntegerField(default=0, help_text="It broke on them.")
    state = models.CharField(max_length=16, choices=JobState, default=JobState.WAITING)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it ended before its end.")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place=F("done") + F("skipped") + F("failed"), place__lte=F("total")),
                name="job_counts_agree",
            ),
            models.CheckConstraint(condition=Q(rows__len=F("total")), name="job_total_is_its_rows"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(place=F("total")), name="job_done_when_all_had_their_turn"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="job_over_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="job_open", condition=Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}"


class Left(models.TextChoices):
    """What became of a row to which it was not done."""

    SKIPPED = "skipped", _("left out")
    FAILED = "failed", _("failed")


class LeftOut(models.Model):
    """A row of a job to which it was not done, and why."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="left_out")
    row = models.BigIntegerField()
    what = models.CharField(max_length=8, choices=Left)
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "row"], name="job_leaves_a_row_out_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.why}"

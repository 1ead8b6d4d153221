"""The offset of the one clock, and the signs of life of our processes."""

from datetime import timedelta

from django.db import models
from django.db.models import Q


class ClockOffset(models.Model):
    """One row: how far the clock stands ahead of PostgreSQL's. Zero but under the simulator."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField(default=timedelta)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_offset_one_row")]

    def __str__(self) -> str:
        return f"+{self.offset}"


class Heartbeat(models.Model):
    """A process of ours was alive at `at`, by PostgreSQL's real time."""

    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

"""How a day went, in numbers: counted while its rows are there, and kept when they are gone."""

from typing import ClassVar

from django.db import models


class DayFigure(models.Model):
    """How many of something there were on a day. `day` by the service's time zone; nobody's name is in it."""

    day = models.DateField()
    name = models.CharField(max_length=32, help_text="Of what: messages, received, reply_time …")
    label = models.CharField(max_length=120, blank=True, help_text="Which of them: a status, a reason …")
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name", "label"], name="day_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name} {self.label}: {self.count}"


class FigureDay(models.Model):
    """A day whose figures are kept, and when it was counted last."""

    day = models.DateField(unique=True)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.day)

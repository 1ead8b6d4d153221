"""What every table that mirrors one of Inspector's has."""

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Cast, Concat


class Mirrored(models.Model):
    """A row that Inspector has too.

    Told apart here by its own key or ref. `platform_id` is Inspector's own id of it, null until Inspector
    knows the row, and `version` is Inspector's, which only grows.
    """

    platform_id = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    version = models.BigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class NextVal(Func):
    """The next number of a sequence, which a migration made."""

    function = "nextval"
    output_field = models.BigIntegerField()

    def __init__(self, sequence: str) -> None:
        super().__init__(Value(sequence))


class NextRef(Concat):
    """A ref that people read and type: `PR-1042`."""

    def __init__(self, prefix: str, sequence: str) -> None:
        super().__init__(
            Value(f"{prefix}-"),
            Cast(NextVal(sequence), models.TextField()),
            output_field=models.CharField(max_length=16),
        )

"""What the API has answered to wishes that must not be done twice."""

from django.db import models


class Answer(models.Model):
    """The answer to one Idempotency-Key of one caller, written in the transaction of what was done."""

    caller = models.CharField(max_length=96)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request.")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="answer_once_per_key")]

    def __str__(self) -> str:
        return f"answer {self.pk} to {self.caller}"

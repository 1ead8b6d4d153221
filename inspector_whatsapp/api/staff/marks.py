"""What the doors for staff have in common."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models
from rest_framework import serializers
from rest_framework.request import Request

from inspector_whatsapp import audit, callers
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.audit import Act
from inspector_whatsapp.marks import plain
from inspector_whatsapp.models import User


class PeoplesWords(serializers.CharField):
    """A text that people may have written: what hides in it is shown by its number."""

    def to_representation(self, value: Any) -> str:
        return plain(str(value))


class AccountShown(serializers.ModelSerializer[User]):
    """Whose account."""

    id = serializers.IntegerField()
    inspector_id = serializers.CharField(source="platform_id", allow_null=True)
    name = PeoplesWords()

    class Meta:
        model = User
        fields = ("id", "inspector_id", "name", "role")


def seen(request: Request, row: models.Model) -> None:
    """Into the audit: whoever asked was shown the row."""
    audit.saw(row, actor=account_of(request), address=callers.ip(request))


def log(request: Request, row: models.Model, sentence: str) -> None:
    """Into the history that the console shows of the row, and into the audit."""
    audit.record(
        Act.CHANGED,
        actor=account_of(request),
        subject=row,
        address=callers.ip(request),
        by=request.resolver_match.view_name if request.resolver_match else "",
    )
    LogEntry.objects.log_actions(
        user_id=account_of(request).pk,
        queryset=[row],
        action_flag=CHANGE,
        change_message=sentence,
        single_object=True,
    )

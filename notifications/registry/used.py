"""What was said by templates lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max
from django.db.models.fields.json import KT

from inspector_whatsapp.models import OutboxMessage
from notifications.models import MessageTemplate

LATELY: Final = 20_000  # the newest messages that are looked through


@dataclass(frozen=True)
class Use:
    """When a template last left, in which message, and which kinds it was used by."""

    at: datetime
    message: int
    kinds: tuple[str, ...]


def lately() -> Mapping[tuple[str, str], Use]:
    """By name at Meta and language. Two queries, whatever the length of the outbox."""
    newest = OutboxMessage.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = (
        OutboxMessage.objects.filter(pk__gt=newest - LATELY, body__type="template")
        .values(name=KT("body__template__name"), language=KT("body__template__language__code"))
        .annotate(at=Max("created_at"), message=Max("pk"), kinds=ArrayAgg("kind", distinct=True))
        .order_by()
    )
    return {
        (row["name"], row["language"]): Use(row["at"], row["message"], tuple(row["kinds"])) for row in rows
    }


def kinds(template: MessageTemplate) -> tuple[str, ...]:
    """The kinds of notifications that said it lately, in any version."""
    used = lately()
    return tuple(sorted({kind for key in _names(template) if key in used for kind in used[key].kinds}))


def values(template: MessageTemplate) -> tuple[Mapping[str, str], int | None]:
    """The values of the newest message by any of its versions, and that message; else the examples."""
    used = lately()
    found = [used[key].message for key in _names(template) if key in used]
    message = OutboxMessage.objects.filter(pk=max(found)).first() if found else None
    if message is None:
        return template.examples, None
    return template.examples | _said(message.body), message.pk


def _names(template: MessageTemplate) -> list[tuple[str, str]]:
    versions = MessageTemplate.objects.filter(name=template.name, language=template.language)
    return list(versions.values_list("name_at_meta", "language"))


def _said(body: Any) -> dict[str, str]:
    """The named values in a message that we wrote."""
    return {
        parameter["parameter_name"]: parameter["text"]
        for component in body["template"].get("components", [])
        if component["type"] == "body"
        for parameter in component["parameters"]
        if "parameter_name" in parameter
    }

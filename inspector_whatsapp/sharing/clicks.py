"""Clicks, counted once per visitor and day, and nothing kept of the visitor.

A visitor's mark is made with the secret of the day, for one property, source and step: the same person leaves
different marks at different links. The secret and the marks are deleted when the next day begins (and by the
retention, should nobody come), so afterwards nobody can tell, not even we, who was counted.
"""

import hashlib
import hmac
import logging
import secrets
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from inspector_whatsapp import clock
from inspector_whatsapp.models import Property, ShareDay, ShareSource, ShareVisit
from inspector_whatsapp.models.sharing import Step
from inspector_whatsapp.sharing.visitors import Visitor, is_person

logger = logging.getLogger(__name__)

_COUNT = """
WITH fresh AS (
    INSERT INTO inspector_whatsapp_sharevisit (digest, day) VALUES (%s, %s)
    ON CONFLICT (digest) DO NOTHING RETURNING day)
INSERT INTO inspector_whatsapp_sharecount AS known (property_id, source_id, day, step, people)
SELECT %s, %s, day, %s, 1 FROM fresh
ON CONFLICT (property_id, source_id, day, step) DO UPDATE SET people = known.people + 1
"""


def count(visitor: Visitor, property: Property, source: ShareSource | None, *steps: Step) -> None:
    """Count somebody, once a day for each step. That it fails is logged: the link works all the same."""
    if not is_person(visitor):
        return
    try:
        _count(visitor, property, source, steps)
    except DatabaseError as error:
        logger.warning("a click on %s was not counted: %s", property.ref, type(error).__name__)


def _count(visitor: Visitor, property: Property, source: ShareSource | None, steps: tuple[Step, ...]) -> None:
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    salt = _salt(today)
    for step in steps:
        what = (property.ref, source.code if source else "", step.value, visitor.network, _browser(visitor))
        mark = hmac.digest(salt, "\n".join(what).encode(errors="replace"), "sha256")
        # A row of its own transaction each: the count of a busy link is locked for this statement alone.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COUNT, [mark, today, property.pk, source.pk if source else None, step.value])


def _browser(visitor: Visitor) -> str:
    """One of 256: whoever makes up a new browser for every call counts, and fills rows, no more often."""
    return hashlib.sha256(visitor.agent.encode(errors="replace")).hexdigest()[:2]


def _salt(today: date) -> bytes:
    """The secret of the day. Whoever begins a day ends those before it."""
    kept = ShareDay.objects.filter(day=today).values_list("salt", flat=True).first()
    if kept is not None:
        return bytes(kept)
    with transaction.atomic():
        day, began = ShareDay.objects.get_or_create(
            day=today, defaults={"salt": secrets.token_bytes(32), "began_at": clock.now()}
        )
    if began:
        ShareVisit.objects.filter(day__lt=today).delete()
        ShareDay.objects.filter(day__lt=today).delete()
    return bytes(day.salt)

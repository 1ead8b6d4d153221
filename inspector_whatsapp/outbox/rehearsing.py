"""What would become of a message if it left now: it is put into words, and nothing of that stays."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox.channel import Held, Withheld, by_name
from inspector_whatsapp.outbox.story import Step

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """text: what would be said. until: when it would leave instead. withheld: why it would not leave."""

    text: str = ""
    steps: Sequence[Step] = ()
    until: datetime | None = None
    withheld: str = ""


def rehearse(message: OutboxMessage, *, now: datetime) -> Rehearsal:
    """Have its channel put it into words; whatever that wrote is rolled back, and nothing is sent."""
    if message.category == Category.AUTHENTICATION:
        return Rehearsal(withheld=_("A code is made only at the moment at which it leaves."))
    try:
        with transaction.atomic():
            found = _prepared(message, now)
            transaction.set_rollback(True)
    except Exception as error:  # what cannot be put into words would fail in earnest as well
        logger.warning("message %s could not be rehearsed", message.pk, exc_info=True)
        why = _("It could not be put into words: %(error)s.")
        return Rehearsal(withheld=why % {"error": type(error).__name__})
    return found


def _prepared(message: OutboxMessage, now: datetime) -> Rehearsal:
    try:
        sending = by_name(message.channel).prepare(message, now=now)
    except Held as held:
        return Rehearsal(until=held.until, steps=held.steps)
    except Withheld as why:
        return Rehearsal(withheld=str(why), steps=why.steps)
    return Rehearsal(text=sending.text, steps=sending.steps)

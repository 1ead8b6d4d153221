"""How long what came in is kept."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from bot.models import BodyState, InboundEvent, InboundState, WebhookBody
from inspector_whatsapp.retention import Kept


def rules() -> Iterable[Kept]:
    """Raw bodies, and the people's side of the transcripts.

    A body that comes again after its own was deleted is known by its events; after theirs, by its age.
    """
    unanswered = InboundEvent.objects.filter(body=OuterRef("pk"), state=InboundState.PENDING)
    return (
        Kept(
            what="webhook bodies",
            model=WebhookBody,
            since="received_at",
            days=settings.RETENTION_BODIES_DAYS,
            unless=Q(state=BodyState.NEW) | Q(Exists(unanswered)),
        ),
        Kept(
            what="events",
            model=InboundEvent,
            since="received_at",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(state=InboundState.PENDING),
        ),
    )

"""Finding a conversation: by whom it is with, by what it is about, by what was said in it."""

from django.db.models import QuerySet

from bot.models import Conversation, InboundEvent
from inspector_whatsapp.admin.sought import MOST, Sought, people, saying, sought
from inspector_whatsapp.models import OutboxMessage


def conversations(rows: QuerySet[Conversation], typed: str) -> QuerySet[Conversation]:
    """Those among `rows` that `typed` may mean. The newest messages count, where very many say the same."""
    what = sought(typed)
    found: set[int | None] = set(people(what).order_by("-pk").values_list("pk", flat=True)[:MOST])
    if what.is_in_messages:
        found |= _said(what)
    return rows.filter(contact__in=found)


def _said(what: Sought) -> set[int | None]:
    """The contacts in whose messages, theirs or ours, these words are."""
    heard = saying(InboundEvent.objects.exclude(contact=None), what.words)
    told = saying(OutboxMessage.objects.exclude(contact=None), what.words)
    return {
        *heard.order_by("-pk").values_list("contact", flat=True)[:MOST],
        *told.order_by("-pk").values_list("contact", flat=True)[:MOST],
    }

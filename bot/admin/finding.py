"""Finding a conversation: by whom it is with, by what it is about, by what was said in it."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bot.models import Conversation, InboundEvent
from inspector_whatsapp.admin.pages import masked
from inspector_whatsapp.admin.sought import MOST, Sought, newest_saying, people, sought
from inspector_whatsapp.console import finding as console
from inspector_whatsapp.console.finding import Found, found, may_see, named
from inspector_whatsapp.models import OutboxMessage, User


def conversations(rows: QuerySet[Conversation], typed: str, *, ends: bool) -> QuerySet[Conversation]:
    """Those among `rows` that `typed` may mean. The newest messages count, where very many say the same."""
    return rows.filter(contact__in=_contacts(sought(typed, ends=ends)))


def chats(viewer: User, what: Sought) -> Iterator[Found]:
    """For the console's one box: conversations, and messages that came in by Meta's id or their words."""
    if may_see(viewer, Conversation):
        rows = Conversation.objects.filter(contact__in=_contacts(what)).select_related("contact")
        for talk in rows.order_by("-pk")[: console.MOST]:
            whom = masked(talk.contact) or ""
            yield found(talk, talk.contact.profile_name or whom, named(_("conversation"), whom), icon="forum")
    if may_see(viewer, InboundEvent):
        for event in _events(what).select_related("contact").order_by("-pk")[: console.MOST]:
            about = named(_("they wrote"), masked(event.contact), event.get_state_display())
            yield found(event, event.text or str(event), about, icon="call_received")


def _events(what: Sought) -> QuerySet[InboundEvent]:
    events = InboundEvent.objects.filter(kind="message")
    if what.words.startswith("wamid."):
        return events.filter(key=f"m:{what.words}")
    if not what.is_in_messages:
        return events.none()
    return events.filter(pk__in=newest_saying(events, what.saying, most=console.MOST))


def _contacts(what: Sought) -> set[int | None]:
    found: set[int | None] = set(people(what).order_by("-pk").values_list("pk", flat=True)[:MOST])
    return found | _said(what) if what.is_in_messages else found


def _said(what: Sought) -> set[int | None]:
    """The contacts in whose messages, theirs or ours, these words are."""
    heard = newest_saying(InboundEvent.objects.exclude(contact=None), what.saying, field="contact")
    told = newest_saying(OutboxMessage.objects.exclude(contact=None), what.saying, field="contact")
    return {*heard, *told}

"""A conversation as both sides saw it: what came in and what left, in the order in which we had it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db import connection
from django.db.models import Q

from bot.admin.chat import entries
from bot.admin.chat.entries import Entry
from bot.models import Conversation, InboundEvent
from inspector_whatsapp.models import OutboxMessage

MOST = 100  # entries on a page

# All that a page of the newest shows, in one row: where the chat stands, whom it is with, what was said.
_STANDS = """
SELECT talk.human_since, talk.human_until > clock_now(), talk.human_by_id, talk.account_id, talk.flow,
    talk.answers::text, talk.shown::text, talk.aside::text, talk.pending_since,
    contact.last_inbound_at, contact.profile_name, contact.language, contact.time_zone, contact.stopped_at,
    contact.offers_stopped_at, contact.blocked_reason,
    (SELECT string_agg(links.id || links.state || links.current, ',' ORDER BY links.id)
        FROM inspector_whatsapp_link links WHERE links.contact_id = contact.id),
    (SELECT string_agg(said.id || said.state || said.text || said.error, ',' ORDER BY said.id) FROM (
        SELECT id, state, text, error FROM bot_inboundevent
        WHERE contact_id = contact.id ORDER BY id DESC LIMIT %(most)s) said),
    (SELECT string_agg(told.id || told.status || told.reason || md5(told.text), ',' ORDER BY told.id) FROM (
        SELECT id, status, reason, text FROM inspector_whatsapp_outboxmessage
        WHERE contact_id = contact.id ORDER BY id DESC LIMIT %(most)s) told),
    (SELECT string_agg(mail.id || mail.status, ',' ORDER BY mail.id) FROM inspector_whatsapp_link links,
        LATERAL (SELECT id, status FROM inspector_whatsapp_outboxmessage
            WHERE account_id = links.account_id AND channel = 'email' ORDER BY id DESC LIMIT 10) mail
        WHERE links.contact_id = contact.id AND links.state <> 'ended')
FROM bot_conversation talk JOIN inspector_whatsapp_contact contact ON contact.id = talk.contact_id
WHERE talk.id = %(talk)s
"""


@dataclass(frozen=True)
class Transcript:
    """A page of entries, oldest first. `earlier` is where the page before it ends; None on the first."""

    entries: list[Entry]
    earlier: datetime | None


def of(
    conversation: Conversation, *, until: datetime | None = None, mailed: Collection[int] = ()
) -> Transcript:
    """The newest entries, or those before `until`; with the letters to the accounts `mailed` among them.

    Four queries at most, whatever the length.
    """
    inbound = InboundEvent.objects.filter(contact=conversation.contact_id, kind="message")
    outbound = OutboxMessage.objects.filter(contact=conversation.contact_id, channel="whatsapp")
    letters = OutboxMessage.objects.filter(
        Q(account__in=mailed) | Q(contact=conversation.contact_id), channel="email"
    )
    if until is not None:
        inbound = inbound.filter(received_at__lt=until)
        outbound, letters = outbound.filter(created_at__lt=until), letters.filter(created_at__lt=until)
    heard = list(inbound.order_by("-received_at", "-said_at", "-pk")[: MOST + 1])
    told = list(outbound.order_by("-created_at", "-pk")[: MOST + 1])
    if mailed:
        told += letters.order_by("-created_at", "-pk")[: MOST + 1]
        told.sort(key=attrgetter("created_at", "pk"), reverse=True)
    known = entries.known(told, tapped=entries.pressed(heard))
    theirs = [entries.theirs(conversation, event) for event in heard]
    ours = [entries.ours(conversation, message, known) for message in told]
    # Stable: what came in at the very moment at which something left came before it.
    found = sorted([*reversed(theirs), *reversed(ours)], key=attrgetter("at"))
    if len(found) <= MOST:
        return Transcript(found, None)
    page = found[-MOST:]
    # Those of one moment stay together, so that none falls between two pages.
    page = [*(entry for entry in found[:-MOST] if entry.at == page[0].at), *page]
    return Transcript(page, page[0].at)


def version(pk: int) -> str:
    """Stands for all that the page of a conversation shows: another one, and something is new. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, {"talk": pk, "most": MOST})
        row = cursor.fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:32] if row is not None else ""

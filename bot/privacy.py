"""What the bot keeps of people: what they said, where their chat stands, and photos they sent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from bot.models import BodyState, Conversation, InboundEvent, Upload, WebhookBody
from inspector_whatsapp import deadlocks
from inspector_whatsapp.cloud_api.events.parsing import STATUSES
from inspector_whatsapp.models import Contact, InspectionPhoto, OutboxMessage, PropertyPhoto
from inspector_whatsapp.privacy import graves
from inspector_whatsapp.privacy.inventory import Fate, Holding, Kept, Mention
from inspector_whatsapp.privacy.people import Person

_MESSAGES = "RETENTION_MESSAGES_DAYS after it came"
_BATCH = 500


def kept() -> Kept:
    return Kept(holdings=_HOLDINGS, mentions=_MENTIONS, scrub=_scrub)


# --- events and the bodies they came in -------------------------------------------------------------------
def _erase_events(person: Person) -> int:
    """Bury and delete what they said, and what Meta told of what was said to them."""
    done = _bury(_EVENTS.of(person))
    sent = OutboxMessage.objects.filter(
        Q(contact__in=person.contacts) | Q(account__in=person.accounts), channel="whatsapp"
    ).exclude(provider_id=None)
    after = 0
    while batch := list(sent.filter(pk__gt=after).order_by("pk").values_list("pk", "provider_id")[:_BATCH]):
        wamids = [wamid for _, wamid in batch if wamid]
        graves.bury(wamids)
        keys = [f"s:{wamid}:{status}" for wamid in wamids for status in STATUSES]
        done += _bury(InboundEvent.objects.filter(key__in=keys).order_by("pk"))
        after = batch[-1][0]
    return done


def _bury(rows: Any) -> int:
    """Events go, their tombstones stand, and the bodies they came in lose them; in one transaction each."""
    done = 0
    while True:
        with transaction.atomic():
            batch = list(rows.values_list("pk", "key", "provider_id", "body")[:_BATCH])
            if not batch:
                return done
            graves.bury(provider or key for _, key, provider, _ in batch)
            InboundEvent.objects.filter(pk__in=[pk for pk, *_ in batch]).delete()
            for body in sorted({body for *_, body in batch if body is not None}):
                _rewrite(body)
        done += len(batch)


def _rewrite(body: int) -> None:
    """A body becomes the events in it that are still here; its digest stays, so a repetition is known.

    One that is not taken apart yet is left: whoever does that asks the tombstones.
    """
    others = InboundEvent.objects.filter(body=body).order_by("pk").values_list("content", flat=True)
    content = json.dumps({"events": list(others)}).encode()
    WebhookBody.objects.filter(pk=body).exclude(state=BodyState.NEW).update(body=content)


def _scrub(words: Sequence[str]) -> int:
    """What Meta told of them without our knowing whose it was; and bodies that nobody could read."""
    named = Q(pk__in=())
    for word in words:
        named |= Q(as_text__icontains=json.dumps(word, ensure_ascii=False)[1:-1])
    nobodys = InboundEvent.objects.annotate(as_text=Cast("content", TextField())).filter(named, contact=None)
    done = _bury(nobodys.exclude(kind__in=("message", "account")).order_by("pk"))
    for word in words:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM bot_webhookbody WHERE state <> 'new' AND position(%s::bytea in body) > 0"
                " OR state <> 'new' AND position(%s::bytea in body) > 0 ORDER BY id",
                [word.encode(), json.dumps(word)[1:-1].encode()],
            )
            found = [pk for (pk,) in cursor.fetchall()]
        for pk in found:
            # Its digest, by which the same bytes are known again, stays.
            done += WebhookBody.objects.filter(pk=pk).update(body=b'{"events": []}')
    return done


def _raw(person: Person) -> Iterable[Mapping[str, Any]]:
    """Bodies as they came; of one that holds others' events too, only theirs is shown, and not it."""
    theirs = InboundEvent.objects.filter(contact__in=person.contacts).exclude(body=None)
    for body in WebhookBody.objects.filter(pk__in=theirs.values("body")).order_by("pk").iterator():
        shared = body.events.exclude(contact__in=person.contacts).exists()
        yield {
            "id": body.pk,
            "received_at": body.received_at,
            "body": "It holds others' messages too; theirs stand under events."
            if shared
            else _as_json(bytes(body.body)),
        }


def _as_json(body: bytes) -> Any:
    text = body.decode(errors="replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


# --- photos, and where a chat stands ----------------------------------------------------------------------
def _erase_uploads(person: Person) -> int:
    """Files first: a row that is left finds its file again, a file that is left finds nobody."""
    done = 0
    for upload in Upload.objects.filter(contact__in=person.contacts):
        used = (
            PropertyPhoto.objects.filter(image=upload.file).exists()
            or InspectionPhoto.objects.filter(image=upload.file).exists()
        )
        if not used:  # what has become a photo of a listing or a report is kept as that
            default_storage.delete(upload.file)
        upload.delete()
        done += 1
    return done


def _delete_talks(person: Person) -> int:
    """Under the lock of `erasing._forget`: whoever writes came before, or waits and finds nobody."""
    list(Contact.objects.select_for_update().filter(pk__in=person.contacts).order_by("pk"))
    _erase_events(person)  # which came meanwhile
    done, _ = Conversation.objects.filter(contact__in=person.contacts).delete()
    return done


def _erase_talks(person: Person) -> int:
    """Their chats go; in one that others use too, what was theirs in it does."""
    done = deadlocks.retried(partial(_delete_talks, person))
    shared = Conversation.objects.filter(account__in=person.accounts)
    return done + shared.update(
        account=None,
        flow="",
        argument="",
        answers={},
        shown={},
        aside={},
        wish={},
        understood={},
        settling="",
    )


_EVENTS = Holding(
    model="bot.InboundEvent",
    what="What they wrote, tapped and sent, and what Meta told about it",
    why="to answer in order and once, and to show the chat to whoever helps them",
    kept=_MESSAGES,
    fate=Fate.DELETED,
    contact=("contact", "conversation__contact"),
    columns=("key", "content", "text", "provider_id", "prepared", "error"),
    at="received_at",
    erase=_erase_events,
)

_HOLDINGS = (
    Holding(
        model="bot.WebhookBody",
        what="Their messages as Meta sent them",
        why="to find out what went wrong when something was not understood",
        kept="RETENTION_BODIES_DAYS after it came",
        fate=Fate.EMPTIED,
        contact=("events__contact",),
        columns=("body",),
        at="received_at",
        stays="Other people's events of the same call, and a digest by which the call is known again.",
        erase=lambda person: 0,  # emptied together with the events in it
        export=_raw,
    ),
    Holding(
        model="bot.Interpretation",
        what="How what they wrote was understood, and what that led to",
        why="to find out why somebody was misunderstood, and to understand better",
        kept=_MESSAGES,
        fate=Fate.DELETED,
        contact=("event__contact", "event__conversation__contact"),
        columns=("text", "role", "context", "command", "model", "error", "answered", "meant"),
        at="at",
    ),
    _EVENTS,
    Holding(
        model="bot.Upload",
        what="Photos they sent that are not part of a listing or a report yet",
        why="to put them where they belong",
        kept="8 days",
        fate=Fate.DELETED,
        contact=("contact",),
        columns=("file", "digest"),
        files=("file",),
        at="created_at",
        erase=_erase_uploads,
    ),
    Holding(
        model="bot.Draft",
        what="Work they have begun in the chat",
        why="to go on with it",
        kept="7 days after it was last worked on",
        fate=Fate.DELETED,
        account=("account",),
        columns=("answers",),
        at="touched_at",
    ),
    Holding(
        model="bot.Conversation",
        what="Where their chat stands: the question, and the answers so far",
        why="to go on where they are",
        kept="as long as their WhatsApp is known",
        fate=Fate.DELETED,
        contact=("contact",),
        account=("account",),
        columns=("flow", "argument", "answers", "shown", "aside", "wish", "understood", "settling"),
        secret=("lease_token",),
        at="turned_at",
        erase=_erase_talks,
    ),
)

_MENTIONS = (
    Mention(model="bot.InboundEvent", columns=("text", "content", "prepared")),
    Mention(model="bot.Interpretation", columns=("text", "context", "command", "meant")),
    Mention(model="bot.Conversation", columns=("answers", "shown", "aside", "wish", "understood")),
    Mention(model="bot.Draft", columns=("answers",)),
)

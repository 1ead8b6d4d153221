"""What was said, message by message, as both sides saw it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot import forms
from bot.models import Conversation, InboundEvent, InboundState
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.marks import short, visible
from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from notifications.models import MessageTemplate

LATE = 60  # seconds between Meta's time of a message and ours from which both are shown
MOST_OF_A_MAIL = 600  # characters; the whole is on its page

TICKS = {
    Status.ACCEPTED: "✓",
    Status.SENT: "✓",
    Status.DELIVERED: "✓✓",
    Status.READ: "✓✓",
    Status.UNCERTAIN: "?",
    Status.FAILED: "✗",
    Status.EXPIRED: "✗",
    Status.WITHHELD: "✗",
}
WAITING = "…"
FILES = {
    "image": gettext_lazy("photo"),
    "video": gettext_lazy("video"),
    "audio": gettext_lazy("voice message"),
    "document": gettext_lazy("document"),
    "sticker": gettext_lazy("sticker"),
}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True)
class Choice:
    """Something that could be tapped; `pressed` if it was."""

    title: SafeString
    note: SafeString | None
    pressed: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One message. `at` puts it in its place: for theirs it is when we received it.

    words, because: text and reason as they are stored, for programs. what: anything but text, such as a
    photo, and `photo` the address of it made small. by: who of ours wrote it.
    """

    id: str
    page: str
    ours: bool
    at: datetime
    said_at: datetime | None
    text: SafeString | None
    kind: str
    state: str
    label: str
    words: str
    because: str
    ticks: str = ""
    reason: SafeString | None = None
    what: SafeString | None = None
    photo: str = ""
    tapped: bool = False
    by: SafeString | None = None
    mail: bool = False
    choices: Sequence[Choice] = ()


# --- theirs -----------------------------------------------------------------------------------------------
def theirs(talk: Conversation, event: InboundEvent) -> Entry:
    late = abs((event.received_at - event.said_at).total_seconds()) >= LATE
    what, text = _said(event)
    return Entry(
        id=f"in-{event.pk}",
        page=reverse("admin:bot_inboundevent_change", args=[event.pk]),
        ours=False,
        at=event.received_at,
        said_at=event.said_at if late else None,
        text=visible(text) if text else None,
        words=event.text,
        kind=_kind(event.content),
        state=event.state,
        label="" if event.state == InboundState.DONE else str(event.get_state_display()),
        reason=visible(event.error) if event.error else None,
        because=event.error,
        what=short(what) if what else None,
        photo=_photo(talk, event),
        tapped=_kind(event.content) == "tapped",
    )


def _said(event: InboundEvent) -> tuple[str, str]:
    """What a message was besides words, and its words."""
    match event.content:
        case {"content": {"is": "MediaSent", "kind": str(kind), **about}}:
            named = _named(FILES.get(kind, kind), about.get("filename"), about.get("mime"))
            return named, str(about.get("caption") or event.prepared.get("heard", {}).get("text") or "")
        case {"content": {"is": "LocationSent", "latitude": latitude, "longitude": longitude, **about}}:
            at = f"{latitude}, {longitude}"
            return _named(_("location"), at, about.get("name"), about.get("address")), ""
        case {"content": {"is": "ContactsSent"}}:
            return _("contact card"), ""
        case {"content": {"is": "Reacted", "emoji": str(emoji)}}:
            return _("reaction"), emoji
        case {"content": {"is": "Edited", "text": str(text)}}:
            return _("edited"), text
        case {"content": {"is": "Revoked"}}:
            return _("deleted by them"), ""
        case {"content": {"is": "FormAnswered", "response": dict(response)}}:
            return _("form"), forms.readable(response)
        case {"content": {"is": "Tapped" | "TextSaid"}}:
            return "", event.text
    return _kind(event.content), event.text


def _named(*pieces: object) -> str:
    return " · ".join(str(piece) for piece in pieces if piece)


def _kind(content: object) -> str:
    """What sort of message it was, as the stored event names it: `text said`, `media sent`."""
    match content:
        case {"content": {"is": str(kind)}}:
            return _CAPITAL.sub(" ", kind).lower()
    return ""


def _photo(talk: Conversation, event: InboundEvent) -> str:
    """Where a photo of theirs that we have taken in is to be seen."""
    match event.prepared:
        case {"result": {"upload": int(upload)}}:
            return reverse("admin:conversation_photo", args=[talk.pk, upload])
    return ""


Pressed = Mapping[str, set[str | None]]


def pressed(events: Iterable[InboundEvent]) -> Pressed:
    """The buttons that were tapped, each with the messages under which."""
    found: dict[str, set[str | None]] = {}
    for event in events:
        match event.content:
            case {"content": {"is": "Tapped", "id": str(id)}, **around}:
                found.setdefault(id, set()).add(around.get("reply_to"))  # type: ignore[arg-type]
    return found


# --- ours -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Known:
    """What our messages name: templates by name and language, staff by key, and what was tapped."""

    templates: Mapping[tuple[str, str], MessageTemplate]
    staff: Mapping[int, User]
    pressed: Pressed


def known(messages: Sequence[OutboxMessage], *, tapped: Pressed) -> Known:
    """Two queries at most, and none where nothing is named."""
    named = {seen.template for message in messages if (seen := cloud.seen(message.body or {})).template}
    rows = (
        MessageTemplate.objects.filter(name_at_meta__in={name for name, _language in named}) if named else ()
    )
    wrote = {by for message in messages if isinstance(by := message.arguments.get("by"), int)}
    return Known(
        {(row.name_at_meta, row.language): row for row in rows},
        User.objects.in_bulk(wrote) if wrote else {},
        tapped,
    )


def ours(talk: Conversation, message: OutboxMessage, known: Known) -> Entry:
    label = str(message.get_status_display())
    if message.error_code is not None:
        label = _("%(status)s, error %(code)s") % {"status": label, "code": message.error_code}
    seen = cloud.seen(message.body or {}) if message.channel == "whatsapp" else cloud.Seen()
    mail = message.channel == "email"
    text, titles = _words(message, seen, known)
    by = known.staff.get(message.arguments.get("by", 0))
    return Entry(
        id=f"out-{message.pk}",
        page=reverse("admin:inspector_whatsapp_outboxmessage_change", args=[message.pk]),
        ours=True,
        at=message.created_at,
        said_at=None,
        text=visible(text, most=MOST_OF_A_MAIL if mail else limits.TEXT_BODY) if text else None,
        words=message.text,
        kind=message.kind,
        state=message.status,
        label=label,
        ticks=TICKS.get(Status(message.status), WAITING),
        reason=visible(message.reason) if message.reason else None,
        because=message.reason,
        what=short(seen.what) if seen.what else None,
        photo=reverse("admin:conversation_sent_photo", args=[talk.pk, message.pk]) if seen.file else "",
        by=short(str(by)) if by is not None else None,
        mail=mail,
        choices=[
            Choice(
                visible(title or option.title or option.id),
                visible(option.note) if option.note else None,
                _was_pressed(option, message, known.pressed),
            )
            for option, title in zip(seen.options, titles, strict=True)
        ],
    )


def _words(message: OutboxMessage, seen: cloud.Seen, known: Known) -> tuple[str, Sequence[str]]:
    """What was read, and what stood on the buttons where a template has it."""
    untitled = [""] * len(seen.options)
    template = known.templates.get(seen.template) if seen.template else None
    if template is None:
        return seen.text or message.text, untitled
    values = seen.values or {}
    text = limits.VARIABLE.sub(lambda name: values.get(name[1], name[0]), template.body)
    titles = [*template.buttons, *untitled][: len(untitled)]
    return text, titles


def _was_pressed(option: cloud.Offered, message: OutboxMessage, pressed: Pressed) -> bool:
    under = pressed.get(option.id, set()) if option.id else set()
    # Meta names the message under which it was; where it does not, any that had this button.
    return message.provider_id in under or None in under

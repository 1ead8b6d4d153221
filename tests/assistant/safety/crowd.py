"""Many people who each say one thing, on phones of their own: their turns are taken together."""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from bot import conversation, inbox
from bot.assistant import understanding
from bot.models import Conversation, InboundEvent, InboundState, Interpretation
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, Link, OutboxMessage, Role, User
from tests.bot.phone import Phone

CORPORA = Path(__file__).parent.parent / "corpora"
_numbers = itertools.count(1)

# What a chat may write without a yes: what came in, what was made of it, what is answered, how far it is.
OF_THE_CHAT = frozenset(
    (
        *("bot_webhookbody", "bot_inboundevent", "bot_interpretation", "bot_conversation", "bot_draft"),
        *("inspector_whatsapp_contact", "inspector_whatsapp_outboxmessage"),
    )
)


def lines_of(corpus: str) -> list[dict[str, Any]]:
    """The records of one of the corpora."""
    return [json.loads(line) for line in (CORPORA / f"{corpus}.jsonl").read_text().splitlines() if line]


@dataclass(frozen=True)
class Heard:
    """What one of the crowd said, what they read, and how it was understood."""

    said: str
    read: str
    bodies: str
    talk: Conversation
    understood: Interpretation | None

    @property
    def intent(self) -> str:
        return self.understood.command["intent"] if self.understood else ""


def crowd(role: Role | None, many: int, *, name: str = "Ann") -> list[Phone]:
    """So many people of a role, each linked; strangers without one."""
    numbers = list(itertools.islice(_numbers, many))
    phones = [f"+23470{number:08}" for number in numbers]
    now = clock.now()
    contacts = Contact.objects.bulk_create(
        Contact(phone=phone, created_at=now, last_inbound_at=now, profile_name=name) for phone in phones
    )
    if role is not None:
        accounts = User.objects.bulk_create(
            User(email=f"one{number}@crowd.example", name=name, phone=phone, role=role)
            for number, phone in zip(numbers, phones, strict=True)
        )
        Link.objects.bulk_create(
            Link(contact=contact, account=account, made_at=now)
            for contact, account in zip(contacts, accounts, strict=True)
        )
    return [Phone(phone, name) for phone in phones]


def hear(phones: Sequence[Phone], words: Iterable[str]) -> list[Heard]:
    """Everybody says their words at once; what each of them read."""
    said = dict(zip((phone.phone for phone in phones), words, strict=True))
    understanding.forget_places()
    before = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for phone in phones:
        phone.posts(phone.webhook({"type": "text", "text": {"body": said[phone.phone]}}))
    work()
    answers: dict[str, list[OutboxMessage]] = {phone: [] for phone in said}
    for row in OutboxMessage.objects.filter(pk__gt=before).select_related("contact").order_by("pk"):
        assert row.contact is not None, "nothing leaves for nobody"
        assert row.contact.phone in said, "nothing leaves for anybody who said nothing"
        answers[row.contact.phone].append(row)
    talks = {
        talk.contact.phone: talk
        for talk in Conversation.objects.filter(contact__phone__in=said).select_related("contact")
    }
    rows = Interpretation.objects.filter(event__contact__phone__in=said).select_related("event__contact")
    understood = {row.event.contact.phone: row for row in rows.order_by("pk") if row.event.contact}
    return [
        Heard(
            text,
            "\n---\n".join(row.text for row in answers[phone]),
            json.dumps([[row.text, row.body] for row in answers[phone]], ensure_ascii=False),
            talks[phone],
            understood.get(phone),
        )
        for phone, text in said.items()
    ]


def work() -> None:
    """Let the bot do all there is to do."""
    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass
    assert not InboundEvent.objects.filter(state=InboundState.PENDING).exists(), "a message was left lying"
    broken = InboundEvent.objects.filter(state=InboundState.QUARANTINED)
    assert not list(broken.values_list("text", "error")), "a turn failed"


@contextmanager
def nothing_written(*, but: Iterable[str] = ()) -> Iterator[None]:
    """Whatever is said meanwhile changes no row but the chat's own."""
    before = rows()
    yield
    after = rows()
    changed = {table for table in after if after[table] != before[table]} - OF_THE_CHAT - set(but)
    assert not changed, changed


def rows(where: str = "") -> dict[str, str]:
    """A digest of every table's rows; where: of those alone whose words have that in them."""
    one = "SELECT '{0}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{0}\" t WHERE t::text ILIKE %s"
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(" UNION ALL ".join(map(one.format, tables)), [f"%{where}%"] * len(tables))
        return dict(cursor.fetchall())

"""What a kind of notification is, and where one is found by its name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings

from inspector_whatsapp.models import Contact, OutboxMessage, User
from inspector_whatsapp.models.outbox import IfUncertain
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Reader, Words


@dataclass(frozen=True)
class Attachment:
    """A file in an e-mail."""

    filename: str
    content: bytes
    mime: str


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An e-mail in our words. `code` is shown large in the message and kept nowhere."""

    subject: Words
    paragraphs: tuple[Words, ...]
    code: str = ""
    link: tuple[Words, str] | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Said:
    """A notification for WhatsApp, in our words: free text in an open window, else by its template.

    buttons: (id, title) pairs, at most three; the template carries the same ones as quick replies.
    parameters: the template's named values, each on one line.
    """

    text: Words
    buttons: tuple[tuple[str, Words], ...] = ()
    template: str = ""
    parameters: Mapping[str, Words] = field(default_factory=dict)


class Kind:
    """A kind of notification. Subclasses say their words; the channels put and send them.

    Words are found when the message is about to leave, from the rows as they are then: `arguments` hold ids.
    A method raises Withheld, with the reason, when the message is no longer wanted.
    """

    name: ClassVar[str]
    if_uncertain: ClassVar[IfUncertain] = IfUncertain.RESEND
    # Whether it is about an account and goes only to a WhatsApp that speaks for it.
    needs_link: ClassVar[bool] = True

    def whatsapp(self, message: OutboxMessage, *, now: datetime) -> Said:
        raise Withheld(f"{self.name} has no words for WhatsApp")

    def mail(self, message: OutboxMessage, *, now: datetime) -> Mail:
        raise Withheld(f"{self.name} has no words for e-mail")


def reader_of(message: OutboxMessage, *, markup: bool) -> Reader:
    """Whose language and zone a message is put into; what was chosen in the chat wins over the account's."""
    account, contact = message.account, message.contact
    language = (contact.language if contact else "") or (account.language if account else "") or "en"
    return Reader(language=language, zone=zone_of(account, contact), markup=markup)


def zone_of(account: User | None, contact: Contact | None) -> str:
    """By whose clock times are told; what was chosen in the chat wins over the account's."""
    zone = (contact.time_zone if contact else "") or (account.time_zone if account else "")
    return zone or settings.TIME_ZONE


def by_name(name: str) -> Kind:
    """The kind of that name; KeyError when no module of KINDS has it."""
    return _kinds(settings.KINDS)[name]


def every() -> Iterable[Kind]:
    return _kinds(settings.KINDS).values()


@cache
def _kinds(modules: tuple[str, ...]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for module in map(import_module, modules):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Kind) and value.__module__ == module.__name__:
                if not hasattr(value, "name"):
                    continue
                if value.name in found:
                    raise ValueError(f"two kinds are named {value.name}")
                found[value.name] = value()
    return found


def key(kind: str, *parts: Any) -> str:
    """A key under which a notification is written once: what it is about, and to whom, by which channel."""
    return ":".join([kind, *map(str, parts)])

"""What a kind of notification is, and where one is found by its name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Contact, OutboxMessage, Role, User
from inspector_whatsapp.models.outbox import Category, IfUncertain, Priority
from inspector_whatsapp.outbox import Withheld
from inspector_whatsapp.words import Reader, Words


class Topic(TextChoices):
    """What a person may have or not have, by channel: as people think of it, several kinds each."""

    INSPECTIONS = "inspections", _("Inspections")
    REMINDERS = "reminders", _("Reminders")
    AFTERWARDS = "afterwards", _("After an inspection")
    LISTINGS = "listings", _("My listings")
    INTEREST = "interest", _("Who is interested")
    SAVED = "saved", _("Saved properties")
    ALERTS = "alerts", _("Alerts for new homes")
    MESSAGES = "messages", _("Messages from us")
    SECURITY = "security", _("Security")


class Urgency(Enum):
    """Whether it may wait for the morning, and who leaves first when many leave at once."""

    NOW = Priority.NOW  # codes and security: at any hour
    SOON = Priority.SOON  # in quiet hours it waits, unless it is about today's inspection and cannot
    LATER = Priority.BULK  # many at once; in quiet hours it waits, and is dropped if that is too long

    @property
    def priority(self) -> Priority:
        return self.value


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


@dataclass(frozen=True)
class Row:
    """One of several things to choose from: the id is that of a button."""

    id: str
    title: Words
    description: Words


@dataclass(frozen=True, kw_only=True)
class Said:
    """A notification for WhatsApp, in our words: free text in an open window, else by its template.

    buttons: (id, title) pairs, at most three; the template carries the same ones as quick replies.
    rows: at most ten; in an open window they are a list, which has no buttons besides.
    parameters: the template's named values, each on one line. headline: the whole of it in a line, for where
    several are told together; the text's first line where there is none.
    """

    text: Words
    headline: Words | None = None
    buttons: tuple[tuple[str, Words], ...] = ()
    rows: tuple[Row, ...] = ()
    template: str = ""
    parameters: Mapping[str, Words] = field(default_factory=dict)


class Kind:
    """A kind of notification. Subclasses say their words; the channels put and send them.

    Words are found when the message is about to leave, from the rows as they are then: `arguments` hold ids.
    A method raises Withheld, with the reason, when the message is no longer wanted.

    topic: what of a person's preferences it falls under. category: what it is in Meta's sense, as its
    template is submitted. useful_for: for how long after the event it is of use; None: until what it is about
    begins, which whoever writes it says. recipients: who is told, in their part. templates: those that it is
    said by in a closed window, by part.
    """

    name: ClassVar[str]
    topic: ClassVar[Topic]
    recipients: ClassVar[tuple[Role, ...]]
    templates: ClassVar[tuple[str, ...]] = ()
    category: ClassVar[Category] = Category.UTILITY
    urgency: ClassVar[Urgency] = Urgency.SOON
    useful_for: ClassVar[timedelta | None] = None
    if_uncertain: ClassVar[IfUncertain] = IfUncertain.RESEND
    # Whether a letter may take its place where WhatsApp cannot bring it.
    otherwise_by_mail: ClassVar[bool] = True
    # Whether it is told by itself even where others were held over night with it: it has to be answered.
    alone: ClassVar[bool] = False
    # Whether it is written for one channel alone: where it is not wanted on WhatsApp, it is a letter.
    one_way: ClassVar[bool] = False
    # Whether it is about an account and goes only to a WhatsApp that speaks for it.
    needs_link: ClassVar[bool] = True

    def essential(self, message: OutboxMessage, *, now: datetime) -> bool:
        """Whether no preference turns it off: security and safety, and what concerns today."""
        return self.topic == Topic.SECURITY

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

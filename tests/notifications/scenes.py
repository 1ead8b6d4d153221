"""What the tests of notifications have in common: an inspection in some hours, a rule, what was written."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, Slot, User
from inspector_whatsapp.words import Reader, say
from notifications import rules
from notifications.kind import Said, by_name, reader_of
from notifications.models import Reminder, ReminderRule
from notifications.schedules import When
from tests.factories import LAGOS, InspectorFactory, LinkFactory, PropertyFactory, SeekerFactory, SlotFactory

HOUR = timedelta(hours=1)


def at_noon() -> None:
    """So that no test depends on the hour: nobody's quiet hours are on, whatever the time is."""
    noon = clock.now().astimezone(LAGOS).replace(hour=12, minute=0, second=0) + timedelta(days=1)
    clock.move(noon - clock.now())


def rule(name: str = "rule", **fields: Any) -> ReminderRule:
    """A rule that is switched on; for seekers by e-mail unless told otherwise."""
    made = ReminderRule(
        **{
            "name": name,
            "minutes_before": 120,
            "useful_until": 10,
            "roles": ["seeker"],
            "channels": ["email"],
        }
        | fields
    )
    rules.save(made, enabled=True, when=When(every=10))
    return made


def slot(*, hours: float, **fields: Any) -> Slot:
    """A free slot that begins in so many hours by the clock."""
    starts_at = clock.now() + hours * HOUR
    return SlotFactory(**{"starts_at": starts_at, "ends_at": starts_at + HOUR} | fields)


def book(
    *, hours: float = 30, seeker: User | None = None, origin: Origin = Origin.API, **fields: Any
) -> Inspection:
    """Ada has booked an inspection with Chidi that begins in so many hours."""
    fields = {"inspector": InspectorFactory(name="Chidi Eze")} | fields
    return inspections.book(
        seeker=seeker or SeekerFactory(name="Ada Obi"), slot=slot(hours=hours, **fields), origin=origin
    )


def move(inspection: Inspection, *, hours: float, origin: Origin = Origin.API) -> Inspection:
    free = slot(hours=hours, property=inspection.property, inspector=inspection.inspector)
    return inspections.move(inspection=inspection, slot=free, actor=inspection.seeker, origin=origin)


cancel = partial(inspections.cancel, actor=None, origin=Origin.API)


def linked(account: User, **fields: Any) -> User:
    """The account with a WhatsApp of its own."""
    LinkFactory(account=account, **fields)
    return account


def home(**fields: Any) -> Property:
    return PropertyFactory(**fields)


def written(**which: Any) -> list[tuple[str, str, str]]:
    """(kind, to whom, by which channel) of the messages there are."""
    rows = OutboxMessage.objects.filter(**which).select_related("account").order_by("pk")
    return [(row.kind, row.account.name if row.account else "", row.channel) for row in rows]


def one(kind: str, person: User, channel: str = "whatsapp") -> OutboxMessage:
    """The last message of a kind to somebody."""
    rows = OutboxMessage.objects.filter(kind=kind, account=person, channel=channel)
    return rows.select_related("account", "contact").order_by("pk")[len(rows) - 1]


def when(moment: datetime) -> str:
    """A time as people in Lagos read it."""
    return say("{moment}", moment=moment).put(Reader())


def close(slot: Slot) -> None:
    inspections.close_slot(slot=slot, actor=None, origin=Origin.ADMIN, cancel_booked=False)


def taps(message: OutboxMessage) -> list[str]:
    """What its buttons begin."""
    return [id.removeprefix("v1|start|") for id, _title in said(message).buttons]


def states(**which: Any) -> list[str]:
    """Of the reminders, the soonest due first."""
    return list(Reminder.objects.filter(**which).order_by("due_at", "pk").values_list("state", flat=True))


def said(message: OutboxMessage, *, now: datetime | None = None) -> Said:
    return by_name(message.kind).whatsapp(message, now=now or clock.now())


def text(message: OutboxMessage, *, now: datetime | None = None) -> str:
    """What a message says on WhatsApp, to its reader."""
    return said(message, now=now).text.put(reader_of(message, markup=True))


def letter(message: OutboxMessage, *, now: datetime | None = None) -> str:
    """Subject and paragraphs of the e-mail, to its reader."""
    mail = by_name(message.kind).mail(message, now=now or clock.now())
    reader = reader_of(message, markup=False)
    return "\n".join(words.put(reader) for words in (mail.subject, *mail.paragraphs))

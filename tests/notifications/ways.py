"""What the tests of a notification on its way share: somebody who is reached, hours, what was said."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from inspector_whatsapp import clock, inspections, listings, outbox, searches
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import (
    Contact,
    Inspection,
    OutboxMessage,
    User,
)
from inspector_whatsapp.models.listings import Frequency, PropertyStatus
from notifications import alerts
from tests.factories import PropertyFactory
from tests.notifications import scenes
from tests.notifications.scenes import one
from tests.outbox.witness import Meta

LAGOS = ZoneInfo("Africa/Lagos")


def reached(meta: Meta, account: User) -> User:
    """The account with a WhatsApp whose window is open, here and at Meta.

    By day: whenever a test runs, the evening and the morning after are within the window.
    """
    to(11)
    scenes.linked(account)
    Contact.objects.filter(links__account=account).update(last_inbound_at=clock.now())
    meta.hears(contact_of(account))
    return account


def contact_of(account: User) -> Contact:
    return Contact.objects.get(links__account=account)


def says(message: OutboxMessage, step: str) -> str:
    """The last word of a step."""
    message.refresh_from_db()
    return str([told["says"] for told in message.story if told["step"] == step][-1])


def to(hour: int, *, minute: int = 0) -> None:
    """Let time pass until it is that hour in Lagos."""
    now = clock.now().astimezone(LAGOS)
    then = datetime.combine(now.date(), time(hour, minute), LAGOS)
    clock.move((then if then > now else then + timedelta(days=1)) - now)


def moved(inspection: Inspection, *, hours: float) -> OutboxMessage:
    """Whoever runs Inspector moves an inspection; what its seeker is told of it on WhatsApp."""
    free = scenes.slot(hours=hours, property=inspection.property, inspector=inspection.inspector)
    inspections.move(inspection=inspection, slot=free, actor=None, origin=Origin.ADMIN)
    return one("inspection_moved", inspection.seeker)


def an_offer(ada: User, *, linked: bool = True) -> OutboxMessage:
    wishes = Criteria(areas=("Lekki Phase 1",))
    searches.save(seeker=ada, criteria=wishes, frequency=Frequency.INSTANT, origin=Origin.CHAT)
    new = PropertyFactory(status=PropertyStatus.PENDING, published_at=None)
    listings.publish(property=new, actor=None, origin=Origin.ADMIN)
    alerts.tell()
    return one("search_match", ada, "whatsapp" if linked else "email")


def held_overnight(ada: User, *, hours: tuple[float, ...] = (40, 50)) -> list[OutboxMessage]:
    """Inspections that were moved at ten in the evening, and what is held of them."""
    booked = [scenes.book(seeker=ada, hours=100 + 10 * number) for number in range(len(hours))]
    outbox.drain()
    to(22)
    messages = [moved(inspection, hours=far) for inspection, far in zip(booked, hours, strict=True)]
    outbox.drain()
    return messages

"""What the tests of the outbox have in common: a reply, a notification, a letter, a failed fate."""

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, Inspection, OutboxMessage
from inspector_whatsapp.outbox import Outgoing, claiming
from inspector_whatsapp.outbox.claiming import Room
from tests.factories import ContactFactory, InspectionFactory, LinkFactory

if TYPE_CHECKING:
    from tests.outbox.witness import Meta

_numbers = itertools.count(1)


def listener(meta: "Meta", **fields: Any) -> Contact:
    """Somebody who has just written: their window is open here and at Meta."""
    contact = ContactFactory(**{"last_inbound_at": clock.now()} | fields)
    meta.hears(contact)
    return contact


def reply(contact: Contact, text: str = "Hello", **fields: Any) -> OutboxMessage:
    """An answer in a chat, written and not sent yet."""
    body = cloud.payload(cloud.Text(text))
    return _added(kind="reply", channel="whatsapp", contact=contact, body=body, text=text, **fields)


def notification(inspection: Inspection, contact: Contact, **fields: Any) -> OutboxMessage:
    """A seeker is told on WhatsApp that the inspection is booked."""
    return _added(
        kind="inspection_booked",
        channel="whatsapp",
        contact=contact,
        account=inspection.seeker,
        arguments=_about(inspection),
        **fields,
    )


def letter(inspection: Inspection | None = None, **fields: Any) -> OutboxMessage:
    """The same by e-mail."""
    inspection = inspection or InspectionFactory()
    account, about = inspection.seeker, _about(inspection)
    return _added(kind="inspection_booked", channel="email", account=account, arguments=about, **fields)


def told(meta: "Meta | None" = None, **fields: Any) -> OutboxMessage:
    """A notification for somebody whose WhatsApp is linked, and whose window is open."""
    link = LinkFactory(contact=ContactFactory(**fields))
    if meta is not None:
        meta.hears(link.contact)
    return notification(InspectionFactory(seeker=link.account), link.contact)


def _about(inspection: Inspection) -> dict[str, Any]:
    return {"inspection": inspection.pk, "revision": inspection.revision, "role": "seeker"}


def _added(**fields: Any) -> OutboxMessage:
    key = fields.pop("key", f"a-test:{next(_numbers)}")
    outbox.add(Outgoing(key=key, **fields))
    return OutboxMessage.objects.get(key=key)


def claimed(most: int = 10) -> list[OutboxMessage]:
    """What a sender takes of the channel of WhatsApp, under a lease."""
    return claiming.claim([Room("whatsapp", most=most, bulk=most)])


def passes(**much: float) -> None:
    """Time passes, by the clock."""
    clock.move(timedelta(**much))


def lease_runs_out(message: OutboxMessage) -> None:
    """Leases keep PostgreSQL's own time, so no clock moves them on: this one began earlier."""
    row = OutboxMessage.objects.get(pk=message.pk)
    assert row.lease_until is not None
    row.lease_until -= timedelta(minutes=5)
    row.save(update_fields=["lease_until"])

"""Who is behind a WhatsApp identity: a phone number, a business-scoped user id (BSUID), or both."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

import phonenumbers
from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api.events import Sender
from inspector_whatsapp.models import Contact, Link, OutboxMessage
from inspector_whatsapp.models.contacts import LinkState

# Networks give a number that was silent for half a year to somebody else; well before, it must prove itself.
SILENT = timedelta(days=90)


def e164(typed: str, *, region: str = "NG") -> str | None:
    """The one shape of a number, `+2348030000001`, from any that people write; None when it is no number."""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def was_silent(contact: Contact, *, until: datetime) -> bool:
    """Whether nobody wrote from it for so long that somebody else may have the number by now."""
    return contact.last_inbound_at is not None and until - contact.last_inbound_at > SILENT


def identify(sender: Sender) -> Contact:
    """The contact of whoever wrote; made when new. Runs in the caller's transaction.

    A known phone that comes with another BSUID is another person until proved: the phone moves to a new
    contact, and the old one keeps its BSUID with its links suspended.
    """
    known = list(
        Contact.objects.filter(
            Q(phone=sender.phone, phone__isnull=False) | Q(user_id=sender.user_id, user_id__isnull=False)
        ).order_by("pk")
    )
    by_id = next((contact for contact in known if sender.user_id and contact.user_id == sender.user_id), None)
    by_phone = next((contact for contact in known if sender.phone and contact.phone == sender.phone), None)
    if by_phone is not None and by_phone is not by_id and sender.user_id is not None:
        contact = _settle_phone(by_phone, by_id, sender)
    else:
        contact = by_id or by_phone
    if contact is None:
        contact, _made = Contact.objects.get_or_create(
            **({"user_id": sender.user_id} if sender.user_id else {"phone": sender.phone}),
            defaults={"phone": sender.phone, "created_at": clock.now()},
        )
    _remember(contact, sender)
    return contact


def known(senders: Collection[Sender]) -> dict[Sender, Contact]:
    """The contacts of those about whom nothing is new, in one query. All others are for `identify`, in order:
    so is whoever shares a phone or a BSUID with another one of them.
    """
    phones = [sender.phone for sender in senders if sender.phone]
    ids = [sender.user_id for sender in senders if sender.user_id]
    rows = Contact.objects.filter(Q(phone__in=phones) | Q(user_id__in=ids))
    by_phone: dict[str | None, Contact] = {row.phone: row for row in rows if row.phone}
    by_id: dict[str | None, Contact] = {row.user_id: row for row in rows if row.user_id}
    theirs = {
        sender: {row.pk: row for row in (by_phone.get(sender.phone), by_id.get(sender.user_id)) if row}
        for sender in senders
    }
    shared = Counter(pk for rows in theirs.values() for pk in rows)
    return {
        sender: contact
        for sender, rows in theirs.items()
        for contact in rows.values()
        if len(rows) == shared[contact.pk] == 1 and not _news(contact, sender)
    }


def _settle_phone(by_phone: Contact, by_id: Contact | None, sender: Sender) -> Contact | None:
    """One webhook shows a phone and a BSUID that are not kept together; who they belong to now."""
    if by_phone.user_id is None:
        if by_id is None:
            return by_phone  # its BSUID is seen for the first time
        _merge(by_phone, by_id)
        return by_id
    by_phone.phone = None
    by_phone.save(update_fields=["phone"])
    changes.record("identity_changed", by_phone, actor=None, origin=Origin.CHAT, why="the number moved on")
    return by_id


def _merge(shell: Contact, into: Contact) -> None:
    """Two contacts that are one. Where both are linked, the one known by its phone proves itself again."""
    linked = Link.objects.filter(state=LinkState.ACTIVE)
    if linked.filter(contact=into).exists() and linked.filter(contact=shell).exists():
        changes.record("identity_changed", shell, actor=None, origin=Origin.CHAT, why="two contacts were one")
    current = Link.objects.filter(contact=into, current=True).exists()
    Link.objects.filter(contact=shell).exclude(state=LinkState.ACTIVE).update(contact=into)
    Link.objects.filter(contact=shell).update(contact=into, **({"current": False} if current else {}))
    OutboxMessage.objects.filter(contact=shell).update(contact=into)
    # Who asked us to stop is left in peace.
    into.stopped_at = into.stopped_at or shell.stopped_at
    into.offers_stopped_at = into.offers_stopped_at or shell.offers_stopped_at
    into.save(update_fields=["stopped_at", "offers_stopped_at"])
    changes.record("contact_merged", into, actor=None, origin=Origin.CHAT, merged=shell.pk)
    shell.delete()


def _news(contact: Contact, sender: Sender) -> dict[str, str | None]:
    """What a webhook shows of them that is not known yet."""
    shown = {
        "phone": sender.phone or contact.phone,
        "user_id": sender.user_id or contact.user_id,
        "username": (sender.username or contact.username)[:64],
        "profile_name": (sender.name or contact.profile_name)[:256],
    }
    return {name: value for name, value in shown.items() if getattr(contact, name) != value}


def _remember(contact: Contact, sender: Sender) -> None:
    """Keep what the webhook shows of them; writes only when something is new."""
    fresh = _news(contact, sender)
    if not fresh:
        return
    if contact.phone and "phone" in fresh:
        changes.record("identity_changed", contact, actor=None, origin=Origin.CHAT, why="another number")
    for name, value in fresh.items():
        setattr(contact, name, value)
    with transaction.atomic():
        contact.save(update_fields=list(fresh))

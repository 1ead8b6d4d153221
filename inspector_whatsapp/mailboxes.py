"""Mailboxes that mail services warned us of: nothing more is sent there until an admin clears them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Lower
from django.utils.timezone import localtime

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Mailbox, User
from inspector_whatsapp.models.mailboxes import Trouble


@transaction.atomic
def mark(address: str, why: Trouble, *, details: str, at: datetime) -> None:
    """Remember that mail to an address came back, or was not wanted.

    A complaint outlives what is heard later, and is a change of the accounts behind the address
    (`mailbox_complained`): no more offers go to them.
    """
    mailbox, new = Mailbox.objects.select_for_update().get_or_create(
        address=address.strip().lower(), defaults={"why": why, "details": details[:300], "at": at}
    )
    if not new:
        complained = Trouble.COMPLAINED in (why, mailbox.why)
        Mailbox.objects.filter(pk=mailbox.pk).update(
            why=Trouble.COMPLAINED if complained else why, details=details[:300], at=at, times=F("times") + 1
        )
    if why == Trouble.COMPLAINED and (new or mailbox.why != Trouble.COMPLAINED):
        for account in User.objects.filter(email__iexact=mailbox.address):
            changes.record("mailbox_complained", account, actor=None, origin=Origin.SERVICE)


def trouble(address: str) -> str:
    """Why nothing may be sent to an address; "" when something may."""
    mailbox = Mailbox.objects.filter(address=address.strip().lower()).first()
    if mailbox is None:
        return ""
    when = f"{localtime(mailbox.at):%d %b %Y}"
    match Trouble(mailbox.why):
        case Trouble.BOUNCED:
            return f"mail to this mailbox came back on {when}"
        case Trouble.REJECTED:
            return f"the mail service refused to write to this mailbox on {when}"
        case Trouble.COMPLAINED:
            return f"this mailbox called our mail spam on {when}"


def working(accounts: Collection[int]) -> set[int]:
    """Of these accounts, those to whose mailbox something may be sent. One query."""
    marked = Mailbox.objects.filter(address=Lower(OuterRef("email")))
    found = User.objects.filter(pk__in=accounts).exclude(email="").filter(~Exists(marked))
    return set(found.values_list("pk", flat=True))


def clear(mailbox: Mailbox) -> None:
    """Write to it again."""
    mailbox.delete()

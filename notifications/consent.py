"""Saying yes and no to hearing from us: what holds at once, and the log of it.

A contact's own words, WhatsApp's own setting and Meta's error 131050 all end here. An offer is what Meta
calls marketing: homes for saved searches, prices, what can be had again.
"""

from datetime import datetime

from inspector_whatsapp.models import Contact, User
from notifications.models import ConsentEntry, Reachability, Scope

WHATSAPP, EMAIL = "whatsapp", "email"


def agreed(
    *, contact: Contact, account: User, wording: str, how: str, evidence: str = "", at: datetime
) -> None:
    """A WhatsApp is to hear of an account's affairs."""
    _log(contact, account, Scope.WHATSAPP, given=True, wording=wording, how=how, evidence=evidence, at=at)


def stop_offers(
    *,
    contact: Contact,
    account: User | None = None,
    wording: str = "",
    how: str,
    evidence: str = "",
    at: datetime,
) -> bool:
    """No offer goes to this WhatsApp from now on; False when none did before, or they said yes since `at`."""
    if contact.offers_stopped_at is not None or _said_since(contact, at):
        return False
    _set(contact, offers_stopped_at=at)
    _log(contact, account, Scope.MARKETING, given=False, wording=wording, how=how, evidence=evidence, at=at)
    return True


def stop_everything(
    *, contact: Contact, account: User | None, wording: str = "", how: str, evidence: str = "", at: datetime
) -> bool:
    """Nothing goes to this WhatsApp but answers, and to the account's mailbox only security news."""
    if contact.stopped_at is not None:
        return False
    _set(contact, stopped_at=at, offers_stopped_at=contact.offers_stopped_at or at)
    if account is not None:
        Reachability.objects.update_or_create(account=account, defaults={"stopped_at": at})
    _log(contact, account, Scope.EVERYTHING, given=False, wording=wording, how=how, evidence=evidence, at=at)
    return True


def resume(
    *, contact: Contact, account: User | None, wording: str = "", how: str, evidence: str = "", at: datetime
) -> bool:
    """All may go again; False when nothing was stopped."""
    stopped = contact.stopped_at is not None or contact.offers_stopped_at is not None
    _set(contact, stopped_at=None, offers_stopped_at=None)
    if account is not None:
        which = Reachability.objects.filter(account=account)
        freed = which.exclude(stopped_at=None, mail_offers_stopped_at=None)
        stopped = bool(freed.update(stopped_at=None, mail_offers_stopped_at=None)) or stopped
    if stopped:
        _log(
            contact, account, Scope.EVERYTHING, given=True, wording=wording, how=how, evidence=evidence, at=at
        )
    return stopped


def resume_offers(*, contact: Contact, how: str, evidence: str = "", at: datetime) -> bool:
    """Offers may go to this WhatsApp again, unless everything was stopped, or they said no since `at`."""
    if contact.offers_stopped_at is None or contact.stopped_at is not None or _said_since(contact, at):
        return False
    _set(contact, offers_stopped_at=None)
    _log(contact, None, Scope.MARKETING, given=True, wording="", how=how, evidence=evidence, at=at)
    return True


def stop_mail_offers(*, account: User, how: str, evidence: str = "", at: datetime) -> None:
    """No offer goes to the account's mailbox from now on."""
    Reachability.objects.update_or_create(account=account, defaults={"mail_offers_stopped_at": at})
    ConsentEntry.objects.create(
        account=account,
        scope=Scope.MARKETING,
        given=False,
        channel=EMAIL,
        how=how,
        evidence=evidence[:255],
        at=at,
    )


def _said_since(contact: Contact, at: datetime) -> bool:
    """Whether they have said something newer: WhatsApp's own settings may reach us in any order."""
    return ConsentEntry.objects.filter(contact=contact, at__gt=at).exclude(scope=Scope.WHATSAPP).exists()


def _set(contact: Contact, **fields: datetime | None) -> None:
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(fields))


def _log(
    contact: Contact,
    account: User | None,
    scope: Scope,
    *,
    given: bool,
    wording: str,
    how: str,
    evidence: str,
    at: datetime,
) -> None:
    ConsentEntry.objects.create(
        contact=contact,
        account=account,
        scope=scope,
        given=given,
        wording=wording,
        channel=WHATSAPP,
        how=how,
        evidence=evidence[:255],
        at=at,
    )

"""Saying yes and no to hearing from us: what holds at once, and the log of it.

A contact's own words, WhatsApp's own setting and Meta's error 131050 all end here. An offer is what Meta
calls marketing: homes for saved searches, prices, what can be had again.
"""

from datetime import datetime

from inspector_whatsapp.models import Contact, User
from notifications import preferences
from notifications.kind import Topic
from notifications.models import ConsentEntry, Reachability, Scope
from notifications.recipients import EMAIL, WHATSAPP


def agreed(
    *, contact: Contact, account: User, wording: str, how: str, evidence: str = "", at: datetime
) -> None:
    """A WhatsApp is to hear of an account's affairs: whatever either had stopped altogether may go again."""
    stopped = Reachability.objects.filter(account=account).exclude(stopped_at=None)
    if contact.stopped_at is not None or stopped.exists():
        _set(contact, stopped_at=None)
        stopped.update(stopped_at=None)
        _log(
            contact, account, Scope.EVERYTHING, given=True, wording=wording, how=how, evidence=evidence, at=at
        )
    _log(contact, account, Scope.WHATSAPP, given=True, wording=wording, how=how, evidence=evidence, at=at)


def stop_offers(
    *,
    contact: Contact,
    account: User | None = None,
    wording: str = "",
    how: str,
    evidence: str = "",
    at: datetime,
) -> None:
    """No offer goes to this WhatsApp from now on, unless they have said something else since `at`."""
    newest = not _said_since(contact, at)
    _log(contact, account, Scope.MARKETING, given=False, wording=wording, how=how, evidence=evidence, at=at)
    if newest and contact.offers_stopped_at is None:
        _set(contact, offers_stopped_at=at)


def resume_offers(*, contact: Contact, how: str, evidence: str = "", at: datetime) -> None:
    """Offers may go to this WhatsApp again, unless they have said something else since; what else was stopped
    stays so."""
    newest = not _said_since(contact, at)
    _log(contact, None, Scope.MARKETING, given=True, wording="", how=how, evidence=evidence, at=at)
    if newest and contact.stopped_at is None and contact.offers_stopped_at is not None:
        _set(contact, offers_stopped_at=None)


def stop_everything(
    *, contact: Contact, account: User | None, wording: str = "", how: str, evidence: str = "", at: datetime
) -> None:
    """Nothing goes to this WhatsApp but answers, and to the account's mailbox only security news."""
    _log(contact, account, Scope.EVERYTHING, given=False, wording=wording, how=how, evidence=evidence, at=at)
    _set(contact, stopped_at=contact.stopped_at or at, offers_stopped_at=contact.offers_stopped_at or at)
    if account is not None:
        Reachability.objects.update_or_create(account=account, defaults={"stopped_at": at})


def resume(
    *, contact: Contact, account: User | None, wording: str = "", how: str, evidence: str = "", at: datetime
) -> bool:
    """All may go to this WhatsApp again, and the account's news by e-mail; False when nothing was stopped.

    Offers that were stopped by e-mail stay so: that was said elsewhere, and is taken back there.
    """
    stopped = contact.stopped_at is not None or contact.offers_stopped_at is not None
    if account is not None:
        freed = Reachability.objects.filter(account=account).exclude(stopped_at=None)
        stopped = bool(freed.update(stopped_at=None)) or stopped
    if stopped:
        _set(contact, stopped_at=None, offers_stopped_at=None)
    # Logged in any case: what is older, but comes later, does not undo it.
    for scope in (Scope.EVERYTHING, Scope.MARKETING):
        _log(contact, account, scope, given=True, wording=wording, how=how, evidence=evidence, at=at)
    return stopped


def resume_mail_offers(*, account: User, topic: Topic, how: str, at: datetime) -> None:
    """Offers of this topic may go to the account's mailbox again; those of the others still do not."""
    stopped = Reachability.objects.filter(account=account).exclude(mail_offers_stopped_at=None)
    if stopped.update(mail_offers_stopped_at=None):
        for other in set(preferences.OFFERS) - {topic}:
            preferences.refuse(account=account, topic=other, channel=EMAIL)
        _log_mail(account, given=True, how=how, at=at)


def stop_mail_offers(*, account: User, how: str, evidence: str = "", at: datetime) -> None:
    """No offer goes to the account's mailbox from now on."""
    Reachability.objects.update_or_create(account=account, defaults={"mail_offers_stopped_at": at})
    _log_mail(account, given=False, how=how, evidence=evidence, at=at)


def _log_mail(account: User, *, given: bool, how: str, evidence: str = "", at: datetime) -> None:
    ConsentEntry.objects.create(
        account=account,
        scope=Scope.MARKETING,
        given=given,
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

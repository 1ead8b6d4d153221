"""A link is ended, or paused until the person proves themselves again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import changes, clock, outbox
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from linking import challenges, intents
from linking.rules.holding import heed_clock, links, lock, make_current, record, tell
from linking.rules.refusals import Why

# What makes whoever is behind an account, or behind its number, uncertain.
TELLING_FIELDS = {"email", "phone", "is_active", "is_staff", "is_superuser"}

# By whom it was ended, as the feed tells it; whatever else happened, nobody did it.
_ORIGINS: dict[str, changes.Origin] = {
    Why.CHAT: changes.Origin.CHAT,
    Why.MAIL: changes.Origin.API,
    Why.WEB: changes.Origin.API,
    Why.HOST: changes.Origin.API,
    Why.REPLACED: changes.Origin.API,
    Why.ADMIN: changes.Origin.ADMIN,
}


def unlink(*, link: Link, why: str, actor: User | None = None, now: datetime) -> bool:
    """End a link at once; False if it had ended before. why: one of `Why`, or a short word of the caller's.

    What waits to be said about the account on that WhatsApp is withheld; the account hears of it by e-mail,
    and the chat unless it ended there.
    """
    with transaction.atomic():
        held = _held(link, LinkState.ACTIVE, LinkState.SUSPENDED)
        if held is None:
            return False
        if actor is not None:
            held.proof |= {"ended_by": actor.pk}
        held.ended_at = now
        _close(held, LinkState.ENDED, why)
        kind = "link_moved" if why == Why.REPLACED else "link_ended"
        tell(held, kind, "email")
        if why != Why.CHAT:
            tell(held, kind, "whatsapp")
        record("link_ended", held, origin=_ORIGINS.get(why, changes.Origin.SERVICE), actor=actor)
        return True


def suspend(*, link: Link, why: str, actor: User | None = None, now: datetime) -> bool:
    """Pause an active link until the person proves themselves again; False if it was not active."""
    with transaction.atomic():
        held = _held(link, LinkState.ACTIVE)
        if held is None:
            return False
        held.proof |= {"suspended_at": now.isoformat()} | ({"suspended_by": actor.pk} if actor else {})
        _close(held, LinkState.SUSPENDED, why)
        kind = "number_changed" if why == Why.IDENTITY_CHANGED else "link_suspended"
        tell(held, kind, "email")
        tell(held, kind, "whatsapp")
        record("link_suspended", held, origin=_ORIGINS.get(why, changes.Origin.SERVICE), actor=actor)
        return True


def on_change(happened: changes.Happened) -> None:
    """An account was switched off, or who is behind it or behind a WhatsApp changed: its link is paused.

    `data["fields"]` names what changed of an account; a change that names nothing counts as a telling one.
    """
    if happened.kind == "identity_changed" and isinstance(happened.subject, Contact):
        why = Why.SILENT if happened.data.get("why") == Why.SILENT else Why.IDENTITY_CHANGED
        for link in links(happened.subject):
            suspend(link=link, why=why, now=clock.now())
        intents.void(contact=happened.subject)
        return
    if happened.kind == "contact_merged":
        intents.move(happened.data["merged"], happened.subject.pk)
        return
    if happened.kind not in ("account_changed", "account_disabled") or not isinstance(happened.subject, User):
        return
    fields = happened.data.get("fields")
    if happened.kind == "account_changed" and fields is not None and not TELLING_FIELDS.intersection(fields):
        return
    account = happened.subject
    for link in Link.objects.select_related("contact").filter(account=account, state=LinkState.ACTIVE):
        suspend(link=link, why=Why.ACCOUNT_CHANGED, now=clock.now())
    challenges.void(account)
    intents.void(account=account)


def on_changes(happened: Sequence[changes.Happened]) -> None:
    """The same, for many changes: of accounts that are neither linked nor being linked nothing is asked."""
    accounts = {one.subject.pk for one in happened if isinstance(one.subject, User)}
    linked = Link.objects.filter(account__in=accounts, state=LinkState.ACTIVE)
    concerned = {
        *linked.values_list("account", flat=True),
        *challenges.alive_of(accounts),
        *intents.alive_of(accounts),
    }
    for one in happened:
        if not isinstance(one.subject, User) or one.subject.pk in concerned:
            on_change(one)


def _close(link: Link, state: LinkState, why: str) -> None:
    """Put a held link out of force, with everything that hung on it."""
    link.state = state
    link.current = False
    link.ended_why = str(why)[:64]
    link.save(update_fields=["state", "current", "ended_at", "ended_why", "proof"])
    outbox.withhold(
        Q(contact_id=link.contact_id, account_id=link.account_id, channel="whatsapp"),
        why="this WhatsApp no longer speaks for the account",
    )
    heed_clock(link)
    if not Link.objects.filter(contact_id=link.contact_id, current=True).exists():
        newest = links(link.contact).first()
        if newest is not None:
            make_current(newest)


def _held(link: Link, *states: LinkState) -> Link | None:
    """The link as it is now, locked, and no request for its account going on; None if in none of `states`.

    Locks are taken in one order everywhere, so that nobody waits in a circle: contact, requests, link.
    """
    lock(link.contact)
    wanted = Link.objects.filter(pk=link.pk, state__in=states).select_related("account", "contact")
    seen = wanted.first()
    if seen is None:
        return None
    challenges.void(seen.account)
    return wanted.select_for_update(of=("self",)).first()

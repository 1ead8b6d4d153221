"""Which WhatsApp speaks for which account: links are made, switched, paused and ended here alone."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from inspector_whatsapp import changes, clock, deadlocks, outbox
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import Category
from inspector_whatsapp.outbox import Outgoing
from inspector_whatsapp.words import Reader
from linking import challenges, intents
from linking.models import ChallengeState, IntentState, LinkChallenge, LinkIntent
from notifications import reminders
from notifications.consent import agreed

# What makes whoever is behind an account, or behind its number, uncertain.
TELLING_FIELDS = {"email", "phone", "is_active", "is_staff", "is_superuser"}


class Why(models.TextChoices):
    """How a link came to be paused or ended."""

    CHAT = "chat"
    MAIL = "mail"
    WEB = "web"
    HOST = "host"  # Inspector's backend
    ADMIN = "admin"
    ACCOUNT_CHANGED = "account_changed"
    IDENTITY_CHANGED = "identity_changed"
    SILENT = "silent"
    REPLACED = "replaced"


# By whom it was ended, as the feed tells it; whatever else happened, nobody did it.
_ORIGINS: dict[str, changes.Origin] = {
    Why.CHAT: changes.Origin.CHAT,
    Why.MAIL: changes.Origin.API,
    Why.WEB: changes.Origin.API,
    Why.HOST: changes.Origin.API,
    Why.REPLACED: changes.Origin.API,
    Why.ADMIN: changes.Origin.ADMIN,
}


class CannotLink(Exception):
    """The rules say no."""


class NotProved(CannotLink):
    """No right code was typed for this request, or too long ago."""


class AlreadyLinkedElsewhere(CannotLink):
    """Another WhatsApp speaks for the account; a new one takes its place only from the website."""


class NotClaimed(CannotLink):
    """No chat has sent the token yet."""


class Over(CannotLink):
    """The intent's time ran out, or it came to another end."""


class NotLinked(CannotLink):
    """The contact does not speak for that account."""


def connect(*, contact: Contact, challenge_id: int, consent: dict[str, Any], now: datetime) -> Link:
    """Link the account that this contact has just proved, and make it the current one.

    consent: the `wording` agreed to, `at`, and the `wamid` of the yes. Raises NotProved,
    AlreadyLinkedElsewhere. In the turn's transaction.
    """
    _lock(contact)
    challenge = LinkChallenge.objects.select_for_update().filter(pk=challenge_id, contact=contact).first()
    account = challenges.proved_account(contact=contact, challenge_id=challenge_id)
    if challenge is None or account is None:
        raise NotProved("No right code has been typed for this request.")
    link = Link.objects.filter(contact=contact, account=account, state=LinkState.ACTIVE).first()
    if link is not None:
        _make_current(link)
    else:
        proof = {"how": "code", "challenge": challenge.pk, "consent": consent}
        link = _made(contact, account, proof, now)
        agreed(
            contact=contact,
            account=account,
            wording=str(consent.get("wording", "")),
            how="tap",
            evidence=str(consent.get("wamid", "")),
            at=now,
        )
        _heed_clock(link)
        _tell(link, "link_made", "email")
        _record("link_made", link, origin=changes.Origin.CHAT, actor=account)
    challenge.state = ChallengeState.USED
    challenge.save(update_fields=["state"])
    _reaches(contact)
    return link


def connect_from_web(*, intent: LinkIntent, now: datetime) -> Link:
    """Link the WhatsApp that sent the intent's token: its owner, signed in on the website, has said yes.

    It takes the place of another that speaks for the account, and both hear of it. The account can be linked
    from chats again. Raises NotClaimed, Over. A second time it gives the same link.
    """
    work = partial(_connect_from_web, intent=intent, now=now)
    try:
        return deadlocks.retried(work)
    except AlreadyLinkedElsewhere:  # a chat was quicker by a moment: it gives way as well
        return deadlocks.retried(work)


def _connect_from_web(*, intent: LinkIntent, now: datetime) -> Link:
    # Whatever changes the account at this moment comes before or after, and is heeded either way.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=intent.account_id)
    others = Link.objects.filter(account=intent.account_id, state=LinkState.ACTIVE)
    _lock_all([*others.values_list("contact", flat=True), *filter(None, [intent.contact_id])])
    held = (
        LinkIntent.objects.select_for_update(of=("self",))
        .select_related("account", "contact", "link")
        .get(pk=intent.pk)
    )
    if held.link is not None:
        return held.link
    contact, account = held.contact, held.account
    if held.state == IntentState.OPEN and not intents.is_over(held, now=now):
        raise NotClaimed("Nobody has sent the message yet.")
    over = held.state != IntentState.CLAIMED or intents.is_over(held, now=now)
    if over or contact is None or not challenges.may_link(account):
        raise Over("This request is over. Press Connect WhatsApp again.")
    for other in others.exclude(contact=contact).select_related("contact", "account"):
        unlink(link=other, why=Why.REPLACED, actor=account, now=now)
    link = others.filter(contact=contact).first()
    if link is None:
        wording = intents.question(account).put(Reader(language=account.language, markup=False))
        evidence = f"intent {held.public_id}"
        consent = {"wording": wording, "at": now.isoformat()}
        proof = {"how": "web", "intent": held.pk, "session": held.session_digest, "consent": consent}
        link = _made(contact, account, proof, now)
        agreed(contact=contact, account=account, wording=wording, how="web", evidence=evidence, at=now)
        _heed_clock(link)
        _tell(link, "link_made", "email")
        _tell(link, "link_made", "whatsapp")
        _record("link_made", link, origin=changes.Origin.API, actor=account)
    else:
        _make_current(link)
    challenges.void(account)
    challenges.reopen(account)
    _reaches(contact)
    held.state, held.link = IntentState.CONFIRMED, link
    held.save(update_fields=["state", "link"])
    intents.void(account=account)
    return link


def _reaches(contact: Contact) -> None:
    """Whoever has just written can be written to, whatever Meta said before."""
    if contact.blocked_reason:
        contact.blocked_reason = ""
        contact.save(update_fields=["blocked_reason"])


def _made(contact: Contact, account: User, proof: dict[str, Any], now: datetime) -> Link:
    try:
        with transaction.atomic():
            # A new proof takes the place of what was paused.
            Link.objects.filter(account=account, state=LinkState.SUSPENDED).update(
                state=LinkState.ENDED, ended_at=now, ended_why=Why.REPLACED
            )
            Link.objects.filter(contact=contact, current=True).update(current=False)
            return Link.objects.create(contact=contact, account=account, proof=proof, made_at=now)
    except IntegrityError as error:
        if "link_one_active_per_account" not in str(error):
            raise
        raise AlreadyLinkedElsewhere("Another WhatsApp speaks for this account.") from error


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
        _tell(held, kind, "email")
        if why != Why.CHAT:
            _tell(held, kind, "whatsapp")
        _record("link_ended", held, origin=_ORIGINS.get(why, changes.Origin.SERVICE), actor=actor)
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
        _tell(held, kind, "email")
        _tell(held, kind, "whatsapp")
        _record("link_suspended", held, origin=_ORIGINS.get(why, changes.Origin.SERVICE), actor=actor)
        return True


def switch(*, contact: Contact, account: User) -> Link:
    """Let the contact speak for another of its accounts. Raises NotLinked."""
    with transaction.atomic():
        _lock(contact)
        link = links(contact).filter(account=account).first()
        if link is None:
            raise NotLinked("This WhatsApp does not speak for that account.")
        _make_current(link)
        return link


def current(contact: Contact) -> Link | None:
    """The link whose account the contact speaks for now."""
    return Link.objects.select_related("account").filter(contact=contact, current=True).first()


def links(contact: Contact) -> "models.QuerySet[Link, Link]":
    """The links that count: the current one first, then the newest."""
    active = Link.objects.filter(contact=contact, state=LinkState.ACTIVE)
    return active.select_related("account").order_by("-current", "-made_at", "-pk")


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
    _heed_clock(link)
    if not Link.objects.filter(contact_id=link.contact_id, current=True).exists():
        newest = links(link.contact).first()
        if newest is not None:
            _make_current(newest)


def _heed_clock(link: Link) -> None:
    """The zone chosen in a chat counts for its accounts, from when it is linked until it is not."""
    if link.contact.time_zone:
        reminders.replan_person(link.account)


def _make_current(link: Link) -> None:
    if link.current:
        return
    Link.objects.filter(contact_id=link.contact_id, current=True).update(current=False)
    link.current = True
    link.save(update_fields=["current"])


def _held(link: Link, *states: LinkState) -> Link | None:
    """The link as it is now, locked, and no request for its account going on; None if in none of `states`.

    Locks are taken in one order everywhere, so that nobody waits in a circle: contact, requests, link.
    """
    _lock(link.contact)
    wanted = Link.objects.filter(pk=link.pk, state__in=states).select_related("account", "contact")
    seen = wanted.first()
    if seen is None:
        return None
    challenges.void(seen.account)
    return wanted.select_for_update(of=("self",)).first()


def _lock(contact: Contact) -> None:
    """One change of a contact's links at a time."""
    _lock_all([contact.pk])


def _lock_all(contacts: Collection[int]) -> None:
    list(Contact.objects.select_for_update(no_key=True).only("pk").filter(pk__in=contacts).order_by("pk"))


def _record(kind: str, link: Link, *, origin: changes.Origin, actor: User | None) -> None:
    why = {"why": link.ended_why} if link.ended_why else {}
    changes.record(kind, link, actor=actor, origin=origin, user=link.account.platform_id, **why)


def _tell(link: Link, kind: str, channel: str) -> None:
    outbox.add(
        Outgoing(
            kind=kind,
            channel=channel,
            # A letter is in the account's language, and waits for nobody's chat.
            contact=link.contact if channel == "whatsapp" else None,
            account=link.account,
            arguments={"link": link.pk},
            key=f"{kind}:{link.pk}:{channel}",
            category=Category.UTILITY,
        )
    )

"""Proving from a chat that an account's mailbox is one's own.

    begin()           an e-mail address was typed: a challenge, and a mail job
    resend() cancel()
    check()           a code was typed: counted and judged, committed whatever the result
    last_asked()      whether a code may be typed now, or was not long ago
    proved_account()  whose account it is, once the code was right

What the chat hears is the same whether or not an account has the address; the mail job (`issue`) decides
what is sent. Limits that everybody may see count per contact; those of an account are never seen.
"""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import django_otp
from django.db import transaction
from django.db.models.functions import Lower

from inspector_whatsapp import clock, incidents, outbox
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import Contact, User
from inspector_whatsapp.models.outbox import IfUncertain
from inspector_whatsapp.outbox import Outgoing
from linking import codes, limits
from linking.codes import code_in, may_hold
from linking.limits import TooMany
from linking.models import (
    ALIVE,
    COOLDOWN,
    MAILS,
    TRIES,
    AccountGuard,
    ChallengeState,
    KnownBy,
    LinkChallenge,
)

__all__ = [
    "Resent",
    "TooMany",
    "Verdict",
    "begin",
    "cancel",
    "check",
    "code_in",
    "last_asked",
    "may_hold",
    "may_link",
    "proved_account",
    "reopen",
    "resend",
    "void",
]

LATELY = timedelta(hours=1)  # for that long a code that was asked for may be typed, or typed once more
LIFE = timedelta(minutes=10)  # of a code, and of a proof that is not yet a link (NIST SP 800-63B)
ADDRESS = 254  # characters an e-mail address may have (RFC 5321)


@dataclass(frozen=True)
class Resent:
    """What became of the wish for another code. `seconds`: how long to wait first."""

    is_: Literal["sent", "wait", "none_open", "too_many"]
    seconds: int = 0


@dataclass(frozen=True)
class Verdict:
    """What became of a typed code; `left` tries remain.

    "dead": too many wrong ones. "expired": too late, used already, replaced, or not of this chat.
    """

    is_: Literal["right", "wrong", "dead", "expired"]
    left: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"is": self.is_, "left": self.left}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Verdict":
        return cls(kept["is"], kept["left"])


def may_link(account: User) -> bool:
    """Whether a chat may speak for it: never for an account with staff rights, nor for one switched off."""
    return account.is_active and not account.is_staff and not account.is_superuser


def begin(*, contact: Contact, email: str, now: datetime) -> LinkChallenge:
    """Ask for proof of the account with that address, in the turn's transaction; older requests end.

    Raises TooMany when the contact has asked too often. Does the same for known and unknown addresses.
    """
    _lock(contact)
    address = email.replace("\x00", "").strip().casefold()
    digest = codes.address_digest(address)
    limits.ask(contact, digest, now)
    _end(contact, ChallengeState.REPLACED)
    challenge = LinkChallenge.objects.create(
        contact=contact,
        account=_account_of(address),
        address_digest=digest,
        known_by=KnownBy.USER_ID if contact.user_id else KnownBy.PHONE,
        created_at=now,
        asked_at=now,
        expires_at=now + LIFE,
    )
    _ask_for_mail(challenge)
    return challenge


def resend(*, contact: Contact, now: datetime) -> Resent:
    """Ask for another code of the open challenge; the earlier one counts no more once the mail is made."""
    _lock(contact)
    challenge = (
        LinkChallenge.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(contact=contact, state=ChallengeState.OPEN, expires_at__gt=now)
        .first()
    )
    if challenge is None:
        return Resent("none_open")
    if challenge.mails >= MAILS:
        return Resent("too_many")
    waited = (now - challenge.asked_at).total_seconds()
    if waited < COOLDOWN:
        return Resent("wait", math.ceil(COOLDOWN - waited))
    challenge.mails += 1
    challenge.asked_at = now
    challenge.expires_at = now + LIFE
    challenge.save(update_fields=["mails", "asked_at", "expires_at"])
    _ask_for_mail(challenge)
    return Resent("sent")


def cancel(*, contact: Contact) -> None:
    """The person wants no code any more."""
    _lock(contact)
    _end(contact, ChallengeState.CANCELLED)


def check(
    *,
    contact_id: int,
    challenge_id: int,
    typed: str,
    within: Callable[[Verdict], None] = lambda verdict: None,
) -> Verdict:
    """Judge a typed code, in a transaction of its own: a try counts whatever becomes of the turn.

    `within` is told the verdict in that same transaction. Raises RuntimeError inside another transaction.
    Text that holds no code costs no try.
    """
    with transaction.atomic(durable=True):
        now = clock.now()
        challenge = (
            LinkChallenge.objects.select_for_update(of=("self",))
            .select_related("account", "contact")
            .filter(pk=challenge_id, contact_id=contact_id)
            .first()
        )
        if challenge is None:
            _same_work(challenge_id)
            verdict = Verdict("expired")
        else:
            verdict = _judge(challenge, code_in(typed), now)
            challenge.save(update_fields=["state", "attempts", "proved_at"])
        within(verdict)
        crash_point("code_judged")
        return verdict


def _judge(challenge: LinkChallenge, code: str | None, now: datetime) -> Verdict:
    """The rules, on a locked challenge; what they change is saved by the caller."""
    if challenge.state == ChallengeState.DEAD:
        return Verdict("dead")
    if challenge.state == ChallengeState.OPEN and challenge.expires_at <= now:
        challenge.state = ChallengeState.EXPIRED
    if challenge.state != ChallengeState.OPEN:
        return Verdict("expired")
    if code is None:
        return Verdict("wrong", TRIES - challenge.attempts)
    challenge.attempts += 1
    if _is_right(challenge, code, now):
        challenge.state = ChallengeState.PROVED
        challenge.proved_at = now
        return Verdict("right", TRIES - challenge.attempts)
    if challenge.attempts >= TRIES:
        challenge.state = ChallengeState.DEAD
        return Verdict("dead")
    return Verdict("wrong", TRIES - challenge.attempts)


def _is_right(challenge: LinkChallenge, code: str, now: datetime) -> bool:
    account = challenge.account
    device = getattr(challenge, "device", None)
    if account is None or device is None or not may_link(account):
        _same_work(challenge.pk)
        return False
    guard = limits.guard_of(account)
    if (
        guard.closed_at is not None
        or device.code_expires_at <= now
        or not limits.tries_left(challenge, account, now)
    ):
        _same_work(challenge.pk)
        return False
    with codes.asked_by(challenge.asker(challenge.contact)):
        right = django_otp.verify_token(account, device.persistent_id, code) is not None
    limits.guessed(guard, right=right, now=now)
    return right


def _same_work(challenge_id: int) -> None:
    """What comparing a code takes, where there is none to compare with."""
    codes.matches("", codes.Asker(challenge_id, ""), "000000")


def last_asked(contact: Contact, *, now: datetime) -> Literal["open", "lately", "never"]:
    """How it stands with the code a contact asked for last: still open, or asked for within an hour."""
    asked = LinkChallenge.objects.filter(contact=contact, asked_at__gt=now - LATELY)
    newest = asked.order_by("-created_at").values_list("state", flat=True).first()
    if newest is None:
        return "never"
    return "open" if newest == ChallengeState.OPEN else "lately"


def proved_account(*, contact: Contact, challenge_id: int) -> User | None:
    """The account that this contact has just proved, None if it has not or that was too long ago."""
    challenge = (
        LinkChallenge.objects.select_related("account")
        .filter(
            pk=challenge_id,
            contact=contact,
            state=ChallengeState.PROVED,
            proved_at__gt=clock.now() - LIFE,
        )
        .first()
    )
    if challenge is None or challenge.account is None or not may_link(challenge.account):
        return None
    return challenge.account


def void(account: User) -> None:
    """Let no request for this account go on: the account or its link has changed."""
    LinkChallenge.objects.filter(account=account, state__in=ALIVE).update(state=ChallengeState.VOID)


def alive_of(accounts: Collection[int]) -> list[int]:
    """Those of the accounts for which a request goes on."""
    alive = LinkChallenge.objects.filter(account__in=accounts, state__in=ALIVE)
    return list(alive.values_list("account", flat=True))


def reopen(account: User) -> bool:
    """Let the account be linked from a chat again after too many wrong codes: it was linked from the web."""
    reopened = AccountGuard.objects.filter(account=account, closed_at__isnull=False).update(
        closed_at=None, wrong_in_a_row=0
    )
    incidents.close(limits.CLOSED, key=str(account.pk))
    return reopened > 0


def _lock(contact: Contact) -> None:
    """One request of a contact at a time; rows that merely point to it are not kept waiting."""
    Contact.objects.select_for_update(no_key=True).only("pk").get(pk=contact.pk)


def _end(contact: Contact, state: ChallengeState) -> None:
    LinkChallenge.objects.filter(contact=contact, state__in=ALIVE).update(state=state)


def _account_of(address: str) -> User | None:
    if not address or len(address) > ADDRESS:
        return None
    return User.objects.alias(plain=Lower("email")).filter(plain=address).first()


def _ask_for_mail(challenge: LinkChallenge) -> None:
    outbox.add(
        Outgoing(
            kind="link_code",
            channel="email",
            contact=challenge.contact,
            account=challenge.account,
            arguments={"challenge": challenge.pk, "mail": challenge.mails},
            key=f"link_code:{challenge.pk}:{challenge.mails}",
            expires_at=challenge.expires_at,
            if_uncertain=IfUncertain.HOLD,
        )
    )

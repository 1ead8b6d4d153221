"""Linking that begins on the website, where the person is signed in.

    begin()    "Connect WhatsApp" was pressed: a token for a deep link and a QR code
    claim()    a chat sent the token: it proposes itself, nobody is connected yet
    find()     what the website may see of it
    cancel()   "this is not me"

The yes is `rules.connect_from_web`. A token is made of the intent's id under SECRET_KEY, and kept only as its
SHA-256: the same answer can be given again without keeping what is in it.
"""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp import deep_links, outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.outbox import Outgoing
from inspector_whatsapp.words import Reader, Words, say
from linking.challenges import may_link
from linking.models import GOING_ON, IntentState, LinkIntent, WrongToken

LIFE = timedelta(minutes=10)  # to send the token; and once it was sent, to confirm it
DAY = timedelta(days=1)
A_DAY = 20  # intents of one account
WRONG_A_DAY = 10  # tokens of one contact that are none; more are not looked at

# Crockford's base 32: five bits a character, none that people mistake for another.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")
_BYTES = 10  # 80 bits: 16 characters
_SAID = r"link[\s:]+((?:[0-9a-hjkmnp-tv-zoil]{4}[\s-]{0,2}){3}[0-9a-hjkmnp-tv-zoil]{4})"
_WHOLE = re.compile(rf"\s*{_SAID}\s*", re.IGNORECASE | re.ASCII)
_SOMEWHERE = re.compile(rf"\b{_SAID}\b", re.IGNORECASE | re.ASCII)


class TooManyIntents(Exception):
    """The account has begun too often; `until` says when it may again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("This account has begun to connect a WhatsApp too often today.")
        self.until = until


class NotForThisAccount(Exception):
    """No WhatsApp ever speaks for it: it has staff rights, or is switched off."""


class NoSuchIntent(Exception):
    """There is none of that id that was made by this account in this session."""


class AlreadyConfirmed(Exception):
    """The WhatsApp is connected by now: that is ended by disconnecting it."""


@dataclass(frozen=True)
class Claimed:
    """What became of a token that a chat sent.

    "waiting": its sender is to be confirmed on the website. "already": they speak for `account` as it is.
    "over": there is no such token, or none any more.
    """

    is_: Literal["waiting", "already", "over"]
    account: User | None = None


def begin(*, account: User, session: str, now: datetime) -> LinkIntent:
    """A new intent of somebody who is signed in. session: the website's id of theirs; empty: it names none.

    Raises NotForThisAccount, TooManyIntents. In the caller's transaction.
    """
    # One at a time, so that the limit holds.
    held = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not may_link(held):
        raise NotForThisAccount("No WhatsApp can be connected to this account.")
    made = LinkIntent.objects.filter(account=held, created_at__gt=now - DAY).order_by("-created_at")
    recent = list(made.values_list("created_at", flat=True)[:A_DAY])
    if len(recent) == A_DAY:
        raise TooManyIntents(recent[-1] + DAY)
    public_id = uuid.uuid4()
    return LinkIntent.objects.create(
        public_id=public_id,
        account=held,
        session_digest=session_digest(session),
        token_digest=_digest(_token(public_id, settings.SECRET_KEY)),
        created_at=now,
        expires_at=now + LIFE,
    )


def token(intent: LinkIntent) -> str:
    """The intent's token, made anew; keys of SECRET_KEY_FALLBACKS count while they are rotated out."""
    found = [_token(intent.public_id, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return next((each for each in found if _digest(each) == intent.token_digest), found[0])


def message(intent: LinkIntent) -> str:
    """What the chat is to send."""
    return f"LINK {token(intent)}"


def deep_link(intent: LinkIntent) -> str:
    """The address that opens WhatsApp with that message written; for a button, and as a QR code."""
    return deep_links.to_our_chat(message(intent))


def token_in(text: str) -> str | None:
    """The token that is all a message says; None if it says anything else.

    Capitals, blanks and dashes between fours, and letters that look like digits make no difference.
    """
    found = _WHOLE.fullmatch(_plain(text))
    if found is None:
        return None
    return re.sub(r"[\s-]", "", found[1]).upper().translate(_LOOK_ALIKES)


def names_token(text: str) -> bool:
    """Whether there is a token anywhere in it: then the words are not kept."""
    return _SOMEWHERE.search(_plain(text)) is not None


def claim(*, contact: Contact, token: str, now: datetime) -> Claimed:
    """A chat sent a token. The first one has it, in one statement; in the turn's transaction."""
    wrong = WrongToken.objects.filter(contact=contact, at__gt=now - DAY).count()
    if wrong >= WRONG_A_DAY:
        return Claimed("over")
    intent = LinkIntent.objects.select_related("account").filter(token_digest=_digest(token)).first()
    claimed = _claim(intent, contact, now) if intent is not None and may_link(intent.account) else None
    if claimed is None:
        WrongToken.objects.create(contact=contact, at=now)
        return Claimed("over")
    return claimed


def _claim(intent: LinkIntent, contact: Contact, now: datetime) -> Claimed | None:
    linked = Link.objects.filter(contact=contact, account=intent.account_id, state=LinkState.ACTIVE).exists()
    becomes = IntentState.ALREADY if linked else IntentState.CLAIMED
    first = LinkIntent.objects.filter(pk=intent.pk, state=IntentState.OPEN, expires_at__gt=now).update(
        state=becomes, contact=contact, claimed_at=now, expires_at=now + LIFE
    )
    if not first:
        # Sent twice by the same person, it says the same thing twice.
        intent.refresh_from_db(fields=["state", "contact", "expires_at"])
        if intent.contact_id != contact.pk or intent.state == IntentState.CANCELLED:
            return None
        if not linked and (intent.state != IntentState.CLAIMED or intent.expires_at <= now):
            return None
    return Claimed("already", intent.account) if linked else Claimed("waiting")


def find(*, account: User, session: str, public_id: uuid.UUID) -> LinkIntent:
    """The intent, for the account and the session that made it. Raises NoSuchIntent for anybody else."""
    mine = Q(session_digest="") | Q(session_digest=session_digest(session))
    intent = (
        LinkIntent.objects.select_related("contact", "account", "link")
        .filter(mine, public_id=public_id, account=account)
        .first()
    )
    if intent is None:
        raise NoSuchIntent("There is no such request of yours.")
    return intent


def cancel(intent: LinkIntent) -> None:
    """Its owner says no, or wants it no more; whoever sent the token hears that nobody is connected.

    Raises AlreadyConfirmed. In the caller's transaction; a second time changes nothing.
    """
    held = LinkIntent.objects.select_for_update(of=("self",)).select_related("contact").get(pk=intent.pk)
    if held.state == IntentState.CONFIRMED:
        raise AlreadyConfirmed("That WhatsApp is connected. Disconnect it instead.")
    if held.state not in GOING_ON:
        return
    LinkIntent.objects.filter(pk=held.pk).update(state=IntentState.CANCELLED)
    if held.contact is not None:
        words = say(_("Nothing was connected: the request was cancelled on the website."))
        _tell(held.contact, words, key=f"intent_cancelled:{held.pk}")


def is_over(intent: LinkIntent, *, now: datetime) -> bool:
    """Whether its time ran out before it came to an end."""
    return intent.state in GOING_ON and intent.expires_at <= now


def replaces(intent: LinkIntent) -> bool:
    """Whether another WhatsApp speaks for the account now, and would no longer."""
    others = Link.objects.filter(account=intent.account_id, state=LinkState.ACTIVE)
    return others.exclude(contact=intent.contact_id).exists()


def question(account: User) -> Words:
    """What the account's owner says yes to."""
    return say(
        _(
            "Connect this WhatsApp to the account {account:email}? Its chat will get inspection messages and "
            "can manage bookings."
        ),
        account=account,
    )


def void(*, account: User | None = None, contact: Contact | None = None) -> None:
    """Let no intent of this account, or claimed by this contact, go on: who they are has changed."""
    whose = Q(account=account) if account is not None else Q(contact=contact)
    LinkIntent.objects.filter(whose, state__in=GOING_ON).update(state=IntentState.VOID)


def alive_of(accounts: Collection[int]) -> list[int]:
    """Those of the accounts that somebody is about to link."""
    alive = LinkIntent.objects.filter(account__in=accounts, state__in=GOING_ON)
    return list(alive.values_list("account", flat=True))


def move(merged: int, into: int) -> None:
    """Two contacts, by their keys, were one: what one of them sent, the other did."""
    LinkIntent.objects.filter(contact=merged).update(contact=into)


def session_digest(session: str) -> str:
    """The website's session, as it is kept: enough to know it again."""
    return hashlib.sha256(session.encode()).hexdigest() if session else ""


def _token(public_id: uuid.UUID, secret: str) -> str:
    digest = salted_hmac("linking.intent", str(public_id), secret=secret, algorithm="sha256").digest()
    number = int.from_bytes(digest[:_BYTES])
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _plain(text: str) -> str:
    # Marks that are not seen come along when text is copied.
    wide = unicodedata.normalize("NFKC", text)
    return "".join(each for each in wide if unicodedata.category(each) != "Cf")


def _tell(contact: Contact, words: Words, *, key: str) -> None:
    """An answer to what the chat sent some minutes ago: its window is open."""
    body = cloud.payload(cloud.Text(words.put(Reader(language=contact.language or "en"))))
    outbox.add(
        Outgoing(
            kind="reply", channel="whatsapp", contact=contact, body=body, text=cloud.plain(body), key=key
        )
    )

"""Making a code, by the mail job that is about to send it."""

from datetime import datetime

from django.conf import settings

from inspector_whatsapp.models import User
from inspector_whatsapp.outbox import Withheld
from linking import codes, limits
from linking.challenges import may_link
from linking.models import ChallengeState, LinkChallenge, LinkCodeDevice


def issue(challenge: LinkChallenge, *, mail: int, now: datetime) -> str | None:
    """A fresh code for a locked challenge, kept as a digest; earlier ones of it count no more.

    mail: the how-manieth that was asked for; a mail that is tried again is not counted again.
    None when the number is not the account's and LINKING_REQUIRE_PHONE_MATCH asks for that: then the account
    is told of the attempt instead. Raises Withheld, in words for an admin, when nothing must be sent.
    """
    account = _mailbox(challenge, mail=mail, now=now)
    guard = limits.guard_of(account)
    if settings.LINKING_REQUIRE_PHONE_MATCH and not limits.owns_number(challenge.contact, account):
        if limits.warned_today(account, now):
            raise Withheld("the number is not the account's, and its owner has been told today")
        challenge.warned_at = now
        challenge.save(update_fields=["warned_at"])
        return None
    if guard.closed_at is not None:
        raise Withheld("after too many wrong codes the account is linked from the website only")
    if not limits.codes_left(challenge, account, now):
        raise Withheld("the account has been sent enough codes today that its own number did not ask for")
    if not limits.tries_left(challenge, account, now):
        raise Withheld("too many wrong codes were tried on the account today")
    code = codes.new()
    device = LinkCodeDevice.objects.filter(challenge=challenge).first()
    device = device or LinkCodeDevice(challenge=challenge, user=account, name="linking code")
    device.keep(code, asker=challenge.asker(challenge.contact), expires_at=challenge.expires_at, now=now)
    challenge.sent = mail
    challenge.sent_at = now
    challenge.save(update_fields=["sent", "sent_at"])
    limits.watch(now)
    return code


def _mailbox(challenge: LinkChallenge, *, mail: int, now: datetime) -> User:
    account = challenge.account
    if account is None:
        raise Withheld("no account has that address")
    if not account.is_active:
        raise Withheld("the account is no longer active")
    if not may_link(account):
        raise Withheld("an account with staff rights is never linked from a chat")
    if challenge.state != ChallengeState.OPEN:
        raise Withheld(f"the request is no longer open: {challenge.state}")
    if challenge.expires_at <= now:
        raise Withheld("the request has expired")
    if mail < challenge.sent:
        raise Withheld("a newer code has been sent")
    return account

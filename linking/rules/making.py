"""A link is made: by a code that was typed in the chat, or by a yes on the website."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from inspector_whatsapp import changes, deadlocks
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.words import Reader
from linking import challenges, intents
from linking.models import ChallengeState, IntentState, LinkChallenge, LinkIntent
from linking.rules.ending import unlink
from linking.rules.holding import heed_clock, lock, lock_all, make_current, record, tell
from linking.rules.refusals import AlreadyLinkedElsewhere, NotClaimed, NotProved, Over, Why
from notifications.consent import agreed


def connect(*, contact: Contact, challenge_id: int, consent: dict[str, Any], now: datetime) -> Link:
    """Link the account that this contact has just proved, and make it the current one.

    consent: the `wording` agreed to, `at`, and the `wamid` of the yes. Raises NotProved,
    AlreadyLinkedElsewhere. In the turn's transaction.
    """
    lock(contact)
    challenge = LinkChallenge.objects.select_for_update().filter(pk=challenge_id, contact=contact).first()
    account = challenges.proved_account(contact=contact, challenge_id=challenge_id)
    if challenge is None or account is None:
        raise NotProved("No right code has been typed for this request.")
    link = Link.objects.filter(contact=contact, account=account, state=LinkState.ACTIVE).first()
    if link is not None:
        make_current(link)
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
        heed_clock(link)
        tell(link, "link_made", "email")
        record("link_made", link, origin=changes.Origin.CHAT, actor=account)
        crash_point("link_made")
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
    lock_all([*others.values_list("contact", flat=True), *filter(None, [intent.contact_id])])
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
        heed_clock(link)
        tell(link, "link_made", "email")
        tell(link, "link_made", "whatsapp")
        record("link_made", link, origin=changes.Origin.API, actor=account)
    else:
        make_current(link)
    challenges.void(account)
    challenges.reopen(account)
    _reaches(contact)
    held.state, held.link = IntentState.CONFIRMED, link
    held.save(update_fields=["state", "link"])
    intents.void(account=account)
    return link


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


def _reaches(contact: Contact) -> None:
    """Whoever has just written can be written to, whatever Meta said before."""
    if contact.blocked_reason:
        contact.blocked_reason = ""
        contact.save(update_fields=["blocked_reason"])

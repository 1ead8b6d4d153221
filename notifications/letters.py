"""The letter that says what WhatsApp did not bring, where a person wants one: in the kind's own words for a
mailbox, or in those that were for the chat.
"""

from django.utils.translation import gettext as _

from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import Category, IfUncertain, Priority
from inspector_whatsapp.outbox import Outgoing, Withheld
from notifications.kind import Kind, Topic, by_name
from notifications.recipients import EMAIL, WHATSAPP

RETOLD = "retold"  # the kind that says in a mailbox what was written for a chat


def of(message: OutboxMessage) -> Outgoing:
    """Raises Withheld where nobody's mailbox is meant, or it is not said again by hand."""
    kind = _kind(message)
    if kind is not None and kind.topic == Topic.SECURITY:
        raise Withheld(_("News about the safety of an account are not said again by hand."))
    account = message.account or _only_account(message)
    if account is None:
        raise Withheld(_("No account is meant by it, so there is no mailbox to write to."))
    if kind is not None and type(kind).mail is not Kind.mail:
        first = (message.key or f"outbox:{message.pk}").partition(f":{WHATSAPP}")[0]
        return _letter(message, account, kind=message.kind, key=f"{first}:{EMAIL}")
    if message.category == Category.MARKETING:
        raise Withheld(_("This offer has no words for a letter."))
    if not message.text:
        raise Withheld(_("It was never put into words."))
    return _letter(message, account, kind=RETOLD, key=f"outbox:{message.pk}:{EMAIL}")


def _letter(message: OutboxMessage, account: User, *, kind: str, key: str) -> Outgoing:
    retold = kind == RETOLD
    return Outgoing(
        kind=kind,
        channel=EMAIL,
        account=account,
        arguments={"message": message.pk} if retold else message.arguments,
        key=key,
        # What was for a chat alone is of use in a mailbox for longer.
        expires_at=None if message.kind == "reply" else message.expires_at,
        if_uncertain=IfUncertain.HOLD,
        category=Category.UTILITY if retold else Category(message.category),
        priority=Priority.SOON,
        cause=message.cause,
    )


def _kind(message: OutboxMessage) -> Kind | None:
    try:
        return by_name(message.kind)
    except KeyError:  # an answer in the chat, or a kind that this release has no more
        return None


def _only_account(message: OutboxMessage) -> User | None:
    """Whose answer it was, where nobody else can have been meant: the one account the chat spoke for, then
    and now."""
    if message.contact is None:
        return None
    then = message.contact.links.filter(made_at__lte=message.created_at).select_related("account")
    links = list(then.exclude(ended_at__lt=message.created_at)[:2])
    if len(links) != 1 or links[0].state != LinkState.ACTIVE:
        return None
    return links[0].account

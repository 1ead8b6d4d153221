"""What linking keeps of people: requests to connect a WhatsApp, and guesses at codes."""

from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import clock
from inspector_whatsapp.models import Link, OutboxMessage
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import WAITING_STATES
from inspector_whatsapp.privacy.inventory import Fate, Holding, Kept
from inspector_whatsapp.privacy.people import Person
from linking import rules
from linking.rules import Why

_DAYS = "RETENTION_CHALLENGES_DAYS after it was over"


def kept() -> Kept:
    return Kept(holdings=_HOLDINGS, quiet=_quiet)


def _quiet(person: Person) -> None:
    """End their links as everywhere; that they ended is told to nobody who is to be forgotten."""
    theirs = Q(account__in=person.accounts) | Q(contact__in=person.contacts)
    for link in (
        Link.objects.select_related("account", "contact").filter(theirs).exclude(state=LinkState.ENDED)
    ):
        with transaction.atomic():
            rules.unlink(link=link, why=Why.ADMIN, now=clock.now())
            told = OutboxMessage.objects.filter(kind="link_ended", arguments__link=link.pk)
            told.filter(theirs, status__in=WAITING_STATES).delete()


_HOLDINGS = (
    Holding(
        model="linking.LinkCodeDevice",
        what="Digests of codes that were mailed to them",
        why="to prove a mailbox",
        kept=_DAYS,
        fate=Fate.DELETED,
        account=("user",),
        columns=("digest",),
        secret=("digest",),
        at="code_expires_at",
    ),
    Holding(
        model="linking.LinkIntent",
        what="Requests to connect a WhatsApp from the website",
        why="so that only the owner's yes connects it",
        kept=_DAYS,
        fate=Fate.DELETED,
        account=("account",),
        contact=("contact",),
        columns=("session_digest", "token_digest"),
        secret=("session_digest", "token_digest", "public_id"),
        at="created_at",
    ),
    Holding(
        model="linking.LinkChallenge",
        what="Requests to connect a WhatsApp from the chat, with a digest of the address they named",
        why="to prove that the mailbox is theirs",
        kept=_DAYS,
        fate=Fate.DELETED,
        account=("account",),
        contact=("contact",),
        columns=("address_digest",),
        secret=("address_digest",),
        at="created_at",
    ),
    Holding(
        model="linking.WrongToken",
        what="That they sent a token that was none",
        why="to slow down who guesses",
        kept=_DAYS,
        fate=Fate.DELETED,
        contact=("contact",),
        at="at",
    ),
    Holding(
        model="linking.AccountGuard",
        what="Wrong guesses at their account's codes",
        why="to shut who guesses out",
        kept="as long as the account is there",
        fate=Fate.DELETED,
        account=("account",),
    ),
)

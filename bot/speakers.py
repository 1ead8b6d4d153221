"""Who is talking: the account that a contact speaks for now, and whether others share the phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import Conversation, InboundEvent
from bot.scripts import Person
from inspector_whatsapp.models import Link, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.prepared import Among, Given, Prepared

LATE = timedelta(minutes=10)  # between saying and hearing; then the answer names the time, and asks again


@dataclass(frozen=True)
class Speaker:
    """An account, or nobody we know. shared: the phone speaks for other accounts as well."""

    account: User | None
    shared: bool = False


NOBODY = Speaker(None)


# The current one comes last, and knows whether there were others.
_ACTIVE = Prepared(
    lambda: (
        Link.objects.filter(Among("contact", Given("contacts")), state=LinkState.ACTIVE)
        .select_related("account")
        .order_by("current", "pk")
    )
)


def of(talks: Sequence[Conversation]) -> dict[int, Speaker]:
    """Whom each contact speaks for, by its key. One query."""
    found: dict[int, Speaker] = {}
    for link in _ACTIVE.of(contacts=[talk.contact_id for talk in talks]):
        counts = link.current and link.account.is_active and not link.account.is_staff
        found[link.contact_id] = Speaker(link.account if counts else None, shared=link.contact_id in found)
    return found


def person(talk: Conversation, speaker: Speaker, now: datetime, event: InboundEvent) -> Person:
    """Who said this, as a flow sees them."""
    return Person(
        talk.contact,
        speaker.account,
        now,
        shared=speaker.shared,
        late=event.said_at if now - event.said_at >= LATE else None,
        wamid=event.provider_id,
        wish=talk.wish,
        event=event.pk,
    )

"""Who hears of an inspection, and the rows that carry it to them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inspector_whatsapp.changes import Happened, Origin
from inspector_whatsapp.models import Contact, Inspection, Link, Role, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.outbox import Outgoing
from notifications.kind import by_name

WHATSAPP, EMAIL = "whatsapp", "email"
CHANNELS = (WHATSAPP, EMAIL)
ROLES = (Role.SEEKER, Role.AGENT, Role.INSPECTOR)  # who has a part in an inspection


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to tell one account. `key` names it on all channels together: on each it is said once."""

    kind: str
    account: User
    key: str
    arguments: dict[str, Any] = field(default_factory=dict)
    channels: Collection[str] = CHANNELS
    expires_at: datetime | None = None


def of(inspection: Inspection, roles: Collection[str] = ROLES) -> list[tuple[User, Role]]:
    """Who has one of these parts in the inspection; somebody with several is named once, by the first."""
    parts: dict[Role, User | None] = {
        Role.SEEKER: inspection.seeker,
        Role.AGENT: inspection.property.agent,
        Role.INSPECTOR: inspection.inspector,
    }
    found: dict[int, tuple[User, Role]] = {}
    for role in ROLES:
        person = parts[role]
        if role in roles and person is not None:
            found.setdefault(person.pk, (person, role))
    return list(found.values())


def channels(happened: Happened, person: User, *, letter: bool = True) -> Collection[str]:
    """By which channels a person hears of a change.

    Whoever acts in the chat has the flow's own answer there; by e-mail they get a `letter` where one is of
    use, because it brings the calendar entry.
    """
    if happened.origin != Origin.CHAT or happened.actor != person:
        return CHANNELS
    return (EMAIL,) if letter else ()


def outgoing(notices: Iterable[Notice]) -> list[Outgoing]:
    """A message per notice and channel; on WhatsApp only to accounts with an active link. One query."""
    notices = list(notices)
    contacts = contacts_of(notice.account.pk for notice in notices if WHATSAPP in notice.channels)
    found = []
    for notice in notices:
        for channel in notice.channels:
            contact = contacts.get(notice.account.pk) if channel == WHATSAPP else None
            if channel == WHATSAPP and contact is None:
                continue
            found.append(
                Outgoing(
                    kind=notice.kind,
                    channel=channel,
                    contact=contact,
                    account=notice.account,
                    arguments=notice.arguments,
                    key=f"{notice.key}:{channel}",
                    expires_at=notice.expires_at,
                    if_uncertain=by_name(notice.kind).if_uncertain,
                )
            )
    return found


def contacts_of(accounts: Iterable[int]) -> dict[int, Contact]:
    """The WhatsApp that speaks for each account; a constraint allows one."""
    wanted = set(accounts)
    if not wanted:
        return {}
    links = Link.objects.filter(account__in=wanted, state=LinkState.ACTIVE).select_related("contact")
    return {link.account_id: link.contact for link in links}

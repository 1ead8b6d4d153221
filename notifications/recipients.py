"""Who hears of an inspection, and the rows that carry it to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inspector_whatsapp import clock
from inspector_whatsapp.changes import Happened, Origin
from inspector_whatsapp.models import Change, Contact, Inspection, Link, Role, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.outbox import Outgoing, Step
from inspector_whatsapp.prepared import Among, Given, Prepared
from notifications.kind import by_name

WHATSAPP, EMAIL = "whatsapp", "email"
CHANNELS = (WHATSAPP, EMAIL)
ROLES = (Role.SEEKER, Role.AGENT, Role.INSPECTOR)  # who has a part in an inspection
NOT_CONNECTED = Step("whatsapp", "no WhatsApp is connected to this account")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to tell one account. `key` names it on all channels together: on each it is said once.

    expires_at: until when it is of use; the kind's `useful_for` where it is not given. not_before: when it
    leaves at the earliest.
    """

    kind: str
    account: User
    key: str
    arguments: dict[str, Any] = field(default_factory=dict)
    channels: Collection[str] = CHANNELS
    expires_at: datetime | None = None
    not_before: datetime | None = None
    # Whether a letter takes its place where WhatsApp cannot bring it.
    otherwise: bool = True
    # What brings it about, where no change does.
    because: str = ""


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


def by_one_channel(people: Iterable[User]) -> Mapping[int, Collection[str]]:
    """On WhatsApp, or by a letter where there is none: what has to be answered once is asked once."""
    keys = [person.pk for person in people]
    linked = contacts_of(keys)
    return {key: (WHATSAPP,) if key in linked else (EMAIL,) for key in keys}


def outgoing(
    notices: Iterable[Notice], *, now: datetime | None = None, cause: Change | None = None
) -> list[Outgoing]:
    """A message per notice and channel; on WhatsApp only to accounts with an active link. One query.

    cause: the change that brings them about; its time is `now` unless another is given.
    """
    moment = now or (cause.at if cause else clock.now())
    return _outgoing([(notice, moment, cause) for notice in notices])


def outgoing_of_many(told: Iterable[tuple[Happened, Notice]]) -> list[Outgoing]:
    """The same, of several changes, each the cause of its own."""
    found = [(notice, happened.row.at, happened.row) for happened, notice in told]
    return _outgoing(found)


def _outgoing(told: Sequence[tuple[Notice, datetime, Change | None]]) -> list[Outgoing]:
    contacts = contacts_of(notice.account.pk for notice, _at, _cause in told if WHATSAPP in notice.channels)
    found = []
    for notice, moment, cause in told:
        contact = contacts.get(notice.account.pk)
        steps = (Step("trigger", notice.because),) if notice.because else ()
        if WHATSAPP in notice.channels and contact is None:
            steps = (*steps, NOT_CONNECTED)
        found += [
            _message(notice, channel, contact if channel == WHATSAPP else None, moment, cause, steps)
            for channel in notice.channels
            if channel != WHATSAPP or contact is not None
        ]
    return found


def _message(
    notice: Notice,
    channel: str,
    contact: Contact | None,
    now: datetime,
    cause: Change | None,
    steps: tuple[Step, ...],
) -> Outgoing:
    kind = by_name(notice.kind)
    expires_at = notice.expires_at
    if expires_at is None and kind.useful_for is not None:
        expires_at = now + kind.useful_for
    return Outgoing(
        kind=notice.kind,
        channel=channel,
        contact=contact,
        account=notice.account,
        arguments=notice.arguments | ({} if notice.otherwise else {"otherwise": False}),
        key=f"{notice.key}:{channel}",
        not_before=notice.not_before,
        expires_at=expires_at,
        if_uncertain=kind.if_uncertain,
        category=kind.category,
        priority=kind.urgency.priority,
        cause=cause,
        steps=steps,
    )


_ACTIVE = Prepared(
    lambda: Link.objects.filter(Among("account", Given("accounts")), state=LinkState.ACTIVE).select_related(
        "contact"
    )
)


def contacts_of(accounts: Iterable[int]) -> dict[int, Contact]:
    """The WhatsApp that speaks for each account; a constraint allows one."""
    wanted = set(accounts)
    if not wanted:
        return {}
    return {link.account_id: link.contact for link in _ACTIVE.of(accounts=list(wanted))}

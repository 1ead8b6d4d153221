"""What people are told on a rhythm: inspectors their day, agents their week. Entries of the schedules do it.

An entry runs by the service's clock; each person is told at the time that it shows, by their own. What they
are told is found when the message leaves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.timezone import localtime

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import Inspection, Role, User
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Reader
from notifications import recipients
from notifications.due import moment
from notifications.kind import key, zone_of
from notifications.recipients import Notice

BATCH = 500  # people per statement
AHEAD = timedelta(days=3)  # in which the day lies that is told of, wherever somebody is


def send_days() -> int:
    """Write today's visits to every inspector who has some; how many. Twice on a day, it goes once."""
    now = clock.now()
    soon = Inspection.objects.filter(
        state=InspectionState.CONFIRMED, clash=False, starts_at__gt=now - AHEAD, starts_at__lt=now + AHEAD
    )
    at: dict[int, list[datetime]] = {}
    for inspector, starts_at in soon.filter(inspector__isnull=False).values_list("inspector", "starts_at"):
        at.setdefault(inspector, []).append(starts_at)
    notices = []
    for person, zone in _with_zones(at):
        then = _at_the_same_time(now, zone)
        day = then.astimezone(zone).date()
        if any(starts_at.astimezone(zone).date() == day for starts_at in at[person.pk]):
            notices.append(
                Notice(
                    kind="inspector_day",
                    account=person,
                    key=key("inspector_day", person.pk, day.isoformat()),
                    arguments={"day": day.isoformat()},
                    not_before=then,
                    because="the inspector's day",
                )
            )
    return _write(notices, now)


def send_weeks() -> int:
    """Write their week to every agent with a home on offer or somebody coming; how many. Once a day."""
    now = clock.now()
    offers = Q(properties__status=PropertyStatus.LIVE) | Q(
        properties__inspections__starts_at__gt=now - timedelta(days=7)
    )
    agents = User.objects.filter(offers, role=Role.AGENT, is_active=True).values_list("pk", flat=True)
    notices = []
    for person, zone in _with_zones(agents.order_by("pk").distinct()):
        then = _at_the_same_time(now, zone, today=True)
        notices.append(
            Notice(
                kind="agent_week",
                account=person,
                key=key("agent_week", person.pk, then.astimezone(zone).date().isoformat()),
                arguments={"until": then.isoformat()},
                not_before=then,
                because="the agent's week",
            )
        )
    return _write(notices, now)


def _with_zones(people: Iterable[int]) -> Iterable[tuple[User, ZoneInfo]]:
    """Those who are active, and where each is; what was chosen in the chat wins over the account's."""
    wanted = list(people)
    for first in range(0, len(wanted), BATCH):
        found = User.objects.filter(pk__in=wanted[first : first + BATCH], is_active=True).order_by("pk")
        contacts = recipients.contacts_of([person.pk for person in found])
        for person in found:
            yield person, Reader(zone=zone_of(person, contacts.get(person.pk))).tz


def _at_the_same_time(now: datetime, zone: ZoneInfo, *, today: bool = False) -> datetime:
    """When the clocks there show what ours do; tomorrow where that is past, or now if it is for `today`."""
    shown = localtime(now).time().replace(second=0, microsecond=0)
    day = now.astimezone(zone).date()
    then = moment(day, shown, zone)
    if then > now - timedelta(minutes=1):
        return max(then, now)
    return now if today else moment(day + timedelta(days=1), shown, zone)


def _write(notices: list[Notice], now: datetime) -> int:
    for first in range(0, len(notices), BATCH):
        outbox.add_all(recipients.outgoing(notices[first : first + BATCH], now=now), now=now)
    return len(notices)

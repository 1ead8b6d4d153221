"""How an account wants to be told: which topics by which channels, and its quiet hours."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from inspector_whatsapp.models import User
from inspector_whatsapp.prepared import Given, Prepared
from notifications.kind import Topic
from notifications.models import Preference, Reachability
from notifications.recipients import CHANNELS

OFFERS = (Topic.ALERTS, Topic.SAVED)  # topics in which there are offers
CHOOSABLE = tuple(topic for topic in Topic if topic != Topic.SECURITY)


@dataclass(frozen=True)
class Quiet:
    """Hours in which a person is left in peace, by their own clock; they may go past midnight."""

    start: time
    end: time

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours end in which `now` falls; None when it falls in none.

        A time that a change of the clocks leaves out is the next one that there is; of one that comes twice,
        the first.
        """
        local = now.astimezone(zone)
        day, clock = local.date(), local.time()
        if self.start <= self.end:
            if not self.start <= clock < self.end:
                return None
        elif self.start <= clock:
            day += timedelta(days=1)
        elif clock >= self.end:
            return None
        # By way of UTC: a time that is left out becomes the one that there is.
        end = datetime.combine(day, self.end, zone).astimezone(UTC).astimezone(zone)
        return end if end > now else None


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an account has said of how it wants to be told."""

    refused: frozenset[tuple[str, str]] = frozenset()  # (topic, channel)
    quiet: Quiet | None = None
    stopped: bool = False
    mail_offers_stopped: bool = False

    def wants(self, topic: Topic, channel: str) -> bool:
        return (str(topic), channel) not in self.refused


_REFUSED = Prepared(lambda: Preference.objects.filter(account=Given("account"), wanted=False))
_REACHABILITY = Prepared(lambda: Reachability.objects.filter(account=Given("account")))


def of(account: User) -> Wishes:
    """The account's wishes. Two queries."""
    refused = _REFUSED.of(account=account.pk)
    row = next(iter(_REACHABILITY.of(account=account.pk)), None)
    return Wishes(
        refused=frozenset((each.topic, each.channel) for each in refused),
        quiet=_quiet(row),
        stopped=row is not None and row.stopped_at is not None,
        mail_offers_stopped=row is not None and row.mail_offers_stopped_at is not None,
    )


def choose(*, account: User, topic: Topic, channels: Collection[str]) -> None:
    """Hear of a topic by these channels and no others. Raises ValueError for security, which all hear of."""
    if topic not in CHOOSABLE:
        raise ValueError(f"{topic} cannot be turned off.")
    for channel in CHANNELS:
        _set(account, topic, channel, wanted=channel in channels)


def refuse(*, account: User, topic: Topic, channel: str) -> None:
    """Hear no more of a topic by this channel; what was chosen for the others stays."""
    _set(account, topic, channel, wanted=False)


def set_quiet(*, account: User, quiet: Quiet | None) -> None:
    """Keep these quiet hours, or none. Raises ValueError for hours without a length."""
    if quiet is not None and quiet.start == quiet.end:
        raise ValueError("Quiet hours begin and end at different times.")
    fields = {
        "quiet": quiet is not None,
        "quiet_from": quiet.start if quiet else None,
        "quiet_until": quiet.end if quiet else None,
    }
    Reachability.objects.update_or_create(account=account, defaults=fields)


def default_quiet() -> Quiet | None:
    """The quiet hours of whoever has chosen none; None where there are none."""
    return Quiet(*settings.QUIET_HOURS) if settings.QUIET_HOURS else None


def _set(account: User, topic: Topic, channel: str, *, wanted: bool) -> None:
    Preference.objects.update_or_create(
        account=account, topic=topic, channel=channel, defaults={"wanted": wanted}
    )


def _quiet(row: Reachability | None) -> Quiet | None:
    if row is None:
        return default_quiet()
    if not row.quiet:
        return None
    if row.quiet_from is None or row.quiet_until is None:
        return default_quiet()
    return Quiet(row.quiet_from, row.quiet_until)

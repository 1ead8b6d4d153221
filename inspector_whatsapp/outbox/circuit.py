"""Whether a channel takes anything: shut when its provider refuses us or asks for patience.

While it is shut nothing of it is claimed and no attempt is burned. Then one message is tried, by one process:
if it is taken the channel is open again, if not the pause doubles, up to a quarter of an hour. A category of
its own (marketing) may be shut while the rest goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from inspector_whatsapp import clock, doorbell, incidents
from inspector_whatsapp.models import ChannelState, OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES

LONGEST = 900  # seconds between two probes, unless the provider asks for more
PROBE = timedelta(seconds=150)  # after which whoever sends the probe is taken for dead; as long as a lease
PROBED_SOON = timedelta(seconds=5)  # after which the probe under way has landed as a rule
UNHEARD = timedelta(minutes=1)  # until another probe follows one of unknown fate
WORTH_A_LOOK = 5  # times in a row that patience was asked for, until a person is told

Scope = tuple[str, str]  # a channel and a category of it; "" for everything


@dataclass(frozen=True)
class Shut:
    """A channel, or a category of it, that is shut. resting: not even a probe may leave now."""

    id: int
    until: datetime
    why: str
    resting: bool


def shut() -> dict[Scope, Shut]:
    """What is shut now."""
    resting = Q(shut_until__gt=clock.Now()) | Q(probing_until__gt=Now())
    states = ChannelState.objects.filter(shut_until__isnull=False).annotate(
        resting=Case(When(resting, then=Value(True)), default=Value(False))
    )
    found = states.values_list("channel", "category", "pk", "shut_until", "why", "resting")
    return {(channel, category): Shut(*state) for channel, category, *state in found}


def probes(state: Shut, message: OutboxMessage) -> bool:
    """Whether this message is the one that finds out if it is still shut; of several only one is."""
    free = Q(probing_until=None) | Q(probing_until__lt=Now())
    return bool(
        ChannelState.objects.filter(free, pk=state.id, shut_until__lte=clock.Now()).update(
            probe=message.pk, probing_until=Now() + PROBE
        )
    )


_SHUT = """
INSERT INTO inspector_whatsapp_channelstate AS state (channel, category, shut_until, why, code, since, times)
VALUES (%(channel)s, %(category)s, clock_now() + %(seconds)s * interval '1 second', %(why)s, %(code)s,
        clock_now(), 1)
ON CONFLICT (channel, category) DO UPDATE SET
    since = CASE WHEN state.shut_until IS NULL THEN EXCLUDED.since ELSE state.since END,
    times = CASE WHEN state.shut_until IS NULL THEN 1
                 WHEN state.probe = %(message)s THEN state.times + 1 ELSE state.times END,
    -- What was under way when it was shut says the same once more: only the probe makes the pause longer.
    shut_until = CASE WHEN state.probe = %(message)s
        THEN clock_now() + least(%(seconds)s * 2 ^ least(state.times, 20), greatest(%(seconds)s, %(longest)s))
             * interval '1 second'
        ELSE greatest(state.shut_until, EXCLUDED.shut_until) END,
    probe = nullif(state.probe, %(message)s),
    probing_until = CASE WHEN state.probe = %(message)s THEN NULL ELSE state.probing_until END,
    why = EXCLUDED.why, code = EXCLUDED.code
RETURNING shut_until, times
"""


def found_shut(
    message: OutboxMessage,
    *,
    seconds: float,
    why: str,
    code: int | None,
    category: str = "",
    refused: bool = False,
) -> datetime:
    """Its provider takes neither this message nor others: until when.

    refused: it does not let us in, which no patience mends. A person is told at once of that, and of a
    category that was shut.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SHUT,
            {
                "channel": message.channel,
                "category": category,
                "seconds": seconds,
                "why": why[:500],
                "code": code,
                "message": message.pk,
                "longest": LONGEST,
            },
        )
        until, times = cursor.fetchone()
    key = _key(message.channel, category)
    if refused:
        incidents.report("token_refused", key=key, sentence=f"{key}: {why}")
    elif category or times >= WORTH_A_LOOK:
        incidents.report("channel_shut", key=key, sentence=f"{key}: {why}")
    moment: datetime = until
    return moment


def answered(messages: Sequence[OutboxMessage]) -> None:
    """The provider dealt with these messages: where one of them was the probe, all may leave again."""
    probed = ChannelState.objects.filter(probe__in=[message.pk for message in messages])
    for state in probed.filter(shut_until__isnull=False):
        opened = ChannelState.objects.filter(pk=state.pk, probe=state.probe)
        if opened.update(**_OPEN):
            for kind in ("channel_shut", "token_refused"):
                incidents.close(kind, key=_key(state.channel, state.category))


def found_out_nothing(message: OutboxMessage) -> None:
    """A probe stayed here after all: another one may go."""
    ChannelState.objects.filter(probe=message.pk).update(probe=None, probing_until=None)


def heard_nothing(message: OutboxMessage) -> None:
    """A probe was sent and nobody knows what became of it: that is no reason to send more."""
    ChannelState.objects.filter(probe=message.pk).update(
        shut_until=clock.Now() + UNHEARD, times=F("times") + 1, probe=None, probing_until=None
    )


def try_now(state: ChannelState) -> bool:
    """Have a probe sent at once, and what was put aside until then come back; False when it is open."""
    if state.shut_until is None:
        return False
    now = clock.now()
    aside = OutboxMessage.objects.filter(
        channel=state.channel, status__in=WAITING_STATES, not_before=state.shut_until
    )
    aside.update(not_before=now)
    ChannelState.objects.filter(pk=state.pk, shut_until__isnull=False).update(shut_until=now)
    doorbell.ring_on_commit(doorbell.OUTBOX)
    return True


_OPEN = {
    "shut_until": None,
    "why": "",
    "code": None,
    "times": 0,
    "probe": None,
    "probing_until": None,
    "since": clock.Now(),
}


def _key(channel: str, category: str) -> str:
    return f"{channel}:{category}" if category else channel

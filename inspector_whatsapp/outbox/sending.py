"""Send what is due from threads that touch no database, and record what became of it.

A process has one drain: what it claims, lets go and writes back it does for many messages at once. What it
has on the way outlives a drain that PostgreSQL cut short; the next one writes down what became of it.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from math import inf
from queue import Empty, SimpleQueue

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority, Status
from inspector_whatsapp.outbox import circuit, pace, settling
from inspector_whatsapp.outbox.channel import MOST_PLACES, Held, Receipt, Sending, Withheld, by_name
from inspector_whatsapp.outbox.claiming import Room, claim
from inspector_whatsapp.outbox.leases import Renewal
from inspector_whatsapp.outbox.story import Step, told

logger = logging.getLogger(__name__)

BULK = 0.75  # of a channel's places may be taken by what is many at once: an answer always finds one free
LOOK = 0.1  # seconds: so soon somebody is found who became due while others are on their way
GATHER = 0.01  # seconds in which answers are gathered that are then written down together
FEW = 16  # on the way: then there is nothing to gather
ASKING = 32  # messages for which the pace is asked at once
READY = 10.0  # seconds that a message waits for its turn under its lease

_Shut = dict[circuit.Scope, circuit.Shut]
_Landed = tuple[OutboxMessage, "Future[Receipt]"]


@dataclass
class _Ready:
    """A message in its channel's form that waits for its turn. asks_at: when it asks for one. until: after
    that it asks no more, and is claimed again later.
    """

    message: OutboxMessage
    sending: Sending
    until: float
    asks_at: float = 0.0


@dataclass
class _Way:
    """What this process has on its way: ready to leave; gone to its provider; come back, and not yet written
    down. `landed` has None where somebody only rang.
    """

    ready: list[_Ready] = field(default_factory=list)
    flying: dict[int, OutboxMessage] = field(default_factory=dict)
    landed: "SimpleQueue[_Landed | None]" = field(default_factory=SimpleQueue)
    back: list[_Landed] = field(default_factory=list)
    rung: threading.Event = field(default_factory=threading.Event)
    busy: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> Iterator[OutboxMessage]:
        yield from (one.message for one in self.ready)
        yield from self.flying.values()


_way = _Way()


def drain() -> int:
    """Send until nothing is due; how many were claimed.

    Where this process is at it already, that drain looks once more, and this one returns at once.
    """
    way = _way
    way.rung.set()
    way.landed.put(None)
    sent = 0
    while way.rung.is_set() and way.busy.acquire(blocking=False):
        try:
            while way.rung.is_set():
                way.rung.clear()
                sent += _drain(way)
        finally:
            way.busy.release()
    return sent


def _drain(way: _Way) -> int:
    sent = 0
    renewal = Renewal()
    while True:
        shut = circuit.shut()
        claimed = claim([_room(channel, way, shut) for channel in settings.CHANNELS])
        sent += len(claimed)
        # Letters last: an answer in the chat does not wait while one is written, nor does it tell by that
        # whether one is.
        letters = [message for message in claimed if message.channel == "email"]
        for some in ([message for message in claimed if message.channel != "email"], letters):
            _prepare(some, way, shut)
            _let_go(way)
        if not (claimed or way.ready or way.flying or way.back):
            return sent
        _write_down(way)
        renewal.look(list(way.all()))


def _room(channel: str, way: _Way, shut: _Shut) -> Room:
    """What this drain may claim of a channel: nothing while it is shut, then one to find out."""
    found = by_name(channel)
    state = shut.get((channel, ""))
    if state is not None:
        under_way = any(message.channel == channel for message in way.all())
        probes = 0 if state.resting or under_way else 1
        return Room(channel, most=probes, bulk=probes, in_order=found.in_order)
    places = found.places()
    ours = Counter(message.priority == Priority.BULK for message in way.all() if message.channel == channel)
    # What is many at once and waits for its turn is enough: more would only wait as well.
    waits = any(one.message.priority == Priority.BULK for one in way.ready if one.message.channel == channel)
    bulk = 0 if waits else max(int(places * BULK) - ours[True], 0)
    return Room(channel, most=max(places - ours.total(), 0), bulk=bulk, in_order=found.in_order)


def _prepare(claimed: Sequence[OutboxMessage], way: _Way, shut: _Shut) -> None:
    """Put claimed messages into their channel's form, or say why they stay."""
    if not claimed:
        return
    now, until = clock.now(), time.monotonic() + READY
    for message in claimed:
        with settling.about(message):
            sending = put_into_words(message, shut, now=now)
        if sending is not None:
            way.ready.append(_Ready(message, sending, until))
    way.ready.sort(key=lambda one: one.message.priority)


def put_into_words(message: OutboxMessage, shut: _Shut, *, now: datetime) -> Sending | None:
    """A claimed message in its channel's form, as its row has it then; None where it stays here."""
    if message.expires_at is not None and message.expires_at <= now:
        settling.expire(message, waited=(message.channel, "") in shut)
        return None
    if (state := _in_the_way(message, shut)) is not None:
        settling.hold(message, _until_open(state, now=now), status=Status.WAITING)
        return None
    try:
        if message.kind == "reply":  # its words stand in its row: nothing has to be written together
            return _kept(message, by_name(message.channel).prepare(message, now=now), now)
        with transaction.atomic():
            return _kept(message, by_name(message.channel).prepare(message, now=now), now)
    except Held as until:
        settling.hold(message, until)
    except Withheld as why:
        settling.close(message, why.status, str(why), steps=why.steps, instead=why.instead, then=why.then)
    except (OperationalError, InterfaceError) as error:
        # PostgreSQL's trouble, not the message's; and nothing has left.
        settling.put_back(message, f"could not be prepared: {type(error).__name__}")
    except Exception as error:
        # A row that cannot be put into words would fail for ever; a person must look.
        logger.exception("message %s could not be prepared", message.pk)
        settling.close(message, Status.FAILED, f"could not be prepared: {type(error).__name__}")
        incidents.report(
            "message_not_prepared", key=message.kind, sentence=f"Message {message.pk} could not be prepared."
        )
    return None


def _kept(message: OutboxMessage, sending: Sending, now: datetime) -> Sending:
    """What is about to be said stands in the row before it leaves."""
    if (message.body, message.text) != (sending.body, sending.text) or sending.steps:
        OutboxMessage.objects.filter(pk=message.pk).update(
            body=sending.body, text=sending.text, story=told(sending.steps, at=now)
        )
    return sending


def _let_go(way: _Way) -> None:
    """Send off those whose turn it is, or soon: one question to the pace for all."""
    now = time.monotonic()
    asking = [one for one in way.ready if min(one.asks_at, one.until) <= now][:ASKING]
    pace.reserve([one.sending.turn for one in asking if one.sending.turn is not None and now < one.until])
    for one in asking:
        one.asks_at = inf
        try:
            if one.until <= now:
                raise pace.too_many()
            if (turn := one.sending.turn) is not None and not turn.comes():
                one.asks_at = now + turn.again()
                continue
        except pace.NotYet as later:
            stays: Future[Receipt] = Future()
            stays.set_exception(later)
            way.back.append((one.message, stays))
        else:
            _send_off(way, one)
    way.ready = [one for one in way.ready if one.asks_at < inf]


def _send_off(way: _Way, one: _Ready) -> None:
    message = one.message
    way.flying[message.pk] = message
    crash_point("message_prepared")
    with settling.about(message):
        surroundings = copy_context()
    future = _threads(message.channel).submit(surroundings.run, one.sending.send)
    future.add_done_callback(lambda landed: way.landed.put((message, landed)))


def _write_down(way: _Way) -> None:
    """Record what has come back; where nothing has, wait for it until there may be something else to do."""
    soonest = min((one.asks_at for one in way.ready), default=inf)
    if not way.back:
        with suppress(Empty):
            _comes_back(way, way.landed.get(timeout=min(max(soonest - time.monotonic(), 0.001), LOOK)))
    if len(way.flying) > FEW:
        time.sleep(GATHER)
    with suppress(Empty):
        while True:
            _comes_back(way, way.landed.get_nowait())
    try:
        settling.settle(way.back)
    except (OperationalError, InterfaceError):
        raise  # PostgreSQL's trouble: the next drain writes it down
    except Exception:
        way.back.clear()
        raise
    way.back.clear()


def _comes_back(way: _Way, landed: _Landed | None) -> None:
    if landed is not None:
        way.flying.pop(landed[0].pk, None)
        way.back.append(landed)


@cache
def _threads(channel: str) -> ThreadPoolExecutor:
    """The threads of this process that send by a channel. They stay, and with them their connections."""
    return ThreadPoolExecutor(MOST_PLACES, thread_name_prefix=f"{channel}-sender")


def _in_the_way(message: OutboxMessage, shut: _Shut) -> circuit.Shut | None:
    """What keeps a claimed message here: its channel or its category is shut, and it is not the probe."""
    for scope in ((message.channel, ""), (message.channel, message.category)):
        state = shut.get(scope)
        if state is not None and not circuit.probes(state, message):
            return state
    return None


def _until_open(state: circuit.Shut, *, now: datetime) -> Held:
    """Until the next probe, or until the one under way should have landed."""
    why = f"the channel is shut: {state.why}"
    until = max(state.until, now + circuit.PROBED_SOON)
    return Held(why, until=until, steps=[Step(settling.SHUT, why)])

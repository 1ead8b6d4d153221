"""How fast messages leave: one pace over all workers, reserved in Redis, kept without polling.

GCRA (the leaky bucket as a meter), for the number and for the person in one call: it reserves the next free
moment and says how long it is until then, or says how long it would be and reserves nothing.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from functools import cache

import redis
from django.conf import settings

from inspector_whatsapp.cloud_api.limits import PAIR_BURST, PAIR_INTERVAL_SECONDS
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority

logger = logging.getLogger(__name__)

LATE = 0.05  # seconds: who wakes up later than this has lost the moment, and asks for another
# How many seconds ahead each may reserve: a reply is never behind more than what the others have taken.
AHEAD = {Priority.NOW: 5.0, Priority.SOON: 0.6, Priority.BULK: 0.3}
PERSON_PATIENCE = 1.0  # seconds that a thread waits for a person's turn; a longer wait is for the row
LOOKING = 20.0  # seconds that a thread looks for a moment near enough
PAUSE = 0.05  # seconds at least between two looks
TURN = 1.0  # seconds until a message that found none is claimed again

_RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local step, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local person_step, person_burst = tonumber(ARGV[3]), tonumber(ARGV[4])
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local theirs = math.max(tonumber(redis.call('GET', KEYS[2]) or 0), now)
local person = math.max(theirs - person_burst - now, 0)
if person_step == 0 then person = 0 end
if free - now > ahead or person > 0 then return {0, free - now, person} end
redis.call('SET', KEYS[1], string.format('%.0f', free + step), 'PX', 60000)
if person_step > 0 then
  local due = theirs + person_step
  redis.call('SET', KEYS[2], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1000)
end
return {1, free - now, person}
"""


class NotYet(Exception):
    """A message that may not leave for some seconds; its words say why. Nothing has been sent."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why, seconds)
        self.why = why
        self.seconds = seconds

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class Turn:
    """Whose message wants to leave, and how many seconds ahead it may reserve."""

    person: str
    ahead: float


def turn(message: OutboxMessage) -> Turn:
    """The turn of this message."""
    return Turn(message.lane, AHEAD[Priority(message.priority)])


@dataclass(frozen=True)
class _Answer:
    """In seconds. reserved: whether the moment `number` from now is ours."""

    reserved: bool
    number: float
    person: float


def wait(name: str, mine: Turn, *, per_second: int) -> None:
    """Sleep until this message may leave under `name`. Raises NotYet when that is not soon.

    In no second more than `per_second` leave: moments lie so far apart that even those who wake up late, by
    LATE at most, do not meet more than that.
    """
    step = -(-round(1_000_000 * (1 + LATE)) // per_second)
    person_step = round(PAIR_INTERVAL_SECONDS * 1_000_000)
    over = time.monotonic() + LOOKING
    while (asked := time.monotonic()) < over:
        answer = _reserve(name, mine, step, person_step)
        if answer.person > PERSON_PATIENCE:
            raise NotYet("this person's turn comes later: Meta's limit for one person", answer.person)
        if not answer.reserved:
            time.sleep(max(answer.person, answer.number - mine.ahead, PAUSE))
            continue
        time.sleep(answer.number)
        if time.monotonic() - asked <= answer.number + LATE:
            return
        person_step = 0  # theirs is taken already
    raise NotYet("others leave first: the limit of messages a second", TURN)


def _reserve(name: str, mine: Turn, step: int, person_step: int) -> _Answer:
    """Without Redis each process keeps the pace alone."""
    keys = [f"pace:{name}", f"pace:{name}:{mine.person}"]
    limits = [step, round(mine.ahead * 1_000_000), person_step, person_step * (PAIR_BURST - 1)]
    try:
        reserved, number, person = _script()(keys=keys, args=limits)
    except redis.RedisError as error:
        logger.warning("the pace is kept by this process alone: %s", type(error).__name__)
        reserved, number, person = _alone.reserve(keys, limits)
    return _Answer(bool(reserved), number / 1_000_000, person / 1_000_000)


@cache
def _script() -> "redis.commands.core.Script":
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    return client.register_script(_RESERVE)


@dataclass
class _Alone:
    """The same, by the memory of one process."""

    due: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, keys: list[str], limits: list[int]) -> tuple[int, float, float]:
        step, ahead, person_step, person_burst = limits
        now = time.monotonic() * 1_000_000
        with self.lock:
            if len(self.due) > 10_000:
                self.due = {key: due for key, due in self.due.items() if due > now}
            free, theirs = (max(self.due.get(key, 0.0), now) for key in keys)
            person = max(theirs - person_burst - now, 0.0) if person_step else 0.0
            if free - now > ahead or person > 0:
                return 0, free - now, person
            self.due[keys[0]] = free + step
            if person_step:
                self.due[keys[1]] = theirs + person_step
        return 1, free - now, person


_alone = _Alone()

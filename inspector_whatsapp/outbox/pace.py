"""How fast messages leave: one pace over all workers, reserved in Redis, kept without polling.

GCRA (the leaky bucket as a meter), for the number and for the person in one call, for many messages at once:
it reserves the next free moments and says how long it is until then, or how long it would be and takes none.
"""

import logging
import threading
import time
from collections.abc import Sequence
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

# For many at once, in their order: those who may not reserve so far ahead are told how far it would be.
_RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local step, person_step, person_burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local first = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local free, answers = first, {}
for place = 2, #KEYS do
  local near, person, theirs = free - now <= tonumber(ARGV[place + 2]), 0, now
  if near and person_step > 0 then
    theirs = math.max(tonumber(redis.call('GET', KEYS[place]) or 0), now)
    person = math.max(theirs - person_burst - now, 0)
  end
  local reserved = near and person == 0
  table.insert(answers, reserved and 1 or 0)
  table.insert(answers, free - now)
  table.insert(answers, person)
  if reserved then
    free = free + step
    if person_step > 0 then
      local due = theirs + person_step
      local kept = math.ceil((due - now) / 1000) + 1000
      redis.call('SET', KEYS[place], string.format('%.0f', due), 'PX', kept)
    end
  end
end
if free > first then redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', 60000) end
return answers
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
class Answer:
    """In seconds from `asked`, by the process's own clock. reserved: whether the moment `number` is theirs.

    person: how long it is until this person may get another.
    """

    reserved: bool
    number: float
    person: float
    asked: float
    heard: float

    @property
    def moment(self) -> float:
        """When whoever reserved it may leave."""
        return self.heard + self.number

    @property
    def lost(self) -> bool:
        """Whether it is too late to leave at that moment."""
        return time.monotonic() > self.asked + self.number + LATE


@dataclass
class Turn:
    """Who wants to leave under the name of a number, of which so many may in a second.

    ahead: how many seconds ahead they may reserve. answer: what they were told last.
    """

    person: str
    ahead: float
    name: str
    per_second: int
    answer: Answer | None = None

    def again(self) -> float:
        """In how many seconds it is worth asking once more."""
        if self.answer is None:
            return 0
        return max(self.answer.person, self.answer.number - self.ahead, PAUSE)

    def comes(self) -> bool:
        """Whether a moment is reserved for them. Raises NotYet where their person's turn is not soon."""
        if self.answer is not None and self.answer.person > PERSON_PATIENCE:
            raise NotYet("this person's turn comes later: Meta's limit for one person", self.answer.person)
        return self.answer is not None and self.answer.reserved


def turn(message: OutboxMessage, *, name: str, per_second: int) -> Turn:
    """The turn of this message."""
    return Turn(message.lane, AHEAD[Priority(message.priority)], name, per_second)


def wait(mine: Turn) -> None:
    """Sleep until this message may leave, at the moment that was reserved for it, if any was.

    Raises NotYet when that is not soon. In no second more than `per_second` leave: moments lie so far apart
    that even those who wake up late, by LATE at most, do not meet more than that.
    """
    over, charged = time.monotonic() + LOOKING, False
    while time.monotonic() < over:
        if not mine.comes():
            reserve([mine], charged=charged)
        if not mine.comes() or mine.answer is None:
            time.sleep(mine.again())
            continue
        time.sleep(max(mine.answer.moment - time.monotonic(), 0))
        late, charged, mine.answer = mine.answer.lost, True, None
        if not late:
            return
    raise too_many()


def too_many() -> NotYet:
    return NotYet("others leave first: the limit of messages a second", TURN)


def reserve(turns: Sequence[Turn], *, charged: bool = False) -> None:
    """Ask for a moment for each, those first that stand first; one question for all of a number.

    charged: what they take of their person's turns is taken already. Without Redis each process keeps the
    pace alone.
    """
    for number in {(each.name, each.per_second) for each in turns}:
        _reserve(*number, [each for each in turns if (each.name, each.per_second) == number], charged=charged)


def _reserve(name: str, per_second: int, turns: Sequence[Turn], *, charged: bool) -> None:
    step = -(-round(1_000_000 * (1 + LATE)) // per_second)
    person_step = 0 if charged else round(PAIR_INTERVAL_SECONDS * 1_000_000)
    keys = [f"pace:{name}", *[f"pace:{name}:{each.person}" for each in turns]]
    limits = [step, person_step, person_step * (PAIR_BURST - 1)]
    limits += [round(each.ahead * 1_000_000) for each in turns]
    asked = time.monotonic()
    try:
        found = _script()(keys=keys, args=limits)
    except redis.RedisError as error:
        logger.warning("the pace is kept by this process alone: %s", type(error).__name__)
        found = _alone.reserve(keys, limits)
    heard = time.monotonic()
    for each, place in zip(turns, range(0, len(found), 3), strict=True):
        reserved, number, person = found[place : place + 3]
        each.answer = Answer(bool(reserved), number / 1_000_000, person / 1_000_000, asked, heard)


@cache
def _script() -> "redis.commands.core.Script":
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    return client.register_script(_RESERVE)


@dataclass
class _Alone:
    """The same, by the memory of one process."""

    due: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, keys: Sequence[str], limits: Sequence[int]) -> list[float]:
        step, person_step, person_burst, *aheads = limits
        now = time.monotonic() * 1_000_000
        answers: list[float] = []
        with self.lock:
            if len(self.due) > 10_000:
                self.due = {key: due for key, due in self.due.items() if due > now}
            for key, ahead in zip(keys[1:], aheads, strict=True):
                free, theirs = (max(self.due.get(name, 0.0), now) for name in (keys[0], key))
                near = free - now <= ahead
                person = max(theirs - person_burst - now, 0.0) if near and person_step else 0.0
                reserved = near and not person
                answers += [reserved, free - now, person]
                if reserved:
                    self.due[keys[0]] = free + step
                    if person_step:
                        self.due[key] = theirs + person_step
        return answers


_alone = _Alone()

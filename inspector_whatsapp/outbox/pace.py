"""How fast messages leave: one pace over all workers, reserved in Redis, kept without polling.

GCRA (the leaky bucket as a meter): one call reserves the next free moment and says how long it is until then.
"""

import logging
import threading
import time
from functools import cache

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

_RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local free = tonumber(redis.call('GET', KEYS[1]) or 0)
if free < now then free = now end
redis.call('SET', KEYS[1], string.format('%.0f', free + ARGV[1]), 'PX', 60000)
return string.format('%.0f', free - now)
"""


def wait(name: str, *, per_second: int) -> None:
    """Sleep until the next message of this name may leave."""
    time.sleep(_reserve(name, 1_000_000 // per_second) / 1_000_000)


def _reserve(name: str, interval: int) -> float:
    """Microseconds until the moment that was reserved. Without Redis each process keeps the pace alone."""
    try:
        return float(_script()(keys=[f"pace:{name}"], args=[interval]))
    except redis.RedisError as error:
        logger.warning("the pace is kept by this process alone: %s", type(error).__name__)
        return _alone(interval)


@cache
def _script() -> "redis.commands.core.Script":
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    return client.register_script(_RESERVE)


_lock = threading.Lock()
_free = 0.0


def _alone(interval: int) -> float:
    global _free
    now = time.monotonic() * 1_000_000
    with _lock:
        moment = max(_free, now)
        _free = moment + interval
    return moment - now

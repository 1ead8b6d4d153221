"""How often somebody may call: counted in Redis by one script, so that callers at once count as well."""

import logging
import time
from functools import cache
from typing import Final

from django.conf import settings
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from inspector_whatsapp.api.authentication import Caller

logger = logging.getLogger(__name__)

_NAME: Final = "api"


class PerCaller(BaseThrottle):
    """API_USER_RATE for each person, API_CLIENT_RATE for each service, whatever address they come from."""

    seconds: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller = request.auth
        if not isinstance(caller, Caller):
            return True  # nobody who was let in
        rate = _rate(settings.API_CLIENT_RATE if caller.account is None else settings.API_USER_RATE)
        try:
            return self._counts(_together(settings.REDIS_URL), rate, caller)
        except StorageError as error:
            logger.warning("calls are counted by this process alone: %s", type(error).__name__)
            return self._counts(_alone(), rate, caller)

    def _counts(self, limiter: SlidingWindowCounterRateLimiter, rate: RateLimitItem, caller: Caller) -> bool:
        if limiter.hit(rate, _NAME, caller.name):
            return True
        self.seconds = limiter.get_window_stats(rate, _NAME, caller.name).reset_time - time.time()
        return False

    def wait(self) -> float | None:
        return self.seconds


@cache
def _rate(words: str) -> RateLimitItem:
    return parse(words)


@cache
def _together(url: str) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(url, wrap_exceptions=True, socket_timeout=1, socket_connect_timeout=1)
    return SlidingWindowCounterRateLimiter(storage)


@cache
def _alone() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())

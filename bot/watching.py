"""Whether Meta's door is well: webhooks that stay away, and bodies that are not signed by Meta."""

import threading
import time
from collections import deque
from datetime import timedelta
from typing import Final

from django.db import InterfaceError, OperationalError

from bot.models import WebhookBody
from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import Incident, OutboxMessage
from inspector_whatsapp.models.outbox import Status

SILENT: Final = "webhook_silent"
REFUSED: Final = "signatures_refused"

# Meta says within seconds what became of a message that it took. One may be lost, several are not.
PATIENCE: Final = timedelta(minutes=15)
SEVERAL: Final = 3
LONG: Final = timedelta(hours=2)  # after which one is enough
NEWEST: Final = 500  # messages that are looked at

FORGED: Final = 5  # within FORGED_IN, by one process
FORGED_IN: Final = 600  # seconds
TOLD_EVERY: Final = 30  # seconds: a flood writes no more often than that
QUIET: Final = timedelta(minutes=30)  # without any more, and it is over


def look() -> None:
    """Open and close the incidents of the door."""
    incidents.settle(SILENT, key="whatsapp", wrong=silent())
    now = clock.now()
    over = Incident.objects.filter(kind=REFUSED, closed_at=None, last_at__lt=now - QUIET)
    for key in over.values_list("key", flat=True):
        incidents.close(REFUSED, key=key)


def silent() -> str:
    """What is wrong when statuses are expected and nothing at all arrives; "" when all is well.

    Nothing is expected at night while nothing is sent: silence alone is no trouble.
    """
    now = clock.now()
    last = WebhookBody.objects.order_by("-pk").values_list("received_at", flat=True).first()
    if last is not None and last > now - PATIENCE:
        return ""
    # By the key, from its end: no index is needed for what is looked at every few seconds.
    newest = OutboxMessage.objects.order_by("-pk").values_list("channel", "status", "accepted_at")[:NEWEST]
    waiting = [
        at
        for channel, status, at in newest
        if channel == "whatsapp"
        and status == Status.ACCEPTED
        and at is not None
        and at < now - PATIENCE
        and (last is None or at > last)
    ]
    if not waiting or (len(waiting) < SEVERAL and min(waiting) > now - LONG):
        return ""
    return f"No webhook has come since Meta took {len(waiting)} messages more than 15 minutes ago."


class Forgeries:
    """Counts in memory what this process refused, so that whoever floods us fills no table."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._seen: deque[float] = deque(maxlen=FORGED)
        self._told = float("-inf")

    def add(self) -> None:
        """One more was refused. Never fails: it is answered in any case."""
        if self.is_worth_telling(time.monotonic()):
            sentence = f"{FORGED} or more webhooks within ten minutes had no signature of Meta's."
            try:
                incidents.report(REFUSED, key="whatsapp", sentence=sentence)
            except (OperationalError, InterfaceError):  # PostgreSQL is away: the next one tells
                self._told = float("-inf")

    def is_worth_telling(self, now: float) -> bool:
        """Count one, at that second of this process's."""
        with self._lock:
            self._seen.append(now)
            many = len(self._seen) == FORGED and now - self._seen[0] <= FORGED_IN
            if not many or now - self._told < TOLD_EVERY:
                return False
            self._told = now
            return True


forgeries = Forgeries()

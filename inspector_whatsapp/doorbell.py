"""The doorbell: tells workers that there may be work. It may ring twice or not at all.

What it did not tell, a sweep finds. Ringing only sets a flag; one thread per process publishes, at most every
20 ms, so that neither a request nor a turn ever waits for Redis.
"""

import logging
import os
import threading
import time
from functools import partial

from celery import current_app
from django.db import transaction

from inspector_whatsapp.crashing import crash_point

logger = logging.getLogger(__name__)

INBOX = "bot.tasks.drain_inbox"
SLOW = "bot.tasks.drain_slow"
OUTBOX = "inspector_whatsapp.tasks.drain_outbox"
SYNC_TEMPLATES = "notifications.tasks.sync_templates"
SUBMIT_TEMPLATES = "notifications.tasks.submit_templates"
ALERTS = "notifications.tasks.tell_alerts"
PHOTOS = "inspector_whatsapp.tasks.fetch_photos"
JOBS = "inspector_whatsapp.tasks.work_jobs"

PAUSE = 0.02  # seconds between two rings
STALE = 10  # seconds after which a ring nobody heard is of no use: the sweep has been there
# What is swept but a few times a day waits for a worker for longer.
PATIENT = {SYNC_TEMPLATES: 3600, SUBMIT_TEMPLATES: 3600}


def ring(bell: str) -> None:
    """Say that there may be work for the task named `bell`. Never waits, never raises."""
    crash_point("before_the_bell")
    _Ringer.of_this_process().ring(bell)


def ring_on_commit(bell: str) -> None:
    """Ring once what is being written can be seen."""
    transaction.on_commit(partial(ring, bell))


class _Ringer:
    """The one thread of a process that publishes."""

    _current: "_Ringer | None" = None
    _lock = threading.Lock()

    @classmethod
    def of_this_process(cls) -> "_Ringer":
        with cls._lock:
            if cls._current is None or cls._current.pid != os.getpid():  # a fork takes no threads along
                cls._current = cls()
            return cls._current

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.waiting: set[str] = set()
        self.flag = threading.Event()
        threading.Thread(target=self._run, name="doorbell", daemon=True).start()

    def ring(self, bell: str) -> None:
        self.waiting.add(bell)
        self.flag.set()

    def _run(self) -> None:
        while True:
            self.flag.wait()
            self.flag.clear()
            while self.waiting:
                bell = self.waiting.pop()
                try:
                    current_app.send_task(
                        bell, expires=PATIENT.get(bell, STALE), ignore_result=True, retry=False
                    )
                except Exception as error:
                    logger.warning("doorbell %s not heard: %s", bell, type(error).__name__)
            time.sleep(PAUSE)

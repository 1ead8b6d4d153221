"""Work everything off without Celery: the inbox, the turns, the outbox, what is due."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from bot import conversation, inbox
from inspector_whatsapp import inspections, jobs, outbox
from notifications import alarms, alerts, asks, attendance, enquiries, reminders, waiting
from notifications.models import ReminderRule

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Work off the inbox, the turns, the reminders, the alerts and the outbox, without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--forever", action="store_true", help="Go on until stopped, looking every second."
        )

    def handle(self, *args: Any, forever: bool, **options: Any) -> None:
        while forever:
            close_old_connections()
            try:
                once()
            except (OperationalError, InterfaceError) as error:  # PostgreSQL will be back
                logger.warning("a round was broken off: %s", type(error).__name__)
            time.sleep(1)
        once()


def once() -> None:
    """Work off what there is now. A message that needs something found out first takes another round."""
    outbox.sweep()
    inbox.join_parked()
    inspections.tend_visits()
    alarms.tell()
    for rule in ReminderRule.objects.filter(schedule__enabled=True):
        reminders.tick(rule.pk)
    jobs.work()
    attendance.tend()
    waiting.tend()
    enquiries.tend()
    asks.tend()
    while inbox.drain() + conversation.drain() + conversation.drain_slow() + alerts.tell() + outbox.drain():
        pass

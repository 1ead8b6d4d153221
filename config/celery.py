"""The Celery application: `celery -A config worker`, `celery -A config beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, beat_init, worker_ready, worker_shutting_down
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("inspector_whatsapp", task_cls="notifications.runs:OurTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Read by Celery's Django fixup under this very name, without the namespace: it keeps connections between
# tasks, where it would close them around each.
app.conf["CELERY_DB_REUSE_MAX"] = 100_000
app.autodiscover_tasks()
# Nor is it put back: kombu tries that over the connection that is gone (see CELERY_BROKER_TRANSPORT_OPTIONS).
Channel.do_restore = False


@after_task_publish.connect
def published(**_: Any) -> None:
    """A beat may be killed here: what it dispatched is in Redis, that it did so is not written down."""
    from inspector_whatsapp.crashing import crash_point

    crash_point("task_published")


@worker_shutting_down.connect
def begin_nothing(**_: Any) -> None:
    """A worker that is told to end, at a deploy for example, finishes what it has begun."""
    from inspector_whatsapp import stopping

    stopping.stop()


@worker_ready.connect
def load_the_assistant(sender: Any, **_: Any) -> None:
    """Whoever answers people has it in memory, and understands what is clear without handing it on."""
    from django.conf import settings

    from bot.assistant import understanding

    if settings.ASSISTANT and "turns" in sender.app.amqp.queues.consume_from:
        understanding.get_ready()


@worker_ready.connect
def show_life(**_: Any) -> None:
    """A worker says that it is alive, whether or not there is work."""
    from inspector_whatsapp import health, watching

    health.keep_beating("worker", watching.look)


@beat_init.connect
def show_which(**_: Any) -> None:
    """A beat says that it is there, so that a second one is seen."""
    from inspector_whatsapp import health

    health.keep_a_beat_beating()

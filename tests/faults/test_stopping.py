"""A worker that is told to end finishes what it has begun, and takes up nothing more."""

import json
import subprocess
import sys

import pytest

from bot import conversation, inbox
from bot.models import InboundEvent, InboundState, WebhookBody
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from tests.at_once import environment
from tests.bot.phone import Phone

# As Celery tells it to a worker when SIGTERM comes.
TOLD = """
import json, django
django.setup()
from celery.signals import worker_shutting_down
import config.celery
from bot import conversation, inbox
from inspector_whatsapp import outbox
def work():
    return [inbox.drain(), conversation.drain(), conversation.drain_slow(), outbox.drain()]
worker_shutting_down.send(sender=None, sig="SIGTERM", how="Warm", exitcode=0)
print(json.dumps(work()))
"""
HELLO = {"type": "text", "text": {"body": "hello"}}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_end_takes_up_nothing_more() -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    ann.posts(ann.webhook(HELLO))
    inbox.drain()
    conversation.drain()
    bob.posts(bob.webhook(HELLO))
    done = subprocess.run(
        [sys.executable, "-c", TOLD],
        env=environment(DJANGO_SETTINGS_MODULE="config.settings"),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert json.loads(done.stdout) == [0, 0, 0, 0]
    assert WebhookBody.objects.filter(state="new").count() == 1
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()
    assert OutboxMessage.objects.filter(status=Status.PENDING).exists()

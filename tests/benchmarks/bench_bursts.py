"""Six messages at once from each of a thousand people, two workers, one of which is killed."""

import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connection

from bot import inbox
from bot.models import InboundEvent, InboundState
from inspector_whatsapp import doorbell
from inspector_whatsapp.models import OutboxMessage
from tests.benchmarks import people, service

PEOPLE = 1_000
BURST = 6
# Answers of somebody whose messages were answered in another order than they were said.
OUT_OF_ORDER = """
SELECT count(*) FROM (
    SELECT event.id, lag(event.id) OVER (PARTITION BY event.conversation_id ORDER BY message.id) AS before
    FROM inspector_whatsapp_outboxmessage message
    JOIN bot_inboundevent event ON message.key = 'reply:' || event.id) answered
WHERE id < before
"""


@pytest.mark.django_db(transaction=True)
def test_bursts_while_a_worker_is_killed(notes: list[str], tmp_path: Path) -> None:
    for seeker in people.seekers(PEOPLE):
        message = seeker.messages()["menu"]
        seeker.phone.posts(seeker.phone.webhook(*[message] * BURST))
    inbox.drain()
    done = InboundEvent.objects.filter(state=InboundState.DONE)
    many = PEOPLE * BURST
    with service.ours(tmp_path) as ours:
        began = time.monotonic()
        service.until(lambda: _rung() and done.count() > many // 4)
        os.killpg(ours.workers[0], signal.SIGKILL)
        at_death = done.count()
        service.until(lambda: _rung() and done.count() == many, pause=1)
        took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute(OUT_OF_ORDER)
        (disordered,) = cursor.fetchone()
    answers = OutboxMessage.objects.filter(kind="reply")
    assert disordered == 0
    assert answers.count() == answers.values("key").distinct().count() == many
    notes.append(
        f"Bursts: {many:,} messages of {PEOPLE:,} people, {BURST} at once; one of two workers killed after"
        f" {at_death:,}: all answered once and in order after {took:.0f} s (what the dead one held waits for"
        " its lease)."
    )


def _rung() -> bool:
    """The bell, in place of beat's sweep."""
    doorbell.ring(doorbell.INBOX)
    return True

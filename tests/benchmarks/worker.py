"""A worker that is told when to work: `python -m tests.benchmarks.worker`, a line of JSON in, a line out.

`{"turns": true}` answers whoever waits, as the worker of the service does. `{"least": [ids]}` makes of each
conversation the least turn that the ORM can: lock its row, update it, insert an answer, commit.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django


class Queries:
    """Counts what a connection executes, when installed as an `execute_wrapper`; not BEGIN and COMMIT."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


def least(ids: list[int]) -> None:
    """One after the other, each in a transaction of its own."""
    from django.db import transaction
    from django.utils import timezone

    from bot.models import Conversation
    from inspector_whatsapp.models import OutboxMessage

    for id in ids:
        with transaction.atomic():
            talk = Conversation.objects.select_for_update().get(pk=id)
            talk.turns += 1
            talk.save(update_fields=["turns"])
            now = timezone.now()
            OutboxMessage.objects.create(
                kind="reply",
                channel="whatsapp",
                contact_id=talk.contact_id,
                lane=f"whatsapp:contact:{talk.contact_id}",
                text="What would you like to do?",
                created_at=now,
                not_before=now,
            )


def main() -> None:
    """Until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from bot import conversation
    from bot.assistant import understanding

    understanding.get_ready()  # as the worker of the service begins
    queries = Queries()
    with connection.execute_wrapper(queries):
        for line in sys.stdin:
            order, before, cpu = json.loads(line), queries.count, time.process_time()
            if "least" in order:
                least(order["least"])
            else:
                conversation.drain()
            done = {"queries": queries.count - before, "cpu": time.process_time() - cpu}
            sys.stdout.write(json.dumps(done) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A worker for tests, as Celery's pool is one: each round is a child process that a message may kill.

    python -m tests.faults.worker <marker>

Rounds follow until one comes to its end. A round's leases run out with its death. Prints how many died.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import django

POINTS = ("before it wrote", "after it wrote", "after it committed")


def register(marker: Path | None) -> None:
    """The flows of these tests: one kills its worker always, one only until the marker is there.

    Without a marker nobody is killed.
    """
    from django.db import transaction

    from bot.scripts import Person, Script, flow, last
    from inspector_whatsapp import changes
    from inspector_whatsapp.words import say

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def die_once() -> None:
        if marker is not None and not marker.exists():
            marker.touch()
            die()

    @flow("test_poison", needs_account=False)
    def poison(person: Person) -> Script:
        yield from ()
        die()
        return last(say("Never said."))

    @flow("test_dies_once", needs_account=False)
    def dies_once(person: Person) -> Script:
        yield from ()
        if person.argument == POINTS[0]:
            die_once()
        changes.record("test_effect", person.contact, actor=None, origin=changes.Origin.CHAT)
        if person.argument == POINTS[1]:
            die_once()
        if person.argument == POINTS[2]:
            transaction.on_commit(die_once)
        return last(say("Done."))


def one_round() -> None:
    """What a child does, on connections of its own."""
    from bot import conversation, inbox

    while inbox.drain() + conversation.drain() + conversation.drain_slow():
        pass


def end_leases() -> None:
    from django.db.models.functions import Now

    from bot.models import Conversation

    Conversation.objects.filter(lease_until__isnull=False).update(lease_until=Now() - timedelta(seconds=1))


def survived(work: object) -> bool:
    """Whether a child process came to the end of `work`."""
    child = os.fork()
    if child == 0:
        assert callable(work)
        work()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return status == 0


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    register(Path(sys.argv[1]))
    deaths = 0
    while not survived(one_round) and deaths < 50:
        deaths += 1
        survived(end_leases)
    sys.stdout.write(f"{deaths}\n")


if __name__ == "__main__":
    main()

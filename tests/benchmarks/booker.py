"""Many who want the same place at the same moment: `python -m tests.benchmarks.booker THREADS`.

A line of JSON in, a line out. `{"how": "book", "slot": id, "seekers": [ids], "at": seconds}`: each seeker by
a thread and a connection of their own tries to book, all from that moment on. `"lock"` does it as a good
engineer would write it first: the slot is locked, looked at, and written.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django


def main() -> None:
    """Until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection, transaction

    from inspector_whatsapp import clock, inspections
    from inspector_whatsapp.changes import Origin
    from inspector_whatsapp.models import Inspection, Slot, User
    from inspector_whatsapp.models.inspections import InspectionState

    def book(seeker: User, slot: Slot) -> str:
        try:
            inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
        except inspections.CannotInspect as refusal:
            return type(refusal).__name__
        return "booked"

    def lock(seeker: User, slot: Slot) -> str:
        with transaction.atomic():
            slot = Slot.objects.select_for_update().get(pk=slot.pk)
            if slot.taken >= slot.capacity:
                return "SlotTaken"
            Inspection.objects.create(
                slot=slot,
                property_id=slot.property_id,
                seeker=seeker,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                state=InspectionState.CONFIRMED,
                created_at=clock.now(),
            )
            slot.taken += 1
            slot.save(update_fields=["taken"])
        return "booked"

    ways: dict[str, Callable[[User, Slot], str]] = {"book": book, "lock": lock}
    many = int(sys.argv[1])
    threads = ThreadPoolExecutor(many)
    together = threading.Barrier(many)

    def connected(_number: int) -> None:
        connection.ensure_connection()
        together.wait()

    list(threads.map(connected, range(many)))
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        slot = Slot.objects.select_related("property", "inspector").get(pk=order["slot"])
        people = list(User.objects.filter(pk__in=order["seekers"]))

        def one(seeker: User, slot: Slot = slot, order: dict[str, Any] = order) -> str:
            time.sleep(max(order["at"] - time.time(), 0))
            return ways[order["how"]](seeker, slot)

        outcomes = Counter(threads.map(one, people))
        sys.stdout.write(json.dumps({"over": time.time(), "outcomes": outcomes}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""The last migrations on a million messages that came in and as many answers, while people go on writing.

ROWS (the environment; 1,000,000 where it says nothing) are written as the newest release has them, what was
migrated after SINCE is taken back, and done again. Meanwhile each of WRITERS does again and again what goes
on at any time: a webhook is stored, a conversation and an answer are written to.
"""

import os
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from random import Random

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests.at_once import environment
from tests.benchmarks.bench_home import seed

ROWS = int(os.environ.get("ROWS", "1000000"))
SINCE = ("inspector_whatsapp", "0027_day_figures")
WRITERS = 4
LONGEST = 2.0  # seconds that nobody should wait longer than; marked in the notes, nothing fails
# In words that every release since then understands.
STATEMENTS = {
    "webhook stored": """
        INSERT INTO bot_webhookbody (digest, body, received_at, state, attempts)
        VALUES (decode(md5(random()::text), 'hex'), '{}', now(), 'done', 1)""",
    "conversation written to": "UPDATE bot_conversation SET turns = turns + 1 WHERE id = %(talk)s",
    "answer written to": """
        UPDATE inspector_whatsapp_outboxmessage SET reason = 'written to' WHERE id = %(message)s""",
}


def write(url: str, number: int, stop: threading.Event) -> dict[str, list[float]]:
    """Until it is told to stop; how long each statement took, in seconds."""
    took: dict[str, list[float]] = defaultdict(list)
    random = Random(number)
    with psycopg.connect(url, autocommit=True) as own:
        talks, messages = (
            own.execute(f"SELECT min(id), max(id) FROM {table}").fetchone() or (1, 1)
            for table in ("bot_conversation", "inspector_whatsapp_outboxmessage")
        )
        while not stop.is_set():
            of = {"talk": random.randint(*talks), "message": random.randint(*messages)}
            for name, statement in STATEMENTS.items():
                began = time.perf_counter()
                own.execute(statement, of)
                took[name].append(time.perf_counter() - began)
            time.sleep(0.002)
    return took


@pytest.mark.django_db(transaction=True)
def test_the_last_migrations_on_a_million_rows(notes: list[str]) -> None:
    seed(ROWS)
    call_command("migrate", *SINCE, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    stop, url = threading.Event(), environment()["DATABASE_URL"]
    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [threads.submit(write, url, number, stop) for number in range(WRITERS)]
        time.sleep(2)
        began = time.perf_counter()
        try:
            call_command("migrate", verbosity=0)
        finally:
            seconds = time.perf_counter() - began
            stop.set()
    took = [each.result() for each in writing]
    longest = {name: max(max(each[name]) for each in took) for name in STATEMENTS}
    many = sum(len(times) for each in took for times in each.values())
    waits = ", ".join(f"{name} {1000 * each:,.0f} ms" for name, each in longest.items())
    late = f" MORE THAN {LONGEST:.0f} s." if max(longest.values()) > LONGEST else ""
    notes.append(
        f"migrations since {SINCE[1]} on {ROWS:,} messages and as many answers: {seconds:.1f} s,"
        f" {many:,} statements of {WRITERS} writers meanwhile; the longest waited: {waits}.{late}"
    )

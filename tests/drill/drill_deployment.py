"""`make drill`: from a clone in an empty folder to a service that was replaced under load and restored.

PEOPLE (40) and RATE (10 messages a second) make the crowd. The times are in `.local/drill.md`.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import requests

from config import embedded
from inspector_whatsapp.cloud_api.signature import sign
from tests.drill.deployed import CADDY, WORKERS, Deployed, image
from tests.faults.crowd import Crowd
from tests.faults.ledger import Ledger
from tests.faults.run import Run, number
from tests.faults.stack import UNKNOWN

REPORT = embedded.LOCAL / "drill.md"
# Somebody books by the platform's own verb, for the day after tomorrow.
BOOK = """
from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Link, Slot
from datetime import timedelta
link = Link.objects.filter(account__role="seeker").select_related("account").earliest("pk")
slots = Slot.objects.filter(starts_at__gt=clock.now() + timedelta(hours=40), inspections=None)
print(inspections.book(seeker=link.account, slot=slots.earliest("starts_at", "pk"), origin=Origin.ADMIN))
"""
DUE = """
SELECT extract(epoch FROM min(due_at) - clock_now())
FROM notifications_reminder WHERE state = 'planned' AND due_at > clock_now()
"""
REMINDED = """
SELECT count(*) FROM inspector_whatsapp_outboxmessage
WHERE kind = 'reminder' AND status IN ('accepted', 'sent', 'delivered', 'read')
"""
LINKS = "SELECT count(*) FROM inspector_whatsapp_link WHERE ended_at IS NULL"
ROWS = """
SELECT (SELECT count(*) FROM bot_inboundevent), (SELECT count(*) FROM inspector_whatsapp_outboxmessage),
       (SELECT count(*) FROM inspector_whatsapp_inspection), (SELECT count(*) FROM inspector_whatsapp_link)
"""
LATEST = 30 * 60.0  # seconds in which a backup is to be restored


@contextmanager
def step(what: str) -> Iterator[None]:
    """How long it took goes into the report."""
    began = time.monotonic()
    yield
    with REPORT.open("a") as report:
        report.write(f"| {what} | {time.monotonic() - began:.1f} |\n")


def test_from_a_clone_to_a_restored_backup(tmp_path: Path) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("| step | seconds |\n|---|---|\n")
    with ExitStack() as stack:
        with step("clone, and install what the lock names"):
            clone = image(tmp_path)
        with step("PostgreSQL and Redis of the system start, empty"):
            people, rate = number("PEOPLE", 40), number("RATE", 10)
            service = Deployed(tmp_path / "service", stack, clone=clone, people=people)
        with step("migrate, collectstatic, people"):
            service.prepare()
        with step(f"web, {len(WORKERS)} workers, beat{', proxy' if CADDY else ''}: ready"):
            service.begin()
        ledger = Ledger(tmp_path / "service" / "ledger.jsonl")
        ledger.follow()
        run = Run(service, ledger, Crowd(service, ledger, rate=rate))
        _answers(service, run)
        _reminds(service, run)
        _is_replaced(service, run)
        _is_restored(service, run, tmp_path / "inspector.dump")
    sys.stdout.write(f"\n{REPORT.read_text()}")


def _answers(service: Deployed, run: Run) -> None:
    with step("the first webhook in, its reply out"):
        service.wish("say", {"person": "+2348300000001", "text": "hi"})
        service.until(lambda: run.ledger.heard["+2348300000001"], what="reply")
    with step("the supervisor asks each part how it is"):
        for part in ("web", "worker", "beat"):
            service.until(partial(service.healthy, part), what=f"healthy {part}", seconds=40)
    page = requests.get(f"{service.url}/admin/login/", timeout=10)
    styles = next(part for part in page.text.split('"') if "/static/" in part and part.endswith(".css"))
    sheet = requests.get(service.url + styles, timeout=10)
    assert sheet.ok
    assert "immutable" in sheet.headers["Cache-Control"], "whitenoise knows the file by its digest"


def _reminds(service: Deployed, run: Run) -> None:
    with step("a crowd links its accounts"), run.fault("none, while everybody links"):
        service.until(lambda: run.crowd.linked >= service.people // 2, what="linked people", seconds=180)
    with step("a booking, and its reminder when it is due"):
        service.manage("shell", "--no-imports", "-c", BOOK)
        before = service.ask(REMINDED)
        service.move_clock(seconds=float(service.ask(DUE)) + 1)
        service.until(lambda: service.ask(REMINDED) > before, what="reminder", seconds=60)


def _is_replaced(service: Deployed, run: Run) -> None:
    """The invariants of the fault tests hold: nothing lost, doubled or out of order."""
    with step("a new release under load, twice; nothing lost"), run.fault("a new release"):
        for _release in range(2):
            service.release()
            time.sleep(5)


def _is_restored(service: Deployed, run: Run, backup: Path) -> None:
    """As docs/operating.md says; then Meta repeats everything of the last days."""
    with step("backup while the crowd talks"), run.fault("a backup"):
        time.sleep(5)
        heard = [entry for entry in service.tell("ledger")["entries"] if entry["kind"] == "webhook"]
        service.postgres.tool("pg_dump", "--format=custom", f"--file={backup}", service.postgres.url)
    links = service.ask(LINKS)
    for name in reversed(service.ours):
        service.end(name)
    with step("restore into an empty database, until it is ready"):
        began = time.monotonic()
        whole = service.postgres.url
        server = whole.rpartition("/")[0] + "/postgres"
        emptied = ("-c", "DROP DATABASE inspector WITH (FORCE)", "-c", "CREATE DATABASE inspector")
        service.postgres.tool("psql", server, "-q", "-v", "ON_ERROR_STOP=1", *emptied)
        service.postgres.tool("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={whole}", str(backup))
        service.manage("after_restore")
        for name in service.ours:
            service.launch(name)
        service.until_ready()
        assert time.monotonic() - began < LATEST
    assert service.ask(LINKS) == links
    with step("what may have left since the backup is decided on"):
        service.move_clock(seconds=11 * 60)
        service.until(lambda: service.ask(UNKNOWN) == 0, what="decision")
        service.drained(seconds=60)
    with step(f"Meta repeats the {len(heard)} webhooks from before the backup; nothing happens twice"):
        before = run.rows(ROWS)
        for entry in heard:
            _repeat(service, entry["body"])
        service.drained(seconds=60)
        assert run.rows(ROWS) == before
    with step("the first reply after the restore"):
        service.wish("say", {"person": "+2348300000002", "text": "hi"})
        service.until(lambda: run.ledger.heard["+2348300000002"], what="reply")


def _repeat(service: Deployed, body: object) -> None:
    raw = json.dumps(body).encode()
    signed = {"X-Hub-Signature-256": sign(raw, service.secrets["WHATSAPP_APP_SECRET"])}
    url, kind = f"{service.url}/webhooks/whatsapp", {"Content-Type": "application/json"}
    assert requests.post(url, raw, headers=signed | kind, timeout=30).ok

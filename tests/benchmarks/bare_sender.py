"""What a sender costs that only sends: `python -m tests.benchmarks.bare_sender`, until its input ends.

As a good engineer would write it first: rows claimed many at a time, a session a thread, answers written back
in one statement. It keeps no pace and no order, asks nobody's consent, and knows no channel that is shut.
"""

import json
import os
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import django
import requests

THREADS = 192
_CLAIM = """
UPDATE inspector_whatsapp_outboxmessage message
SET status = 'sending', lease_until = now() + interval '2 minutes', lease_token = gen_random_uuid()
FROM inspector_whatsapp_contact contact
WHERE contact.id = message.contact_id AND message.id IN (
    SELECT id FROM inspector_whatsapp_outboxmessage
    WHERE channel = 'whatsapp' AND priority IN (0, 1, 2) AND status IN ('pending', 'waiting', 'held')
      AND not_before <= now()
    ORDER BY priority, not_before, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING message.id, message.body, contact.phone
"""
_TAKEN = """
UPDATE inspector_whatsapp_outboxmessage message
SET status = 'accepted', accepted_at = now(), lease_until = NULL, lease_token = NULL,
    provider_id = answer.wamid
FROM unnest(%s::bigint[], %s::text[]) AS answer (id, wamid) WHERE message.id = answer.id
"""
_local = threading.local()


def post(url: str, body: dict[str, Any]) -> str:
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
    response = session.post(url, json=body, headers={"Authorization": "Bearer token"}, timeout=(5, 15))
    response.raise_for_status()
    wamid: str = response.json()["messages"][0]["id"]
    return wamid


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    number = f"{settings.WHATSAPP_API_VERSION}/{settings.WHATSAPP_PHONE_NUMBER_ID}"
    url = f"{settings.WHATSAPP_API_URL}/{number}/messages"
    over = threading.Event()
    flying: dict[Future[str], int] = {}
    threads = ThreadPoolExecutor(THREADS)

    def send() -> None:
        with connection.cursor() as cursor:
            while not over.is_set():
                claimed = []
                if len(flying) < THREADS:
                    cursor.execute(_CLAIM, [THREADS - len(flying)])
                    claimed = cursor.fetchall()
                for pk, body, phone in claimed:
                    envelope = {"messaging_product": "whatsapp", "to": phone, **json.loads(body)}
                    envelope["biz_opaque_callback_data"] = f"bare:{pk}"
                    flying[threads.submit(post, url, envelope)] = pk
                if not flying:
                    time.sleep(0.1)
                    continue
                landed = wait(flying, timeout=0.1, return_when=FIRST_COMPLETED).done
                answers = [(flying.pop(future), future.result()) for future in landed]
                if answers:
                    cursor.execute(_TAKEN, [[pk for pk, _ in answers], [wamid for _, wamid in answers]])

    thread = threading.Thread(target=send)
    thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    over.set()
    thread.join()


if __name__ == "__main__":
    main()

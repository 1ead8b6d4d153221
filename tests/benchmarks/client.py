"""Meta, posting as fast as it is answered: `python -m tests.benchmarks.client PORT SECONDS MOST EVENTS`.

A process of its own. The requests are built and signed before the clock starts; then one thread writes and
reads raw sockets, CONNECTIONS of them, each with one request under way. Prints what came of it as JSON.
"""

import json
import os
import selectors
import socket
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from inspector_whatsapp.cloud_api import signature

CONNECTIONS = 32
BODY = (Path(__file__).parent.parent / "payloads" / "text.json").read_bytes()


@dataclass(frozen=True)
class Posted:
    """accepted: answered with 200. seconds: from first request to last answer. cpu: seconds of ours.

    p50 and p99: milliseconds until the answer, where the client says.
    """

    accepted: int
    refused: int
    seconds: float
    cpu: float
    p50: float | None = None
    p99: float | None = None

    @property
    def rate(self) -> float:
        """Accepted a second."""
        return self.accepted / self.seconds


def requests(port: int, most: int, secret: str, *, events: int = 1) -> list[bytes]:
    """Signed requests of so many messages each, no two alike and all of one size."""
    whole = json.loads(BODY)
    value = whole["entry"][0]["changes"][0]["value"]
    value["messages"] = [value["messages"][0] | {"id": f"WAMID.{place:03}"} for place in range(events)]
    template = json.dumps(whole, indent=2).encode()
    run = uuid.uuid4().hex
    made = []
    for number in range(most):
        body = template.replace(b"WAMID", f"wamid.{run}{number:06}".encode())
        head = (
            "POST /webhooks/whatsapp HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"X-Hub-Signature-256: {signature.sign(body, secret)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def post(port: int, ready: list[bytes], *, seconds: float) -> Posted:
    """Post until time is up or nothing is left, then wait for what is under way."""
    connections = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(CONNECTIONS)]
    accepted = refused = 0
    with selectors.DefaultSelector() as selector:
        cpu, began = time.process_time(), time.perf_counter()
        until = began + seconds
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
            connection.sendall(ready.pop())
        under_way = CONNECTIONS
        while under_way:
            for key, _events in selector.select(timeout=10) or _hung():
                answered = key.fileobj
                assert isinstance(answered, socket.socket)
                answer = answered.recv(4096)
                while answer and not answer.endswith(b"\r\n\r\n"):
                    answer += answered.recv(4096)
                # Without a body, or the next answer could not be told from the rest of this one.
                if answer.startswith(b"HTTP/1.1 200 ") and b"content-length: 0\r\n" in answer.lower():
                    accepted += 1
                else:
                    refused += 1
                if answer and ready and time.perf_counter() < until:
                    answered.sendall(ready.pop())
                else:
                    under_way -= 1
                    selector.unregister(answered)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
    for connection in connections:
        connection.close()
    return Posted(accepted, refused, took, cpu)


def _hung() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("no answer for ten seconds")


if __name__ == "__main__":
    port, seconds, most, events = (int(argument) for argument in sys.argv[1:])
    ready = requests(port, most, os.environ["WHATSAPP_APP_SECRET"], events=events)
    sys.stdout.write(json.dumps(asdict(post(port, ready, seconds=seconds))))

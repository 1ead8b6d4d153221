"""Meta, posting at a steady rate: `python -m tests.benchmarks.offering PORT RATE`.

A process of its own. Reads signed bodies from its input, a line of JSON each, `[key, body]`; posts number N
at
N / RATE seconds after the first, over CONNECTIONS kept-alive connections. Prints as JSON when each was to be
posted, by its key (seconds since 1970), what the answers took, and how those begin that were no 200.
"""

import asyncio
import json
import os
import sys
import time

from inspector_whatsapp.cloud_api import signature

CONNECTIONS = 32
ANSWER_WITHIN = 30  # seconds


def request(port: int, body: bytes, secret: str) -> bytes:
    return (
        "POST /webhooks/whatsapp HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Hub-Signature-256: {signature.sign(body, secret)}\r\n\r\n"
    ).encode() + body


async def offer(port: int, rate: float, requests: list[tuple[str, bytes]]) -> dict[str, object]:
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    due: dict[str, float] = {}
    took: list[float] = []
    refused: list[str] = []  # how the answers begin that are no 200

    async def post(key: str, ready: bytes) -> None:
        reader, writer = await free.get()
        writer.write(ready)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ANSWER_WITHIN)
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200 "):
            refused.append(head.decode())
        free.put_nowait((reader, writer))
        took.append(time.time() - due[key])

    began = time.time()
    posting = []
    for number, (key, ready) in enumerate(requests):
        due[key] = began + number / rate
        await asyncio.sleep(max(0, due[key] - time.time()))
        posting.append(asyncio.create_task(post(key, ready)))
    await asyncio.gather(*posting)
    return {"due": due, "took": took, "refused": refused, "seconds": time.time() - began}


if __name__ == "__main__":
    port, rate = int(sys.argv[1]), float(sys.argv[2])
    secret = os.environ["WHATSAPP_APP_SECRET"]
    bodies = [json.loads(line) for line in sys.stdin]
    requests = [(key, request(port, body.encode(), secret)) for key, body in bodies]
    cpu = time.process_time()
    told = asyncio.run(offer(port, rate, requests))
    sys.stdout.write(json.dumps(told | {"cpu": time.process_time() - cpu}))

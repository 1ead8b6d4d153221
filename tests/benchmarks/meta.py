"""A stand-in for Meta that answers like it and notes when: `python -m tests.benchmarks.meta PORT SECONDS`.

A process of its own: one thread, every connection kept. Each answer comes SECONDS after its request. `GET /`
gives all that came, as JSON: when (seconds since 1970) and the callback of each.
"""

import asyncio
import json
import re
import sys
import time
import uuid

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
came: list[tuple[float, str]] = []


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """One connection, for as long as it lasts."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            at = time.time()
            length = LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            if head.startswith(b"GET"):
                answer = json.dumps(came).encode()
            else:
                came.append((at, json.loads(body)["biz_opaque_callback_data"]))
                wamid = {"id": f"wamid.{uuid.uuid4().hex}"}
                answer = json.dumps({"messaging_product": "whatsapp", "messages": [wamid]}).encode()
                await asyncio.sleep(seconds)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(port: int, seconds: float) -> None:
    """Until it is killed."""
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, seconds), "127.0.0.1", port, limit=1 << 20
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))

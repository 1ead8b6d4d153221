"""A line that can go bad: a TCP proxy before PostgreSQL, Redis, Meta or the mail server.

    with Proxies() as proxies:
        meta = proxies.before(8100)          # listen on meta.port, go on to 8100
        meta.goes("latency", seconds=0.2)    # until meta.heals()

What may be wrong, one thing at a time, for connections that stand and for new ones:

    latency     every piece comes `seconds` later
    bandwidth   `rate` bytes a second
    slicer      in pieces of `size` bytes
    hang        nothing comes through any more, and nobody is told
    refuse      new connections are cut, standing ones too
    reset       the same, by RST
    half        of each answer the first `size` bytes come, then it is cut
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Toxic = Literal["", "latency", "bandwidth", "slicer", "hang", "refuse", "reset", "half"]
PIECE = 65_536


@dataclass
class Proxy:
    """One line. All but `goes` and `heals` runs in the thread of the proxies."""

    proxies: "Proxies"
    upstream: int
    port: int = 0
    toxic: Toxic = ""
    seconds: float = 0.0
    rate: int = 0
    size: int = 0
    _lines: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = field(default_factory=set)
    _well: asyncio.Event = field(default_factory=asyncio.Event)

    def goes(self, toxic: Toxic, *, seconds: float = 0.2, rate: int = 20_000, size: int = 20) -> None:
        """Let it go bad, for standing connections as well."""
        self.proxies.run(self._turns(toxic, seconds, rate, size))

    def heals(self) -> None:
        """All is well again; what hung goes on where it was."""
        self.proxies.run(self._turns("", 0.0, 0, 0))

    async def _turns(self, toxic: Toxic, seconds: float, rate: int, size: int) -> None:
        self.toxic, self.seconds, self.rate, self.size = toxic, seconds, rate, size
        if toxic == "hang":
            self._well.clear()
        else:
            self._well.set()
        if toxic in ("refuse", "reset"):
            for line in list(self._lines):
                self._cut(line)

    def _cut(self, line: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        self._lines.discard(line)
        for writer in line:
            if self.toxic == "reset":
                # Lingering for no time makes close() send RST instead of FIN.
                sock = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort() if self.toxic == "reset" else writer.close()

    async def serve(self) -> None:
        self._well.set()
        server = await asyncio.start_server(self._answer, "127.0.0.1", self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self.proxies.servers.append(server)

    async def _answer(self, theirs: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.toxic in ("refuse", "reset"):
            back.transport.abort()
            return
        try:
            ours, on = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            back.transport.abort()
            return
        for writer in (on, back):
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = (back, on)
        self._lines.add(line)
        both = [
            asyncio.create_task(self._carry(theirs, on)),
            asyncio.create_task(self._carry(ours, back, line)),
        ]
        await asyncio.gather(*both, return_exceptions=True)
        self._cut(line)

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answers: tuple[asyncio.StreamWriter, asyncio.StreamWriter] | None = None,
    ) -> None:
        """One direction, until either side ends."""
        with contextlib.suppress(OSError):
            while data := await reader.read(PIECE):
                await self._well.wait()
                match self.toxic:
                    case "latency":
                        await asyncio.sleep(self.seconds)
                    case "bandwidth":
                        await asyncio.sleep(len(data) / self.rate)
                    case "slicer":
                        for start in range(0, len(data), self.size):
                            writer.write(data[start : start + self.size])
                            await writer.drain()
                            await asyncio.sleep(0)
                        continue
                    case "half" if answers is not None:
                        writer.write(data[: self.size])
                        await writer.drain()
                        self._cut(answers)
                        return
                writer.write(data)
                await writer.drain()
        writer.close()


class Proxies:
    """The thread in which they all run."""

    def __init__(self) -> None:
        self.servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)

    def __enter__(self) -> "Proxies":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def before(self, upstream: int) -> Proxy:
        """A line to that port of this machine."""
        for _attempt in range(20):
            proxy = Proxy(self, upstream, port=random.randrange(20_000, 32_000))
            with contextlib.suppress(OSError):
                self.run(proxy.serve())
                return proxy
        raise OSError("no port is free")

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _end(self) -> None:
        for server in self.servers:
            server.close()
        ours = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not ours]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

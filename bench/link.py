"""A slow link before the server: every byte in both directions is counted, delayed and rated.

A browser's own throttling does not reach its service worker; a link between browser and server reaches everything.
The rate is shared by all connections of a direction, as on one phone's line; opening a connection costs one round trip.
"""

import asyncio
import contextlib
import threading
import time
from dataclasses import dataclass, field

CHUNK = 1460


@dataclass
class Direction:
    """One direction of the line: what went through, and when the line is free again."""

    bits_per_s: float | None
    bytes_moved: int = 0
    _free_at: float = field(default=0.0)

    async def carry(self, size: int) -> None:
        """Waits until `size` bytes have passed at the line's rate."""
        self.bytes_moved += size
        if self.bits_per_s is None:
            return
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + size * 8 / self.bits_per_s
        await asyncio.sleep(max(0.0, self._free_at - now))


class Link:
    """Listens on a port of loopback and carries to `target_port`, in a thread of its own."""

    def __init__(self, target_port: int, *, bits_per_s: float | None = None, round_trip_s: float = 0.0) -> None:
        self.target_port = target_port
        self.one_way_s = round_trip_s / 2
        self.up = Direction(bits_per_s)
        self.down = Direction(bits_per_s)
        self.connections = 0
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def bytes_moved(self) -> int:
        """Bytes in both directions, headers and all."""
        return self.up.bytes_moved + self.down.bytes_moved

    def __enter__(self) -> "Link":
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await asyncio.sleep(self.one_way_s * 2)  # the handshake of TCP, which loopback does not have
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        await asyncio.gather(
            self._carry(reader, up_writer, self.up), self._carry(up_reader, writer, self.down), return_exceptions=True
        )

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Direction) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(_deliver(queue, writer))
        while data := await reader.read(CHUNK):
            await line.carry(len(data))
            queue.put_nowait((time.monotonic() + self.one_way_s, data))
        queue.put_nowait((time.monotonic() + self.one_way_s, b""))
        await delivery


async def _deliver(queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    while True:
        due, data = await queue.get()
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if not data:
            writer.close()
            return
        with contextlib.suppress(ConnectionError):  # the other side has gone
            writer.write(data)
            await writer.drain()


async def _end_all() -> None:
    """Connections that are still open end with the link."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

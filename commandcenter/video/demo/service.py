"""The server's process: reads clips, says where it listens, takes orders from standard input until that ends."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from commandcenter.video.demo.library import Library
from commandcenter.video.demo.rtsp_server import Find, RtspServer

_LOOK_S = 0.3  # how often new clips are looked for


def _read_orders(take: Callable[[str | None], object]) -> None:
    """A thread, as pipes cannot be awaited everywhere. None: whoever gave orders is gone."""
    for line in sys.stdin:
        take(line)
    take(None)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _obey(server: RtspServer, orders: asyncio.Queue[str | None]) -> None:
    while (line := await orders.get()) is not None:
        words = line.split()
        understood = await server.order(words)
        _tell(f"{'ok' if understood else 'unknown'} {' '.join(words[:2])}")


class _PortFile:
    """Where others find the server. Two programs of one home each have a server; whichever ends leaves the other's."""

    def __init__(self, file: Path, port: int) -> None:
        self._file, self._text = file, str(port)

    def write(self) -> None:
        """Instead of what a killed program left."""
        coming = self._file.with_suffix(f".{self._text}")
        coming.write_text(self._text, encoding="utf-8")
        coming.replace(self._file)

    def keep(self) -> None:
        """Write it again after another has removed his."""
        if not self._file.exists():
            self.write()

    def remove(self) -> None:
        """If it is ours."""
        if self._file.exists() and self._file.read_text(encoding="utf-8") == self._text:
            self._file.unlink(missing_ok=True)


async def _look_round(library: Library, port_file: _PortFile | None) -> None:
    while True:
        await asyncio.to_thread(library.read_new)
        if port_file is not None:
            port_file.keep()
        await asyncio.sleep(_LOOK_S)


async def serve(library: Library, find: Find, port_file: Path | None) -> None:
    """Until standard input ends. The port is said as `ready PORT` and, if wanted, written to a file."""
    loop = asyncio.get_running_loop()
    orders: asyncio.Queue[str | None] = asyncio.Queue()
    server = RtspServer(find)
    await asyncio.to_thread(library.read_new)
    port = await server.start()
    noted = _PortFile(port_file, port) if port_file is not None else None
    if noted is not None:
        noted.write()
    _tell(f"ready {port}")
    take: Callable[[str | None], object] = lambda line: loop.call_soon_threadsafe(orders.put_nowait, line)  # noqa: E731
    threading.Thread(target=_read_orders, args=(take,), daemon=True).start()
    looking = asyncio.create_task(_look_round(library, noted))
    try:
        await _obey(server, orders)
    finally:
        looking.cancel()
        await server.close()
        if noted is not None:
            noted.remove()

"""Brings one camera's pictures to one listener in time, over its own connection or over UDP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from commandcenter.video.demo.behaviour import Mode
from commandcenter.video.demo.reel import Reel
from commandcenter.video.demo.rtp import RtpCounter, corrupted

_BEHIND = 4_000_000  # octets that wait for a slow listener before he is dropped
_CATCHING_UP_S = 0.004  # between pictures of the past: as fast as UDP's buffers bear
_REPORT_S = 5.0
_FROZEN_S = 0.05


class Line(Protocol):
    """Where packets go."""

    def send(self, packets: Sequence[bytes]) -> None: ...
    def report(self, packet: bytes) -> None: ...
    def close(self) -> None: ...


class TooSlow(Exception):
    """The listener takes less than he is sent."""


class InterleavedLine:
    """Over the connection that the requests came by."""

    def __init__(self, writer: asyncio.StreamWriter, channel: int) -> None:
        self._writer, self._channel = writer, channel

    def send(self, packets: Sequence[bytes]) -> None:
        """Raises TooSlow."""
        self._write(self._channel, packets)

    def report(self, packet: bytes) -> None:
        self._write(self._channel + 1, [packet])

    def close(self) -> None:
        """The connection is closed by who opened it."""

    def _write(self, channel: int, packets: Sequence[bytes]) -> None:
        if self._writer.transport.get_write_buffer_size() > _BEHIND:
            raise TooSlow
        framed = (b"$" + bytes([channel]) + len(packet).to_bytes(2, "big") + packet for packet in packets)
        self._writer.write(b"".join(framed))


class UdpLine:
    """Two sockets: packets from the first, reports from the second."""

    def __init__(self, packets: asyncio.DatagramTransport, reports: asyncio.DatagramTransport) -> None:
        self._packets, self._reports = packets, reports

    @classmethod
    async def open(cls, host: str, port: int) -> UdpLine:
        """To a listener's port and the one after it."""
        loop = asyncio.get_running_loop()
        ends = [
            (await loop.create_datagram_endpoint(asyncio.DatagramProtocol, (host, 0), (host, to)))[0]
            for to in (port, port + 1)
        ]
        return cls(*ends)

    @property
    def ports(self) -> tuple[int, ...]:
        """From where it sends."""
        return tuple(end.get_extra_info("sockname")[1] for end in (self._packets, self._reports))

    def send(self, packets: Sequence[bytes]) -> None:
        for packet in packets:
            self._packets.sendto(packet)

    def report(self, packet: bytes) -> None:
        self._reports.sendto(packet)

    def close(self) -> None:
        self._packets.close()
        self._reports.close()


class Delivery:
    """One listener at one camera. position: which picture the camera shows now; mode: how it behaves now."""

    def __init__(self, reel: Reel, line: Line, position: Callable[[], float], mode: Callable[[], Mode]) -> None:
        self._reel, self._line, self._position, self._mode = reel, line, position, mode
        self.counter = RtpCounter()
        self._next = self._at_key()

    @property
    def begins_at(self) -> int:
        """The RTP time of the first picture."""
        return self.counter.time_of(self._reel.ticks_of(self._next))

    def _at_key(self) -> int:
        """Who comes in begins with the last whole picture, so that he need not wait for the next."""
        return self._reel.key_before(int(self._position()))

    async def run(self) -> None:
        """Send until cancelled. Raises TooSlow."""
        loop = asyncio.get_running_loop()
        reported = loop.time() - _REPORT_S
        while True:
            if self._mode() is Mode.FREEZE:
                await self._stand_still()
            self._send()
            if loop.time() - reported >= _REPORT_S:
                self._line.report(self.counter.report(self._reel.ticks_of(self._next)))
                reported = loop.time()
            self._next += 1
            due = (self._next - self._position()) / float(self._reel.fps)
            await asyncio.sleep(max(due, _CATCHING_UP_S))

    async def _stand_still(self) -> None:
        while self._mode() is Mode.FREEZE:
            await asyncio.sleep(_FROZEN_S)
        self._next = self._at_key()

    def _send(self) -> None:
        unit = self._reel.units[self._next % len(self._reel.units)]
        payloads = corrupted(unit) if self._mode() is Mode.CORRUPT else unit.payloads
        self._line.send(self.counter.packets(payloads, self._reel.ticks_of(self._next)))

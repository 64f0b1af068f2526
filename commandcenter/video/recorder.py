"""The last half minute of a stream as it came, from a key frame on, so that a clip can begin before one asks for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from av import Packet
from av.bitstream import BitStreamFilterContext
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from commandcenter.video.connection import Connection

KEPT_S = 30.0
LONGEST_S = 60.0
MOST_BYTES = 24 * 1024 * 1024
AROUND = 400  # bytes that a packet costs besides its data
_TO_START_CODES = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A packet. at: Unix seconds at which it came; tick: the same on the clock that never jumps."""

    data: bytes = field(repr=False)
    pts: int | None
    dts: int | None
    key: bool
    duration: int
    at: float
    tick: float


@dataclass(frozen=True, slots=True)
class Clip:
    """Packets from a key frame on. head: parameter sets that came outside the packets. short: why it is not longer."""

    codec: str
    size: tuple[int, int]
    time_base: Fraction
    head: bytes
    packets: tuple[Kept, ...]
    short: str = ""

    @property
    def seconds(self) -> float:
        return self.packets[-1].tick - self.packets[0].tick


@dataclass(slots=True)
class _Wanted:
    seconds: float
    begin: float  # tick of its first packet
    done: Callable[[Clip | None], None]


class Recorder:
    """Of one connection. Packets come on the player's thread, wishes on another; `done` is called on either."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[Kept] = deque()
        self._bytes = 0
        self._wanted: list[_Wanted] = []
        self._over = False
        self._filter: BitStreamFilterContext | None = None
        self._context: VideoCodecContext | None = None
        self._time_base, self._head = Fraction(1, 90000), b""
        self._timed = True
        self._shift: int | None = 0  # added to the times; None: so that the next packet follows the last one

    @property
    def filled(self) -> bool:
        return bool(self._kept)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a clip."""
        return bool(self._wanted)

    def begin(self, connection: Connection) -> None:
        """Packets of this one follow; of the same file again, if there were some before."""
        self._context = connection.stream.codec_context
        self._filter = _filter(connection.codec, connection.stream)
        if connection.timed:
            self._time_base = connection.time_base
        # Parameter sets of MP4 and FLV are written into the packets by the filter; others begin with a start code.
        head = self._context.extradata or b""
        self._head = head if head[:1] == b"\0" else b""
        self._timed = connection.timed
        self._shift = None if self._kept else 0

    def add(self, packet: Packet[VideoStream], at: float, tick: float) -> None:
        """Keep a copy: libav's own packets hold on to larger memory."""
        for part in self._with_start_codes(packet):
            pts, dts = self._times(part, tick)
            self._keep(Kept(bytes(part), pts, dts, packet.is_keyframe, packet.duration or 0, at, tick))

    def want(self, seconds: float, done: Callable[[Clip | None], None]) -> None:
        """The last `seconds`; what is missing is waited for."""
        with self._lock:
            seconds = min(max(seconds, 1.0), LONGEST_S)
            begin = self._begin_for(seconds)
            if not self._over and (begin is None or self._newest() - begin < seconds):
                self._wanted.append(_Wanted(seconds, begin or 0.0, done))
                return
            short = "画面已中断，这是中断前的录像" if self._over else ""
            clip = None if begin is None else self._cut(begin, short)
        done(clip)

    def end(self) -> None:
        """Nothing more comes: who still waits gets what there is."""
        with self._lock:
            self._over = True
            over = [(wanted, self._cut(wanted.begin, "画面中断，录像不足要求的时长")) for wanted in self._wanted]
            self._wanted = []
        for wanted, clip in over:
            wanted.done(clip)

    def _with_start_codes(self, packet: Packet[Any]) -> list[Packet[Any]]:
        if self._filter is None:
            return [packet]
        copy: Packet[Any] = Packet(bytes(packet))
        copy.pts, copy.dts, copy.is_keyframe = packet.pts, packet.dts, packet.is_keyframe
        copy.time_base = packet.time_base
        return self._filter.filter(copy)

    def _times(self, packet: Packet[Any], tick: float) -> tuple[int | None, int | None]:
        """Its pts and dts; a file that begins again goes on where it ended."""
        if not self._timed:
            return int(tick * 90000), int(tick * 90000)
        pts, dts = packet.pts, packet.dts
        if self._shift is None:
            self._shift = 0 if dts is None or self._kept[-1].dts is None else self._kept[-1].dts + self._gap() - dts
        return None if pts is None else pts + self._shift, None if dts is None else dts + self._shift

    def _gap(self) -> int:
        """Between the last two packets."""
        last, before = self._kept[-1], self._kept[-2] if len(self._kept) > 1 else self._kept[-1]
        return last.duration or max((last.dts or 0) - (before.dts or 0), 1)

    def _keep(self, kept: Kept) -> None:
        with self._lock:
            if self._over or not (kept.key or self._kept):
                return
            self._kept.append(kept)
            self._bytes += len(kept.data) + AROUND
            self._trim()
            full = self._take_full()
        for wanted, clip in full:
            wanted.done(clip)

    def _take_full(self) -> list[tuple[_Wanted, Clip | None]]:
        """Who has all he asked for, and who cannot get more because the memory is full."""
        full: list[tuple[_Wanted, Clip | None]] = []
        first = self._kept[0].tick if self._kept else None
        for wanted in list(self._wanted):
            if first is None:
                continue
            wanted.begin = wanted.begin or first
            crowded = self._bytes > MOST_BYTES * 0.9 and wanted.begin <= first
            if self._newest() - wanted.begin >= wanted.seconds:
                full.append((wanted, self._cut(wanted.begin, "")))
            elif crowded or wanted.begin < first:
                full.append((wanted, self._cut(first, "码流太大，录像不足要求的时长")))
            else:
                continue
            self._wanted.remove(wanted)
        return full

    def _trim(self) -> None:
        """Drop whole groups of pictures from the old end, by time what nobody waits for, by size whatever it is."""
        begin = min((wanted.begin or 0.0 for wanted in self._wanted), default=float("inf"))
        oldest = min(self._newest() - KEPT_S, begin)
        while self._bytes > MOST_BYTES or (second := self._second_key()) is not None and second <= oldest:
            self._drop_group()
            if not self._kept:
                return

    def _second_key(self) -> float | None:
        return next((kept.tick for index, kept in enumerate(self._kept) if index and kept.key), None)

    def _drop_group(self) -> None:
        self._bytes -= len(self._kept.popleft().data) + AROUND
        while self._kept and not self._kept[0].key:
            self._bytes -= len(self._kept.popleft().data) + AROUND

    def _newest(self) -> float:
        return self._kept[-1].tick if self._kept else 0.0

    def _begin_for(self, seconds: float) -> float | None:
        """The last key frame from which there are so many seconds; the first one if there are not."""
        keys = [kept.tick for kept in self._kept if kept.key]
        old_enough = [tick for tick in keys if self._newest() - tick >= seconds]
        return old_enough[-1] if old_enough else keys[0] if keys else None

    def _cut(self, begin: float, short: str) -> Clip | None:
        packets = tuple(kept for kept in self._kept if kept.tick >= begin)
        context = self._context
        if len(packets) < 2 or context is None:
            return None
        return Clip(context.name, (context.width, context.height), self._time_base, self._head, packets, short)


def _filter(codec: str, stream: VideoStream) -> BitStreamFilterContext | None:
    return BitStreamFilterContext(_TO_START_CODES[codec], stream) if codec in _TO_START_CODES else None

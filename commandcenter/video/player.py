"""Plays one connection on a thread of its own and leaves signs of how it goes, for others to judge."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import av
from av import Packet, VideoFrame
from av.video.stream import VideoStream

from commandcenter.domain.video import StreamAddress
from commandcenter.video.connection import Connection, connect
from commandcenter.video.faults import CLOSED, DAMAGED, StreamFailed, fault_of
from commandcenter.video.hardware import device
from commandcenter.video.recorder import Recorder
from commandcenter.video.screen import Screen, Size
from commandcenter.video.signs import Signs
from commandcenter.video.source import HLS, Source, source_of
from commandcenter.video.timing import CatchUp, Live, Paced, Rest, Timing

REMEMBERED = 400  # packets since the last key frame that a hidden slot keeps to be quick when it is shown again


class Player:
    """changed: called on its thread at the first picture and at the end."""

    def __init__(self, address: StreamAddress, screen: Screen, hardware: bool, changed: Callable[[], None]) -> None:
        self.signs = Signs(time.monotonic())
        self.recorder = Recorder()
        self.picture: tuple[VideoFrame, float, Size] | None = None  # the newest, Unix seconds, its shape
        self._address = address
        self._screen = screen
        self._hardware = hardware
        self._changed = changed
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        """Play no more. The thread ends by itself, at the latest when libav gives up what it waits for."""
        self._left.set()

    def ended(self, within_s: float = 0.0) -> bool:
        """Whether its thread has ended, waiting for it so long."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._play(source_of(self._address))
        except Exception as error:  # noqa: BLE001  even a bug may cost a connection only; its text may hold the address
            self.signs.fault = fault_of(error)
        finally:
            self.picture = None
            self.signs.over = True
            self.recorder.end()
            self._changed()

    def _play(self, source: Source) -> None:
        """A recording again and again, anything else once."""
        while not self._left.is_set():
            pictures = _Pass(self, self._screen, self._left, self._changed)
            connection = connect(source, device() if self._hardware else None)
            try:
                pictures.follow(connection)
            finally:
                connection.close()
            if not connection.paced or source.kind == HLS:
                raise StreamFailed(CLOSED)
            if not (pictures.decoded or self._left.is_set()):
                raise StreamFailed(DAMAGED)


class _Pass:
    """One way through a connection: packets in, pictures out."""

    def __init__(self, player: Player, screen: Screen, left: threading.Event, changed: Callable[[], None]) -> None:
        self.decoded = 0
        self._player = player
        self._signs = player.signs
        self._screen = screen
        self._left = left
        self._changed = changed
        self._rest = Rest()
        self._since_key: list[Packet[VideoStream]] = []
        self._asked_at = time.monotonic()  # for the next packet
        self._blind = True  # nothing went into the decoder since the last gap

    def follow(self, connection: Connection) -> None:
        """Until the stream ends or the player leaves. Raises StreamFailed and libav's errors."""
        self._connection = connection
        self._timing: Timing = Paced() if connection.paced else Live()
        self._catch_up = CatchUp(self._timing)
        self._signs.codec = connection.codec
        self._player.recorder.begin(connection)
        for packet in connection.packets():
            if self._left.is_set():
                return
            if packet.size:
                self._take(packet)
            else:
                self._show_all(connection.stream.decode(None))
            self._asked_at = time.monotonic()

    def _take(self, packet: Packet[VideoStream]) -> None:
        now = self._signs.packet_at = time.monotonic()
        if not self._connection.paced:
            self._catch_up.came(now - self._asked_at, now)
        self._player.recorder.add(packet, time.time(), now)
        if self._screen.view.visible:
            self._feed(packet, now)
        else:
            self._remember(packet, now)

    def _remember(self, packet: Packet[VideoStream], now: float) -> None:
        """Hidden: keep what the decoder needs to go on, and keep the pace of a file."""
        if packet.is_keyframe or len(self._since_key) >= REMEMBERED:
            self._since_key.clear()
        if packet.is_keyframe or self._since_key:
            self._since_key.append(packet)
        self._blind = True
        if self._connection.paced:
            self._wait(self._delay(packet.pts, now))

    def _feed(self, packet: Packet[VideoStream], now: float) -> None:
        if self._blind and not packet.is_keyframe and not self._recall():
            return
        self._blind = False
        self._since_key.clear()
        if self._wanted(packet, now):
            self._show_all(self._decode(packet))
            if self._connection.all_key:
                self._rest.after_work(now, time.monotonic())
        else:
            self._signs.dropped += 1

    def _recall(self) -> bool:
        """Decode what came since the last key frame while the slot was hidden, to have a picture at once."""
        kept = self._since_key
        if kept:
            self._connection.stream.codec_context.flush_buffers()
        for packet in kept:
            self._decode(packet)
        return bool(kept)

    def _wanted(self, packet: Packet[VideoStream], now: float) -> bool:
        if self._connection.all_key and not self._rest.over(now):
            return False
        if not self._connection.timed:
            return True
        pts_s = self._seconds(packet.dts if packet.pts is None else packet.pts)
        if pts_s is None:
            return True
        delay = self._timing.delay_s(pts_s, now)
        return self._catch_up.decode(delay, pts_s, packet.is_keyframe, now)

    def _decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        """A packet that is damaged gives nothing; the next ones may be well again."""
        now = self._signs.busy_since = time.monotonic()
        if self._signs.tried_at is None:
            self._signs.tried_at = now
        try:
            return packet.decode()
        except av.FFmpegError:
            return []
        finally:
            self._signs.busy_since = None

    def _show_all(self, frames: list[VideoFrame]) -> None:
        for frame in frames:
            now = time.monotonic()
            delay = self._delay(frame.pts, now)
            if self._connection.paced:
                delay = self._wait(delay)
            self._show(frame, delay)

    def _show(self, frame: VideoFrame, delay: float) -> None:
        now = time.monotonic()
        shape = _shape(frame, self._connection.stream)
        self._note(frame, delay, shape, now)
        if self._screen.wants and self._catch_up.show(delay, now) and self._put(frame, shape):
            self._signs.shown.append(now)
        else:
            self._signs.dropped += 1

    def _put(self, frame: VideoFrame, shape: Size) -> bool:
        self._signs.busy_since = time.monotonic()
        try:
            return self._screen.put(self._player, frame, shape)
        finally:
            self._signs.busy_since = None

    def _note(self, frame: VideoFrame, delay: float, shape: Size, now: float) -> None:
        signs = self._signs
        first = signs.picture_at is None
        if signs.picture_at is not None:
            signs.gap_s += (min(now - signs.picture_at, 2.0) - signs.gap_s) * 0.1
        self.decoded += 1
        signs.delay_s, signs.size, signs.picture_at = max(delay, 0.0), (frame.width, frame.height), now
        signs.hardware = self._connection.stream.codec_context.is_hwaccel
        self._player.picture = (frame, time.time(), shape)
        if first:
            self._changed()

    def _delay(self, pts: int | None, now: float) -> float:
        seconds = self._seconds(pts)
        if seconds is None or not self._connection.timed:
            return 0.0
        return self._timing.delay_s(seconds, now)

    def _wait(self, delay: float) -> float:
        """Until a picture of a recording is due."""
        if delay < 0:
            self._left.wait(-delay)
        return max(delay, 0.0)

    def _seconds(self, pts: int | None) -> float | None:
        return None if pts is None else float(pts * self._connection.time_base)


def _shape(frame: VideoFrame, stream: VideoStream) -> Size:
    """As it is to be looked at: pixels of some cameras are not square."""
    ratio = stream.codec_context.sample_aspect_ratio
    if not ratio or not 0.25 < ratio < 4:
        return frame.width, frame.height
    return max(1, round(frame.width * ratio)), frame.height

"""One connection to a stream: opened, its video found, its packets one by one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from commandcenter.video.faults import NO_VIDEO, OTHER_CODEC, SILENT, TOO_LARGE, StreamFailed
from commandcenter.video.source import CODECS, FILE, HLS, HTTP, Source

MOST_PIXELS = 8192 * 4352


@dataclass(frozen=True, slots=True)
class Connection:
    """paced: pictures come faster than they are to be shown (files). all_key: each picture stands alone (MJPEG).

    timed: the packets' times mean something; MJPEG over HTTP has none.
    """

    container: InputContainer
    stream: VideoStream
    paced: bool
    all_key: bool
    timed: bool

    @property
    def codec(self) -> str:
        return self.stream.codec_context.name

    @property
    def time_base(self) -> Fraction:
        return self.stream.time_base or Fraction(1, 90000)

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """Until the stream ends, then one empty packet. Raises libav's errors."""
        with suppress(IndexError):  # PyAV's at the end, when a stream appeared that was not there at the beginning
            yield from self.container.demux(self.stream)

    def close(self) -> None:
        """Say good-bye to the camera and close."""
        self.container.close()


def connect(source: Source, accelerator: HWAccel | None) -> Connection:
    """Open; with patience a second time if the quick way finds no video. Raises StreamFailed and libav's errors."""
    failed = StreamFailed(NO_VIDEO)
    for options in source.probes:
        container = _open(source, options, accelerator)
        try:
            return _video(container, source)
        except StreamFailed as error:
            container.close()
            failed = error
        except BaseException:
            container.close()
            raise
    raise failed


def _open(source: Source, options: dict[str, str], accelerator: HWAccel | None) -> InputContainer:
    """RTSP calls it bad data when nothing at all was answered."""
    limit_s = source.timeout_s[0]
    began = time.monotonic()
    try:
        return av.open(
            source.url, options=options, timeout=source.timeout_s, hwaccel=accelerator, metadata_errors="replace"
        )
    except av.error.InvalidDataError:
        if limit_s is not None and time.monotonic() - began >= limit_s:
            raise StreamFailed(SILENT) from None
        raise


def _video(container: InputContainer, source: Source) -> Connection:
    streams = container.streams.video
    if not streams:
        raise StreamFailed(NO_VIDEO)
    stream = streams[0]
    context = stream.codec_context
    if context is None or context.name not in CODECS:
        raise StreamFailed(OTHER_CODEC)
    if context.width * context.height > MOST_PIXELS:
        raise StreamFailed(TOO_LARGE)
    paced = source.kind in (FILE, HLS) or (source.kind == HTTP and _has_an_end(container))
    _prepare(stream, paced)
    return Connection(container, stream, paced, context.name == "mjpeg", container.format.name != "mpjpeg")


def _prepare(stream: VideoStream, paced: bool) -> None:
    context = stream.codec_context
    context.thread_count = 1
    context.options = {"max_pixels": str(MOST_PIXELS)}
    if not paced:
        context.flags |= av.codec.context.Flags.low_delay


def _has_an_end(container: InputContainer) -> bool:
    """A recording over HTTP, which would be shown as fast as it is loaded."""
    return container.size > 0 or bool(container.duration)

"""A picture as JPEG and packets as MP4, as evidence is kept: the picture at full size, the packets as they came."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av import Packet, VideoFrame
from av.stream import Stream

from commandcenter.video.frames import JPEG, MP4, Shot
from commandcenter.video.recorder import Clip, Kept

JPEG_QUALITY = 2  # of libav's 1 (best) to 31
LAMBDA = 118  # libav's units of quality


def jpeg(frame: VideoFrame, at: float, shape: tuple[int, int]) -> Shot:
    """shape: width and height as it is to be looked at. at: Unix seconds at which it came. Raises libav's errors."""
    context = av.CodecContext.create("mjpeg", "w")
    context.width, context.height = shape
    context.pix_fmt, context.time_base = "yuvj420p", Fraction(1, 25)
    context.qscale, context.global_quality = True, JPEG_QUALITY * LAMBDA
    still = frame.reformat(*shape, format="yuvj420p", dst_color_range="JPEG", threads=1)
    still.pts, still.pict_type = 0, 0
    parts = context.encode(still) + context.encode(None)
    return Shot(b"".join(bytes(part) for part in parts), JPEG, at, at)


def mp4(clip: Clip) -> Shot:
    """Times begin at zero; nothing is encoded anew. Raises libav's errors."""
    target = io.BytesIO()
    container = av.open(target, "w", format="mp4")
    try:
        stream = container.add_mux_stream(clip.codec, width=clip.size[0], height=clip.size[1])
        stream.time_base = clip.time_base
        for packet in _packets(clip, stream):
            container.mux_one(packet)
    finally:
        container.close()
    first, last = clip.packets[0], clip.packets[-1]
    return Shot(target.getvalue(), MP4, first.at, last.at, _words(clip))


def _words(clip: Clip) -> str:
    return f"{clip.short}（{clip.seconds:.0f} 秒）" if clip.short else ""


def _packets(clip: Clip, stream: Stream) -> list[Packet[Stream]]:
    """With times that MP4 accepts: each later than the one before, none shown before it is decoded."""
    anchor = next((kept for kept in clip.packets if _told(kept) is not None), clip.packets[0])
    zero = _time_of(clip.packets[0], anchor, clip)
    last = -1
    made = []
    for index, kept in enumerate(clip.packets):
        packet: Packet[Stream] = Packet(clip.head + kept.data if index == 0 else kept.data)
        last = max(_time_of(kept, anchor, clip) - zero, last + 1)
        packet.dts = last
        packet.pts = max(last if kept.pts is None else kept.pts - zero, last)
        packet.duration, packet.is_keyframe = kept.duration, kept.key
        packet.time_base, packet.stream = clip.time_base, stream
        made.append(packet)
    return made


def _time_of(kept: Kept, anchor: Kept, clip: Clip) -> int:
    """When it is decoded. The first packet of an RTSP stream does not say: then by when it came, as the anchor did,
    which says when it is decoded, if any does."""
    told = _told(kept)
    if told is not None:
        return told
    return (_told(anchor) or 0) + int((kept.tick - anchor.tick) / clip.time_base)


def _told(kept: Kept) -> int | None:
    return kept.dts if kept.dts is not None else kept.pts

"""What a slot's decoder hands over: a picture to show, and a shot (a still or a clip) to keep as evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

JPEG, MP4 = "image/jpeg", "video/mp4"


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture in shared memory, BGRA (QImage.Format_RGB32), its aspect kept within the size asked for.

    width, height: pixels. stride: bytes a line. data: stride * height bytes, read only; its contents are valid until
    the next frame() of the same slot, the memory itself as long as somebody holds it.
    """

    width: int
    height: int
    stride: int
    data: memoryview = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shot:
    """A snapshot (image/jpeg) or clip (video/mp4) of what came over the stream.

    taken_at, taken_until: Unix seconds of this machine at which its first and last picture came. words: what the user
    should know about it in Chinese, as that it is shorter than asked for; empty when all is well.
    """

    content: bytes = field(repr=False)
    mime: str
    taken_at: float
    taken_until: float
    words: str = ""

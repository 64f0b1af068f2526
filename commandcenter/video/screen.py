"""Where a decoder puts its pictures: converted to the size shown, into a buffer that nobody looks at."""

from __future__ import annotations

import threading
from collections.abc import Callable

from av import VideoFrame
from av.video.reformatter import VideoReformatter

from commandcenter.video.buffers import COUNT, Buffers, attach
from commandcenter.video.wire import View

MOST_ENLARGED = 1920 * 1080  # pixels: a stream is not enlarged beyond; the screen does the rest
HD_LINES = 720
HD_COLOURS = 1  # libav's number of ITU-R BT.709
UNKNOWN_COLOURS = 2
Size = tuple[int, int]


def fitted(shape: Size, room: Size) -> Size:
    """The largest size of this shape within the room."""
    scale = min(room[0] / shape[0], room[1] / shape[1])
    if scale > 1:
        scale = min(scale, max(1.0, (MOST_ENLARGED / (shape[0] * shape[1])) ** 0.5))
    return max(1, min(room[0], round(shape[0] * scale))), max(1, min(room[1], round(shape[1] * scale)))


class Screen:
    """tell: called with id of the buffers, serial, width, height and stride of a new picture, by the player."""

    def __init__(self, tell: Callable[[int, int, int, int, int], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._buffers: Buffers | None = None
        self._buffers_id = 0
        self._shown = 0  # serial of the last picture
        self._owner: object = None
        self._stale = False
        self._reformatter = VideoReformatter()
        self.view = View((0, 0), visible=False)

    def attach(self, buffers_id: int, name: str, capacity: int) -> None:
        """Use these buffers from now on. Raises OSError."""
        buffers = attach(name, capacity)
        with self._lock:
            self._buffers, self._buffers_id, self._shown = buffers, buffers_id, buffers.held

    def belongs_to(self, owner: object) -> None:
        """Pictures of others are refused; one that still waits to be taken is void, for it shows something else."""
        with self._lock:
            self._owner, self._stale = owner, True

    @property
    def wants(self) -> bool:
        """Whether the last picture was taken, so that a new one would be looked at."""
        buffers = self._buffers
        return buffers is not None and self.view.visible and (self._stale or buffers.held == self._shown)

    def put(self, owner: object, frame: VideoFrame, shape: Size) -> bool:
        """Convert and show; shape: as the picture is to be looked at. False if it was refused."""
        with self._lock:
            buffers, size = self._buffers, fitted(shape, self.view.size)
            if buffers is None or owner is not self._owner or not self.wants:
                return False
            stride = self._draw(frame, size, buffers, serial := self._next(buffers))
            if not stride:
                return False
            self._shown, self._stale = serial, False
            self._tell(self._buffers_id, serial, *size, stride)  # here: none may come after belongs_to()
        return True

    def _next(self, buffers: Buffers) -> int:
        """A serial whose buffer is neither looked at nor about to be."""
        taken = {buffers.held % COUNT, self._shown % COUNT}
        return next(serial for serial in range(self._shown + 1, self._shown + COUNT + 1) if serial % COUNT not in taken)

    def _draw(self, frame: VideoFrame, size: Size, buffers: Buffers, serial: int) -> int:
        """The stride of the picture, 0 if it did not fit because the slot has just grown."""
        unknown = frame.colorspace == UNKNOWN_COLOURS and frame.height >= HD_LINES
        picture = self._reformatter.reformat(
            frame,
            *size,
            format="bgra",
            src_colorspace=HD_COLOURS if unknown else None,
            interpolation="AREA" if size < (frame.width, frame.height) else "BILINEAR",
            threads=1,
        )
        plane = picture.planes[0]
        length = plane.line_size * size[1]
        if length > buffers.capacity:
            return 0
        buffers.of(serial)[:length] = memoryview(plane)[:length]
        return plane.line_size

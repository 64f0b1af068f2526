"""A video slot's decoder as its screen sees it: a process of its own that is told what to play and hands over pictures."""

from __future__ import annotations

from collections.abc import Callable

from commandcenter.domain.video import StreamAddress, StreamReport
from commandcenter.video.frames import Frame, Shot


class SlotProcess:
    """Plays one stream after another in one process. No call blocks for longer than a millisecond.

    on_report: every change of state, and once a second while it is live. on_frame: a new picture can be taken with
    frame(); not called again before it was taken. Both, and `done` of snapshot() and clip(), are called on a thread of
    this object, never on the caller's: they should only hand over.
    """

    def __init__(self, on_report: Callable[[StreamReport], None], on_frame: Callable[[], None]) -> None:
        raise NotImplementedError

    def play(self, address: StreamAddress, size: tuple[int, int]) -> None:
        """Show this stream at most `size` device pixels large instead of what was played; starts the process."""
        raise NotImplementedError

    def resize(self, size: tuple[int, int]) -> None:
        """The slot is now as large as this, device pixels."""
        raise NotImplementedError

    def show(self, visible: bool) -> None:
        """A hidden slot decodes nothing and disconnects after 20 s; shown again it connects again."""
        raise NotImplementedError

    def stop(self) -> None:
        """Play nothing; the process stays for the next stream."""
        raise NotImplementedError

    def close(self) -> None:
        """End the process, in the background. Nothing can be played afterwards."""
        raise NotImplementedError

    def frame(self) -> Frame | None:
        """The newest picture of the stream, None before the first one after play()."""
        raise NotImplementedError

    def snapshot(self, done: Callable[[Shot | None], None]) -> None:
        """The picture that is shown as a JPEG at the stream's full size; None without a picture younger than 3 s."""
        raise NotImplementedError

    def clip(self, seconds: float, done: Callable[[Shot | None], None]) -> None:
        """The last `seconds` (at most 60) as MP4, as they came; recorded on until there are so many. None if none came."""
        raise NotImplementedError

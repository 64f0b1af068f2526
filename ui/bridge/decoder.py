"""What a slot asks of its decoder, and of whoever knows where the sample cameras are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from commandcenter.domain.video import StreamAddress, StreamReport
from commandcenter.video.frames import Frame, Shot


class Decoder(Protocol):
    """What is asked of commandcenter.video.slot_process.SlotProcess."""

    def play(self, address: StreamAddress, size: tuple[int, int]) -> None: ...  # noqa: D102
    def resize(self, size: tuple[int, int]) -> None: ...  # noqa: D102
    def show(self, visible: bool) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102
    def frame(self) -> Frame | None: ...  # noqa: D102
    def snapshot(self, done: Callable[[Shot | None], None]) -> None: ...  # noqa: D102
    def clip(self, seconds: float, done: Callable[[Shot | None], None]) -> None: ...  # noqa: D102


MakeDecoder = Callable[[Callable[[StreamReport], None], Callable[[], None]], Decoder]
Resolve = Callable[[StreamAddress, Path], StreamAddress]

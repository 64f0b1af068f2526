"""A grid of slots with its cameras: what is seen is decoded, at the size at which it is seen, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from commandcenter.domain.video import Camera
from ui.bridge.camera_stream import CameraStream
from ui.models.slot_faces import slot_face
from widgets.ticker import SecondTicker
from widgets.video import SlotFace, VideoGrid

CAMERA_MIME = "application/x-commandcenter-camera"
HINT = "把摄像机拖到这里"
_SETTLE_MS = 60
_EVENTS = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a slot looks at: why, for which case, and what is said beside its name."""

    camera: Camera
    purpose: str = "desk"
    case_id: int | None = None
    note: str = ""
    marks: str = ""


class VideoDeck(QObject):
    """Puts cameras into the slots of a grid. A slot's process begins with its first camera and ends with the deck.

    changed(): other cameras are in the slots. stated(int slot): its stream says something new.
    """

    changed = Signal()
    stated = Signal(int)

    def __init__(self, grid: VideoGrid, make: Callable[[QObject], CameraStream]) -> None:
        super().__init__(grid)
        self.grid, self._make = grid, make
        self._streams: dict[int, CameraStream] = {}
        self._watched: dict[int, Watched] = {}
        self._window: QObject | None = None
        self._together, self._changed = 0, False
        grid.swapped.connect(self.swap)
        grid.cleared.connect(self.clear)
        grid.layout_changed.connect(self._look_soon)
        grid.installEventFilter(self)
        self._soon = QTimer(self)  # sizes change many times while a window is drawn out
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self._follow)
        self._ticker = SecondTicker(grid, self._tick)

    @property
    def watched(self) -> Mapping[int, Watched]:
        """What is in the slots, hidden ones too."""
        return self._watched

    def stream(self, index: int) -> CameraStream | None:
        """The stream of a slot that has had a camera."""
        return self._streams.get(index)

    @property
    def in_sight(self) -> bool:
        """Whether anybody can see the grid."""
        return self.grid.isVisible() and not self.grid.window().isMinimized()

    def slot_of(self, camera_id: int) -> int | None:
        """The first slot in sight that shows this camera."""
        seen = sorted(index for index in self._watched if index < self.grid.count)
        return next((index for index in seen if self._watched[index].camera.id == camera_id), None)

    def free_slot(self) -> int:
        """The first empty slot; the keyboard's when all are taken."""
        free = (index for index in range(self.grid.count) if index not in self._watched)
        return next(free, self.grid.current)

    # ------------------------------------------------------------ filling
    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Several slots are filled or emptied: changed() is told once, at the end."""
        self._together += 1
        try:
            yield
        finally:
            self._together -= 1
            if self._changed and not self._together:
                self._tell()

    def _tell(self) -> None:
        self._changed = bool(self._together)
        if not self._changed:
            self.changed.emit()

    def put(self, index: int, watched: Watched) -> None:
        """Look at this camera in this slot; the same camera goes on as it is, with other words."""
        before = self._watched.get(index)
        self._watched[index] = watched
        stream = self._stream_of(index)
        if before is None or (before.camera, before.purpose, before.case_id) != (
            watched.camera, watched.purpose, watched.case_id,
        ):  # fmt: skip
            self._fit(index)
            stream.look(watched.camera, watched.purpose, watched.case_id)
        self._show_face(index)
        self._tell()

    def renew(self, cameras: Mapping[int, Camera]) -> None:
        """These are in the city, and may be seen, now: what was taken away goes, what is no longer allowed says so."""
        with self.at_once():
            for index, watched in list(self._watched.items()):
                camera = cameras.get(watched.camera.id)
                if camera is None:
                    self.clear(index)
                elif camera != watched.camera:
                    self.put(index, replace(watched, camera=camera))

    def clear(self, index: int) -> None:
        """Empty a slot."""
        if self._watched.pop(index, None) is not None:
            self._streams[index].stop()
            self._show_face(index)
            self._tell()

    def clear_all(self) -> None:
        """Empty all."""
        with self.at_once():
            for index in list(self._watched):
                self.clear(index)

    def swap(self, one: int, other: int) -> None:
        """Two slots change their cameras; nothing is opened anew but for another size."""
        for held in (self._streams, self._watched):
            first, second = held.pop(one, None), held.pop(other, None)
            for index, value in ((other, first), (one, second)):
                if value is not None:
                    held[index] = value
        for index in (one, other):
            self._show_face(index)
            self._show_picture(index)
        self._follow()
        self._tell()

    def close(self) -> None:
        """End all looks and processes."""
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()
        self._watched.clear()

    # ------------------------------------------------------------ inside
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shown, hidden, and the window drawn down to the task bar."""
        if watched is self.grid and event.type() == QEvent.Type.Show:
            self._watch_window()
        if event.type() in _EVENTS:
            self._look_soon()
        return False

    def _watch_window(self) -> None:
        if (window := self.grid.window()) is not self._window:
            if self._window is not None:
                self._window.removeEventFilter(self)
            if window is not self.grid:
                window.installEventFilter(self)
            self._window = window

    def _look_soon(self) -> None:
        self._soon.start()

    def _follow(self) -> None:
        for index in self._streams:
            self._fit(index)

    def _fit(self, index: int) -> None:
        stream = self._streams[index]
        seen = self.in_sight and index in self.grid.visible_slots()
        if seen:
            stream.set_size(self.grid.slots[index].device_size())
        stream.set_visible(seen)

    def _stream_of(self, index: int) -> CameraStream:
        if index not in self._streams:
            stream = self._streams[index] = self._make(self)
            stream.changed.connect(lambda: self._on_changed(stream))
            stream.pictured.connect(lambda: self._on_pictured(stream))
        return self._streams[index]

    def _index_of(self, stream: CameraStream) -> int | None:
        return next((index for index, held in self._streams.items() if held is stream), None)

    def _on_changed(self, stream: CameraStream) -> None:
        if (index := self._index_of(stream)) is not None:
            self._show_face(index)
            self.stated.emit(index)

    def _on_pictured(self, stream: CameraStream) -> None:
        if (index := self._index_of(stream)) is not None:
            self._show_picture(index)

    def _show_picture(self, index: int) -> None:
        stream = self._streams.get(index)
        self.grid.slots[index].show_picture(QImage() if stream is None else stream.picture)

    def _show_face(self, index: int) -> None:
        stream, watched = self._streams.get(index), self._watched.get(index)
        face = SlotFace()
        if stream is not None and watched is not None:
            face = slot_face(watched.camera, stream.report, time.time(), stream.pictured_at, watched.note,
                             watched.marks)
        self.grid.slots[index].set_face(face)

    def _tick(self) -> None:
        for index in self._watched:
            self._show_face(index)

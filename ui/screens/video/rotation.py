"""轮巡: the cameras of a group page after page through the slots in sight."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.video import Camera, CameraGroup
from ui.bridge.cameras import CameraBook
from ui.models.camera_columns import may_open
from ui.screens.video.deck import VideoDeck, Watched

MARK = "轮巡"


class Rotation(QObject):
    """Turns while nobody holds it: a slot made large, or the screen out of sight, holds it.

    changed(): it began, stopped, was held, or turned.
    """

    changed = Signal()

    def __init__(self, deck: VideoDeck, book: CameraBook, purpose: str = "rotation") -> None:
        super().__init__(deck)
        self._deck, self._book, self._purpose = deck, book, purpose
        self.group: CameraGroup | None = None
        self.page = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        deck.grid.enlarged.connect(lambda _: self.changed.emit())
        book.changed.connect(self._on_book)

    @property
    def pages(self) -> int:
        """How many pages of slots the group fills."""
        return max(1, -(-len(self._cameras()) // self._deck.grid.count))

    @property
    def held(self) -> bool:
        """It stands still although it is on: somebody looks closely, or nobody looks."""
        return self._deck.grid.large is not None or not self._deck.grid.isVisible()

    def begin(self, group: CameraGroup) -> None:
        """From its first page."""
        self.group, self.page = group, 0
        self._timer.start(group.dwell_s * 1000)
        self._show()

    def stop(self) -> None:
        """What is shown stays."""
        if self.group is None:
            return
        self.group = None
        self._timer.stop()
        for index, watched in list(self._deck.watched.items()):
            if watched.marks == MARK:
                self._deck.put(index, Watched(watched.camera, watched.purpose, watched.case_id, watched.note))
        self.changed.emit()

    def turn(self, pages: int) -> None:
        """On or back by hand; the time begins anew."""
        if self.group is not None:
            self.page += pages
            self._timer.start()
            self._show()

    def show_again(self) -> None:
        """The grid has another number of slots."""
        if self.group is not None:
            self.page = 0
            self._show()

    def _turn(self) -> None:
        if not self.held:
            self.page += 1
            self._show()

    def _cameras(self) -> list[Camera]:
        held = self._book.cameras
        wanted = () if self.group is None else self.group.cameras
        return [held[key] for key in wanted if key in held and may_open(held[key])]

    def _show(self) -> None:
        cameras, count = self._cameras(), self._deck.grid.count
        self.page %= self.pages
        page = cameras[self.page * count : (self.page + 1) * count]
        for index in range(count):
            if index < len(page):
                self._deck.put(index, Watched(page[index], self._purpose, note=self._label(page[index]), marks=MARK))
            else:
                self._deck.clear(index)
        self.changed.emit()

    def _label(self, camera: Camera) -> str:
        return self._book.label(camera.category)

    def _on_book(self) -> None:
        if self.group is None:
            return
        present = next((group for group in self._book.groups if group.id == self.group.id), None)
        if present is None:
            self.stop()
        elif present != self.group:
            self.group = present
            self._timer.start(present.dwell_s * 1000)
            self._show()

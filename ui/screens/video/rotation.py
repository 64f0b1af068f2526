"""轮巡: the cameras of a group page after page through the slots in sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.video import Camera, CameraGroup
from ui.bridge.cameras import CameraBook
from ui.models.camera_columns import may_open
from ui.screens.video.deck import VideoDeck, Watched

MARK = "轮巡"


class Rotation(QObject):
    """Turns while nobody holds it: a slot made large, the screen out of sight, or a shot being taken holds it.

    changed(): it began, stopped, was held, or turned. `busy`: whether a slot must keep its camera for a while.
    """

    changed = Signal()

    def __init__(self, deck: VideoDeck, book: CameraBook, purpose: str = "rotation",
                 busy: Callable[[], bool] = lambda: False) -> None:
        super().__init__(deck)
        self._deck, self._book, self._purpose, self._busy = deck, book, purpose, busy
        self.group: CameraGroup | None = None
        self.page = 0
        self._turning: list[Camera] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        deck.grid.enlarged.connect(lambda _: self.changed.emit())
        book.changed.connect(self._on_book)

    @property
    def pages(self) -> int:
        """How many pages of slots the group fills."""
        return max(1, -(-len(self._turning) // self._deck.grid.count))

    @property
    def held(self) -> bool:
        """It stands still although it is on: somebody looks closely, nobody looks, or a shot is being taken."""
        return self._deck.grid.large is not None or not self._deck.in_sight or self._busy()

    def begin(self, group: CameraGroup) -> bool:
        """From its first page; False, and nothing is changed, if none of it can be opened here."""
        if not self._cameras(group):
            return False
        self.group, self.page = group, 0
        self._timer.start(group.dwell_s * 1000)
        self._show()
        return True

    def stop(self) -> None:
        """What is shown stays."""
        if self.group is None:
            return
        self.group, self._turning = None, []
        self._timer.stop()
        with self._deck.at_once():
            for index, watched in list(self._deck.watched.items()):
                if watched.marks == MARK:
                    self._deck.put(index, Watched(watched.camera, watched.purpose, watched.case_id, watched.note))
        self._book.rotation_is_over()
        self.changed.emit()

    def turn(self, pages: int) -> None:
        """On or back by hand; the time begins anew."""
        if self.group is not None and not self._busy():
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

    def _cameras(self, group: CameraGroup) -> list[Camera]:
        held = self._book.cameras
        return [held[key] for key in group.cameras if key in held and may_open(held[key])]

    def _show(self) -> None:
        self._turning = [] if self.group is None else self._cameras(self.group)
        count = self._deck.grid.count
        self.page %= self.pages
        page = self._turning[self.page * count : (self.page + 1) * count]
        with self._deck.at_once():
            for index in range(count):
                if index < len(page):
                    note = self._book.label(page[index].category)
                    self._deck.put(index, Watched(page[index], self._purpose, note=note, marks=MARK))
                else:
                    self._deck.clear(index)
        self.changed.emit()

    def _on_book(self) -> None:
        """The group, or what of it may be seen, was changed; who has gone takes the rotation with him."""
        if self.group is None or not self._book.ready:
            return
        present = next((group for group in self._book.groups if group.id == self.group.id), None)
        if present is None or not self._cameras(present):
            self.stop()
            return
        if present.dwell_s != self.group.dwell_s:
            self._timer.start(present.dwell_s * 1000)
        changed = self._cameras(present) != self._turning
        self.group = present
        if changed:
            self._show()
        else:
            self.changed.emit()
